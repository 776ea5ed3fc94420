"""Prints from a thread of its own, so that no request waits for whoever reads.

1. Where nobody reads a pipe, or a terminal is stopped, lines are left out, and their number is printed later.
2. It writes to the file itself: a thread that held the lock of Python's stream would stop Python at its exit.
"""

import logging
import os
import select
import threading
from collections.abc import Sequence

_MOST_WAITING = 128 * 1024
"""The most characters that wait for a reader."""
_PATIENCE = 1
"""Seconds that are given to a reader when the mock stops."""


class _Handler(logging.Handler):
    def __init__(self, printer: "Printer") -> None:
        super().__init__()
        self._printer = printer
        self.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        self._printer.print([f"{self.format(record)}\n"])


class Printer:
    """Prints texts to a file descriptor; `what` they are is said of those that are left out."""

    def __init__(self, file: int, what: str, encoding: str) -> None:
        self._file = file
        self._what = what
        self._encoding = encoding
        self._waiting: list[str] = []
        self._left_out = 0
        self._writes = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def print(self, lines: Sequence[str]) -> None:
        """Print lines, each with its line's end, a moment later."""
        with self._changed:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="invite-mock-printer", daemon=True)
                self._thread.start()
            size = sum(map(len, self._waiting))
            for line in lines:
                size += len(line)
                # What follows a line that was left out is left out too, until their number is printed.
                if self._left_out or size > _MOST_WAITING:
                    self._left_out += 1
                else:
                    self._waiting.append(line)
            self._changed.notify_all()

    def handler(self) -> logging.Handler:
        """What gives log records to it."""
        return _Handler(self)

    def flush(self) -> None:
        """Wait until everything is printed, or for a second if nobody reads."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._waiting or self._left_out or self._writes), _PATIENCE)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._left_out)
                text, self._waiting = "".join(self._waiting), []
                if self._left_out:
                    text += f"{self._left_out} {self._what} were not printed: nobody read the lines\n"
                    self._left_out = 0
                self._writes = True
            self._write(text.encode(self._encoding, errors="replace"))
            with self._changed:
                self._writes = False
                self._changed.notify_all()

    def _write(self, text: bytes) -> None:
        while text:
            try:
                text = text[os.write(self._file, text) :]
            except BlockingIOError:
                # Another program, which has the file too, has made it one that does not wait.
                select.select([], [self._file], [])
            except OSError:
                # Whoever read the lines is gone.
                return

"""A server under measurement: one process, from its start to its end."""

import http.client
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from . import invite, lowered

ROOT = Path(__file__).parents[2]
_PATIENCE = 60.0
"""Seconds after which a server that has not answered is given up."""


class SubjectError(RuntimeError):
    """A server that does not start, or whose first answer is no 201."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A server that can be started; `command` takes the port where it says {port}."""

    name: str
    command: tuple[str, ...]

    def start(self) -> "Running":
        return Running(self)


def subjects(folder: Path) -> tuple[Subject, Subject, Subject]:
    """The mock, stock connexion, and bare ASGI; `folder` holds what they read."""
    document = folder / "client-invites.yaml"
    document.write_text(lowered.text(), "utf-8")
    beside = Path(sys.executable).parent
    module = (sys.executable, "-m", f"{__package__}.")
    return (
        Subject("mock", (str(beside / "invite-mock"), "serve", "--quiet", "--port", "{port}")),
        Subject("stock", (*module[:2], module[2] + "stock", "{port}", str(document))),
        Subject("bare", (*module[:2], module[2] + "bare", "{port}")),
    )


class Running:
    """A started server that has given its first answer. Raises SubjectError, and leaves no process, if it does not."""

    def __init__(self, subject: Subject) -> None:
        self.name = subject.name
        self.port = _free_port()
        command = [part.format(port=self.port) for part in subject.command]
        started = time.perf_counter()
        self._process = subprocess.Popen(command, cwd=ROOT)
        try:
            status, _ = self._first_answer(started)
            self.first_answer = time.perf_counter() - started
            """Seconds from the process's start to its first answer."""
            if status != 201:
                raise SubjectError(f"{self.name}: the first answer is {status}, not 201")
        except BaseException:
            self.stop()
            raise

    def _first_answer(self, started: float) -> tuple[int, bytes]:
        while True:
            try:
                return self.post(invite.TEMPLATE % "first" % 0)
            except ConnectionRefusedError:
                if self._process.poll() is not None:
                    raise SubjectError(f"{self.name}: ended with code {self._process.returncode}") from None
                if time.perf_counter() - started > _PATIENCE:
                    raise SubjectError(f"{self.name}: no answer within {_PATIENCE:.0f} s") from None
                time.sleep(0.002)

    def post(self, body: str) -> tuple[int, bytes]:
        """Status and body of the answer to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("POST", invite.PATH, body, invite.HEADERS)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def rss(self) -> float:
        """Resident memory, in MB of 10^6 bytes."""
        status = Path(f"/proc/{self._process.pid}/status")
        if status.exists():
            # Where there is /proc there may be no ps, as in slim containers.
            shown = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:")).split()[1]
        else:
            command = ["ps", "-o", "rss=", "-p", str(self._process.pid)]
            shown = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return int(shown) * 1024 / 1e6

    def cpu(self) -> float | None:
        """Seconds of processor time used so far; None where the system does not report it as Linux does."""
        stat = Path(f"/proc/{self._process.pid}/stat")
        if not stat.exists():
            return None
        # proc(5): the command, field 2, may hold blanks; utime and stime are fields 14 and 15.
        fields = stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port

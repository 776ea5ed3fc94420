"""The states that a target offers, prepared by its setup hook where it has one.

1. A state that the target file gives is what it says; what the hook answers to `setup` with a JSON object completes it.
2. Each state is prepared once, before its first use, and taken down at the end of the run.
3. Where states have headers of their own, they alone say who calls: of the target's common headers none that does is
   sent with them.
"""

import json
import re
import shlex
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator

from invite_specs import Json

from invite_conformance.redaction import Redaction
from invite_conformance.target import Target

_CREDENTIAL = re.compile(r"authorization|cookie|.*(api-?key|token)", re.IGNORECASE)
"""Names of headers that say who calls, whatever the states call theirs."""


class Unmet(Exception):  # noqa: N818  # it is no error: something that a probe needs is not there
    """What a probe needs cannot be had; the message says what, and what to do."""


class Deselected(Unmet):
    """The mode or the write budget does not allow the call."""


class NotInMode(Deselected):
    """The mode does not allow the call."""


class SetupError(Exception):
    """The setup hook failed."""


class States:
    """The states of one target; threads may share it."""

    def __init__(self, target: Target, redaction: Redaction) -> None:
        self._target = target
        self._redaction = redaction
        self._prepared: dict[str, Json] = {}
        self._lock = threading.Lock()

    def get(self, name: str) -> Json:
        """The state of that name. Raises Unmet if the target does not offer it, SetupError if its hook fails."""
        with self._lock:
            if name not in self._prepared:
                self._prepared[name] = self._prepare(name)
            value = self._prepared[name]
        if value is None:
            raise Unmet(f"the target does not offer it: give `states.{name}` in {self._target.path}")
        return value

    def offered(self, name: str) -> bool:
        """Whether the target offers the state."""
        try:
            self.get(name)
        except Unmet:
            return False
        return True

    def common_headers(self) -> dict[str, str]:
        """The target's headers that are sent with every call."""
        return {name: value for name, value in self._target.headers.items() if name not in self.credentials()}

    def credentials(self) -> dict[str, str]:
        """Those of the target's headers that say who calls, where states have headers of their own."""
        callers = list(_headers([*self._target.states.values(), *self._prepared.values()]))
        own = {name.lower() for headers in callers for name in headers}
        return {
            name: value
            for name, value in self._target.headers.items()
            if name.lower() in own or (callers and _CREDENTIAL.fullmatch(name))
        }

    def close(self) -> None:
        """Take down what was prepared. Raises SetupError."""
        for name, value in self._prepared.items():
            if value is not None:
                self._call(name, value, "teardown")
        self._prepared.clear()

    def _prepare(self, name: str) -> Json:
        value = self._target.states.get(name)
        answered = self._call(name, value, "setup")
        self._redaction.learn_headers(answered)
        if isinstance(answered, dict) and answered:
            # A state that is one value, such as an email, is answered as {"value": ...}.
            return answered.get("value", (value or {}) | answered if isinstance(value, dict | None) else value)
        return value

    def _call(self, name: str, params: Json, action: str) -> Json:
        hook = self._target.setup
        if hook is None:
            return None
        message = json.dumps({"state": name, "params": params, "action": action}).encode()
        try:
            if hook.startswith(("http://", "https://")):
                request = urllib.request.Request(hook, message, {"Content-Type": "application/json"})  # noqa: S310  # http only
                with urllib.request.urlopen(request, timeout=self._target.timeout) as response:  # noqa: S310  # as above
                    answer = response.read()
            else:
                answer = subprocess.run(  # noqa: S603  # the user's own command, from the user's own file
                    shlex.split(hook),
                    input=message,
                    capture_output=True,
                    check=True,
                    timeout=max(self._target.timeout, 60),
                ).stdout
            return json.loads(answer) if answer.strip() else None
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            raise SetupError(f"the setup hook failed at {action} of `{name}`: {_reason(error)}") from error


def _headers(states: Json) -> Iterator[dict[str, str]]:
    """The headers of every state that has some of its own, be they none."""
    if isinstance(states, list):
        for state in states:
            yield from _headers(state)
    elif isinstance(states, dict) and isinstance(states.get("headers"), dict):
        yield states["headers"]


def _reason(error: Exception) -> str:
    """Why, without the command's output or arguments: either may hold a secret."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit code {error.returncode}"
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    return type(error).__name__

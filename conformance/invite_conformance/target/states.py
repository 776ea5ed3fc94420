"""The states that a target offers, prepared by its setup hook where it has one.

1. A state is what the target file says; a JSON object that the hook answers to `setup` completes it.
2. Each state is prepared once, before its first use, and taken down at the end of the run.
3. Where states have headers of their own, only these say who calls: common headers of the target that say so are not
   sent.
"""

import re
from collections.abc import Iterator

from invite_specs import Document

from invite_conformance.target.redaction import Redaction
from invite_conformance.target.setup_hook import SetupError, call_hook
from invite_conformance.target.target import Target

_CREDENTIAL = re.compile(r"authorization|cookie|.*(api-?key|token)", re.IGNORECASE)
"""Names of headers that say who calls, even if no state has a header of that name."""


class Blocked(Exception):  # noqa: N818  # it is no error: something that a check needs is not there
    """A precondition of a check is not met; the message says which, and what to do."""


class Deselected(Blocked):
    """The mode or the write budget does not allow the call."""


class NotInMode(Deselected):
    """The mode does not allow the call."""


class States:
    """The states of one target."""

    def __init__(self, target: Target, redaction: Redaction) -> None:
        self._target = target
        self._redaction = redaction
        self._prepared: dict[str, Document] = {}

    def get(self, name: str) -> Document:
        """The state of that name. Raises Blocked if the target does not offer it, SetupError if its hook fails."""
        if name not in self._prepared:
            self._prepared[name] = self._prepare(name)
        value = self._prepared[name]
        if value is None:
            raise Blocked(f"the target does not offer it: give `states.{name}` in {self._target.path}")
        return value

    def offered(self, name: str) -> bool:
        """Whether the target offers the state."""
        try:
            self.get(name)
        except Blocked:
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
        """Take down every state that was prepared. Raises SetupError, after the last, that names each that failed."""
        failed = []
        for name, value in self._prepared.items():
            if value is not None:
                try:
                    self._call(name, value, "teardown")
                except SetupError as error:
                    failed.append(str(error))
        self._prepared.clear()
        if failed:
            raise SetupError("; ".join(failed))

    def _prepare(self, name: str) -> Document:
        value = self._target.states.get(name)
        answered = self._call(name, value, "setup")
        self._redaction.learn_headers(answered)
        if isinstance(answered, dict) and answered:
            # A state that is one value, such as an email, is answered as {"value": ...}.
            return answered.get("value", (value or {}) | answered if isinstance(value, dict | None) else value)
        return value

    def _call(self, name: str, params: Document, action: str) -> Document:
        hook = self._target.setup
        return None if hook is None else call_hook(hook, action, name, params, self._target.timeout)


def _headers(states: Document) -> Iterator[dict[str, str]]:
    """The headers of every state that has `headers`, even if they are empty."""
    if isinstance(states, list):
        for state in states:
            yield from _headers(state)
    elif isinstance(states, dict) and isinstance(states.get("headers"), dict):
        yield states["headers"]

"""Calls that succeeded although a correct server, in the states that the target is said to have, refuses them."""

from invite_conformance.http.exchange import Call
from invite_conformance.http.response import Response

_SHOWN = 200
"""Characters of a body that are shown."""


class UnexpectedSuccesses:
    """Remembers for which states, or else in which checks, a call succeeded unexpectedly."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def known(self, kind: str) -> bool:
        """Whether a call for that state, or else in that check, succeeded unexpectedly."""
        return kind in self._known

    def add(self, call: Call, response: Response, check: str, file: str) -> str:
        """The notice about a call that succeeded unexpectedly; empty if it did not succeed, or may."""
        harmless = call.method in {"GET", "HEAD", "OPTIONS"} or (call.writes and not call.refused_for)
        if harmless or not 200 <= response.status < 300:
            return ""
        self._known.add(call.refused_for or check)
        body = (call.body or b"").decode(errors="backslashreplace")[:_SHOWN]
        why = f"`states.{call.refused_for}` in {file} is wrong, or the server does not refuse what it must"
        return (
            f"In mode read-only something was created: {call.method} {call.path} with {body or 'no body'} was answered"
            f" with {response.status_line}. {why if call.refused_for else 'The server must refuse it'}. No such call"
            " was sent after it."
        )

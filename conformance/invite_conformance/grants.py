"""What the target granted although an honest server, with the states that this one is said to have, refuses it."""

from invite_conformance.exchange import Call
from invite_conformance.wire import Answer

_SHOWN = 200
"""Characters of a body that are told."""


class Grants:
    """Remembers for which states, or else in which probes, something was granted."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def known(self, kind: str) -> bool:
        """Whether a call was granted for that state, or else in that probe."""
        return kind in self._known

    def add(self, call: Call, answer: Answer, probe: str, file: str) -> str:
        """What mode read-only tells of a call that was granted; empty if it was not, or may be."""
        harmless = call.method in {"GET", "HEAD", "OPTIONS"} or (call.writes and not call.refused_for)
        if harmless or not 200 <= answer.status < 300:
            return ""
        self._known.add(call.refused_for or probe)
        body = (call.body or b"").decode(errors="backslashreplace")[:_SHOWN]
        why = f"`states.{call.refused_for}` in {file} is wrong, or the server does not refuse what it should"
        return (
            f"In mode read-only something was created: {call.method} {call.path} with {body or 'no body'} was answered"
            f" with {answer.status_line}. {why if call.refused_for else 'The server should have refused it'}. No such"
            " call was sent after it."
        )

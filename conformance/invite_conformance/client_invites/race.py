"""Requirement 409.race: of identical creates at the same instant one succeeds."""

from collections import Counter

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import invite
from invite_conformance.exchange import Call, Seen
from invite_conformance.race import together
from invite_conformance.session import Session

_TOGETHER = 8
_ROUNDS = 4


@probe("409.race", engine="race", heavy=True)
def creates_at_the_same_instant(session: Session) -> None:
    """Invite an address eight times at the same instant, some rounds with a fresh one."""
    for _ in range(_ROUNDS):
        seen = together(session, _creates(session))
        kept = _one_succeeds(seen)
        if not kept and not _one_succeeds([session.send(call) for call in _creates(session)]):
            return  # one after the other goes wrong as well: that is no race, and another requirement's business
        # The second success, or else whatever is neither a success nor a conflict.
        telling = [one for one in seen if _succeeded(one)][1:] + [one for one in seen if one.status not in {201, 409}]
        counts = sorted(Counter(one.status for one in seen).items())
        received = ", ".join(f"{status} ({count} of {_TOGETHER})" for status, count in counts)
        session.judge(
            "409.race",
            kept,
            f"201 (1 of {_TOGETHER}), 409 ({_TOGETHER - 1} of {_TOGETHER})",
            (telling or seen)[0],
            received,
        )


def _creates(session: Session) -> list[Call]:
    return [invite(session, session.fresh_email("race"))] * _TOGETHER


def _succeeded(seen: Seen) -> bool:
    return 200 <= seen.status < 300


def _one_succeeds(seen: list[Seen]) -> bool:
    """Whether one call succeeded and all others were conflicts."""
    others = [one.status for one in seen if not _succeeded(one)]
    return others == [409] * (_TOGETHER - 1)

"""Requirement 409.race: of identical creates at the same instant one succeeds."""

from collections import Counter

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import invite
from invite_conformance.race import together
from invite_conformance.session import Session

_TOGETHER = 8
_ROUNDS = 4


@probe("409.race", engine="race", heavy=True)
def creates_at_the_same_instant(session: Session) -> None:
    """Invite an address eight times at the same instant, some rounds with a fresh one."""
    for _ in range(_ROUNDS):
        seen = together(session, [invite(session, session.fresh_email("race"))] * _TOGETHER)
        statuses = Counter(one.status for one in seen)
        # The second success, or else whatever is neither 201 nor 409.
        odd = [one for one in seen if one.status == 201][1:] + [one for one in seen if one.status not in {201, 409}]
        received = ", ".join(f"{status} {count} times" for status, count in sorted(statuses.items()))
        kept = statuses == {201: 1, 409: _TOGETHER - 1}
        session.judge("409.race", kept, f"201 once, 409 {_TOGETHER - 1} times", (odd or seen)[0], received)

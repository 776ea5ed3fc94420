"""The role Owner, which an Admin need not be allowed to give."""

import pytest
from conformance.bank import DIRECTED, Bank
from conformance.offers import STATES
from invite_conformance.result import Verdict

SERVER = "correct-client-only-owners-make-owners"


@pytest.mark.parametrize(("left_out", "accepted"), [(set(), Verdict.PASS), ({"owner"}, Verdict.BLOCKED)])
def test_an_owner_invites_with_it_or_it_is_not_shown(bank: Bank, left_out: set[str], accepted: Verdict) -> None:
    states = {name: value for name, value in STATES["client-invites"].items() if name not in left_out}
    run = bank.judged(SERVER, "client-invites", DIRECTED, states=states)
    verdicts = {one.requirement.id.partition(".")[2]: one.verdict for one in run.results}
    assert verdicts["role.accepted"] is accepted
    assert verdicts["role.owner-by-admin"] is Verdict.WARN
    assert verdicts["409.other-role"] is Verdict.PASS

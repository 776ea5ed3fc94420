"""A failure shows every call without which it would show nothing."""

import pytest
from conformance.bank import Bank
from conformance.faulty import FAULTS

STEPS = (
    ("client-same-again", "409.already-invited", 2),
    ("client-forgets-on-conflict", "409.third-try", 3),
    ("client-conflict-by-inviter", "409.other-inviter", 2),
    ("client-conflict-by-role", "409.other-role", 2),
    ("client-case-sensitive", "409.other-case", 2),
    ("client-conflict-by-path", "409.client-other-case", 2),
    ("client-one-client-for-all", "409.other-client", 2),
    ("client-email-as-like", "409.similar-email", 2),
    ("client-remembers-twenty", "409.later", 2),
    ("client-refused-invites", "malformed.changes-nothing", 2),
    ("client-forbidden-invites", "403.changes-nothing", 2),
    ("client-reads-then-writes", "409.race", 2),
)


@pytest.mark.parametrize(("faulty", "requirement", "steps"), STEPS, ids=[one[0] for one in STEPS])
def test_a_failure_shows_all_its_steps(bank: Bank, faulty: str, requirement: str, steps: int) -> None:
    run = bank.judged(faulty, "client-invites", {"directed", *FAULTS[faulty].engines})
    (result,) = [one for one in run.results if one.requirement.id == f"client-invites.{requirement}"]
    assert result.failures
    for failure in result.failures:
        assert len(failure.exchanges) == steps, [one.url for one in failure.exchanges]

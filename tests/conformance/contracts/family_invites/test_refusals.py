"""What is refused, and what mode read-only sends."""

from pathlib import Path

import pytest
from conformance.bank import DIRECTED, Bank, not_satisfied
from conformance.contracts.family_invites.serving import FAMILIES, result, serving
from conformance.listener import Answer, Request
from conformance.reference_families import FamilyInvites
from invite_conformance.plan import ENGINES
from invite_conformance.result import Verdict


def test_read_only_invites_nobody_where_the_server_accepts_whatever_is_sent(bank: Bank) -> None:
    found = bank.judged("family-accepts-whatever", FAMILIES, ENGINES, mode="read-only")
    [counts] = found.matrix.values()
    assert counts["403"] > 0
    assert not [status for status, count in counts.items() if status.startswith("2") and count]
    found = bank.judged("family-accepts-whatever", FAMILIES, DIRECTED)
    assert "inviteFamily.request.malformed-json" in not_satisfied(found)


class Unchecked(FamilyInvites):
    """Does not check whose family it is."""

    def forbidden(self, request: Request) -> Answer | None:
        del request
        return None


def test_read_only_changes_no_contact_where_the_server_does_not_check_whose_family_it_is(tmp_path: Path) -> None:
    server = Unchecked()
    with serving(server, tmp_path) as judged:
        found = judged(ENGINES, mode="read-only")
    assert result(found, "403.status").verdict is Verdict.FAIL
    assert server.families == Unchecked().families


@pytest.mark.parametrize(
    ("fault", "requirement", "state"),
    [
        ("family-foreign-invited", "403.status", "foreign_family"),
        ("family-unknown-invited", "404.status", "unknown_family"),
    ],
)
def test_a_family_that_is_not_refused_may_be_a_mistake_in_the_target_file(
    bank: Bank, fault: str, requirement: str, state: str
) -> None:
    failure = result(bank.judged(fault, FAMILIES, DIRECTED), requirement).failures[0]
    assert failure.received.startswith("200 OK: either the server does not ")
    assert f"or `{state}` is " in failure.received

"""What another run of the suite does to the same family accuses nobody."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conformance.bank import DIRECTED, not_satisfied, shown
from conformance.contracts.family_invites.serving import result, serving
from conformance.listener import Answer, Request
from conformance.reference_families import FamilyInvites
from invite_conformance.result import Conformance, Verdict


class Shared(FamilyInvites):
    """Before an invite without an email is answered, another run of the suite sets its contact."""

    def perform(self, request: Request) -> Answer:
        family = self.family(request)
        if family is not None and family.id == "fam-one" and "email" not in self.members(request):
            family.email = "family-0badcafe-7@invite-conformance.example"
            family.firstname, family.lastname = "Harrietzzzzh", "Porterzzzzh"
        return super().perform(request)


@pytest.mark.parametrize("engines", [DIRECTED, ("directed", "histories")])
def test_the_contact_of_another_run_is_recognized(tmp_path: Path, engines: Collection[str]) -> None:
    with serving(Shared(), tmp_path) as judged:
        found = judged(engines)
    assert not_satisfied(found) == set(), shown(found)
    assert len([notice for notice in found.notices if notice.startswith("Another run of the suite")]) == 1


def test_two_runs_at_once_do_not_accuse_the_server(tmp_path: Path) -> None:
    engines = ("directed", "histories")
    with serving(FamilyInvites(), tmp_path) as judged, ThreadPoolExecutor(2) as pool:
        runs = [one.result() for one in [pool.submit(judged, engines), pool.submit(judged, engines)]]
    for found in runs:
        assert not_satisfied(found) == set(), shown(found)


def test_a_family_that_an_earlier_run_gave_a_contact_judges_nothing(tmp_path: Path) -> None:
    with serving(FamilyInvites(), tmp_path) as judged:
        first, second = judged(), judged()
    assert result(first, "200.recipient").verdict is Verdict.PASS
    for requirement in ("200.recipient", "names.unknown"):
        found = result(second, requirement)
        assert found.verdict is Verdict.BLOCKED
        assert "another run of the suite set" in found.reason
    assert second.conformance is Conformance.CONFORMANT

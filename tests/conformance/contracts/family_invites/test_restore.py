"""What a run changes for good is named, and put back where the target file says so."""

import re
from pathlib import Path
from typing import Any

import pytest
from conformance.contracts.family_invites.serving import CONTACT, FAMILIES, Recording, serving
from conformance.listener import Answer, Request
from conformance.offers import STATES, target_file
from conformance.reference_families import Family, FamilyInvites
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.result import Conformance
from invite_conformance.target.target import TargetError
from invite_conformance.target.target_file import load_target


def test_what_a_run_changes_is_named(tmp_path: Path) -> None:
    with serving(FamilyInvites(), tmp_path) as judged:
        found = judged()
    [notice] = [one for one in found.notices if "changed the contact" in one]
    for state in ("family", "second_family", "family_without_contact"):
        assert f"`{state}` ({STATES[FAMILIES][state]})" in notice
    assert "Give `restore`" in notice


def test_the_contact_is_put_back_where_the_target_file_gives_it(tmp_path: Path) -> None:
    server = FamilyInvites()
    with serving(server, tmp_path) as judged:
        found = judged(restore=CONTACT)
    family = server.families["fam-one"]
    assert {"email": family.email, "firstname": family.firstname, "lastname": family.lastname} == CONTACT
    put_back, changed = found.notices
    assert "`family` (fam-one) is what `restore`" in put_back
    assert "fam-one" not in changed
    assert "fam-two" in changed
    assert "Give `restore`" not in changed
    assert CONTACT["email"] not in " ".join(found.notices)


def test_the_contact_is_put_back_though_the_write_budget_is_spent(tmp_path: Path) -> None:
    server = FamilyInvites()
    with serving(server, tmp_path) as judged:
        judged(restore=CONTACT, write_budget=5)
    assert server.families["fam-one"].email == CONTACT["email"]


def test_a_member_that_restore_does_not_give_is_named(tmp_path: Path) -> None:
    server = FamilyInvites()
    with serving(server, tmp_path) as judged:
        found = judged(restore={name: CONTACT[name] for name in ("email", "firstname")})
    put_back, changed = found.notices
    lastname = server.families["fam-one"].lastname
    assert put_back == (
        "The contact of `family` (fam-one) was put back in part: "
        f'`lastname` still is "{lastname}": give it under `restore`.'
    )
    assert "`family` (fam-one)" in changed


class Ignoring(FamilyInvites):
    """Does not set the first name that is to be put back."""

    def remember(self, family: Family, body: dict[str, Any]) -> None:
        super().remember(family, {name: value for name, value in body.items() if value != CONTACT["firstname"]})


def test_a_member_that_the_server_does_not_put_back_is_named(tmp_path: Path) -> None:
    with serving(Ignoring(), tmp_path) as judged:
        found = judged(restore=CONTACT)
    put_back, _ = found.notices
    assert re.search(r'was put back in part: `firstname` still is "\w+": which `restore` did not change\.$', put_back)


def test_a_name_that_the_run_set_too_is_put_back(tmp_path: Path) -> None:
    with serving(FamilyInvites(), tmp_path) as judged:
        found = judged(restore={**CONTACT, "firstname": "Anna"})
    assert "`family` (fam-one) is what `restore`" in found.notices[0]


def test_read_only_puts_nothing_back(tmp_path: Path) -> None:
    server = Recording()
    with serving(server, tmp_path) as judged:
        found = judged(mode="read-only", restore=CONTACT)
    assert not [body for _, body in server.asked if CONTACT["email"].encode() in body]
    assert found.notices == ()


class Refusing(FamilyInvites):
    """Refuses the contact that is to be put back."""

    def before(self, request: Request) -> Answer | None:
        refused = self.members(request).get("email") == CONTACT["email"]
        return self.error(400, "Family.Email", "Not this one.") if refused else None


def test_a_contact_that_cannot_be_put_back_is_named_with_the_reason(tmp_path: Path) -> None:
    with serving(Refusing(), tmp_path) as judged:
        found = judged(restore=CONTACT)
    assert "The contact of `family` (fam-one) was not put back: the invite was answered with 400 Bad Request." in (
        found.notices
    )


def test_a_failure_at_the_end_loses_no_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(context: CheckContext) -> None:
        raise ZeroDivisionError(context.run_id)

    monkeypatch.setattr(catalogue(FAMILIES).checks, "restore", [fail])
    with serving(FamilyInvites(), tmp_path) as judged:
        found = judged()
    assert found.conformance is Conformance.CONFORMANT
    [notice] = found.notices
    assert "not put back: the check raised ZeroDivisionError" in notice


@pytest.mark.parametrize(
    ("contract", "restore", "message"),
    [
        ("client-invites", CONTACT, "restore: unknown key"),
        (FAMILIES, {"firstname": "Ona"}, "the key 'email' is missing"),
        (FAMILIES, {"email": "ona"}, 'restore.email: "ona" does not fit'),
    ],
)
def test_a_restore_that_cannot_be_used_is_refused(
    tmp_path: Path, contract: str, restore: dict[str, str], message: str
) -> None:
    path = target_file(tmp_path / "target.yaml", contract, "http://127.0.0.1:1", restore=restore)
    with pytest.raises(TargetError, match=re.escape(message)):
        load_target(path, {})

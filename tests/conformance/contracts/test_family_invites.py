"""The checks of family-invites: what is sent, what is changed, and what a failure shows."""

import itertools
import re
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from conformance.bank import DIRECTED, Bank, not_satisfied, shown
from conformance.judging.in_process import FunctionTransport
from conformance.listener import Answer, Request, listening
from conformance.offers import STATES, target_file
from conformance.reference_families import COMPANY, Family, FamilyInvites
from invite_conformance.contracts.family_invites.families import two_families_at_once
from invite_conformance.http.request import Request as WireRequest
from invite_conformance.http.response import Response
from invite_conformance.http.transport import Transport
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.plan import ENGINES, Plan
from invite_conformance.result import Conformance, Level, Result, Run, Verdict
from invite_conformance.run import context_for, run
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import load_target

FAMILIES = "family-invites"
CONTACT = {"email": "ona.one@families.example", "firstname": "Ona", "lastname": "One"}
SetUp = Callable[..., Run]


class Recording(FamilyInvites):
    """Remembers which families were asked for, and every body."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, bytes]] = []

    def before(self, request: Request) -> Answer | None:
        self.asked.append((self.family_id(request), request.body))
        return None


@contextmanager
def serving(server: FamilyInvites, folder: Path) -> Iterator[SetUp]:
    """Runs the suite against one server; what is given goes into the target file, or is an option of the run."""
    with listening({"server": lambda: server}) as listener:

        def judged(engines: Collection[str] = DIRECTED, mode: str = "full", **more: Any) -> Run:
            path = target_file(folder / "target.yaml", FAMILIES, f"{listener.url}/server", **more)
            return run(load_target(path, {}), engines=engines, seed=1, mode=mode)

        yield judged


def result(found: Run, requirement: str) -> Result:
    [one] = [one for one in found.results if one.requirement.id == f"{FAMILIES}.{requirement}"]
    return one


# What is sent


@pytest.mark.parametrize(("engines", "most"), [(DIRECTED, 140), (ENGINES, 480)])
def test_a_run_makes_few_requests(bank: Bank, engines: Collection[str], most: int) -> None:
    found = bank.judged("correct-family-plain", FAMILIES, engines)
    assert found.conformance is Conformance.CONFORMANT, shown(found)
    assert found.requests < most


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


def test_a_server_that_accepts_letters_only_is_conformant_whatever_is_generated(bank: Bank) -> None:
    found = bank.judged("correct-family-letters-only-names", FAMILIES, ENGINES)
    assert found.conformance is Conformance.CONFORMANT, shown(found)
    assert {one.requirement.level for one in found.results if one.verdict is Verdict.WARN} <= {Level.NOTE}


class Uuids(Recording):
    """Families have UUIDs, which are the same in capitals."""

    def __init__(self) -> None:
        super().__init__()
        ids = {f"fam-{name}": f"00000000-0000-4000-8000-0000000000{n}f" for n, name in enumerate(("one", "two"))}
        self.families = {ids.get(old, old): family for old, family in self.families.items()}
        for new, family in self.families.items():
            family.id = new
        self.states = {name: ids.get(family, family) for name, family in STATES[FAMILIES].items()}

    def family(self, request: Request) -> Family | None:
        return self.families.get(self.family_id(request).lower())


def test_a_uuid_in_capitals_is_the_same_family(tmp_path: Path) -> None:
    server = Uuids()
    with serving(server, tmp_path) as judged:
        found = judged(states=server.states)
    assert result(found, "404.folded-id").verdict is Verdict.PASS
    assert f"{server.states['family']} " in {family for family, _ in server.asked}


@pytest.mark.parametrize(
    ("family", "tried"), [("1042", ["1042*", "1042x", "1042%"]), ("fml_7", ["fml_7*", "fml_7x", "fml_7%"])]
)
def test_no_number_that_may_be_another_family_is_tried(tmp_path: Path, family: str, tried: list[str]) -> None:
    server = Recording()
    server.families[family] = Family(family, COMPANY)
    with serving(server, tmp_path) as judged:
        found = judged(states={**STATES[FAMILIES], "family": family})
    assert result(found, "404.similar-id").verdict is Verdict.PASS
    digits = re.compile(r"(?:fml_)?[0-9].*")
    others = {asked for asked, _ in server.asked if digits.fullmatch(asked)} - {family, f"{family} ", family.swapcase()}
    assert others == set(tried)


def test_nothing_sent_ends_a_statement_of_sql(tmp_path: Path) -> None:
    server = Recording()
    with serving(server, tmp_path) as judged:
        judged(ENGINES)
    harmful = re.compile(rb"'\s*(?:;|OR\b|--)|\bDROP\b", re.IGNORECASE)
    assert len(server.asked) > 300
    assert not [one for one in server.asked if harmful.search(one[0].encode() + b" " + one[1])]


# What a run changes


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


# Two families at the same instant


def at_once(serve: Callable[[WireRequest], Response]) -> CheckContext:
    """What the check of two families is handed, where a function answers its calls."""
    target = Target(FAMILIES, "http://127.0.0.1:1", path=Path("target.yaml"), states=STATES[FAMILIES])
    context = context_for(target, Plan(), catalogue(FAMILIES))
    context.client.transport = cast("Transport", FunctionTransport(serve))
    context.client.log.documented = range(100, 600)
    return context


def test_a_429_at_the_same_instant_violates_nothing() -> None:
    bodies: list[bytes] = []

    def serve(request: WireRequest) -> Response:
        """One call in four is answered with 429 and what the call before it, for the other family, sent."""
        bodies.append(request.body or b"")
        limited = len(bodies) % 4 == 0
        return Response(429 if limited else 200, (), bodies[-2] if limited else bodies[-1], 0.0)

    context = at_once(serve)
    two_families_at_once(context)
    judged = context.findings.of(f"{FAMILIES}.contact.own")
    assert len(judged) == 12
    assert not [finding for finding in judged if finding.violation]


@pytest.mark.parametrize("accepted", [0, 1])
def test_too_few_answers_at_the_same_instant_judge_nothing(accepted: int) -> None:
    numbers = itertools.count()
    context = at_once(lambda _: Response(200 if next(numbers) < accepted else 429, (), b"{}", 0.0))
    with pytest.raises(Blocked, match="429"):
        two_families_at_once(context)
    assert not context.findings.of(f"{FAMILIES}.contact.own")


# Other runs


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


# What a failure shows


@pytest.mark.parametrize(
    ("fault", "requirement", "bodies"),
    [
        ("family-names-forgotten", "names.remembered", 2),
        ("family-one-contact", "contact.own", 3),
        ("family-foreign-writes", "403.changes-nothing", 3),
        ("family-set-before-validated", "malformed.changes-nothing", 3),
        ("family-empty-is-unknown", "names.empty", 2),
        ("family-takes-id", "200.own-members", 1),
        ("family-one-id", "id.unique", 2),
    ],
)
def test_a_failure_shows_every_call_that_led_to_it(bank: Bank, fault: str, requirement: str, bodies: int) -> None:
    failure = result(bank.judged(fault, FAMILIES, DIRECTED), requirement).failures[0]
    assert len(failure.exchanges) == bodies
    assert '"email"' in str(failure.exchanges[0].request_body)
    assert [one.status for one in failure.exchanges][-1] == 200


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

"""What is generated: proved valid or invalid, fresh, bounded, repeatable, and silent."""

import itertools
import json
from collections.abc import Callable, Collection
from pathlib import Path

import jsonschema
import pytest
from conformance.bank import Bank
from invite_conformance.engines.generation import Case, Generation
from invite_conformance.engines.wording import MANNERS, Wording
from invite_conformance.http.errors import TransportError
from invite_conformance.judging.calls import json_body
from invite_conformance.result import Run
from invite_specs import Document, contract, contract_names

DOMAIN = "made-up.example"
SEEDS = [1, 2]


class Generated:
    """The cases that a seed makes for a contract, and how they were received."""

    def __init__(self, name: str, seed: int, receive: Callable[[Case], Collection[str]] = lambda _: ()) -> None:
        self.contract = contract(name)
        self.cases: list[Case] = []
        self._receive = receive
        numbers = itertools.count()
        self.generation = Generation(
            document=self.contract.assumed,
            operation=self.contract.operations[0],
            fresh_email=lambda: f"invite-{next(numbers)}@{DOMAIN}",
            send=self._send,
            seed=seed,
            seconds=60,
        )

    def _send(self, case: Case) -> Collection[str]:
        self.cases.append(case)
        return self._receive(case)

    def of(self, *valid: bool | None) -> list[Case]:
        return [case for case in self.cases if case.valid in valid]


WITH_BODY = [name for name in contract_names() if json_body(contract(name).operations[0])]


@pytest.fixture(scope="module", params=itertools.product(WITH_BODY, SEEDS), ids=str)
def generated(request: pytest.FixtureRequest) -> Generated:
    made = Generated(*request.param)
    made.generation.run(60)
    return made


def value_of(case: Case) -> Document:
    return json.loads(case.body or b"null")


def fits(made: Generated, case: Case) -> bool:
    """Whether another validator than the suite's finds that a body fits."""
    if case.body is None:
        return not made.contract.operations[0].definition["requestBody"].get("required", False)
    try:
        value = value_of(case)
    except ValueError:
        return False
    schema = made.contract.operations[0].definition["requestBody"]["content"]["application/json"]["schema"]
    whole = {**schema, "components": made.contract.assumed["components"]}
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(whole, format_checker=checker).is_valid(value)


def test_both_kinds_are_generated(generated: Generated) -> None:
    assert len(generated.of(True)) >= 4
    assert len(generated.of(False)) >= 10
    assert len(generated.cases) <= 120


def test_what_is_called_valid_or_invalid_is_so(generated: Generated) -> None:
    assert [case for case in generated.of(True) if not fits(generated, case)] == []
    assert [case for case in generated.of(False) if fits(generated, case)] == []
    assert all(bool(case.violations) == (case.valid is False) for case in generated.of(True, False))


def test_each_well_formed_email_is_a_new_one_of_the_targets_domain(generated: Generated) -> None:
    bodies = [value_of(case) for case in generated.of(True, None) if case.body]
    emails = [body["email"] for body in bodies if isinstance(body, dict) and "email" in body]
    wellformed = [email for email in emails if isinstance(email, str) and email.count("@") == 1]
    assert wellformed
    assert len({email.lower() for email in wellformed}) == len(wellformed)
    assert {email.partition("@")[2] for email in wellformed} == {DOMAIN}
    assert max(len(email.partition("@")[0]) for email in wellformed) <= 64


def test_nothing_is_sent_twice(generated: Generated) -> None:
    without_emails = [case for case in generated.of(False) if DOMAIN.encode() not in (case.body or b"")]
    assert len({case.body for case in without_emails}) == len(without_emails)


def test_what_nobody_need_accept_is_called_neither(generated: Generated) -> None:
    known = {"email", "role", "firstname", "lastname"}
    for case in generated.of(True, False):
        value = (
            value_of(case)
            if case.body and case.violations[:1] != () and case.violations[0].keyword != "syntax"
            else None
        )
        assert not isinstance(value, dict) or value.keys() <= known


def test_a_seed_makes_the_same_cases_and_another_one_others() -> None:
    bodies = []
    for seed in (3, 3, 4):
        made = Generated("client-invites", seed)
        made.generation.run(20)
        bodies.append([case.body for case in made.cases])
    assert bodies[0] == bodies[1] != bodies[2]


def test_a_case_that_breaks_something_is_made_smaller_within_bounds() -> None:
    def receive(case: Case) -> set[str]:
        return {"no-owners"} if case.valid is not False and b'"Owner"' in (case.body or b"") else set()

    made = Generated("client-invites", 1, receive)
    made.generation.run(40)
    violated = [value_of(case) for case in made.cases if receive(case)]
    smallest = min(violated, key=lambda body: len(json.dumps(body)))
    assert smallest == {"email": smallest["email"], "role": "Owner"}
    assert len(made.cases) <= 80 + 2 * 30


def test_what_is_violated_whatever_is_sent_is_not_made_smaller() -> None:
    made = Generated("client-invites", 1, lambda _: {"always"})
    made.generation.run(20, known={"always"})
    assert len(made.cases) <= 40


def test_an_error_ends_it_and_is_raised_as_it_is() -> None:
    def receive(_: Case) -> Collection[str]:
        raise TransportError("gone")

    made = Generated("client-invites", 1, receive)
    with pytest.raises(TransportError, match="gone"):
        made.generation.run(40)
    assert len(made.cases) == 1


def test_it_stops_when_the_time_is_up_and_says_so() -> None:
    made = Generated("family-invites", 1)
    made.generation.seconds = 0
    made.generation.run(40)
    assert made.generation.cut_short
    assert made.cases == []


def test_nothing_is_printed_and_nothing_left_beside_the_users_files(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = Generated("client-invites", 1, lambda case: {"violated"} if case.valid else set())
    made.generation.run(20)
    assert capfd.readouterr() == ("", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("manner", MANNERS)
def test_a_body_written_in_a_manner_stays_valid(manner: str) -> None:
    document = contract("family-invites").assumed
    wording = Wording(document, document["components"]["schemas"]["InviteFamilyRequest"])
    body = {"email": "o'neil+x@a.example", "firstname": "A\x00\u202eda ", "lastname": "", "other": "\x00"}
    written = wording.written(body, manner)
    assert written.keys() == body.keys()
    assert written["other"] == body["other"]
    assert wording.is_email("email", written["email"])
    assert (written == body) == (manner == "as-generated")
    if manner != "as-generated":
        assert all(one.isprintable() and len(one) <= 60 for one in (written["firstname"], written["lastname"]))
    assert wording.is_plain(written) == (manner == "plain")


def test_bare_bodies_have_documented_members_only() -> None:
    document = contract("family-invites").assumed
    wording = Wording(document, document["components"]["schemas"]["InviteFamilyRequest"])
    assert wording.written({"firstname": 1, "other": 2}, "bare") == {"firstname": 1}


def _smallest(run: Run, requirement: str) -> str:
    (result,) = [one for one in run.results if one.requirement.id.endswith(requirement)]
    exchange = result.failures[0].exchange
    assert exchange is not None
    return exchange.request_body or ""


def test_the_smallest_case_is_reported_first(bank: Bank) -> None:
    run = bank.judged("family-crash-on-extra-member", "family-invites", {"generation"})
    assert len(json.loads(_smallest(run, "server-error"))) == 1

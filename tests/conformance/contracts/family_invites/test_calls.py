"""How many calls a run makes, which, and which of them a failure shows."""

import re
from collections.abc import Collection
from pathlib import Path

import pytest
from conformance.bank import DIRECTED, Bank, shown
from conformance.contracts.family_invites.serving import FAMILIES, Recording, result, serving
from invite_conformance.plan import ENGINES
from invite_conformance.result import Conformance, Level, Verdict


@pytest.mark.parametrize(("engines", "most"), [(DIRECTED, 140), (ENGINES, 480)])
def test_a_run_makes_few_requests(bank: Bank, engines: Collection[str], most: int) -> None:
    found = bank.judged("correct-family-plain", FAMILIES, engines)
    assert found.conformance is Conformance.CONFORMANT, shown(found)
    assert found.requests < most


def test_a_server_that_accepts_letters_only_is_conformant_whatever_is_generated(bank: Bank) -> None:
    found = bank.judged("correct-family-letters-only-names", FAMILIES, ENGINES)
    assert found.conformance is Conformance.CONFORMANT, shown(found)
    assert {one.requirement.level for one in found.results if one.verdict is Verdict.WARN} <= {Level.NOTE}


def test_nothing_sent_ends_a_statement_of_sql(tmp_path: Path) -> None:
    server = Recording()
    with serving(server, tmp_path) as judged:
        judged(ENGINES)
    harmful = re.compile(rb"'\s*(?:;|OR\b|--)|\bDROP\b", re.IGNORECASE)
    assert len(server.asked) > 300
    assert not [one for one in server.asked if harmful.search(one[0].encode() + b" " + one[1])]


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

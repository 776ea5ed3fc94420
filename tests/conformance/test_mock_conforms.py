"""The mock keeps every contract, says the suite: conformant, nothing blocked, every documented status seen."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from conformance.bank import shown
from conformance.offers import target_file
from conformance.references import known
from invite_conformance import scaffold as suite_scaffold
from invite_conformance.plan import MODES
from invite_conformance.result import Conformance, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target
from invite_mock import scaffold as mock_scaffold
from invite_specs import scaffold as specs_scaffold
from third_contract.installed import third_contract

FIXTURE = Path(__file__).parents[1] / "third_contract"
ACME = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
GLOBEX = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def caller(name: str) -> dict[str, Any]:
    return {"headers": {"x-dolfin-api-key": name}}


STATES: dict[str, dict[str, Any]] = {
    "client-invites": {
        "admin": caller("acme-admin-key"),
        "owner": caller("acme-owner-key"),
        "not_admin": [caller(f"acme-{role}-key") for role in ("developer", "support", "member")],
        "anonymous": {"headers": {}},
        "client": ACME,
        "other_client": {"client": GLOBEX, **caller("globex-owner-key")},
        "member_email": "member@acme.example",
        "invited_email": "invited@acme.example",
    },
    "family-invites": {
        "family": "fml_complete",
        "second_family": "fml_nocontact",
        "family_without_contact": "fml_nocontact",
        "unknown_family": "fml_unknown",
        "foreign_family": "fml_foreign",
    },
    "seat-offers": {"team": 7, "other_team": 8},
}


@contextmanager
def serving(*more: str | Path) -> Iterator[str]:
    """The base URL of a mock in a process of its own, which also finds the contracts in some folders."""
    path = os.pathsep.join(filter(None, (*map(str, more), os.environ.get("PYTHONPATH", ""))))
    process = subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": path},
    )
    assert process.stdout is not None
    address = re.search(r"http://\S+", process.stdout.readline())
    assert address
    yield address[0].rstrip("/")
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with serving(FIXTURE) as url:
        yield url


@pytest.mark.parametrize("contract", STATES)
def test_the_mock_conforms(mock: str, contract: str, tmp_path: Path) -> None:
    path = target_file(
        tmp_path / "target.yaml", contract, f"{mock}/@suite-{contract}", states=STATES[contract], headers={}
    )
    with known(contract):
        found = run(load_target(path, {}), seed=1)
    assert found.conformance is Conformance.CONFORMANT, shown(found)
    assert {one.verdict for one in found.results} == {Verdict.PASS}, shown(found)
    assert all(count > 0 for counts in found.matrix.values() for count in counts.values())
    assert not found.undocumented or set(found.undocumented) <= {"400", "405", "413"}


@pytest.mark.parametrize("contract", STATES)
def test_read_only_sends_nothing_that_the_mock_answers_with_2xx(mock: str, contract: str, tmp_path: Path) -> None:
    path = target_file(
        tmp_path / "target.yaml", contract, f"{mock}/@read-{contract}", states=STATES[contract], headers={}
    )
    with known(contract):
        found = run(load_target(path, {}), mode=MODES[0], seed=1)
    assert found.requests > 0
    for operation, counts in found.matrix.items():
        assert operation.startswith("GET ") or not [
            status for status, count in counts.items() if status.startswith("2") and count
        ]


def test_a_contract_as_it_is_generated_is_served_and_accused_of_nothing(tmp_path: Path) -> None:
    published = FIXTURE / "invite_specs" / "contracts" / "seat_offers" / "published.yaml"
    into = ["--into", str(tmp_path)]
    assert specs_scaffold.main(["new-seats", str(published), *into]) == 0
    assert mock_scaffold.main(["new-seats", *into]) == 0
    assert suite_scaffold.main(["new-seats", *into]) == 0
    target = tmp_path / "invite_conformance" / "contracts" / "new_seats" / "target.yaml"
    with serving(tmp_path) as url, third_contract(tmp_path):
        found = run(load_target(target, {}, f"{url}/@raw"), seed=1)
    assert found.conformance in {Conformance.CONFORMANT, Conformance.INCOMPLETE}, shown(found)
    assert not [one for one in found.results if one.verdict in {Verdict.FAIL, Verdict.ERROR}], shown(found)
    assert all(one.reason for one in found.results if one.verdict is Verdict.BLOCKED)
    assert sum(one.verdict is Verdict.PASS for one in found.results) > len(found.results) / 2, shown(found)

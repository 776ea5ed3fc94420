"""A new contract's folder in the suite is served by the suite as it was written, and accuses nobody."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conformance.bank import Bank, shown
from conformance.offers import STATES
from invite_conformance import cli, scaffold
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.result import Conformance, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target
from invite_specs import scaffold as specs_scaffold
from third_contract.installed import third_contract

FIXTURE = Path(__file__).parents[1] / "third_contract"
PUBLISHED = FIXTURE / "invite_specs" / "contracts" / "seat_offers" / "published.yaml"
FILES = {"__init__.py", "calls.py", "requirements.yaml", "states.schema.yaml", "target.yaml"}


def written(folder: Path, published: Path = PUBLISHED) -> Path:
    """What the commands write to a folder; gives that of the suite."""
    assert specs_scaffold.main(["new-seats", str(published), "--into", str(folder)]) == 0
    assert scaffold.main(["new-seats", "--into", str(folder)]) == 0
    return folder / "invite_conformance" / "contracts" / "new_seats"


@pytest.fixture
def new(tmp_path: Path) -> Iterator[Path]:
    """The folder of a new contract, which is known."""
    found = written(tmp_path)
    with third_contract(tmp_path):
        yield found


def test_it_is_written_whole_and_says_what_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = written(tmp_path)
    assert {path.name for path in new.iterdir()} == FILES
    assert [path.name for path in new.parent.iterdir()] == ["new_seats"]
    said = capsys.readouterr().out
    assert all(name in said for name in FILES - {"__init__.py"})
    assert "Left to do:" in said
    assert max(map(len, said.splitlines())) <= 80 + len(str(new))


def test_it_is_listed_and_has_a_target_file(new: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert cli.main(["init", "new-seats"]) == 0
    assert capsys.readouterr().out.startswith((new / "target.yaml").read_text())
    assert cli.main(["list", "--contract", "new-seats"]) == 0
    listed = capsys.readouterr().out
    assert {one.id for one in catalogue("new-seats").requirements} <= {*listed.split()}


@pytest.mark.parametrize("states", [{}, {"team_id": STATES["seat-offers"]["team"]}])
def test_a_run_accuses_no_correct_server(new: Path, bank: Bank, tmp_path: Path, states: dict[str, int]) -> None:
    path = tmp_path / "target.yaml"
    text = (new / "target.yaml").read_text()
    path.write_text(text.replace("team_id: 1", f"team_id: {states.get('team_id', 1)}"))
    found = run(load_target(path, {}, bank.fresh("correct-seat-plain")), seed=1)
    assert found.conformance in {Conformance.CONFORMANT, Conformance.INCOMPLETE}, shown(found)
    assert not [one for one in found.results if one.verdict in {Verdict.FAIL, Verdict.ERROR}], shown(found)
    assert all(one.reason for one in found.results if one.verdict is Verdict.BLOCKED)


def test_it_is_formatted_and_typed(new: Path) -> None:
    config = str(Path(__file__).parents[2] / "pyproject.toml")
    for command in (["format", "--check"], ["check", "--ignore", "I001"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--config", config, str(new)],
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = written(tmp_path) / "calls.py"
    calls.write_text("mine")
    assert scaffold.main(["new-seats", "--into", str(tmp_path)]) == 2
    assert calls.read_text() == "mine"
    assert f"{calls.parent} exists" in capsys.readouterr().err


def test_an_unknown_contract_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert scaffold.main(["nobody-knows", "--into", str(tmp_path)]) == 2
    assert "unknown contract 'nobody-knows'" in capsys.readouterr().err
    assert not [*tmp_path.iterdir()]


DOCUMENT = """
openapi: 3.1.0
info: {title: Two ids of one name, version: '1'}
paths:
  /pets/{id}/owners/{ownerId}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: integer}}
      - {name: ownerId, in: path, required: true, schema: {type: string}}
      - {name: since, in: query, required: true, schema: {type: string, format: date}}
      - {name: X-Caller, in: header, required: true, schema: {type: string}}
    put:
      operationId: class
      requestBody:
        content:
          application/json:
            schema: {type: object}
            example: {name: 'Rex "the dog" é', tags: [good, dog], long: LONG, nothing: null, sure: true}
      responses: {'200': {description: OK}}
  /shops/{id}:
    post:
      operationId: 2-uploads
      parameters:
        - {name: id, in: path, required: true, schema: {type: string, enum: [a, b]}}
      requestBody: {required: true, content: {image/png: {schema: {type: string}}}}
      responses: {default: {description: OK}}
""".replace("LONG", "x" * 60)


def test_parameters_of_one_name_are_states_of_their_own(tmp_path: Path) -> None:
    document = tmp_path / "document.yaml"
    document.write_text(DOCUMENT)
    folder = written(tmp_path, document)
    calls = (folder / "calls.py").read_text()
    assert 'path={"id": context.states.get("pets_id"), "ownerId": context.states.get("owner_id")}' in calls
    assert 'query={"since": "2026-01-01"}' in calls
    assert "def class_2(" in calls
    assert "def call_2_uploads(_: CheckContext)" in calls
    test_it_is_formatted_and_typed(folder)
    with third_contract(tmp_path):
        made = catalogue("new-seats").checks.calls
        assert {*made} == {"class", "2-uploads"}
        target = load_target(folder / "target.yaml", {})
        assert target.states == {"pets_id": 1, "owner_id": "example", "shops_id": "a"}

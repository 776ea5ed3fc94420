"""`python -m invite_mock.scaffold`: a new contract is served at once, by what serves its document."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from invite_mock import scaffold
from invite_mock.documents.examples import Examples
from invite_mock.documents.made_values import ValueMaker
from invite_mock.http.schema import Schemas
from invite_mock.settings import Settings
from invite_mock.state.worlds import SEEDED_START
from invite_specs import Contract, Json, contract, contract_names
from invite_specs import scaffold as specs_scaffold
from mock.in_process import InProcess, mock_in_process
from mock.oracle import Oracle
from third_contract.installed import third_contract

ROOT = Path(__file__).parents[2]
SHOP = Path(__file__).parent / "documents" / "shop.yaml"
LOANS = """
openapi: 3.0.2
info: {title: Loans, version: '1'}
paths:
  /branches/{branch-id}/loans:
    parameters: [{name: branch-id, in: path, required: true, schema: {type: string, pattern: '^br_[a-z]{4}$'}}]
    get:
      summary: Loans of a branch
      parameters:
        - {name: since, in: query, required: true, schema: {type: string, format: date}}
        - {name: size, in: query, schema: {type: integer, default: 7}}
        - {name: Accept, in: header, required: true, schema: {type: string}}
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Loans'}}}}
        '422': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Wrong'}}}}
    post:
      operationId: import
      summary: 'Imports "loans"'
      requestBody:
        required: true
        content: {application/json: {schema: {allOf: [{$ref: '#/components/schemas/Loan'}]}}}
      responses:
        '201':
          description: d
          content: {application/json: {schema: {$ref: '#/components/schemas/Loan'}, example: EXAMPLE}}
  /loans/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 5}}]
      responses: {'204': {description: d}, '404': {description: d}}
components:
  schemas:
    Loan:
      type: object
      required: [id, kind, world, borrower]
      properties:
        id: {type: string, format: uuid, readOnly: true}
        kind: {type: string, enum: [short, long]}
        world: {type: string}
        borrower: {type: string, format: email}
        copies: {type: integer, default: 1}
        until: {type: string, nullable: true}
        shelf: {oneOf: [{type: string}, {type: integer}]}
        tags: {type: array, items: {type: string}}
    Loans: {type: array, minItems: 1, items: {$ref: '#/components/schemas/Loan'}}
    Wrong: {type: object, required: [code, message], properties: {code: {type: string}, message: {type: string}}}
"""
EXAMPLE = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "kind": "long",
    "world": "w",
    "borrower": "ann@loans.example",
}
LOANS = LOANS.replace("EXAMPLE", str(EXAMPLE))


@contextmanager
def scaffolded(folder: Path, source: Path, name: str = "loans") -> Iterator[Contract]:
    """A new contract in a folder, found while the context lasts."""
    assert specs_scaffold.main([name, str(source), "--into", str(folder)]) == 0
    assert scaffold.main([name, "--into", str(folder)]) == 0
    with third_contract(folder):
        yield contract(name)


@pytest.fixture
def loans(tmp_path: Path) -> Path:
    source = tmp_path / "given.yaml"
    source.write_text(LOANS, "utf-8")
    return source


def call_each(served: Contract) -> None:
    """Send the mock an example request to each operation, which answers with success; the oracle validates it."""
    schemas = Schemas(served.assumed)
    examples = Examples(schemas, ValueMaker(schemas), SEEDED_START)
    settings = Settings(contracts=(served.name,), rng_seed=1)
    with mock_in_process(Oracle(), settings) as mock:
        for operation in served.operations:
            request = examples.request(operation)
            body = None if request.body is None else request.body.encode()
            received = mock.send(operation.method, request.target, body, request.headers)
            assert (received.outcome, received.status < 400) == ("natural", True)


def test_a_new_contract_is_served_at_once(tmp_path: Path, loans: Path) -> None:
    with scaffolded(tmp_path, loans) as served:
        call_each(served)


@pytest.mark.parametrize("name", ["client-invites", "family-invites", "seat-offers"])
def test_a_contract_made_of_a_published_document_is_served(tmp_path: Path, name: str) -> None:
    with third_contract():
        source = contract(name).published_path
    with scaffolded(tmp_path, source, "copied-contract") as served:
        call_each(served)


def serve(folder: Path, source: Path) -> Iterator[InProcess]:
    with scaffolded(folder, source), mock_in_process(Oracle(), Settings(contracts=("loans",), rng_seed=1)) as mock:
        yield mock


@pytest.fixture
def mock(tmp_path: Path, loans: Path) -> Iterator[InProcess]:
    yield from serve(tmp_path, loans)


def test_a_stub_answers_with_the_documented_example_or_a_value_that_is_made(mock: InProcess) -> None:
    body: Json = {"kind": "short", "world": "w", "borrower": "ann@loans.example"}
    assert mock.send("POST", "/branches/br_main/loans", body).json == EXAMPLE
    first, second = (mock.send("GET", "/branches/br_main/loans?since=2026-01-01").content for _ in range(2))
    assert first == second
    assert mock.send("DELETE", "/loans/7").status == 204
    assert mock.send("DELETE", "/loans/7", headers={"Prefer": "code=404"}).outcome == "forced"


def test_a_malformed_request_is_refused_in_the_documented_shape(mock: InProcess) -> None:
    received = mock.send("GET", "/branches/main/loans?since=soon")
    assert received.status == 422
    assert len(received.json["errors"]) == 2
    assert 'since: "soon"' in received.json["message"]
    assert received.json["code"] != "Request.Invalid"


def test_its_pages_show_a_request_to_each_operation(mock: InProcess) -> None:
    page = mock.send("GET", "/", documented=False).content.decode()
    assert "/branches/br_" in page
    shown = mock.send("GET", "/docs/loans/openapi.json").json["paths"]["/loans/{id}"]["delete"]
    assert shown["parameters"][0]["example"] >= 5


def test_rules_take_what_the_document_says_with_its_types_and_defaults(tmp_path: Path, loans: Path) -> None:
    with scaffolded(tmp_path, loans):
        text = (tmp_path / "invite_mock" / "contracts" / "loans" / "rules.py").read_text("utf-8")
    assert "def get_branches_loans(world: ContractWorld, branch_id: str, since: str, size: int = 7) ->" in text
    assert '"""Loans of a branch."""' in text
    arguments = (
        'world: ContractWorld,\n    branch_id: str,\n    kind: Literal["short", "long"],\n    borrower: Email,\n'
        "    until: str | None,\n    shelf: object,\n    tags: list[Any] | None,\n    copies: int = 1,\n"
    )
    assert f"def import_(  # noqa: PLR0913, PLR0917  # what a request says\n    {arguments}) -> AsDocumented:" in text
    assert '"""POST /branches/{branch-id}/loans."""' in text


def test_what_is_written_is_as_make_check_wants_it(tmp_path: Path, loans: Path) -> None:
    with scaffolded(tmp_path, loans):
        pass
    folder = str(tmp_path / "invite_mock")
    for command in (["format", "--check"], ["check"]):
        options = ["--config", str(ROOT / "pyproject.toml"), "--no-cache", folder]
        done = subprocess.run([sys.executable, "-m", "ruff", *command, *options], capture_output=True, check=False)
        assert (done.returncode, done.stdout + done.stderr) == (0, done.stdout + done.stderr)


def test_a_contract_that_the_mock_has_is_left_alone(
    tmp_path: Path, loans: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scaffolded(tmp_path, loans):
        assert scaffold.main(["loans", "--into", str(tmp_path)]) == 2
    assert "exists; delete it, or choose another name" in capsys.readouterr().err
    assert scaffold.main(["client-invites"]) == 2
    assert scaffold.main(["nothing-there", "--into", str(tmp_path)]) == 2
    assert "unknown contract 'nothing-there'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("'204': {description: d}, '404'", "'199'", "DELETE /loans/{id} has no answer that can be sent"),
        ("operationId: import", "operationId: authorize", "its rule would have the name authorize, which is taken"),
        ("operationId: import", "operationId: get_branches_loans", "its rule would have the name get_branches_loans"),
    ],
)
def test_what_cannot_be_served_is_reported_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    loans = tmp_path / "given.yaml"
    loans.write_text(LOANS.replace(old, new), "utf-8")
    assert specs_scaffold.main(["loans", str(loans), "--into", str(tmp_path)]) == 0
    assert scaffold.main(["loans", "--into", str(tmp_path)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "invite_mock").exists()


def test_the_contracts_of_the_project_are_as_before(tmp_path: Path, loans: Path) -> None:
    before = contract_names()
    with scaffolded(tmp_path, loans):
        assert contract_names() != before
    assert contract_names() == before

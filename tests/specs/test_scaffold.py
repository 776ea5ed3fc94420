"""`python -m invite_specs.scaffold`: a new contract's folder in the specs, from a document."""

from pathlib import Path

import pytest
from invite_specs import YamlFile, contract, contract_names
from invite_specs.contract import contract_in
from invite_specs.scaffold import main
from third_contract.installed import third_contract

LOANS = """
openapi: 3.0.2
info: {title: Loans, version: '1'}
paths:
  /branches/{branch-id}/loans:
    parameters: [{name: branch-id, in: path, required: true, schema: {type: string, minLength: 6}}]
    get:
      summary: Loans of a branch
      parameters: [{name: since, in: query, required: true, schema: {type: string, format: date}}]
      responses: {'200': {description: d, content: {application/json: {schema: {type: array, items: {}}}}}}
    post:
      operationId: lend
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Loan'}}}}
      responses: {default: {description: d}}
  /it's/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: integer, minimum: 5}}]
      responses: {'204': {description: d}}
components:
  schemas:
    Loan:
      type: object
      required: [id, kind, titles]
      properties:
        id: {type: integer, readOnly: true}
        kind: {type: string, enum: [short, long]}
        titles: {type: array, items: {type: string}, minItems: 2}
"""


def written(folder: Path, document: str, name: str = "loans") -> int:
    source = folder / "given.yaml"
    source.write_text(document, "utf-8")
    return main([name, str(source), "--into", str(folder / "into")])


def of(folder: Path, name: str = "loans") -> Path:
    return folder / "into" / "invite_specs" / "contracts" / name


def test_the_document_is_published_as_it_was_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert written(tmp_path, LOANS) == 0
    assert (of(tmp_path) / "published.yaml").read_text("utf-8") == LOANS
    said = capsys.readouterr().out
    assert all(name in said for name in ("published.yaml", "assumptions.yaml", "workflows.arazzo.yaml", "Left to do"))
    assert max(map(len, said.replace(str(tmp_path), "").splitlines())) <= 80


def test_operations_without_an_id_are_given_one_by_an_assumption(tmp_path: Path) -> None:
    written(tmp_path, LOANS)
    found = contract_in(of(tmp_path))
    assert [one.id for one in found.operations] == ["getBranchesLoans", "lend", "deleteItSById"]
    assert [one.id for one in found.assumptions] == [
        "operation-id-get-branches-loans",
        "operation-id-delete-it-sby-id",
    ]
    assert all(one.reason and one.source for one in found.assumptions)


def test_a_workflow_calls_each_operation_with_what_it_requires(tmp_path: Path) -> None:
    written(tmp_path, LOANS)
    listing, lend, delete = YamlFile(of(tmp_path) / "workflows.arazzo.yaml").data["workflows"]
    values = {name: one["default"] for name, one in listing["inputs"]["properties"].items()}
    assert values == {"branch_id": "textxx", "since": "2026-01-01"}
    [step] = listing["steps"]
    assert step["parameters"] == [
        {"name": "branch-id", "in": "path", "value": "$inputs.branch_id"},
        {"name": "since", "in": "query", "value": "$inputs.since"},
    ]
    assert lend["steps"][0]["requestBody"]["payload"] == {"kind": "short", "titles": ["text", "text"]}
    assert lend["steps"][0]["successCriteria"] == [{"condition": "$statusCode == 200"}]
    assert (delete["inputs"]["properties"], delete["steps"][0]["successCriteria"]) == (
        {"id": {"default": 5}},
        [{"condition": "$statusCode == 204"}],
    )


def test_where_nothing_is_lacking_there_is_no_overlay(tmp_path: Path) -> None:
    with third_contract():
        source = contract("seat-offers").published_path
    assert main(["other-offers", str(source), "--into", str(tmp_path / "into")]) == 0
    folder = of(tmp_path, "other_offers")
    assert not (folder / "assumptions.yaml").exists()
    assert contract_in(folder).assumptions == ()
    with third_contract(tmp_path / "into"):
        assert "other-offers" in contract_names()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Loans", "not of lower-case words with hyphens"),
        ("loan_s", "not of lower-case words with hyphens"),
        ("-loans", "not of lower-case words with hyphens"),
        ("../loans", "not of lower-case words with hyphens"),
        ("", "not of lower-case words with hyphens"),
        ("class", "is a keyword of Python; add a word, such as class-api"),
        ("client-invites", "'client-invites' is taken"),
        ("control", "'control' is taken"),
    ],
)
def test_a_name_that_no_contract_can_have_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    source = tmp_path / "given.yaml"
    source.write_text(LOANS, "utf-8")
    # After `--` a name may begin with a hyphen.
    assert main(["--into", str(tmp_path / "into"), "--", name, str(source)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "into").exists()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("swagger: '2.0'\n", "converters to 3.0 are widely available"),
        ("openapi: [", "given.yaml:"),
        (LOANS.replace("items: {}", "items: {$ref: other.yaml}"), "refers to other files (other.yaml); bundle them"),
        (
            LOANS.replace("items: {}", "items: {$ref: 'https://x.example/a'}"),
            "refers to other files (https://x.example",
        ),
        (LOANS.replace("schemas/Loan'", "schemas/Lown'"), "'#/components/schemas/Lown' leads to nothing"),
        (LOANS.replace("title: Loans, ", ""), "is not a valid OpenAPI document: at /info: "),
        ("openapi: 3.1.0\ninfo: {title: t, version: v}\npaths: {}\n", "has no operations"),
    ],
)
def test_a_document_that_cannot_be_a_contract_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], document: str, said: str
) -> None:
    assert written(tmp_path, document) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "into").exists()


def test_nothing_is_overwritten_and_nothing_is_half_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, LOANS)
    (of(tmp_path) / "published.yaml").write_text("mine", "utf-8")
    assert written(tmp_path, LOANS) == 2
    assert "exists; delete it, or choose another name" in capsys.readouterr().err
    assert (of(tmp_path) / "published.yaml").read_text("utf-8") == "mine"
    assert [one.name for one in of(tmp_path).parent.iterdir()] == ["loans"]


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "into").write_text("a file", "utf-8")
    assert written(tmp_path, LOANS) == 2
    assert "cannot be written: Not a directory" in capsys.readouterr().err

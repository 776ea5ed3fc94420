"""The derived requirements of whole documents: their ids, citations, levels, and what a contract says instead."""

import copy
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from conformance.judging.derived.documents import body, document
from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import build
from invite_conformance.judging.catalogue import Catalogue, CatalogueError, catalogue, contract_names
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.derivation import Derivation
from invite_conformance.judging.registry import SUCCESS, Checks, ValidCall
from invite_conformance.plan import ENGINES
from invite_conformance.result import Level, Requirement
from invite_specs import Document, Operation, YamlFile, contract, document_contract, resolves

THING: Document = {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}
MADE: Document = {"description": "Made", "content": {"application/json": {"schema": THING}}}
REFUSED: Document = {"description": "Malformed"}
THINGS: Document = document(requestBody=body(THING), responses={"201": MADE, "400": REFUSED})
PREFIX = "things.makeThing."
Derived = Callable[..., Derivation]


def calling(operation: Operation) -> Callable[[CheckContext], Call]:
    return lambda _: build(operation, path={})


@pytest.fixture
def derived(tmp_path: Path) -> Derived:
    """What is derived of a document whose file is things.yaml; `states` as a contract gives them."""

    def derive(of: Document, sure: bool = True, **states: dict[str, list[str]]) -> Derivation:
        path = tmp_path / "things.yaml"
        path.write_text(yaml.safe_dump(of, sort_keys=False))
        found = document_contract(path)

        def registered() -> Checks:
            calls = {
                one.id: ValidCall(calling(one), f"{one.id}.{SUCCESS}" if sure else "", sure=sure)
                for one in found.published_operations
            }
            return Checks(found.name, calls=calls)

        return Derivation(found, states, registered)

    return derive


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Catalogue]:
    """A catalogue of THINGS with a requirements.yaml of that text, and no checks."""
    monkeypatch.setattr("invite_conformance.judging.catalogue.registered", Checks)

    def read(text: str) -> Catalogue:
        (tmp_path / "things.yaml").write_text(yaml.safe_dump(THINGS))
        (tmp_path / "requirements.yaml").write_text(text)
        return Catalogue(document_contract(tmp_path / "things.yaml"), YamlFile(tmp_path / "requirements.yaml"))

    return read


def requirements(of: Derivation | Catalogue) -> dict[str, Requirement]:
    return {one.id: one for one in of.requirements}


# Every contract of ours


@pytest.mark.parametrize("name", contract_names())
def test_a_derived_requirement_cites_what_the_document_says(name: str) -> None:
    found = contract(name)
    operations = tuple(f"{name}.{one.id}." for one in found.published_operations)
    derived = [one for one in catalogue(name).requirements if one.id.startswith(operations)]
    assert derived
    for one in derived:
        assert one.citation.startswith("RFC ") or resolves(found.published, one.citation), one.id
        assert one.level is not Level.MUST or one.citation.startswith("/"), one.id


@pytest.mark.parametrize("name", contract_names())
def test_an_id_is_given_once(name: str) -> None:
    ids = [one.id for one in catalogue(name).requirements]
    assert len({*ids}) == len(ids)


# Ids


def test_an_id_begins_with_its_operation(derived: Derived) -> None:
    assert all(one.startswith(PREFIX) for one in requirements(derived(THINGS)))


def test_one_more_operation_renames_nothing(derived: Derived) -> None:
    more = copy.deepcopy(THINGS)
    more["paths"]["/another"] = {"get": {"operationId": "listThings", "responses": {"200": MADE}}}
    more["paths"] = dict(reversed(more["paths"].items()))
    before, after = requirements(derived(THINGS)), requirements(derived(more))
    assert {one: found for one, found in after.items() if one.startswith(PREFIX)} == before
    assert {one.split(".")[1] for one in after.keys() - before.keys()} == {"listThings"}


@pytest.mark.parametrize("status", ["200", "404", "4XX", "default"])
def test_one_more_status_renames_nothing(derived: Derived, status: str) -> None:
    more = copy.deepcopy(THINGS)
    more["paths"]["/things"]["post"]["responses"] = {status: MADE, "201": MADE, "400": REFUSED}
    before, after = requirements(derived(THINGS)), requirements(derived(more))
    assert before.keys() < after.keys()
    assert {one.split(".")[2] for one in after.keys() - before.keys()} == {status}


def test_one_more_member_renames_nothing(derived: Derived) -> None:
    more = copy.deepcopy(THINGS)
    schema = more["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"] = {"first": {"type": "integer"}, **schema["properties"]}
    before, after = requirements(derived(THINGS)), requirements(derived(more))
    assert before.keys() < after.keys()


# What is derived


def test_each_derived_requirement_is_checked(derived: Derived) -> None:
    of = derived(THINGS)
    active, passive = [*of.active()], [*of.passive]
    judged = {one.requirement for one in passive} | {one for check in active for one in check.requirements}
    assert judged == requirements(of).keys()
    assert len({one.name for one in active}) == len(active)
    assert {one.engine for one in active} <= {*ENGINES}


def test_a_valid_call_that_a_contract_gives_must_succeed_as_documented(derived: Derived) -> None:
    found = requirements(derived(THINGS))[f"{PREFIX}success"]
    assert (found.level, found.citation) == (Level.MUST, "/paths/~1things/post/responses/201")
    assert found.sentence == "A valid request to `makeThing` is answered with 201."


def test_nothing_says_that_a_call_made_from_the_document_succeeds(derived: Derived) -> None:
    assert f"{PREFIX}success" not in requirements(derived(THINGS, sure=False))


def test_nothing_is_echoed_by_an_operation_without_a_body(derived: Derived) -> None:
    assert f"{PREFIX}json.echoed-surrogate" in requirements(derived(THINGS))
    assert f"{PREFIX}json.echoed-surrogate" not in requirements(derived(document(method="get")))


def test_an_operation_without_a_body_is_not_generated(derived: Derived) -> None:
    of = derived(document(method="get"))
    assert [one.name for one in of.active() if one.engine == "generation"] == []
    assert f"{PREFIX}statuses.documented" in requirements(of)
    assert not [one for one in requirements(of) if one.startswith(f"{PREFIX}request.")]


def test_the_states_are_those_of_the_operation_or_of_the_status(derived: Derived) -> None:
    found = requirements(derived(THINGS, makeThing={"valid": ["owner"], "400": ["nobody"]}))
    assert found[f"{PREFIX}201.name"].states == ("owner",)
    assert found[f"{PREFIX}request.name.missing"].states == ("owner",)
    assert found[f"{PREFIX}400.no-body"].states == ("nobody",)


# What a contract says instead


def test_a_contract_overrides_a_derived_requirement_by_its_id(written: Callable[[str], Catalogue]) -> None:
    found = requirements(written("derived: {makeThing.request.name.type: {level: note, remedy: Never mind.}}"))
    plain = requirements(written("{}"))
    changed = found[f"{PREFIX}request.name.type"]
    assert (changed.level, changed.remedy) == (Level.NOTE, "Never mind.")
    assert changed.sentence == plain[changed.id].sentence
    assert {one for one in plain if plain[one] != found[one]} == {changed.id}


def test_an_override_of_nothing_names_file_line_and_the_nearest_id(written: Callable[[str], Catalogue]) -> None:
    with pytest.raises(CatalogueError) as raised:
        written("requirements: []\nderived:\n  makeThing.request.name.typ:\n    level: note\n")
    message = str(raised.value)
    assert "requirements.yaml:3: unknown requirement 'things.makeThing.request.name.typ'" in message
    assert "did you mean things.makeThing.request.name.type" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "requirements: []\nderived:\n  makeThing.request.name.type:\n    level: shall\n",
            "requirements.yaml:3: the level 'shall' is none of must, should, note",
        ),
        (
            "requirements: []\nderived:\n  makeThing.request.name.type:\n    lvl: note\n",
            "requirements.yaml:3: lvl is missing or unknown; a requirement has citation, id, level",
        ),
        (
            "requirements: []\noperations:\n  makeThings:\n    valid: [owner]\n",
            "requirements.yaml:3: there is no operation 'makeThings'; there are makeThing",
        ),
    ],
)
def test_an_invalid_override_or_operation_names_file_and_line(
    written: Callable[[str], Catalogue], text: str, said: str
) -> None:
    with pytest.raises(CatalogueError, match=re.escape(said)):
        written(text)

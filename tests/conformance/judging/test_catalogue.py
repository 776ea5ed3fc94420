import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from invite_conformance.judging.catalogue import CatalogueError, catalogue, contract_names, requirement
from invite_conformance.plan import ENGINES
from invite_conformance.result import Level
from invite_specs import contract


def test_there_are_requirements_for_each_contract() -> None:
    assert contract_names() == tuple(sorted({*contract_names(), "client-invites", "family-invites"}))
    assert all(catalogue(name).requirements for name in contract_names())


@pytest.mark.parametrize("name", contract_names())
def test_a_must_cites_the_published_document_and_says_its_words(name: str) -> None:
    for one in catalogue(name).requirements:
        if one.level is Level.MUST:
            assert one.citation.startswith("/"), one.id
            assert one.source, one.id
            assert one.line, one.id


@pytest.mark.parametrize("name", contract_names())
def test_a_sentence_reads_as_one(name: str) -> None:
    for one in catalogue(name).requirements:
        assert re.fullmatch(r"[A-Z`0-9].*\.", one.sentence, re.DOTALL), one.id
        assert one.method.endswith("."), one.id
        assert one.remedy.endswith("."), one.id


@pytest.mark.parametrize("name", contract_names())
def test_each_requirement_is_checked_by_something(name: str) -> None:
    found = catalogue(name).checks
    judged = {one.requirement for one in found.passive} | {one.requirement for one in found.aggregate}
    judged |= {one for check in found.active for one in check.requirements}
    assert judged == {one.id for one in catalogue(name).requirements}


@pytest.mark.parametrize("name", contract_names())
def test_an_active_check_has_a_unique_name_and_a_known_engine(name: str) -> None:
    active = catalogue(name).checks.active
    assert len({one.name for one in active}) == len(active)
    assert {one.engine for one in active} <= set(ENGINES)


@pytest.mark.parametrize("name", contract_names())
def test_a_requirement_needs_states_that_a_target_can_offer(name: str) -> None:
    from invite_conformance.target.target_file import schema  # noqa: PLC0415  # the only test that reads it

    known = set(schema(name)["properties"]["states"]["properties"])
    assert all(set(one.states) <= known for one in catalogue(name).requirements)


def test_the_document_stands_where_a_citation_says() -> None:
    one = requirement("client-invites.409.already-invited")
    text = contract("client-invites").published_path.read_text().splitlines()
    assert text[(one.line or 0) - 1].strip() == "'409':"


def test_an_unknown_id_is_reported_with_those_near_it() -> None:
    with pytest.raises(LookupError, match=r"client-invites\.409\.race"):
        requirement("409.race")


def test_an_unknown_contract_is_reported_with_the_known_ones() -> None:
    with pytest.raises(LookupError, match=f"^unknown contract 'nope'; there are {', '.join(contract_names())}$"):
        catalogue("nope")


@pytest.fixture
def entries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Writes the requirements of a catalogue of one contract."""
    monkeypatch.setattr("invite_conformance.contracts.__path__", [str(tmp_path)])
    catalogue.cache_clear()

    def write(*given: dict[str, str]) -> Path:
        path = tmp_path / "client_invites" / "requirements.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"operations": {}, "requirements": given}, indent=1))
        return path

    return write


ENTRY = {
    "id": "201.own",
    "level": "must",
    "citation": "RFC 9110 section 15",
    "sentence": "It is so.",
    "method": "By a call.",
    "remedy": "Fix it.",
}


@pytest.mark.parametrize(
    ("given", "line_", "said"),
    [
        ([ENTRY | {"level": "shall"}], 4, "the level 'shall' is none of must, should, note"),
        ([ENTRY, ENTRY], 12, "the id 201.own is given twice"),
        ([ENTRY | {"remedies": "x"}], 4, "remedies is missing or unknown; a requirement has citation, id, level, meth"),
        ([{key: value for key, value in ENTRY.items() if key != "remedy"}], 4, "remedy is missing or unknown; "),
        ([ENTRY | {"citation": "/nowhere"}], 4, "the published document has nothing at /nowhere"),
        ([ENTRY | {"citation": "rfc 1"}], 4, "'rfc 1' is neither a JSON Pointer nor an RFC section"),
    ],
)
def test_an_invalid_requirement_is_reported_with_its_line(
    entries: Callable[..., Path], given: list[dict[str, str]], line_: int, said: str
) -> None:
    path = entries(*given)
    with pytest.raises(CatalogueError) as raised:
        catalogue("client-invites")
    assert str(raised.value).startswith(f"{path}:{line_}: {said}")
    catalogue.cache_clear()


def test_a_requirement_needs_neither_states_nor_source(entries: Callable[..., Path]) -> None:
    entries(ENTRY)
    own, *derived = catalogue("client-invites").requirements
    assert (own.id, own.states, own.source) == ("client-invites.201.own", (), "")
    assert derived
    catalogue.cache_clear()


@pytest.mark.parametrize(
    ("citation", "quoted"),
    [
        ("/servers/0", "Production"),
        ("/servers/0/description", "Production"),
        ("/paths/~1clients~1{clientId}~1invites/post/parameters/0/required", "required: true"),
        ("RFC 9110 section 15", ""),
    ],
)
def test_a_requirement_without_a_source_quotes_what_it_cites(
    entries: Callable[..., Path], citation: str, quoted: str
) -> None:
    entries(ENTRY | {"citation": citation})
    assert catalogue("client-invites").requirements[0].source == quoted
    catalogue.cache_clear()


def test_what_a_group_says_holds_for_each_of_its_requirements_unless_one_says_otherwise(
    entries: Callable[..., Path],
) -> None:
    own = {"id": "201.own", "sentence": "It is so."}
    shared = {
        "level": "must",
        "states": ["client"],
        "citation": "RFC 9110",
        "method": "By a call.",
        "remedy": "Fix it.",
    }
    entries({**shared, "requirements": [own, {**own, "id": "201.other", "level": "note"}]})
    first, second, *_ = catalogue("client-invites").requirements
    assert (first.id, first.level, first.states) == ("client-invites.201.own", Level.MUST, ("client",))
    assert (second.id, second.level, second.citation) == ("client-invites.201.other", Level.NOTE, "RFC 9110")
    catalogue.cache_clear()


def test_an_invalid_requirement_of_a_group_is_reported_with_its_line(entries: Callable[..., Path]) -> None:
    path = entries({"level": "must", "requirements": [ENTRY, {**ENTRY, "id": "201.other", "level": "shall"}]})
    with pytest.raises(CatalogueError) as raised:
        catalogue("client-invites")
    [line] = [number for number, text in enumerate(path.read_text().splitlines(), 1) if "201.other" in text]
    assert str(raised.value).startswith(f"{path}:{line - 1}: the level 'shall' is none of")
    catalogue.cache_clear()


def test_how_a_written_requirement_is_checked_is_what_its_checks_say() -> None:
    said = requirement("client-invites.token.once").method
    assert said.startswith("Search the headers and the body of every other response for each token. Invite an address,")

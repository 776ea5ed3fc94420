import re

import pytest
from invite_conformance.judging.catalogue import catalogue, contract_names, requirement
from invite_conformance.plan import ENGINES
from invite_conformance.result import Level
from invite_specs import contract


def test_there_are_requirements_for_each_contract() -> None:
    assert contract_names() == ("client-invites", "family-invites")
    assert all(len(catalogue(name).requirements) >= 40 for name in contract_names())


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

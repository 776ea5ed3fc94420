"""A compiled schema: every violation with its places, its words and its source."""

from typing import Any

import pytest
from invite_mock.http.schema import Schemas, UnsupportedError
from invite_specs import Document, Json


def document(schema: Document) -> Document:
    return {"openapi": "3.1.0", "components": {"schemas": {"It": schema}}}


def violations(schema: Document, value: Json) -> list[tuple[str, ...]]:
    compiled = Schemas(document(schema)).at("/components/schemas/It")
    found = list(compiled.violations(value))
    assert compiled.is_valid(value) is (not found)
    return [
        (one.pointer, one.keyword.removeprefix("/components/schemas/It"), one.message, one.received, one.expected)
        for one in found
    ]


@pytest.mark.parametrize(
    ("schema", "value", "violation"),
    [
        (
            {"required": ["a/b"]},
            {},
            ("/a~1b", "/required", "the member a/b is required", "nothing", "the member a/b"),
        ),
        (
            {"properties": {"a": {"format": "date-time"}}},
            {"a": "x"},
            ("/a", "/properties/a/format", '"x" is not in the format date-time', '"x"', "the format date-time"),
        ),
        (
            {"items": {"type": ["string", "null"]}},
            ["a", 7],
            ("/1", "/items/type", "7 is not of the type null or string", "7", "the type null or string"),
        ),
        ({"enum": ["a", 1]}, "b", ("", "/enum", '"b" is none of a, 1', '"b"', "one of a, 1")),
        ({"pattern": "^a"}, "b", ("", "/pattern", '"b" does not match "^a"', '"b"', 'pattern "^a"')),
        ({"maximum": 3}, 5, ("", "/maximum", "5 is greater than the maximum of 3", "5", "maximum 3")),
        (
            {"properties": {"p": True}, "additionalProperties": False},
            {"p": 1, "q": 1},
            (
                "",
                "/additionalProperties",
                "Additional properties are not allowed ('q' was unexpected)",
                '{"p":1,"q":1}',
                "additionalProperties false",
            ),
        ),
        (
            {"properties": {"p": False}},
            {"p": 1},
            ("/p", "/properties/p", "1 is not allowed here", "1", "no such member"),
        ),
    ],
)
def test_a_violation_names_its_places_and_what_was_received_and_expected(
    schema: Document, value: Any, violation: tuple[str, ...]
) -> None:
    assert violations(schema, value) == [violation]


def test_all_violations_are_found() -> None:
    schema = {"required": ["a"], "properties": {"b": {"type": "string"}, "c": {"minLength": 2}}}
    assert [one[0] for one in violations(schema, {"b": 1, "c": "x"})] == ["/a", "/b", "/c"]


def test_a_long_value_is_quoted_in_part() -> None:
    [(_, _, message, received, expected)] = violations({"pattern": "^(?:" + "a|" * 200 + "b)$"}, "x" * 1000)
    assert len(message) <= 300
    assert message.endswith("…")
    assert received == '"' + "x" * 78 + "…"
    assert len(expected) <= 300


def test_a_violation_names_the_assumption_behind_its_keyword() -> None:
    seen: list[tuple[str, Json]] = []

    def assumption_at(pointer: str, item: Json) -> str | None:
        seen.append((pointer, item))
        return None if item else "an-id"

    schema = {"required": ["a"], "properties": {"b": {"type": "string"}}}
    found = list(Schemas(document(schema), assumption_at).at("/components/schemas/It").violations({"b": 1}))
    keywords = ["/components/schemas/It/properties/b/type", "/components/schemas/It/required"]
    assert seen == [(keywords[1], "a"), (keywords[0], None)]
    assert [one.assumption for one in found] == [None, "an-id"]
    assert [one.source for one in found] == [("contract", keywords[1]), ("assumption", "an-id")]


def test_references_lead_into_the_whole_document() -> None:
    whole = document({"$ref": "#/components/schemas/Other"})
    whole["components"]["schemas"]["Other"] = {"type": "string"}
    [violation] = Schemas(whole).at("/components/schemas/It").violations(1)
    assert violation.keyword == "/components/schemas/Other/type"


@pytest.mark.parametrize("schema", [{"$ref": "#/nowhere"}, {"pattern": "("}, {"type": "nothing"}])
def test_a_schema_that_cannot_be_compiled_is_reported_with_its_place(schema: Document) -> None:
    with pytest.raises(UnsupportedError, match="has a schema that cannot be compiled, at /components/schemas/It: "):
        Schemas(document(schema)).at("/components/schemas/It")

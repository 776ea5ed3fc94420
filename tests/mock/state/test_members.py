"""The members of a dataclass as JSON: names, schemas, reading and writing."""

from dataclasses import dataclass
from typing import Annotated, Literal

import pytest
from invite_mock.state.members import Email, Text, Uuid, camel, members, object_schema, read, snake, values, write


@dataclass(frozen=True, slots=True)
class Inner:
    some_text: str | None = None
    a_number: float = 0.5


@dataclass(frozen=True, slots=True)
class Outer:
    id: Uuid
    sent_to: Email
    kind: Literal["a", "b"]
    inner: Inner = Inner()
    count: int | None = None
    code: Annotated[str, Text({"minLength": 2}, str.upper)] | None = None


@pytest.mark.parametrize(
    ("name", "python"),
    [
        ("createClientInvite", "create_client_invite"),
        ("x-dolfin-api-key", "x_dolfin_api_key"),
        ("page[size]", "page_size_"),
        ("client_id", "client_id"),
        ("id", "id_"),
        ("class", "class_"),
        ("list", "list_"),
    ],
)
def test_a_name_in_python_is_in_snake_case_and_no_word_of_python(name: str, python: str) -> None:
    assert snake(name) == python


@pytest.mark.parametrize("name", ["id", "sentTo", "class", "aB2"])
def test_a_member_s_name_is_that_of_its_field_in_camel_case(name: str) -> None:
    assert camel(snake(name)) == name


def test_a_schema_says_what_the_types_say() -> None:
    assert object_schema(members(Outer)) == {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "sentTo", "kind"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "sentTo": {"type": "string", "format": "email"},
            "kind": {"enum": ["a", "b"]},
            "inner": {
                "type": "object",
                "additionalProperties": False,
                "required": [],
                "properties": {"someText": {"type": "string"}, "aNumber": {"type": "number"}},
            },
            "count": {"type": "integer"},
            "code": {"type": "string", "minLength": 2},
        },
    }


def test_what_is_read_is_in_its_normal_form_and_what_is_none_is_not_written() -> None:
    entry = {"id": "AB", "sentTo": "A@b.example", "kind": "a", "inner": {"someText": "x"}, "code": "yz"}
    found = Outer(**read(Outer, entry))
    assert found == Outer("ab", "A@b.example", "a", Inner("x"), None, "YZ")
    assert write(dict(values(found))) == {
        "id": "ab",
        "sentTo": "A@b.example",
        "kind": "a",
        "inner": {"someText": "x", "aNumber": 0.5},
        "code": "YZ",
    }

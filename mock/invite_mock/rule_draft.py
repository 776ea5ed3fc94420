"""Stubs of rules: a function for each operation that takes what a request says, and answers as the document does."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from invite_specs import Document, Json, Operation, follow, json_pointer, resolve

from invite_mock.http.parameters import IGNORED
from invite_mock.state.members import snake

_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list[Any]",
    "object": "dict[str, Any]",
}
_FORMATS = {"uuid": "Uuid", "email": "Email"}
_LINE = 120
_LONGEST_LITERAL = 80
_MOST_ARGUMENTS = 5
"""More are reported by ruff."""
_OF_THE_MOCK = {"world", "caller"}
"""Arguments that have a meaning of their own (see `http.rule`)."""


class _Said(NamedTuple):
    """A parameter, or a member of the body."""

    schema: Document
    required: bool


def rules(contract: str, operations: Sequence[Operation]) -> str:
    """The module of a contract's rules."""
    stubs = "\n\n".join(map(_stub, operations))
    typing = [name for name in ("Any", "Literal") if f"{name}]" in stubs or f"{name}[" in stubs]
    types = [name for name in ("Email", "Uuid") if f": {name}" in stubs]
    return "\n".join(
        [
            f'"""What {contract} answers: a rule for each operation."""',
            "",
            "# ruff: noqa: ARG001  # a stub does not use its arguments; remove this line with the last one",
            "",
            *([f"from typing import {', '.join(typing)}", ""] if typing else []),
            "from invite_mock.refusal import AS_DOCUMENTED, AsDocumented",
            "from invite_mock.state.contract_world import ContractWorld",
            *([f"from invite_mock.state.members import {', '.join(types)}"] if types else []),
            "",
            "",
            stubs,
        ]
    )


def _stub(operation: Operation) -> str:
    arguments = ["world: ContractWorld", *_arguments(operation)]
    lines = [
        *_signature(snake(operation.id), arguments),
        f'    """{_summary(operation)}"""',
        "    return AS_DOCUMENTED",
    ]
    return "\n".join(lines) + "\n"


def _arguments(operation: Operation) -> list[str]:
    """The arguments that a rule can take, those without a default first."""
    found: dict[str, _Said] = {}
    for one in operation.parameters:
        if one.schema is not None and not (one.place == "header" and one.name.lower() in IGNORED):
            found.setdefault(snake(one.name), _Said(_schema(one.document, one.schema), one.required))
    body = operation.body
    schema = next(iter(body.content.values()), None) if body is not None else None
    if body is not None and schema is not None:
        whole = bool(body.definition.get("required", False))
        for name, said in _members(body.document, schema):
            found.setdefault(snake(name), said._replace(required=said.required and whole))
    texts = [_argument(name, said) for name, said in found.items() if name not in _OF_THE_MOCK]
    return sorted(texts, key=lambda one: " = " in one)


def _members(document: Document, pointer: str) -> Iterator[tuple[str, _Said]]:
    """The members of an object that a request may have."""
    pointer = follow(document, pointer)
    schema: Any = resolve(document, pointer)
    if not isinstance(schema, dict):
        return
    for number in range(len(schema.get("allOf", ()))):
        yield from _members(document, f"{pointer}/allOf/{number}")
    for choice in ("anyOf", "oneOf"):
        for number in range(len(schema.get(choice, ()))):
            for name, said in _members(document, f"{pointer}/{choice}/{number}"):
                yield name, said._replace(required=False)
    for name in schema.get("properties", {}):
        member = _schema(document, f"{pointer}/properties{json_pointer([name])}")
        if member.get("readOnly") is not True:
            yield name, _Said(member, name in schema.get("required", ()))


def _schema(document: Document, pointer: str) -> Mapping[str, Any]:
    """What a schema says, through references and an `allOf` of one."""
    schema: Any = resolve(document, follow(document, pointer))
    if not isinstance(schema, dict):
        return {}
    if len(schema.get("allOf", ())) == 1:
        return {**_schema(document, f"{follow(document, pointer)}/allOf/0"), **schema}
    return schema


def _argument(name: str, said: _Said) -> str:
    type_ = _type(said.schema)
    if type_ == "object":
        return f"{name}: object"
    default = said.schema.get("default")
    if "null" in said.schema.get("type", ()):
        return f"{name}: {type_} | None"
    if said.required:
        return f"{name}: {type_}"
    if isinstance(default, str | int | float) and _is_of(type_, default):
        return f"{name}: {type_} = {_literal(default)}"
    return f"{name}: {type_} | None"


def _type(schema: Mapping[str, Any]) -> str:
    types = schema.get("type")
    kinds = [one for one in ([types] if isinstance(types, str) else types or []) if one != "null"]
    if len(kinds) != 1 or kinds[0] not in _TYPES:
        return "object"
    values = schema.get("enum", ())
    text = f"Literal[{', '.join(map(_literal, values))}]"
    if values and all(_is_of(_TYPES[kinds[0]], one) for one in values) and kinds[0] in {"string", "integer"}:
        return text if len(text) <= _LONGEST_LITERAL and text.isascii() else _TYPES[kinds[0]]
    return _FORMATS.get(schema.get("format", ""), "str") if kinds[0] == "string" else _TYPES[kinds[0]]


def _is_of(type_: str, value: Json) -> bool:
    """Whether a value is one of an annotation's type."""
    if isinstance(value, bool):
        return type_ == "bool"
    if isinstance(value, int):
        return type_ in {"int", "float"} or type_.startswith("Literal")
    return type_ == "float" if isinstance(value, float) else isinstance(value, str) and type_[0] in "sLUE"


def _literal(value: Json) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)


def _signature(name: str, arguments: Sequence[str]) -> list[str]:
    """The lines of a function's head, as ruff formats them."""
    many = "  # noqa: PLR0913, PLR0917  # what a request says" if len(arguments) > _MOST_ARGUMENTS else ""
    end = ") -> AsDocumented:"
    inside = ", ".join(arguments)
    if len(f"def {name}({inside}{end}") <= _LINE:
        return [f"def {name}({inside}{end}{many}"]
    lines = [f"    {inside}"] if len(inside) + 4 <= _LINE else [f"    {one}," for one in arguments]
    return [f"def {name}({many}", *lines, end]


def _summary(operation: Operation) -> str:
    """What the document says that an operation is for, as a docstring."""
    said = " ".join(str(operation.definition.get("summary") or "").split()).rstrip(".")
    fits = said.isascii() and 0 < len(said) < _LINE - 20 and not {'"', "\\"} & set(said)
    text = said if fits else f"{operation.method} {operation.path}"
    return f"{text[:1].upper()}{text[1:]}."

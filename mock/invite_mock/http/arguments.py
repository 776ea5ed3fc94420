"""What a request says, as the typed arguments of a rule.

1. An argument is the parameter or the member of the body whose name in snake case is the argument's; `body` is the
   whole body. What is neither is a header field: a credential.
2. The document's validation comes first. What an overlay of a user lets pass and the rule cannot take is a violation.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from invite_specs import Document, Json, Operation, follow, json_pointer, resolve

from invite_mock.http.messages import Request, Violation
from invite_mock.schema_errors import quote
from invite_mock.state.members import Type, camel, snake, type_of

_NAMES = {str: "a string", int: "an integer", float: "a number", bool: "a boolean"}
_NOTHING: Mapping[str, Json] = {}


class Argument(NamedTuple):
    """An argument of a rule, and where a request says it."""

    name: str
    """In the document."""
    keyword: str | None
    """JSON Pointer of what the document says of a member of the body; None for a parameter."""
    types: tuple[type, ...]
    """What a value must be an instance of."""
    normal: Callable[[Any], Any] | None
    """What brings a value into its normal form."""
    optional: bool
    """Whether it may be absent."""

    def violation(self, said: Mapping[str, Json]) -> Violation:
        """What is wrong with a value that the rule cannot take."""
        expected = _NAMES.get(self.types[-1], "one JSON value")
        message = f"the mock needs the {'member' if self.keyword else 'parameter'} {self.name}, as {expected}"
        received = quote(said[self.name]) if self.name in said else "nothing"
        pointer = json_pointer([self.name]) if self.keyword else ""
        return Violation(pointer, self.keyword or "/paths", None, message, received, expected)


class Arguments:
    """The arguments that a rule takes of the requests to an operation, without those in `given`."""

    def __init__(self, rule: Callable[..., Any], operation: Operation, *given: str) -> None:
        hints = get_type_hints(rule, include_extras=True)
        names = [
            one.name
            for one in list(inspect.signature(rule).parameters.values())[1:]
            if one.kind is one.POSITIONAL_OR_KEYWORD and one.name not in given
        ]
        parameters = {snake(one.name): one for one in operation.parameters}
        schema = next(iter(operation.body.content.values()), None) if operation.body else None
        members = dict(_members(operation.document, schema)) if schema else {}
        self._of_parameters: list[tuple[str, Argument]] = []
        self._of_body: list[tuple[str, Argument]] = []
        for name in names:
            type_ = type_of(hints[name])
            if name in parameters:
                self._of_parameters.append((name, _argument(parameters[name].name, None, type_)))
            else:
                document_name, keyword = members.get(name, (camel(name), f"{schema}{json_pointer([camel(name)])}"))
                self._of_body.append((name, _argument(document_name, keyword, type_)))
        self._of_header = [(name, name.replace("_", "-")) for name, _ in self._of_body]

    def read(self, request: Request) -> dict[str, Any] | tuple[Violation, ...]:
        """The arguments by name, or why the rule cannot take the request."""
        found: dict[str, Any] = {}
        wrong = _read(self._of_parameters, request.arguments, found)
        wrong += _read(self._of_body, request.body if isinstance(request.body, dict) else _NOTHING, found)
        return tuple(wrong) or found

    def read_credentials(self, request: Request) -> dict[str, Any]:
        """The arguments for who decides on the caller: header fields, and parameters unless one is malformed."""
        found: dict[str, Any] = {name: request.headers.get(field) for name, field in self._of_header}
        if request.malformed_parameters or _read(self._of_parameters, request.arguments, found):
            found |= {name: None for name, _ in self._of_parameters}
        return found


def _read(
    arguments: Sequence[tuple[str, Argument]], said: Mapping[str, Json], found: dict[str, Any]
) -> list[Violation]:
    """Add to `found` what is said as arguments; returns what the rule cannot take."""
    wrong: list[Violation] = []
    for name, argument in arguments:
        value = said.get(argument.name)
        if isinstance(value, argument.types):
            found[name] = value if argument.normal is None else argument.normal(value)
        elif value is None and argument.optional:
            found[name] = None
        else:
            wrong.append(argument.violation(said))
    return wrong


def _argument(name: str, keyword: str | None, type_: Type) -> Argument:
    base = type_.base
    if get_origin(base) is Literal:
        base = type(get_args(base)[0])
    types = (float, int) if base is int else (int, float) if base is float else (base,)
    normal = type_.text.normal if type_.text else int if base is int else None
    return Argument(name, keyword, types if base in _NAMES else (object,), normal, type_.optional)


def _members(document: Document, pointer: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The members that a schema describes: the name in Python, with that in the document and the JSON Pointer."""
    pointer = follow(document, pointer)
    schema = resolve(document, pointer)
    if not isinstance(schema, dict):
        return
    for combination in ("allOf", "anyOf", "oneOf"):
        for number in range(len(schema.get(combination, []))):
            yield from _members(document, f"{pointer}/{combination}/{number}")
    for name in schema.get("properties", {}):
        yield snake(name), (name, f"{pointer}/properties{json_pointer([name])}")

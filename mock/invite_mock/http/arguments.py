"""What a request says, as the typed arguments of a rule.

1. An argument is the parameter or the member of the body whose name in snake case is the argument's. What is neither is
   a member that the document does not describe; for who decides on the caller it is a header field, a credential.
2. The document's validation comes first. What an overlay of a user lets pass and the rule cannot take is a violation.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

from invite_specs import Document, Json, Operation, follow, json_pointer, resolve

from invite_mock.http.messages import Request, Violation
from invite_mock.schema_errors import quote
from invite_mock.state.members import camel, snake, type_of

_NAMES = {str: "a string", int: "an integer", float: "a number", bool: "a boolean"}
_NOTHING: Mapping[str, Json] = {}


class Argument(NamedTuple):
    """An argument of a rule, and where a request says it."""

    name: str
    """In the document."""
    pointer: str
    """JSON Pointer into the body; empty for a parameter."""
    keyword: str
    """JSON Pointer into the document, to its schema."""
    types: tuple[type, ...]
    """What a value must be an instance of."""
    normal: Callable[[Any], Any] | None
    """What brings a value into its normal form."""
    optional: bool
    """Whether it may be absent."""
    default: Any
    """Its value then."""

    def violation(self, said: Mapping[str, Json]) -> Violation:
        """What is wrong with a value that the rule cannot take."""
        expected = _NAMES.get(self.types[-1], "one JSON value")
        message = f"the mock needs the {'member' if self.pointer else 'parameter'} {self.name}, as {expected}"
        received = quote(said[self.name]) if self.name in said else "nothing"
        return Violation(self.pointer, self.keyword, None, message, received, expected)


class Arguments:
    """The arguments that a rule takes of the requests to an operation, after those that are `given`, by number."""

    def __init__(self, rule: Callable[..., Any], operation: Operation, given: int) -> None:
        hints = get_type_hints(rule, include_extras=True)
        parameters = {snake(one.name): one for one in operation.parameters}
        schema = next(iter(operation.body.content.values()), None) if operation.body else None
        members = dict(_members(operation.document, schema)) if schema else {}
        self._taken: list[Argument] = []
        self._fields: list[str | None] = []
        for one in list(inspect.signature(rule).parameters.values())[given:]:
            if one.kind is not one.POSITIONAL_OR_KEYWORD:
                continue
            parameter = parameters.get(one.name)
            if parameter is not None:
                where = (parameter.name, "", f"{parameter.pointer}/schema")
            else:
                name, keyword = members.get(one.name, (camel(one.name), f"{schema}{json_pointer([camel(one.name)])}"))
                where = (name, json_pointer([name]), keyword)
            self._taken.append(_argument(*where, hints[one.name], one.default))
            self._fields.append(one.name.replace("_", "-") if parameter is None else None)

    def read(self, request: Request) -> list[Any] | tuple[Violation, ...]:
        """The arguments in their order, or why the rule cannot take the request."""
        found: list[Any] = []
        wrong: list[Violation] = []
        body = request.body if isinstance(request.body, dict) else _NOTHING
        for argument in self._taken:
            said = body if argument.pointer else request.arguments
            value = said.get(argument.name)
            if isinstance(value, argument.types):
                found.append(value if argument.normal is None else argument.normal(value))
            elif value is None and argument.optional:
                found.append(argument.default)
            else:
                wrong.append(argument.violation(said))
        return tuple(wrong) or found

    def read_credentials(self, request: Request) -> list[Any]:
        """The arguments for who decides on the caller: header fields, and parameters unless one is malformed."""
        said = _NOTHING if request.malformed_parameters else request.arguments
        found: list[Any] = []
        for argument, field in zip(self._taken, self._fields, strict=True):
            value = said.get(argument.name) if field is None else request.headers.get(field)
            if not isinstance(value, argument.types):
                value = None
            found.append(argument.normal(value) if argument.normal and value is not None else value)
        return found


def _argument(name: str, pointer: str, keyword: str, annotation: Any, default: Any) -> Argument:
    base, text, optional = type_of(annotation)
    base = type(get_args(base)[0]) if get_origin(base) is Literal else get_origin(base) or base
    types = {int: (float, int), float: (int, float)}.get(base, (base,))
    # In JSON Schema 1.0 is an integer too (Draft 2020-12, 6.1.1).
    normal = text.normal if text else int if base is int else None
    if default is inspect.Parameter.empty:
        return Argument(name, pointer, keyword, types, normal, optional, None)
    return Argument(name, pointer, keyword, types, normal, True, default)


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

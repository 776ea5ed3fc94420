"""Validates a request against an operation of the document, with validators compiled once at start.

1. JSON Schema Draft 2020-12 with formats asserted, as OpenAPI 3.1 asks (section 4.8.24).
2. All violations of a request are found at once, each with its place in the body and in the document.
3. Nothing is refused here: the order in which a request is refused is a rule of its contract.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs, unquote

import orjson
from invite_specs import Document, Json, json_pointer, operations, resolve

from invite_mock.http import bodies
from invite_mock.http.messages import Violation
from invite_mock.http.schema import AssumptionAt, Schema, UnsupportedError, no_assumption
from invite_mock.schema_errors import quote, shorten

_CHARSET = re.compile(r'\bcharset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class OperationValidator:
    """An operation's parameters, media types and request body, compiled.

    `document` is the assumed document; `path` and `method` (in lower case) are the operation's keys in it. Raises
    UnsupportedError, which only a user's overlay can cause.
    """

    def __init__(self, document: Document, path: str, method: str, assumption_at: AssumptionAt = no_assumption) -> None:
        where = json_pointer(["paths", path, method])
        operation = resolve(document, where)
        self._parameters = list(_parameters(document, path, method, assumption_at))
        self._body = f"{where}/requestBody"
        at = _followed(document, self._body) if "requestBody" in operation else ""
        body = resolve(document, at) if at else {}
        self._required = body.get("required", False)
        self._assumption_at = assumption_at
        self._schemas: dict[str, Schema] = {}
        for media_type, media in body.get("content", {}).items():
            pointer = f"{at}{json_pointer(['content', media_type])}"
            if "schema" not in media:
                raise UnsupportedError(f"has a body without a `schema`, at {pointer}")
            self._schemas[media_type] = Schema(document, f"{pointer}/schema", assumption_at)

    def violations_of_parameters(
        self, path: Mapping[str, str], query: str, headers: Mapping[str, str]
    ) -> Iterator[Violation]:
        """Every violation by a parameter."""
        for one in self._parameters:
            if one.place == "path":
                text = path.get(one.name)
            elif one.place == "query":
                text = parse_qs(query, keep_blank_values=True).get(one.name, [None])[-1]
            elif one.place == "header":
                text = headers.get(one.name.lower())
            else:
                text = _cookie(headers.get("cookie", ""), one.name)
            name = f"the {one.place} parameter {one.name}"
            if text is None:
                if one.required:
                    yield self._violation(f"{one.pointer}/required", f"{name} is missing", "nothing", name)
                continue
            for violation in one.schema.violations(_parsed(text) if one.is_json else text):
                yield replace(violation, pointer="", message=f"{name}: {violation.message}")

    def read_body(self, body: bytes, headers: Mapping[str, str]) -> tuple[Json, tuple[Violation, ...]]:
        """The parsed body (None for none) and its violations."""
        if not self._schemas or not (body or self._required):
            return None, ()
        if not body:
            where = f"{self._body}/required"
            return None, (self._violation(where, "a body is required; send JSON", "no body", "a body"),)
        schema, received, expected = self._schema_for(headers.get("content-type", ""))
        encoding = headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            received, expected = f"the Content-Encoding {shorten(encoding)}", "the body as it is"
        if schema is None or received:
            message = f"{received} is not documented; send {expected}"
            return None, (self._violation(f"{self._body}/content", message, received, expected),)
        try:
            value = bodies.parse(body)
        except bodies.JsonBodyError as error:
            received = quote(body[:80].decode("utf-8", "replace"))
            return None, (self._violation(f"{self._body}/content", f"the body {error}", received, "one JSON value"),)
        if schema.is_valid(value):
            return value, ()
        return value, tuple(schema.violations(value))

    def _violation(self, keyword: str, message: str, received: str, expected: str) -> Violation:
        """A violation by something other than a value in the body."""
        return Violation("", keyword, self._assumption_at(keyword, None), message, received, expected)

    def _schema_for(self, content_type: str) -> tuple[Schema | None, str, str]:
        """The schema for a Content-Type; where there is none, what was received and what is expected."""
        schema = self._schemas.get(content_type)
        if schema is not None:
            return schema, "", ""
        media_type, _, parameters = content_type.partition(";")
        schema = self._schemas.get(media_type.strip().lower())
        if schema is None:
            received = f"the media type {shorten(content_type)}" if content_type else "a body without Content-Type"
            return None, received, " or ".join(self._schemas)
        charset = _CHARSET.search(parameters)
        # RFC 8259 section 8.1: "JSON text exchanged between systems ... MUST be encoded using UTF-8"
        if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
            return None, f"the charset {shorten(charset[1])}", "UTF-8"
        return schema, "", ""


def unsupported(document: Document) -> str | None:
    """Why requests cannot be validated against a document, if they cannot, as what follows the contract's name."""
    try:
        for operation in operations(document):
            OperationValidator(document, operation.path, operation.method.lower())
    except UnsupportedError as error:
        return str(error)
    return None


def strings(
    body: Json, schema: str, required: Collection[str], optional: Collection[str] = ()
) -> dict[str, str] | tuple[Violation, ...]:
    """The members that a handler reads, which must be strings; the violations, where a user's overlay lets others pass.

    `schema` is the JSON Pointer of the body's schema in the published document.
    """
    members = body if isinstance(body, dict) else {}
    found: dict[str, str] = {}
    violations: list[Violation] = []
    for name in (*required, *(name for name in optional if name in members)):
        value = members.get(name)
        if isinstance(value, str):
            found[name] = value
        else:
            received = quote(value) if name in members else "nothing"
            message = f"the mock needs the member {name}, as a string"
            keyword = f"{schema}/properties/{name}"
            violations.append(Violation(f"/{name}", keyword, None, message, received, "a string"))
    return tuple(violations) or found


class _Parameter(NamedTuple):
    name: str
    place: str
    required: bool
    pointer: str
    schema: Schema
    is_json: bool
    """Whether its text is read as JSON: a number or a boolean (OpenAPI 3.1 section 4.8.12.3)."""


def _parameters(document: Document, path: str, method: str, assumption_at: AssumptionAt) -> Iterator[_Parameter]:
    """The parameters of the path and of the operation."""
    for level in (["paths", path], ["paths", path, method]):
        where = json_pointer([*level, "parameters"])
        for number in range(len(resolve(document, json_pointer(level)).get("parameters", []))):
            pointer = _followed(document, f"{where}/{number}")
            parameter = resolve(document, pointer)
            name, place = parameter["name"], parameter["in"]
            if "schema" not in parameter:
                raise UnsupportedError(f"has the {place} parameter {name} without a `schema`, at {pointer}")
            schema = resolve(document, _followed(document, f"{pointer}/schema"))
            kinds = schema.get("type", "string") if isinstance(schema, dict) else "string"
            is_string = "string" in kinds
            if place == "path" and not is_string:
                raise UnsupportedError(
                    f"has the path parameter {name} as {kinds}, at {pointer}: the mock reads a string"
                )
            required = parameter.get("required", False)
            compiled = Schema(document, f"{pointer}/schema", assumption_at)
            yield _Parameter(name, place, required, pointer, compiled, not is_string)


def _followed(document: Document, pointer: str) -> str:
    """The JSON Pointer at the end of a chain of references, or the given one where there is no reference."""
    seen: set[str] = set()
    while pointer not in seen and isinstance(value := resolve(document, pointer), dict) and "$ref" in value:
        seen.add(pointer)
        pointer = unquote(value["$ref"].removeprefix("#"))
    return pointer


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if found is None else found.value


def _parsed(text: str) -> Json:
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value

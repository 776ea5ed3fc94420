"""Validates a request against an operation of the document, with validators compiled once at start.

1. JSON Schema Draft 2020-12 with formats asserted, as OpenAPI 3.1 asks (section 4.8.24).
2. All violations of a request are found at once, each with its place in the body and in the document.
3. Nothing is refused here: the order in which a request is refused is a rule of its contract.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote

import jsonschema_rs
import orjson
from invite_specs import Document, Json, json_pointer, operations, resolve

from invite_mock.http import bodies
from invite_mock.http.messages import Violation
from invite_mock.schema_errors import LONGEST, in_words

_CHARSET = re.compile(r'\bcharset\s*=\s*"?([^\s";]+)', re.IGNORECASE)


class UnsupportedError(ValueError):
    """A document from which no validator can be made; the message names the place and what it lacks."""


class Schema:
    """One schema of the document, compiled, with references into the whole document. Raises UnsupportedError."""

    def __init__(self, document: Document, pointer: str) -> None:
        root = {"$ref": f"#{quote(pointer)}", **{key: value for key, value in document.items() if key != "$schema"}}
        try:
            self._validator = jsonschema_rs.Draft202012Validator(root, validate_formats=True)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            raise UnsupportedError(
                f"has a schema that cannot be compiled, at {pointer}: {str(error).splitlines()[0]}"
            ) from error
        self.is_valid = self._validator.is_valid

    def violations(self, value: Json) -> Iterator[Violation]:
        """Every violation by the value."""
        for error in self._validator.iter_errors(value):
            path = list(error.instance_path)
            missing = getattr(error.kind, "property", None)
            if missing is not None:
                path.append(missing)
            yield Violation(json_pointer(path), json_pointer(error.schema_path), in_words(error))


class OperationValidator:
    """An operation's parameters, media types and request body, compiled.

    `document` is the assumed document; `path` and `method` (in lower case) are the operation's keys in it. Raises
    UnsupportedError, which only a user's overlay can cause.
    """

    def __init__(self, document: Document, path: str, method: str) -> None:
        where = json_pointer(["paths", path, method])
        operation = resolve(document, where)
        self._parameters = list(_parameters(document, path, method))
        self._where = where
        at = _followed(document, f"{where}/requestBody") if "requestBody" in operation else ""
        body = resolve(document, at) if at else {}
        self._required = body.get("required", False)
        self._schemas: dict[str, Schema] = {}
        for media_type, media in body.get("content", {}).items():
            pointer = f"{at}{json_pointer(['content', media_type])}"
            if "schema" not in media:
                raise UnsupportedError(f"has a body without a `schema`, at {pointer}")
            self._schemas[media_type] = Schema(document, f"{pointer}/schema")

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
            named = f"the {one.place} parameter {one.name}"
            if text is None:
                if one.required:
                    yield Violation("", f"{one.pointer}/required", f"{named} is missing")
                continue
            for violation in one.schema.violations(_parsed(text) if one.is_json else text):
                yield Violation("", violation.contract, f"{named}: {violation.message}")

    def read_body(self, body: bytes, headers: Mapping[str, str]) -> tuple[Json, tuple[Violation, ...]]:
        """The parsed body (None for none) and its violations."""
        where = f"{self._where}/requestBody"
        if not self._schemas:
            return None, ()
        if not body:
            missing = Violation("", f"{where}/required", "a body is required; send JSON")
            return None, (missing,) if self._required else ()
        schema, reason = self._schema_for(headers.get("content-type", ""))
        encoding = headers.get("content-encoding", "identity").lower()
        if encoding != "identity":
            reason = f"the Content-Encoding {encoding[:LONGEST]} is not documented; send the body as it is"
        if schema is None or reason:
            return None, (Violation("", f"{where}/content", reason),)
        try:
            value = bodies.parse(body)
        except bodies.JsonBodyError as error:
            return None, (Violation("", f"{where}/content", f"the body {error}"),)
        if schema.is_valid(value):
            return value, ()
        return value, tuple(schema.violations(value))

    def _schema_for(self, content_type: str) -> tuple[Schema | None, str]:
        """The schema for a Content-Type, or None and why there is none."""
        schema = self._schemas.get(content_type)
        if schema is not None:
            return schema, ""
        media_type, _, parameters = content_type.partition(";")
        schema = self._schemas.get(media_type.strip().lower())
        charset = _CHARSET.search(parameters)
        if schema is None:
            given = (
                f"the media type {content_type[:LONGEST]} is not documented"
                if content_type
                else "it has no Content-Type"
            )
            return None, f"{given}; send {' or '.join(self._schemas)}"
        # RFC 8259 section 8.1: "JSON text exchanged between systems ... MUST be encoded using UTF-8"
        if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
            return None, f"the charset {charset[1][:LONGEST]} cannot carry JSON; send UTF-8"
        return schema, ""


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

    `schema` is the JSON Pointer of the body's schema in the contract.
    """
    members = body if isinstance(body, dict) else {}
    found: dict[str, str] = {}
    violations: list[Violation] = []
    for name in (*required, *(name for name in optional if name in members)):
        value = members.get(name)
        if isinstance(value, str):
            found[name] = value
        else:
            where = f"{schema}/properties/{name}"
            violations.append(Violation(f"/{name}", where, f"the mock needs the member {name}, as a string"))
    return tuple(violations) or found


class _Parameter(NamedTuple):
    name: str
    place: str
    required: bool
    pointer: str
    schema: Schema
    is_json: bool
    """Whether its text is read as JSON: a number or a boolean (OpenAPI 3.1 section 4.8.12.3)."""


def _parameters(document: Document, path: str, method: str) -> Iterator[_Parameter]:
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
            yield _Parameter(name, place, required, pointer, Schema(document, f"{pointer}/schema"), not is_string)


def _followed(document: Document, pointer: str) -> str:
    """Where a JSON Pointer leads in the end, if there stands a reference."""
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

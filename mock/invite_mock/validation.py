"""Measures a request against an operation of the document, with validators compiled once at start.

1. JSON Schema Draft 2020-12 with formats asserted, as OpenAPI 3.1 asks (section 4.8.24).
2. All violations of a request are found at once, each with its place in the body and in the document.
3. Nothing is refused here: in which order a request is refused is a rule of its contract.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, quote

import jsonschema_rs
import orjson
from invite_specs import Json, json_pointer, resolve

from invite_mock import json_body
from invite_mock.message import Violation

_CHARSET = re.compile(r'\bcharset\s*=\s*"?([^\s";]+)', re.IGNORECASE)
_LONGEST = 300
"""The most characters of a message, which may quote what was sent."""


class Schema:
    """One schema of the document, compiled, with references into the whole document."""

    def __init__(self, document: Mapping[str, Json], pointer: str) -> None:
        root = {"$ref": f"#{quote(pointer)}", **{key: value for key, value in document.items() if key != "$schema"}}
        self._validator = jsonschema_rs.Draft202012Validator(root, validate_formats=True)
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

    `document` is the assumed document, `path` and `method` (in lower case) lead to the operation in it.
    """

    def __init__(self, document: Mapping[str, Json], path: str, method: str) -> None:
        where = json_pointer(["paths", path, method])
        operation = resolve(document, where)
        self._parameters = list(_parameters(document, path, method))
        self._where = where
        body = operation.get("requestBody", {})
        self._required = body.get("required", False)
        self._schemas = {
            media_type: Schema(document, f"{where}/requestBody{json_pointer(['content', media_type])}/schema")
            for media_type in body.get("content", {})
        }

    def violations_of_parameters(
        self, path: Mapping[str, str], query: str, headers: Mapping[str, str]
    ) -> Iterator[Violation]:
        """Every violation by a path, query or header parameter."""
        for parameter, where, schema in self._parameters:
            name, place = parameter["name"], parameter["in"]
            if place == "path":
                text = path.get(name)
            elif place == "query":
                text = parse_qs(query, keep_blank_values=True).get(name, [None])[-1]
            else:
                text = headers.get(name.lower()) if place == "header" else None
            named = f"the {place} parameter {name}"
            if text is None:
                if parameter.get("required"):
                    yield Violation("", f"{where}/required", f"{named} is missing")
                continue
            for one in schema.violations(_typed(text, parameter["schema"])):
                yield Violation("", one.contract, f"{named}: {one.message}")

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
            reason = f"the Content-Encoding {encoding[:_LONGEST]} is not documented; send the body as it is"
        if schema is None or reason:
            return None, (Violation("", f"{where}/content", reason),)
        try:
            value = json_body.parse(body)
        except json_body.JsonBodyError as error:
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
                f"the media type {content_type[:_LONGEST]} is not documented"
                if content_type
                else "it has no Content-Type"
            )
            return None, f"{given}; send {' or '.join(self._schemas)}"
        # RFC 8259 section 8.1: "JSON text exchanged between systems ... MUST be encoded using UTF-8"
        if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
            return None, f"the charset {charset[1][:_LONGEST]} cannot carry JSON; send UTF-8"
        return schema, ""


def _parameters(document: Mapping[str, Json], path: str, method: str) -> Iterator[tuple[Json, str, Schema]]:
    """The parameters of the path and of the operation, each with its JSON Pointer and its schema."""
    for level in (["paths", path], ["paths", path, method]):
        where = json_pointer([*level, "parameters"])
        for number, parameter in enumerate(resolve(document, json_pointer(level)).get("parameters", [])):
            pointer = parameter["$ref"].removeprefix("#") if "$ref" in parameter else f"{where}/{number}"
            yield resolve(document, pointer), pointer, Schema(document, f"{pointer}/schema")


def _typed(text: str, schema: Json) -> Json:
    """A parameter's text as the type that its schema names, if it is one (OpenAPI 3.1 section 4.8.12.3)."""
    if schema.get("type") in {"integer", "number", "boolean"}:
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            return text
    return text


def in_words(error: Any) -> str:
    """What an error of jsonschema-rs says, with all the choices that there are, in at most 300 characters."""
    kind = error.kind
    if hasattr(kind, "property"):
        text = f"the member {kind.property} is required"
    elif hasattr(kind, "format"):
        text = f"{_quote(error.instance)} is not in the format {kind.format}"
    elif hasattr(kind, "types"):
        text = f"{_quote(error.instance)} is not of the type {' or '.join(kind.types)}"
    elif hasattr(kind, "options"):
        text = f"{_quote(error.instance)} is none of {', '.join(map(str, kind.options))}"
    else:
        text = error.message
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _quote(value: Json) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= 80 else text[:79] + "…"

"""What openapi-core says of a response.

These are the two parts of it that validate one: which media type it is, and the schema of that. Its whole validator
resolves references and copies format checkers at each response, a millisecond of it; here that is done once a status
and media type. A body is JSON whatever its media type, so no deserializer is needed for `application/problem+json`.

What it does not know, jsonschema-rs decides for it: formats that it does not assert or reads in another way, ECMA-262's
regular expressions, and multiples of decimal fractions.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial

import jsonschema_rs
from invite_specs import Document, Json, Operation, segments
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from jsonschema_path import SchemaPath
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.media_types.finders import MediaTypeFinder
from openapi_core.validation.schemas.datatypes import FormatValidatorsDict
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator
from openapi_schema_validator import OAS30ReadValidator, OAS31Validator

from invite_conformance.http.json_text import read_json
from invite_conformance.http.response import Response
from invite_conformance.judging.calls import is_json
from invite_conformance.judging.complaint import Complaint, complaint_about

_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d):(?P<second>\d\d)(\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)",
    re.ASCII | re.IGNORECASE,
)
_OF_JSONSCHEMA_RS = (
    "duration",
    "hostname",
    "idn-hostname",
    "iri",
    "iri-reference",
    "json-pointer",
    "relative-json-pointer",
    "time",
    "uri",
    "uri-reference",
    "uri-template",
)


def _keyword(name: str) -> Callable[[object, Json, Json, Document], Iterator[ValidationError]]:
    """A keyword as jsonschema-rs reads it."""

    def judge(_: object, value: Json, instance: Json, __: Document) -> Iterator[ValidationError]:
        if not jsonschema_rs.is_valid({name: value}, instance):
            yield ValidationError(f"the value is not as `{name}` says")

    return judge


_SCHEMAS = SchemaValidatorsFactory(
    extend(  # type: ignore[no-untyped-call]  # jsonschema's types leave it out
        OAS31Validator, {name: _keyword(name) for name in ("multipleOf", "pattern")}
    ),
    OAS30ReadValidator.FORMAT_CHECKER,
)


class OpenapiCoreOpinion:
    """Validates responses against a document."""

    def __init__(self, document: Document) -> None:
        self._document = SchemaPath.from_dict(document)
        self._schemas: dict[tuple[str, int, str], SchemaValidator | Complaint | None] = {}

    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...] | None:
        """What is wrong with a response to an operation; None if it cannot say."""
        # openapi-core fails on parameters that RFC 9110 section 5.6.6 allows, such as an empty one.
        key = (operation.pointer, response.status, response.media_type)
        if key not in self._schemas:
            self._schemas[key] = self._schema(operation, response.status, response.media_type)
        schema = self._schemas[key]
        if schema is None or isinstance(schema, Complaint):
            return None if schema is None else (schema,)
        try:
            schema.validate(read_json(response.body).value)
        except InvalidSchemaValue as invalid:
            errors = [one for one in invalid.schema_errors if isinstance(one, ValidationError)]
            return tuple(complaint_about(list(one.absolute_path), one.message, _formats(one)) for one in errors)
        return ()

    def _schema(self, operation: Operation, status: int, given: str) -> SchemaValidator | Complaint | None:
        documented = operation.response(status)
        if documented is None:
            return None
        at = self._document
        for segment in (*segments(documented.pointer), "content"):
            at /= segment
        # It compares the whole name that the document gives, with parameters.
        names = {name.partition(";")[0].strip().lower(): name for name in documented.content}
        try:
            media_type = MediaTypeFinder(at).find(names.get(given, given)).media_type
        except MediaTypeNotFound as error:
            return Complaint(None, f"{type(error).__name__}: {given!r}")
        schema = media_type.read_value().get("schema")
        # It ignores what stands beside a `$ref` there.
        if not is_json(given) or schema is None or (isinstance(schema, dict) and {"$ref"} < schema.keys()):
            return None
        return _SCHEMAS.create(self._document, media_type / "schema", extra_format_validators=_FORMATS)


def _formats(error: ValidationError) -> frozenset[str]:
    """The formats that a value does not have, here or in a branch of a combination."""
    own = {str(error.validator_value)} if error.validator == "format" else set()
    return frozenset(own.union(*map(_formats, error.context or ())))


def _is_date_time(value: object) -> bool:
    """RFC 3339 section 5.6, leap seconds too, which openapi-core's own check does not know."""
    found = _DATE_TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return not isinstance(value, str)
    try:
        second = min(int(found["second"]), 59)
        instant = datetime.fromisoformat(f"{found['minute']}:{second:02}{found['offset']}".upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    # A leap second is the last one of a day of UTC.
    return int(found["second"]) < 60 or (found["second"] == "60" and (instant.hour, instant.minute) == (23, 59))


def _has_format(name: str, value: object) -> bool:
    return jsonschema_rs.is_valid({"format": name}, value, validate_formats=True)


_FORMATS: FormatValidatorsDict = {
    **{name: partial(_has_format, name) for name in _OF_JSONSCHEMA_RS},
    "date-time": _is_date_time,
    # Writers of base64 differ in alphabet, padding and line breaks, and no other validator asserts it.
    "byte": lambda _: True,
}

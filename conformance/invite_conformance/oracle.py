"""Second opinions: schemathesis and openapi-core measure every answer again, beside the suite's own rules.

1. Both measure against the published document: media type and schema, formats asserted.
2. An answer whose status the document does not list, or whose body is no JSON, is not measured: no schema speaks of it.
3. Where the three do not agree the suite does not know: the verdict on the requirement concerned is an error that tells
   what each says, never a failure.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import requests
import schemathesis
from invite_specs import Contract, Json, Operation, operations, resolve
from jsonschema.exceptions import ValidationError
from jsonschema_path import SchemaPath
from openapi_core.templating.media_types.exceptions import MediaTypeNotFound
from openapi_core.templating.media_types.finders import MediaTypeFinder
from openapi_core.validation.schemas import oas31_schema_validators_factory
from openapi_core.validation.schemas.datatypes import FormatValidatorsDict
from openapi_core.validation.schemas.exceptions import InvalidSchemaValue
from openapi_core.validation.schemas.validators import SchemaValidator
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from invite_conformance.json_text import read_json
from invite_conformance.wire import Answer

_HOST = "http://target.example"
_MEDIA_TYPE = "media-type"
_PARAMETER = re.compile(r"\{([^}]*)\}")
_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d):(?P<second>\d\d)(\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)",
    re.ASCII | re.IGNORECASE,
)
_CHECKS: list[CheckFunction] = [content_type_conformance, response_schema_conformance]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with an answer."""

    aspect: str
    """`media-type`, the member of the body concerned, or empty for the body as a whole."""
    reason: str


class Oracle:
    """Measures the answers of one contract; `known` are the ids of its requirements."""

    def __init__(self, contract: Contract, known: Collection[str]) -> None:
        self._prefix = f"{contract.name}."
        self._known = {one.removeprefix(self._prefix) for one in known}
        self._document = contract.published
        self._operations = {f"{one.method} {one.path}": one for one in operations(contract.published)}
        self._voices: dict[str, _Voice] = {
            "schemathesis": _Schemathesis(contract.published),
            "openapi-core": _Core(contract.published),
        }
        self._heard: dict[tuple[str, int, str, bytes], dict[str, tuple[Complaint, ...]]] = {}

    def complaints(self, operation: str, answer: Answer) -> dict[str, tuple[Complaint, ...]]:
        """What each library has against an answer to an operation; empty if they cannot measure it."""
        key = (operation, answer.status, answer.header("content-type"), answer.body)
        if key not in self._heard:
            documented = self._operations.get(operation)
            text = read_json(answer.body)
            measured = documented and answer.status in documented.statuses and text.well_formed and not text.marked
            self._heard[key] = (
                {name: voice.complaints(documented, answer) for name, voice in self._voices.items()}
                if documented and measured
                else {}
            )
        return self._heard[key]

    def doubts(self, operation: str, answer: Answer, failed: Collection[str]) -> Iterator[tuple[str, str]]:
        """Each requirement on which the voices differ about an answer, and what they say.

        `failed` are the requirements that the answer breaks, as the suite's own rules find.
        """
        heard = self.complaints(operation, answer)
        if not heard:
            return
        ours = sorted(self._about_schema(operation, answer.status).intersection(failed))
        if len({bool(ours), *map(bool, heard.values())}) == 1:
            return
        said = [f"{name} says {found[0].reason if found else 'that it fits'}" for name, found in heard.items()]
        said.append("the suite's rules say " + (f"that it breaks {', '.join(ours)}" if ours else "that it fits"))
        concerned = set(ours) or {
            self.requirement(answer.status, complaint.aspect) for found in heard.values() for complaint in found
        }
        for requirement in sorted(concerned):
            yield requirement, f"about one answer {answer.status}, {'; '.join(said)}"

    def requirement(self, status: int, aspect: str) -> str:
        """The id of the requirement that an aspect of an answer belongs to."""
        slug = _kebab(aspect)
        # A contract whose errors are problems speaks of them once, for every status.
        problem = f"problem.{slug or 'schema'}" if status >= 400 else ""
        for candidate in (problem, f"{status}.{slug}", f"{status}.status"):
            if candidate in self._known:
                return self._prefix + candidate
        return f"{self._prefix}statuses.documented"

    def _about_schema(self, operation: str, status: int) -> set[str]:
        """The requirements that the libraries judge too: the media type, the body, and each of its members."""
        content = self._operations[operation].definition["responses"][str(status)]["content"]
        schemas = [_resolved(self._document, one["schema"]) for one in content.values()]
        aspects = [_MEDIA_TYPE, "", *(member for schema in schemas for member in schema["properties"])]
        return {self.requirement(status, aspect) for aspect in aspects} - {f"{self._prefix}{status}.status"}


class _Voice(Protocol):
    def complaints(self, operation: Operation, answer: Answer) -> tuple[Complaint, ...]: ...


class _Schemathesis:
    def __init__(self, document: Json) -> None:
        self._schema = schemathesis.openapi.from_dict(document)
        self._request = requests.Request("POST", _HOST).prepare()

    def complaints(self, operation: Operation, answer: Answer) -> tuple[Complaint, ...]:
        parameters = dict.fromkeys(_PARAMETER.findall(operation.path), "x")
        case = self._schema[operation.path][operation.method].Case(path_parameters=parameters, body={})
        given = [value for name, value in answer.headers if name == "content-type"]
        headers = {"content-type": given} if given else {}
        response = Response(answer.status, headers, answer.body, self._request, elapsed=0, verify=True)
        try:
            case.validate_response(response, checks=_CHECKS)
        except FailureGroup as group:
            return tuple(self._complaint(failure) for failure in group.exceptions)
        return ()

    @staticmethod
    def _complaint(failure: BaseException) -> Complaint:
        if not isinstance(failure, JsonSchemaError):
            return Complaint(_MEDIA_TYPE, " ".join(str(failure).split()))
        return _broken(list(failure.instance_path), failure.validation_message)


class _Core:
    """The two parts of openapi-core that measure an answer: which media type it is, and the schema of that.

    Its whole validator resolves references and copies format checkers at each answer, a millisecond of it; here that is
    done once a status and media type. A body is JSON whatever its media type, so no deserializer is needed for
    `application/problem+json`.
    """

    def __init__(self, document: Json) -> None:
        self._document = SchemaPath.from_dict(document)
        self._schemas: dict[tuple[str, int, str], SchemaValidator | Complaint] = {}

    def complaints(self, operation: Operation, answer: Answer) -> tuple[Complaint, ...]:
        # openapi-core fails on parameters that RFC 9110 section 5.6.6 allows, such as an empty one.
        key = (operation.path, answer.status, answer.media_type)
        if key not in self._schemas:
            self._schemas[key] = self._schema(operation, answer.status, answer.media_type)
        schema = self._schemas[key]
        if isinstance(schema, Complaint):
            return (schema,)
        try:
            schema.validate(read_json(answer.body).value)
        except InvalidSchemaValue as invalid:
            errors = [one for one in invalid.schema_errors if isinstance(one, ValidationError)]
            return tuple(_broken(list(one.absolute_path), one.message) for one in errors)
        return ()

    def _schema(self, operation: Operation, status: int, named: str) -> SchemaValidator | Complaint:
        responses = self._document / "paths" / operation.path / operation.method.lower() / "responses"
        try:
            media_type = MediaTypeFinder(responses / str(status) / "content").find(named).media_type
        except MediaTypeNotFound as error:
            return Complaint(_MEDIA_TYPE, f"{type(error).__name__}: {named!r}")
        formats: FormatValidatorsDict = {"date-time": _is_date_time}
        return oas31_schema_validators_factory.create(
            self._document, media_type / "schema", extra_format_validators=formats
        )


def _broken(path: list[str | int], message: str) -> Complaint:
    """A schema's complaint, under the member that is wrong or missing."""
    missing = re.match(r"""["'](.*?)["'] is a required property""", message)
    member = str(path[0]) if path else missing[1] if missing else ""
    # A message begins with what it quotes from the answer, which may be a token.
    reason = message if missing else re.sub(r"(?s)^.*(?= (?:is not|does not) )", "the value", message)
    return Complaint(member, f"{member or 'the body'}: {reason}")


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


def _kebab(member: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", member).lower()


def _resolved(document: Json, schema: Json) -> Json:
    return resolve(document, schema["$ref"].removeprefix("#")) if "$ref" in schema else schema

"""Second opinions: schemathesis and openapi-core validate every response again, beside the suite's own checks.

1. Both validate against the published document: media type and schema, formats asserted.
2. A response whose status the document does not list, that it gives no content, or whose body is no JSON, is not
   validated: no schema applies to it. Nor is it where a library itself fails on the response.
3. Where the three do not agree the suite does not know: the verdict on the requirement concerned is an error that says
   what each finds, never a failure.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

import requests
import schemathesis
from invite_specs import Contract, Document, Operation, segments
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
from schemathesis.core.transport import Response as SchemathesisResponse
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from invite_conformance.http.exchange import Call
from invite_conformance.http.json_text import read_json
from invite_conformance.http.response import Response
from invite_conformance.judging.derived.responses import Documented

_HOST = "http://target.example"
_PARAMETER = re.compile(r"\{([^}]*)\}")
_DATE_TIME = re.compile(
    r"(?P<minute>\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d):(?P<second>\d\d)(\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)",
    re.ASCII | re.IGNORECASE,
)
_CHECKS: list[CheckFunction] = [content_type_conformance, response_schema_conformance]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a response."""

    path: tuple[str, ...] | None
    """The names of the members that lead to what is wrong in the body; None for the media type."""
    reason: str


class _Validator(Protocol):
    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...]:
        """What the library finds wrong with a response to an operation."""
        ...


class SecondOpinions:
    """Validates the responses of one contract; `documented` says which requirement a part of a response belongs to."""

    def __init__(self, contract: Contract, documented: Mapping[tuple[str, str], Documented]) -> None:
        self._prefix = contract.name
        self._documented = documented
        self._operations = {one.id: one for one in contract.published_operations}
        self._validators: dict[str, _Validator] = {
            "schemathesis": _Schemathesis(contract.published),
            "openapi-core": _OpenapiCore(contract.published),
        }
        self._validated: dict[tuple[str, int, str, bytes], dict[str, tuple[Complaint, ...]]] = {}

    def complaints(self, call: Call, response: Response) -> dict[str, tuple[Complaint, ...]]:
        """What each library finds wrong with the response to a call; empty if they cannot validate it."""
        key = (call.operation, response.status, response.header("content-type"), response.body)
        if call.elsewhere:
            return {}
        if key not in self._validated:
            self._validated[key] = self._validate(call, response)
        return self._validated[key]

    def _validate(self, call: Call, response: Response) -> dict[str, tuple[Complaint, ...]]:
        documented = self._of(call, response)
        if documented is None or not documented.response.content or self._is_arguable(documented):
            return {}
        text = read_json(response.body)
        if not text.well_formed or text.marked or text.unpaired:
            return {}
        try:
            return {name: one.complaints(documented.operation, response) for name, one in self._validators.items()}
        except Exception:  # noqa: BLE001  # a library that fails on a response has no opinion of it
            return {}

    def _is_arguable(self, documented: Documented) -> bool:
        """Whether a schema has what is for requests only: to schemathesis an error, to JSON Schema an annotation."""
        return any(
            one.definition.get("writeOnly") for one in documented.members.values() if isinstance(one.definition, dict)
        )

    def _of(self, call: Call, response: Response) -> Documented | None:
        """What is documented for the status of a response."""
        operation = self._operations.get(call.operation)
        found = operation.response(response.status) if operation else None
        documented = self._documented[call.operation, found.status] if found else None
        return documented if documented is not None and documented.is_for(response.status) else None

    def disagreements(self, call: Call, response: Response, violated: Collection[str]) -> Iterator[tuple[str, str]]:
        """Each requirement on which the validators differ about the response to a call, and what they find.

        `violated` are the requirements that the response violates, as the suite's own checks find.
        """
        complaints, documented = self.complaints(call, response), self._of(call, response)
        if not complaints or documented is None:
            return
        prefix = f"{self._prefix}.{call.operation}."
        about = {
            f"{prefix}{documented.media_type}",
            *(f"{prefix}{documented.slug(one)}" for one in ((), *documented.members)),
        }
        ours = sorted(about.intersection(violated))
        if len({bool(ours), *map(bool, complaints.values())}) == 1:
            return
        opinions = [f"{name} says {found[0].reason if found else 'that it fits'}" for name, found in complaints.items()]
        opinions.append("the suite's checks say " + (f"that it violates {', '.join(ours)}" if ours else "that it fits"))
        theirs = [one.path for found in complaints.values() for one in found]
        slugs = {
            documented.media_type if path is None else documented.slug(documented.requirement_at(path))
            for path in theirs
        }
        concerned = set(ours) or {f"{prefix}{slug}" for slug in slugs}
        for requirement in sorted(concerned):
            yield requirement, f"validators disagree about one response {response.status}: {'; '.join(opinions)}"


class _Schemathesis:
    def __init__(self, document: Document) -> None:
        self._schema = schemathesis.openapi.from_dict(document)
        self._request = requests.Request("POST", _HOST).prepare()

    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...]:
        parameters = dict.fromkeys(_PARAMETER.findall(operation.path), "x")
        case = self._schema[operation.path][operation.method].Case(path_parameters=parameters, body={})
        given = [value for name, value in response.headers if name == "content-type"]
        headers = {"content-type": given} if given else {}
        its_own = SchemathesisResponse(response.status, headers, response.body, self._request, elapsed=0, verify=True)
        try:
            case.validate_response(its_own, checks=_CHECKS)
        except FailureGroup as group:
            return tuple(self._complaint(failure) for failure in group.exceptions)
        return ()

    @staticmethod
    def _complaint(failure: BaseException) -> Complaint:
        if not isinstance(failure, JsonSchemaError):
            return Complaint(None, " ".join(str(failure).split()))
        return _complaint_about(list(failure.instance_path), failure.validation_message)


class _OpenapiCore:
    """The two parts of openapi-core that validate a response: which media type it is, and the schema of that.

    Its whole validator resolves references and copies format checkers at each response, a millisecond of it; here that
    is done once a status and media type. A body is JSON whatever its media type, so no deserializer is needed for
    `application/problem+json`.
    """

    def __init__(self, document: Document) -> None:
        self._document = SchemaPath.from_dict(document)
        self._schemas: dict[tuple[str, int, str], SchemaValidator | Complaint] = {}

    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...]:
        # openapi-core fails on parameters that RFC 9110 section 5.6.6 allows, such as an empty one.
        key = (operation.path, response.status, response.media_type)
        if key not in self._schemas:
            self._schemas[key] = self._schema(operation, response.status, response.media_type)
        schema = self._schemas[key]
        if isinstance(schema, Complaint):
            return (schema,)
        try:
            schema.validate(read_json(response.body).value)
        except InvalidSchemaValue as invalid:
            errors = [one for one in invalid.schema_errors if isinstance(one, ValidationError)]
            return tuple(_complaint_about(list(one.absolute_path), one.message) for one in errors)
        return ()

    def _schema(self, operation: Operation, status: int, given: str) -> SchemaValidator | Complaint:
        documented = operation.response(status)
        at = self._document
        for segment in (*segments(documented.pointer), "content") if documented else ():
            at /= segment
        try:
            media_type = MediaTypeFinder(at).find(given).media_type
        except MediaTypeNotFound as error:
            return Complaint(None, f"{type(error).__name__}: {given!r}")
        formats: FormatValidatorsDict = {"date-time": _is_date_time}
        return oas31_schema_validators_factory.create(
            self._document, media_type / "schema", extra_format_validators=formats
        )


def _complaint_about(path: list[str | int], message: str) -> Complaint:
    """A schema's complaint, under the member that is wrong or missing."""
    missing = re.match(r"""["'](.*?)["'] is a required property""", message)
    names = tuple(one for one in (*path, *([missing[1]] if missing else [])) if isinstance(one, str))
    # A message begins with what it quotes from the response, which may be a token.
    reason = message if missing else re.sub(r"(?s)^.*(?= (?:is not|does not) )", "the value", message)
    return Complaint(names, f"{'.'.join(names) or 'the body'}: {reason}")


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

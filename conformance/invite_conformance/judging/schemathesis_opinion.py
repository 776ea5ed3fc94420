"""What schemathesis says of a response: its checks of media type and schema, formats asserted."""

import re

import requests
import schemathesis
from invite_specs import Document, Operation
from schemathesis.checks import CheckFunction
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response as SchemathesisResponse
from schemathesis.openapi.checks import JsonSchemaError
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from invite_conformance.http.response import Response
from invite_conformance.judging.complaint import Complaint, complaint_about

NOT_ASSERTED = frozenset({"int32", "int64"})
"""Formats that it asserts of no value: jsonschema-rs, which it validates with, knows formats of strings only."""
_HOST = "http://target.example"
_PARAMETER = re.compile(r"\{([^}]*)\}")
_CHECKS: list[CheckFunction] = [content_type_conformance, response_schema_conformance]


class SchemathesisOpinion:
    """Validates responses against a document."""

    def __init__(self, document: Document) -> None:
        self._schema = schemathesis.openapi.from_dict(document)
        self._request = requests.Request("POST", _HOST).prepare()

    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...]:
        """What is wrong with a response to an operation."""
        parameters = dict.fromkeys(_PARAMETER.findall(operation.path), "x")
        case = self._schema[operation.path][operation.method].Case(path_parameters=parameters)
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
        return complaint_about(list(failure.instance_path), failure.validation_message)

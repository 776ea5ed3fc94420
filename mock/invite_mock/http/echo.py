"""What a forced answer repeats of its request, as the natural answer would."""

from collections.abc import Mapping

from invite_specs import Json, Operation

from invite_mock.http.messages import Request
from invite_mock.http.problems import ErrorDetails
from invite_mock.http.service import Service


class Echo:
    """The members that the answers of one operation take from its requests."""

    def __init__(self, operation: Operation, service: Service) -> None:
        self._parameters = service.echo.get(operation.id, {})
        self._shape = service.refusals.shape

    def __call__(self, request: Request, status: int, body: Mapping[str, Json]) -> Mapping[str, Json]:
        """The members of a documented body with that status that a request determines."""
        if status < 300:
            given = request.body if isinstance(request.body, dict) else {}
            said = {member: request.arguments[name] for member, name in self._parameters.items()}
            return said | {name: value for name, value in given.items() if name in body}
        if self._shape is None:
            return {}
        # What depends on neither code nor reason is the status and the request.
        one, other = (
            self._shape(ErrorDetails(status, text, text, text, (), request.path)).body for text in ("one", "other")
        )
        if not isinstance(one, dict) or not isinstance(other, dict):
            return {}
        return {name: value for name, value in one.items() if value == other[name]}

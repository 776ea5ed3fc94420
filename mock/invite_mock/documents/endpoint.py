"""The endpoint of one operation of a document that nobody wrote rules for."""

from collections.abc import Iterable

from invite_specs import Operation

from invite_mock.documents.answers import DocumentAnswers, Making
from invite_mock.documents.refusal_body import refusal
from invite_mock.http.forced_answers import ForcedAnswers, preference
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refusals, Refused
from invite_mock.refusal import Refusal
from invite_mock.state.worlds import Worlds

_REFUSALS = Refusals({})


class DocumentEndpoint:
    """Answers one operation. `methods` are the documented methods of its path."""

    def __init__(self, operation: Operation, methods: Iterable[str], answers: DocumentAnswers, worlds: Worlds) -> None:
        self._operation = operation
        self._answers = answers
        self._forced = ForcedAnswers(methods, answers.by_status, answers.unlisted)
        self._worlds = worlds

    def respond(self, request: Request) -> Answer:
        """The answer to a request, the same for the same request in a world of the same seed.

        Raises Refused for a preference that is not documented, and StoreError.
        """
        envelope = request.envelope
        with self._worlds.store.transaction():
            world = self._worlds.open(envelope.world)
            envelope.request_id = world.count_request() or envelope.request_id
            making = Making.of(self._operation, request, world)
        accept = request.headers.get("accept", "")
        wanted = preference(request.headers, request.query)
        if wanted is not None:
            envelope.outcome = "forced"
            found = self._forced.find(wanted, accept)
            if isinstance(found, Refusal):
                raise Refused(found)
            return self._forced.forced(wanted, self._answers.answer(*found, making))
        if request.violations:
            refused = Refused(Refusal("Request.Invalid"), request.violations)
            envelope.trace.refuse(refused.refusal, refused.violations)
            return refusal(self._answers, request, _REFUSALS.details(refused, request.path), making)
        return self._answers.natural(request, making)

"""The endpoint of one operation: from a parsed request to what rules and state, or the caller, decide."""

from invite_specs import Contract, Operation

from invite_mock.http.connexion_adapter import OpenAPI31, Served
from invite_mock.http.forced_answers import ForcedAnswers, Preference, preference
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.http.schema import Schemas
from invite_mock.http.service import Service
from invite_mock.http.validation import OperationValidator
from invite_mock.refusal import Refusal
from invite_mock.state.world import World
from invite_mock.state.worlds import Worlds


class UnservedOperationError(ValueError):
    """The document has an operation for which the mock has no handler."""


class Endpoint:
    """Answers one operation of a contract. Raises UnservedOperationError if the service has no handler for it."""

    def __init__(self, contract: Contract, operation: Operation, service: Service, worlds: Worlds) -> None:
        handler = service.handlers.get(operation.id)
        if handler is None:
            raise UnservedOperationError(
                f"{contract.name}: the mock has no handler for {operation.method} {operation.path} (operationId"
                f" {operation.id!r}); an overlay may change what an operation says, but not add or rename one"
            )
        self._handler = handler
        self._malformed = service.malformed
        self._worlds = worlds
        methods = [one.method for one in contract.operations if one.path == operation.path]
        self._forced = ForcedAnswers(operation, methods)

    def respond(self, request: Request) -> Answer:
        """The answer to a request. Raises Refused, which leaves no trace in the world, and StoreError."""
        envelope = request.envelope
        with self._worlds.store.transaction():
            world = self._worlds.open(envelope.world)
            request_id = world.count_request()
            answer, outcome = self._answer(request, world)
        # A failing commit undoes the count: the next request gets that id.
        envelope.request_id = request_id or envelope.request_id
        envelope.outcome = outcome
        if isinstance(answer, Refused):
            raise answer
        return answer

    def _answer(self, request: Request, world: World) -> tuple[Answer | Refused, str]:
        """The answer or refusal, and the outcome; what is refused changes nothing but the number of requests."""
        try:
            wanted = preference(request.headers, request.query)
            if wanted is not None:
                return self._forced_answer(wanted, request), "forced"
            with world.store.savepoint():
                return self._decide(request, world), "natural"
        except Refused as refused:
            return refused, "natural"

    def _forced_answer(self, wanted: Preference, request: Request) -> Answer:
        forced = self._forced.answer(wanted, request, self._handler)
        if isinstance(forced, Refusal):
            raise Refused(forced)
        return forced

    def _decide(self, request: Request, world: World) -> Answer:
        caller = self._handler.authorize(request, world)
        if isinstance(caller, Refusal):
            raise Refused(caller)
        if request.violations:
            raise Refused(Refusal(self._malformed(request.violations)), request.violations)
        answer = self._handler.handle(request, world, caller)
        if isinstance(answer, Refusal):
            raise Refused(answer)
        return answer


def specification(contract: Contract, service: Service, worlds: Worlds) -> OpenAPI31:
    """The contract for connexion, each operation with what answers it.

    Raises UnservedOperationError for an operation without a handler, which only an overlay can add.
    """
    schemas = Schemas(contract.assumed, contract.assumption_at)
    served = {
        one: Served(OperationValidator(one, schemas), Endpoint(contract, one, service, worlds).respond)
        for one in contract.operations
    }
    return OpenAPI31(contract.assumed, served)

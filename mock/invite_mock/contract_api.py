"""One contract as the mock serves it: from a parsed request to what rules and state, or the caller, decide."""

from invite_specs import Contract, Operation

from invite_mock.forcing import ForcedAnswers, preference
from invite_mock.message import Answer, Refusal, Request
from invite_mock.service import Handler, Service
from invite_mock.serving import OpenAPI31, Served
from invite_mock.validation import OperationValidator
from invite_mock.world import World, Worlds


class UnservedOperationError(ValueError):
    """The document has an operation that the mock has no rule for."""


class _Endpoint:
    """Answers one operation."""

    def __init__(self, operation: Operation, handler: Handler, service: Service, worlds: Worlds) -> None:
        self._handler = handler
        self._service = service
        self._worlds = worlds
        self._forced = ForcedAnswers(operation)

    def respond(self, request: Request) -> Answer:
        """The answer to a request; whatever is refused leaves no trace in the world."""
        world = self._worlds.open(request.envelope.world)
        if world.row.seed is not None:
            number = world.store.count_request(world.name)
            request.envelope.request_id = world.draw(f"request {number}", 8).hex()
        wanted = preference(request.headers, request.query)
        if wanted is not None:
            made = self._forced.answer(wanted, request, self._handler)
            if isinstance(made, Answer):
                request.envelope.outcome = "forced"
                return made
            return self._service.refuse(made, request.path)
        try:
            with world.store.transaction():
                decided = self._decide(request, world)
                if isinstance(decided, Refusal):
                    raise _Refused(decided)
                return decided
        except _Refused as refused:
            return self._service.refuse(refused.refusal, request.path)

    def _decide(self, request: Request, world: World) -> Answer | Refusal:
        caller = self._handler.authorize(request, world)
        if isinstance(caller, Refusal):
            return caller
        if request.violations:
            return self._service.malformed(request)
        return self._handler.handle(request, world, caller)


class _Refused(Exception):  # noqa: N818  # it rolls a transaction back, it reports no error
    """Carries a refusal out of a transaction, which then leaves no trace."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def too_large(limit: int) -> Refusal:
    """The refusal of a body over `limit` bytes (RFC 9110 section 15.5.14)."""
    return Refusal(413, "Request.TooLarge", f"The body is larger than {limit:,} bytes.", "Send a smaller one.")


def specification(contract: Contract, service: Service, worlds: Worlds, max_body: int) -> OpenAPI31:
    """The contract for connexion, each operation with what answers it.

    Raises UnservedOperationError for an operation without a rule, which only an overlay can bring.
    """
    served: dict[str, Served] = {}
    for operation in contract.operations:
        handler = service.handler(operation.id)
        if handler is None:
            raise UnservedOperationError(
                f"{contract.name}: the mock has no rule for {operation.method} {operation.path} (operationId"
                f" {operation.id!r}); an overlay may change what an operation says, and add or rename none"
            )
        served[operation.id] = Served(
            validator=OperationValidator(contract.assumed, operation.path, operation.method.lower()),
            respond=_Endpoint(operation, handler, service, worlds).respond,
            too_large=lambda path: service.refuse(too_large(max_body), path),
        )
    return OpenAPI31(contract.assumed, served)

"""The endpoint of one operation: from a parsed request to what rules and state, or the caller, decide."""

from invite_specs import Contract, Operation

from invite_mock.http.connexion_adapter import OpenAPI31, Served
from invite_mock.http.echo import Echo
from invite_mock.http.forced_answers import ForcedAnswers, Preference, preference
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.http.rule import Rule
from invite_mock.http.schema import Schemas
from invite_mock.http.service import Service
from invite_mock.http.validation import OperationValidator
from invite_mock.refusal import Refusal
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.world import World
from invite_mock.state.worlds import Worlds


class _RefusedAfterWritingError(Exception):
    """Rolls back what a rule has written before it refused the request."""

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


class Endpoint:
    """Answers one operation of a contract. Raises UnservedOperationError if the service has no rule for it."""

    def __init__(self, contract: Contract, operation: Operation, service: Service, worlds: Worlds) -> None:
        self._rule = Rule(contract.name, operation, service)
        self._echo = Echo(operation, service)
        self._contract = contract.name
        self._worlds = worlds
        methods = [one.method for one in contract.operations if one.path == operation.path]
        self._forced = ForcedAnswers(operation, methods)

    def respond(self, request: Request) -> Answer:
        """The answer to a request. Raises Refused, which leaves no trace in the world, and StoreError."""
        envelope = request.envelope
        try:
            with self._worlds.store.transaction():
                world = self._worlds.open(envelope.world)
                request_id = world.count_request()
                answer, outcome = self._answer(request, world)
        except _RefusedAfterWritingError as error:
            # What was written is rolled back; what remains of a refused request is that it was one.
            answer, outcome = error.refused, "natural"
            with self._worlds.store.transaction():
                request_id = self._worlds.open(envelope.world).count_request()
        # A failing commit undoes the count: the next request gets that id.
        envelope.request_id = request_id or envelope.request_id
        envelope.outcome = outcome
        if isinstance(answer, Refused):
            raise answer
        return answer

    def _answer(self, request: Request, world: World) -> tuple[Answer | Refused, str]:
        """The answer or refusal, and the outcome; what is refused has changed nothing."""
        part = ContractWorld(world, self._contract)
        try:
            wanted = preference(request.headers, request.query)
            if wanted is not None:
                return self._forced_answer(wanted, request), "forced"
            answer = self._rule.answer(request, part)
        except Refused as refused:
            if part.has_written:
                raise _RefusedAfterWritingError(refused) from refused
            return refused, "natural"
        request.envelope.trace.invites = part.invites_changed
        return answer, "natural"

    def _forced_answer(self, wanted: Preference, request: Request) -> Answer:
        forced = self._forced.answer(wanted, request, self._echo)
        if isinstance(forced, Refusal):
            raise Refused(forced)
        return forced


def specification(contract: Contract, service: Service, worlds: Worlds) -> OpenAPI31:
    """The contract for connexion, each operation with what answers it.

    Raises UnservedOperationError for an operation without a rule, which only an overlay can add.
    """
    schemas = Schemas(contract.assumed, contract.assumption_at)
    served = {
        one: Served(OperationValidator(one, schemas), Endpoint(contract, one, service, worlds).respond)
        for one in contract.operations
    }
    return OpenAPI31(contract.assumed, served)

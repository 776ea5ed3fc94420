"""The endpoint of one operation: from a parsed request to what rules and state, or the caller, decide."""

from invite_specs import Contract

from invite_mock.documents.answers import DocumentAnswers, Making
from invite_mock.documents.made_values import ValueMaker
from invite_mock.documents.refusal_body import refusal
from invite_mock.http.connexion_adapter import OpenAPI31, Served
from invite_mock.http.echo import Echo
from invite_mock.http.forced_answers import ForcedAnswers, Preference, preference
from invite_mock.http.messages import Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.http.rule import Rule, UnservedOperationError
from invite_mock.http.schema import Schemas
from invite_mock.http.service import Service
from invite_mock.http.validation import OperationValidator
from invite_mock.refusal import AsDocumented, Refusal
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.world import World
from invite_mock.state.worlds import Worlds


class _RefusedAfterWritingError(Exception):
    """Rolls back what a rule has written before it refused the request."""

    def __init__(self, refused: Refused) -> None:
        super().__init__()
        self.refused = refused


class Endpoint:
    """Answers one operation of a contract. Raises UnservedOperationError if the service cannot answer it."""

    def __init__(self, contract: Contract, service: Service, worlds: Worlds, answers: DocumentAnswers) -> None:
        operation = answers.operation
        self._rule = Rule(contract.name, operation, service)
        if answers.success is None:
            reason = "; ".join(answers.left_out)
            raise UnservedOperationError(f"{operation.method} {operation.path} has no answer to send: {reason}")
        self._service = service
        self._echo = Echo(operation, service)
        self._contract = contract.name
        self._worlds = worlds
        self._answers = answers
        methods = [one.method for one in contract.operations if one.path == operation.path]
        self._forced = ForcedAnswers(methods, answers.by_status, answers.unlisted)

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
            with self._worlds.store.transaction():
                world = self._worlds.open(envelope.world)
                request_id = world.count_request()
                answer, outcome = self._refusal(error.refused, request, world), "natural"
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
                return self._forced_answer(wanted, request, world), "forced"
            answer = self._rule.answer(request, part)
            if isinstance(answer, AsDocumented):
                answer = self._answers.natural(request, self._making(request, world))
        except Refused as refused:
            if part.has_written:
                raise _RefusedAfterWritingError(refused) from refused
            return self._refusal(refused, request, world), "natural"
        request.envelope.trace.invites = part.invites_changed
        return answer, "natural"

    def _making(self, request: Request, world: World) -> Making:
        return Making.of(self._answers.operation, request, world)

    def _forced_answer(self, wanted: Preference, request: Request, world: World) -> Answer:
        found = self._forced.find(wanted, request.headers.get("accept", ""))
        if isinstance(found, Refusal):
            raise Refused(found)
        answer = self._answers.answer(*found, self._making(request, world))
        # An answer may repeat only what the document allows; a malformed request is not repeated.
        if isinstance(answer.body, dict) and not (request.violations and answer.status < 300):
            answer = answer._replace(body=answer.body | {**self._echo(request, answer.status, answer.body)})
        return self._forced.forced(wanted, answer)

    def _refusal(self, refused: Refused, request: Request, world: World) -> Answer | Refused:
        """The refusal as the operation documents it, where the contract gives errors no shape of its own."""
        refusals = self._service.refusals
        if refusals.shape is not None:
            return refused
        request.envelope.trace.refuse(refused.refusal, refused.violations)
        details = refusals.details(refused, request.path)
        answer = refusal(self._answers, request, details, self._making(request, world))
        return answer._replace(headers={**answer.headers, **refused.headers})


def specification(contract: Contract, service: Service, worlds: Worlds) -> OpenAPI31:
    """The contract for connexion, each operation with what answers it.

    Raises UnservedOperationError for an operation without a rule, which only an overlay can add.
    """
    schemas = Schemas(contract.assumed, contract.assumption_at)
    maker = ValueMaker(schemas)
    served = {}
    for one in contract.operations:
        endpoint = Endpoint(contract, service, worlds, DocumentAnswers(one, schemas, maker))
        served[one] = Served(OperationValidator(one, schemas), endpoint.respond)
    return OpenAPI31(contract.assumed, served)

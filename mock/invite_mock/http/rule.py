"""One operation of a contract, decided by its rule: from a parsed request to the natural answer.

The rule of an operation `inviteFamily` is the function `invite_family` in the contract's rules. Its first argument is
the contract's part of the world. The second may be `caller`: what the function `authorize` of the rules found. The
others are what the request says (see `http.arguments`). It returns a result, a Refusal, or AS_DOCUMENTED. A function of
the same name in the contract's wire shapes makes the body of the result, or the whole answer where it has header fields
of its own; without such a function the result is the body.
"""

from inspect import signature
from typing import Any

from invite_specs import Operation

from invite_mock.http.arguments import Arguments
from invite_mock.http.documented_answers import documented_answers, fixed_headers
from invite_mock.http.messages import JSON, Answer, Request
from invite_mock.http.problems import Refused
from invite_mock.http.service import Service
from invite_mock.refusal import AsDocumented, Refusal
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.members import snake


class UnservedOperationError(ValueError):
    """The document has an operation that the contract's rules cannot answer."""


class Rule:
    """Decides one operation of a contract. Raises UnservedOperationError for one without a rule or a success."""

    def __init__(self, contract: str, operation: Operation, service: Service) -> None:
        name = snake(operation.id)
        self._decide: Any = getattr(service.rules, name, None)
        if self._decide is None:
            raise UnservedOperationError(
                f"{contract}: the mock has no rule {name}() for {operation.method} {operation.path} (operationId"
                f" {operation.id!r}); an overlay may change what an operation says, but not add or rename one"
            )
        self._takes_caller = "caller" in signature(self._decide).parameters
        self._arguments = Arguments(self._decide, operation, 2 if self._takes_caller else 1)
        self._authorize: Any = getattr(service.rules, "authorize", None)
        self._credentials = Arguments(self._authorize, operation, 1) if self._authorize else None
        self._wire = getattr(service.wire, name, None)
        self._malformed = service.malformed
        success = [answers for status, answers in documented_answers(operation).items() if status < 400]
        if not success:
            raise UnservedOperationError(f"{contract}: {operation.method} {operation.path} documents no success")
        self._success = success[0][0]
        self._headers = fixed_headers(operation, self._success)

    def answer(self, request: Request, world: ContractWorld) -> Answer | AsDocumented:
        """The natural answer, or that it is as documented. Raises Refused."""
        caller = None
        # Authorization comes first: only an authorized caller learns what is wrong with the request.
        if self._credentials is not None:
            caller = self._authorize(world, *self._credentials.read_credentials(request))
            if isinstance(caller, Refusal):
                raise Refused(caller)
        violations = request.violations
        if not violations:
            arguments = self._arguments.read(request)
            if isinstance(arguments, list):
                if self._takes_caller:
                    return self._result(world, self._decide(world, caller, *arguments))
                return self._result(world, self._decide(world, *arguments))
            violations = arguments
        raise Refused(Refusal(self._malformed(violations)), violations)

    def _result(self, world: ContractWorld, result: Any) -> Answer | AsDocumented:
        if isinstance(result, Refusal):
            raise Refused(result)
        if isinstance(result, AsDocumented):
            return result
        shown = result if self._wire is None else self._wire(world, result)
        if isinstance(shown, Answer):
            return shown._replace(headers={**self._headers, **shown.headers})
        media_type = self._success.media_type
        return Answer(self._success.status, None if media_type is None else shown, media_type or JSON, self._headers)

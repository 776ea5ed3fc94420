"""Requests that schemathesis generates: valid and invalid bodies of one operation, proved so before they are sent.

1. Only the body is generated. Path and credentials are the target's own, so that nothing else can be why it is refused.
2. Whether a body is valid is proved by an independent validator (jsonschema-rs, formats asserted), not by the
   generator. What is arguable, such as an unusual but legal email, is sent as neither.
3. A well-formed email is replaced by a fresh one of the target's domain, so that no conflict can mask the answer.
4. One seed makes the same cases. No case is sent twice; number, time and shrinking are bounded.
"""

import json
import math
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace

import hypothesis
import jsonschema_rs
import schemathesis
from hypothesis import strategies as st
from invite_specs import Document, Operation, follow, resolve
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from invite_conformance.engines.hypothesis_search import FoundError, Over, bounds, search, too_late
from invite_conformance.engines.wording import MANNERS, Wording
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.calls import json_body
from invite_conformance.judging.context import CheckContext
from invite_conformance.target.states import Blocked

_EXAMPLES = 40
"""Generated bodies that are valid, and as many that are not; what was sent before is left out."""
_SHRINKS = 30
"""Requests that make one failing case smaller."""
_ATTEMPTS = 150
"""Bodies generated to make it smaller, most of which were sent before."""
_TRIALS = 20
"""Bodies that are generated where one valid one is needed."""
_PATIENCE = 5.0
"""Seconds after which no further one is."""
_SHRUNK = 3
"""Requirements for which the smallest failing case is searched."""


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """Why a body is invalid."""

    keyword: str
    """The keyword of JSON Schema that it violates, or `syntax` for what is no JSON."""
    member: str
    """The member of the body at fault, after those that it is nested in (`site.id`); empty for the whole body."""
    value: Document = None


@dataclass(frozen=True, slots=True)
class Case:
    """One body to send."""

    body: bytes | None
    valid: bool | None
    """None for what can be argued about."""
    violations: tuple[SchemaViolation, ...] = ()


@dataclass(frozen=True, slots=True)
class _Generated:
    """What was generated, before its strings are rewritten."""

    body: Document | bytes
    valid: bool
    manner: str


@dataclass
class Generation:
    """Makes cases of one operation of an OpenAPI document and gives each to `send`, until the time is up."""

    document: Document
    operation: Operation
    fresh_email: Callable[[], str]
    send: Callable[[Case], Collection[str]]
    """Sends a case and gives the requirements that the answer breaks."""
    seed: int
    seconds: float
    """How long to send, from the first case."""
    cut_short: bool = field(default=False, init=False)
    """Whether the time was up before every case was sent."""

    def __post_init__(self) -> None:
        pointer = json_body(self.operation)
        if pointer is None:
            raise ValueError(f"{self.operation.id} has no JSON body with a schema")
        self._schema = resolve(self.document, follow(self.document, pointer))
        self._validator = jsonschema_rs.Draft202012Validator(
            {**self._schema, "components": self.document.get("components", {})}, validate_formats=True
        )
        self._wording = Wording(self.document, self._schema)
        self._until = math.inf
        self._results: dict[str, frozenset[str]] = {}

    def run(self, examples: int, known: Collection[str] = ()) -> None:
        """Send at most that many valid and that many invalid cases, then make those that failed smaller.

        For requirements that are `known` to be violated by directed checks no smaller case is searched.
        Raises what `send` raises, and Blocked where no valid body could be made, since nothing was shown then.
        """
        for valid in (True, False):
            strategy = self._strategy(valid)
            found = self._drive(strategy, examples, "")
            if valid and not self._results and not self.cut_short:
                raise Blocked(
                    f"no valid body of `{self.operation.id}` was generated: its schema allows none, or too few"
                )
            for requirement in sorted(found - set(known))[:_SHRUNK]:
                self._drive(strategy, examples, requirement)

    def _strategy(self, valid: bool) -> st.SearchStrategy[_Generated]:
        if not valid:
            invalid = self._bodies(GenerationMode.NEGATIVE, self._schema)
            return st.builds(_Generated, invalid, st.just(False), st.sampled_from(["bare", "as-generated"]))
        # Members that the document does not name are allowed, and would be most of what is generated.
        closed = {**self._schema, "additionalProperties": False}
        whole = {**closed, "required": list(self._schema.get("properties", {}))}
        bodies = st.one_of(
            *(self._bodies(GenerationMode.POSITIVE, one) for one in (whole, whole, closed, self._schema))
        )
        return st.builds(_Generated, bodies, st.just(True), st.sampled_from(MANNERS))

    def _bodies(self, mode: GenerationMode, schema: Document) -> st.SearchStrategy[Document | bytes]:
        return bodies(self.operation, schema, mode)

    def _drive(self, strategy: st.SearchStrategy[_Generated], examples: int, sought: str) -> set[str]:
        """Send what the strategy generates and give the requirements that were violated.

        With `sought`, stop at a case that breaks it and make that one smaller. What was sent is not sent again, so that
        this begins where the first such case is known.
        """
        found: set[str] = set()
        left = _SHRINKS if sought else examples
        attempts = examples + _ATTEMPTS

        @hypothesis.seed(self.seed)
        @bounds(examples, shrink=bool(sought))
        @hypothesis.given(strategy)
        def test(made: _Generated) -> None:
            nonlocal left, attempts
            if attempts == 0:
                raise Over
            attempts -= 1
            case = self._case(made)
            if case is None:
                return
            key = repr(case)
            if key not in self._results:
                if left == 0:
                    raise Over
                left -= 1
                self._results[key] = self._result_of(case)
            found.update(self._results[key])
            if sought in self._results[key]:
                raise FoundError

        search(test)
        return found

    def _result_of(self, case: Case) -> frozenset[str]:
        self._until = min(self._until, time.monotonic() + self.seconds)
        if time.monotonic() >= self._until:
            self.cut_short = True
            raise Over
        try:
            return frozenset(self.send(self.fresh(case)))
        except Exception as error:
            raise Over from error  # hypothesis would take it for a case that fails, and try it again and again

    def _case(self, made: _Generated) -> Case | None:
        """The case to send, its emails not yet fresh; None if it is not what the maker says."""
        if made.body is NOT_SET:
            required = self.operation.body is not None and self.operation.body.definition.get("required", False)
            if not made.valid:
                return None
            # Frameworks want a body wherever they know its schema, so one that may be left out can be argued about.
            return Case(None, False, (SchemaViolation("required", ""),)) if required else Case(None, None)
        value: Document = made.body
        if isinstance(value, bytes):
            try:
                value = json.loads(value)
            except ValueError:
                # Nothing but blanks may be taken for no body, which is another matter.
                return None if made.valid or not value.strip() else Case(value, False, (SchemaViolation("syntax", ""),))
        value = self._wording.written(value, made.manner)
        try:
            violations = tuple(self._violations(value))
        except ValueError:
            return None  # the validator cannot read it, such as half a surrogate pair
        if made.valid == bool(violations):
            return None
        certain = self._wording.is_documented(value) and not any(_arguable(violation) for violation in violations)
        return Case(
            _json(value), made.valid if certain and (violations or self._wording.is_plain(value)) else None, violations
        )

    def _violations(self, value: Document) -> Iterator[SchemaViolation]:
        for error in self._validator.iter_errors(value):
            missing = error.kind.as_dict().get("property", "") if error.kind.name == "required" else ""
            names = [one for one in (*error.instance_path, missing) if isinstance(one, str) and one]
            yield SchemaViolation(error.kind.name, ".".join(names), error.instance)

    def fresh(self, case: Case) -> Case:
        """The case with its well-formed emails made fresh."""
        if case.body is None or any(violation.keyword == "syntax" for violation in case.violations):
            return case
        return replace(case, body=_json(self._wording.fresh(json.loads(case.body), self.fresh_email)))


def bodies(operation: Operation, schema: Document, mode: GenerationMode) -> st.SearchStrategy[Document | bytes]:
    """The strategy of schemathesis for an operation with nothing but a JSON body of that schema."""
    described = operation.body.definition if operation.body else {}
    document = {
        "openapi": "3.1.0",
        "info": {"title": operation.id, "version": "1"},
        "paths": {
            "/": {
                "post": {
                    "requestBody": {**described, "content": {"application/json": {"schema": schema}}},
                    "responses": {"200": {"description": "Any"}},
                }
            }
        },
        "components": {"schemas": operation.document.get("components", {}).get("schemas", {})},
    }
    found = schemathesis.openapi.from_dict(document)["/"]["POST"]
    return found.as_strategy(generation_mode=mode).map(lambda case: case.body)


def one_valid(operation: Operation, schema: Document, seed: int, is_valid: Callable[[Document], bool]) -> Document:
    """A JSON body of an operation that schemathesis takes for valid, and `is_valid` does too; None if none is found."""
    found: list[Document] = []
    until = time.monotonic() + _PATIENCE

    @hypothesis.seed(seed)
    @bounds(_TRIALS, shrink=False)
    @hypothesis.given(bodies(operation, schema, GenerationMode.POSITIVE))
    def test(body: Document) -> None:
        if body is not NOT_SET and body is not None and is_valid(body):
            found.append(body)
        if found or time.monotonic() > until:
            raise Over

    search(test)
    return found[0] if found else None


def _arguable(violation: SchemaViolation) -> bool:
    """Whether a server may take a body with that fault: what an email must look like, nobody agrees on."""
    return violation.keyword == "format" and "@" in str(violation.value).strip("@ ")


def _json(value: Document) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def explore(
    context: CheckContext,
    operation: Operation,
    call: Callable[[Case], Call],
    judge: Callable[[Case, Exchange], None],
) -> None:
    """Send what is generated for an operation of the assumed document, as `call` says, and `judge` each exchange."""

    def send(case: Case) -> set[str]:
        made = call(case)
        exchange = context.send(replace(made, renew=lambda: call(generation.fresh(case))))
        judge(case, exchange)
        return {
            requirement
            for requirement, found in [*context.findings.by_requirement.items()]
            if any(finding.violation is not None for finding in found[-2:] if finding.exchange is exchange)
        }

    seed, seconds = context.plan.seed, context.plan.time_box
    generation = Generation(operation.document, operation, context.fresh_email, send, seed, seconds)
    generation.run(_EXAMPLES, known=context.findings.violated())
    if generation.cut_short:
        context.findings.notice(too_late(seconds))

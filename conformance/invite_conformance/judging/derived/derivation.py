"""Everything that is derived from the document of one contract, operation by operation."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from invite_specs import Contract, Operation

from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import json_body
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.exchanges import exchange_requirements
from invite_conformance.judging.derived.made_calls import MadeCall
from invite_conformance.judging.derived.requests import Requests
from invite_conformance.judging.derived.responses import Documented, response_requirements
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.derived.unusual import Unusual
from invite_conformance.judging.registry import SUCCESS, ActiveCheck, Checks, PassiveCheck, ValidCall
from invite_conformance.result import Level, Requirement

_States = Mapping[str, Sequence[str]]


@cache
def _pattern(path: str) -> re.Pattern[str]:
    """What matches the paths of a template."""
    return re.compile("[^/]+".join(map(re.escape, re.split(r"\{[^}]*\}", path))))


@dataclass
class Derivation:
    """The derived requirements of a contract, and their checks."""

    contract: Contract
    states: Mapping[str, _States]
    """By operation: the states that a valid call needs, under `valid`, and those that it takes to see a status."""
    registered: Callable[[], Checks]
    """What says how valid calls are made; asked when the first one is."""

    @cached_property
    def derived(self) -> tuple[Derived, ...]:
        """Each requirement with its checks."""
        return tuple(one for found in self._by_operation.values() for one in found)

    @cached_property
    def _by_operation(self) -> dict[str, tuple[Derived, ...]]:
        return {one.id: tuple(self._operation(one)) for one in self.operations}

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the published document that can be used."""
        unusable = self.contract.unusable
        return tuple(one for one in self.contract.published_operations if one.id not in unusable)

    @property
    def requirements(self) -> Iterator[Requirement]:
        """In the order of the document."""
        return (one.requirement for one in self.derived)

    @property
    def passive(self) -> Iterator[PassiveCheck]:
        """In the same order."""
        return (one.passive for one in self.derived if one.passive is not None)

    def active(self) -> Iterator[ActiveCheck]:
        """Those that judge one requirement each, then unusual requests and generated bodies."""
        yield from (one.active for one in self.derived if one.active is not None)
        for operation in self.operations:
            server_error = f"{self.contract.name}.{operation.id}.server-error"
            yield self._valid(operation, server_error)
            yield from self._unusual(operation).checks(server_error)
            if json_body(operation) is not None:
                yield self._generated(operation)

    @cached_property
    def _schemas(self) -> Schemas:
        return Schemas(self.contract.published)

    @cached_property
    def documented(self) -> dict[tuple[str, str], Documented]:
        """What is documented for each status, by operation and status."""
        return {
            (operation.id, one.status): Documented(operation, one, self._schemas)
            for operation in self.operations
            for one in operation.responses
        }

    def _operation(self, operation: Operation) -> Iterator[Derived]:
        states = self.states.get(operation.id, {})
        of_status = {name: one for name, one in states.items() if name != "valid"}
        source = Source(self.contract.name, operation.id, states.get("valid", ()), of_status)
        for response in operation.responses:
            yield from response_requirements(self.documented[operation.id, response.status], source)
        yield from self._requests(operation, source).derive()
        yield from exchange_requirements(operation, source)
        yield self._unusual(operation).other_methods(source)
        if self._valid_call(operation.id).success == f"{operation.id}.{SUCCESS}":
            yield self._success(operation, source)

    def _success(self, operation: Operation, source: Source) -> Derived:
        """The requirement that a valid call succeeds, where the contract says how one is made."""
        documented = [one for one in operation.statuses if 200 <= one < 300]
        expected = " or ".join(map(str, documented)) or "2xx"

        def make(context: CheckContext) -> None:
            exchange = context.send(self._make(operation.id, context))
            succeeded = exchange.status in documented if documented else 200 <= exchange.status < 300
            context.judge(f"{operation.id}.{SUCCESS}", succeeded, expected, exchange)

        return source.active(
            SUCCESS,
            Level.MUST,
            make=make,
            repeated=True,
            citation=f"{operation.pointer}/responses" + (f"/{documented[0]}" if documented else ""),
            sentence=f"A valid request to `{operation.id}` is answered with {expected}.",
            quoted=", ".join(one.status for one in operation.responses),
            method="A valid request is sent many times.",
            remedy=f"Answer {expected}, and accept what the document allows.",
        )

    def _requests(self, operation: Operation, source: Source) -> Requests:
        return Requests(operation, partial(self._make, operation.id), self._schemas, source)

    def _unusual(self, operation: Operation) -> Unusual:
        return Unusual(operation, self._methods(operation.path), partial(self._make, operation.id), self._schemas)

    def _methods(self, path: str) -> frozenset[str]:
        """The documented methods of every path that is like one."""
        if path not in self._known_methods:
            # Another template may match the path too: `/users/{id}` does so with `/users/me`.
            same = (one.method for one in self.operations if _pattern(one.path).fullmatch(path))
            self._known_methods[path] = frozenset(same)
        return self._known_methods[path]

    @cached_property
    def _known_methods(self) -> dict[str, frozenset[str]]:
        return {}

    def _make(self, operation: str, context: CheckContext) -> Call:
        """A valid call of an operation, with fresh data; what is made from the document alone is arguable."""
        valid = self._valid_call(operation)
        return replace(valid.make(context), valid=True if valid.sure else None)

    def _valid_call(self, operation: str) -> ValidCall:
        return self.registered().calls.get(operation) or ValidCall(self._made[operation], sure=False)

    @cached_property
    def _made(self) -> dict[str, MadeCall]:
        """What makes calls of operations from the document alone, by operation."""
        schemas = Schemas(self.contract.assumed)
        return {one.id: MadeCall(one, schemas) for one in self.contract.operations}

    def _valid(self, operation: Operation, server_error: str) -> ActiveCheck:
        """What sends one valid call, for all that any call of the operation shows."""

        def make(context: CheckContext) -> None:
            context.send(self._make(operation.id, context))

        name = f"{operation.id}: a valid call"
        return ActiveCheck(name, (server_error,), make, "directed", False, heavy=False, operation=operation.id)

    def _generated(self, operation: Operation) -> ActiveCheck:
        ids = [one.requirement.id for one in self._by_operation[operation.id]]
        prefix = f"{self.contract.name}.{operation.id}."
        known = [one.removeprefix(prefix) for one in ids if one.startswith(f"{prefix}request.")]
        requests = self._requests(operation, Source(self.contract.name, operation.id))
        assumed = self._made[operation.id].operation

        def make(context: CheckContext) -> None:
            # The other commands start faster without schemathesis.
            from invite_conformance.judging.derived.generated import generated_bodies  # noqa: PLC0415  # see above

            generated_bodies(requests, self._valid_call(operation.id), assumed, known, context)

        judged = tuple(f"{prefix}{one}" for one in known)
        success = self._valid_call(operation.id).success
        judged += (f"{self.contract.name}.{success}",) if success else ()
        return ActiveCheck(
            f"{operation.id}: generated bodies", judged, make, "generation", False, heavy=True, operation=operation.id
        )

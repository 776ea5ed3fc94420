"""A fault: a name, a sentence, the requirements that it violates, and what it changes in the reference server."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from conformance.listener import Answer, Request
from conformance.reference_clients import Reference
from conformance.references import REFERENCE


@dataclass(frozen=True)
class Fault:
    name: str
    contract: str
    sentence: str
    """What a user of the server would notice."""
    violates: frozenset[str]
    """The ids of the requirements that it breaks, without the contract's name."""
    engines: frozenset[str]
    """What it takes to find it beyond directed checks."""
    maker: Callable[[], Reference]


def _faults_of(contract: str) -> Callable[..., Fault]:
    reference = REFERENCE[contract]

    def fault(name: str, sentence: str, violates: str, engines: str = "", **changes: Any) -> Fault:
        name = f"{contract.partition('-')[0]}-{name}"
        unknown = [change for change in changes if not hasattr(reference, change)]
        if unknown:
            raise TypeError(f"{name}: {contract} has nothing called {', '.join(unknown)} to change")
        maker = type(name.title().replace("-", ""), (reference,), changes)
        return Fault(name, contract, sentence, frozenset(violates.split()), frozenset(engines.split()), maker)

    return fault


client_fault = _faults_of("client-invites")
"""A fault: name, sentence, the requirements it violates, the engines it takes; the rest replaces attributes."""
family_fault = _faults_of("family-invites")
"""As `client_fault`."""
seat_fault = _faults_of("seat-offers")
"""As `client_fault`."""


# What faults are made of: hooks for `success`, `refusal`, `after` and `before`.

Body = Callable[[Reference, Any, Request], Any]
Whole = Callable[[Reference, Answer, Request], Answer]


def put(**members: Any) -> Body:
    """The body with these members; a callable is asked for the value, with the body."""

    def changed(_: Reference, document: Any, request: Request) -> Any:
        del request
        return document | {name: value(document) if callable(value) else value for name, value in members.items()}

    return changed


def drop(member: str) -> Body:
    """The body without this member."""
    return lambda _self, document, _request: without(member, document)


def without(member: str, document: Any) -> Any:
    return {name: value for name, value in document.items() if name != member}


def on(status: int, /, **changes: Any) -> Whole:
    """Change answers of this status; a callable is asked for the value, with the answer."""

    def changed(_: Reference, answer: Answer, request: Request) -> Answer:
        del request
        if answer.status != status:
            return answer
        return replace(answer, **{name: v(answer) if callable(v) else v for name, v in changes.items()})

    return changed


def on_every(**changes: Any) -> Whole:
    """Change every answer that has a body."""
    return lambda self, answer, request: (
        on(answer.status, **changes)(self, answer, request) if answer.body() else answer
    )


def when(status: int, hook: Body) -> Body:
    """Use a hook of `refusal` for answers of this status only."""

    def changed(self: Reference, document: Any, request: Request) -> Any:
        said = document.get("status", document.get("statusCode"))
        return hook(self, document, request) if said == status else document

    return changed


def crash(condition: Callable[[Request], bool]) -> Callable[[Reference, Request], Answer | None]:
    """A hook of `before`: answer 500 to requests of this kind."""
    return lambda self, request: self.error(500, "Oops", "Something went wrong.") if condition(request) else None


def every(nth: int, whole: Whole) -> Whole:
    """Be faulty in one answer of so many only, counted over the answers of each status."""
    counts: dict[tuple[int, int], int] = {}

    def sometimes(self: Reference, answer: Answer, request: Request) -> Answer:
        key = id(self), answer.status
        counts[key] = counts.get(key, nth // 2) + 1
        return whole(self, answer, request) if counts[key] % nth == 0 else answer

    return sometimes

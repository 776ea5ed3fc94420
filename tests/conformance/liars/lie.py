"""A lie: a name, a sentence, the requirements that it breaks, and what it changes in the honest implementation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from conformance.honest import ClientInvites, Honest
from conformance.honest_families import FamilyInvites
from conformance.listener import Answer, Request

HONEST: dict[str, type[Honest]] = {"client-invites": ClientInvites, "family-invites": FamilyInvites}


@dataclass(frozen=True)
class Lie:
    name: str
    contract: str
    sentence: str
    """What a user of the liar would notice."""
    breaks: frozenset[str]
    """The ids of the requirements that it breaks, without the contract's name."""
    engines: frozenset[str]
    """What it takes to find it beyond directed probes."""
    maker: Callable[[], Honest]


def _lies_about(contract: str) -> Callable[..., Lie]:
    honest = HONEST[contract]

    def lie(name: str, sentence: str, breaks: str, engines: str = "", **changes: Any) -> Lie:
        name = f"{contract.partition('-')[0]}-{name}"
        unknown = [change for change in changes if not hasattr(honest, change)]
        if unknown:
            raise TypeError(f"{name}: {contract} has nothing called {', '.join(unknown)} to change")
        maker = type(name.title().replace("-", ""), (honest,), changes)
        return Lie(name, contract, sentence, frozenset(breaks.split()), frozenset(engines.split()), maker)

    return lie


client_lie = _lies_about("client-invites")
"""A lie of that name and sentence; what it breaks and the engines it takes are words, the rest replaces attributes."""
family_lie = _lies_about("family-invites")
"""As `client_lie`."""


# What lies are made of: hooks for `success`, `refusal`, `after` and `before`.

Body = Callable[[Honest, Any, Request], Any]
Whole = Callable[[Honest, Answer, Request], Answer]


def put(**members: Any) -> Body:
    """The body with these members; a callable is asked for the value, with the body."""

    def changed(_: Honest, document: Any, request: Request) -> Any:
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

    def changed(_: Honest, answer: Answer, request: Request) -> Answer:
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

    def changed(self: Honest, document: Any, request: Request) -> Any:
        said = document.get("status", document.get("statusCode"))
        return hook(self, document, request) if said == status else document

    return changed


def crash(condition: Callable[[Request], bool]) -> Callable[[Honest, Request], Answer | None]:
    """A hook of `before`: answer 500 to requests of this kind."""
    return lambda self, request: self.error(500, "Oops", "Something went wrong.") if condition(request) else None


def every(nth: int, whole: Whole) -> Whole:
    """Lie in one answer of so many only, counted over the answers of each status."""
    counts: dict[tuple[int, int], int] = {}

    def sometimes(self: Honest, answer: Answer, request: Request) -> Answer:
        key = id(self), answer.status
        counts[key] = counts.get(key, nth // 2) + 1
        return whole(self, answer, request) if counts[key] % nth == 0 else answer

    return sometimes

"""A variant: a server that satisfies its contract in another way than the reference implementation does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.reference_clients import Reference
from conformance.references import REFERENCE


@dataclass(frozen=True)
class Variant:
    name: str
    contract: str
    sentence: str
    maker: Callable[[], Reference]
    warns: frozenset[str] = frozenset()
    """Requirements of level SHOULD that a framework's default does not satisfy, without the contract's name."""


def variant_of(contract: str, name: str, sentence: str, /, warns: str = "", **changes: Any) -> Variant:
    """A variant of one contract, with attributes of the reference class replaced; `warns` is words."""
    name = f"correct-{contract.partition('-')[0]}-{name}"
    unknown = [change for change in changes if not hasattr(REFERENCE[contract], change)]
    if unknown:
        raise TypeError(f"{name}: {contract} has nothing called {', '.join(unknown)} to change")
    maker = type(name.title().replace("-", ""), (REFERENCE[contract],), changes)
    return Variant(name, contract, sentence, maker, frozenset(warns.split()))

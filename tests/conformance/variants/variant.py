"""A variant: a correct server that differs from the reference implementation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from conformance.faulty.fault import REFERENCE
from conformance.reference_clients import Reference


@dataclass(frozen=True)
class Variant:
    name: str
    contract: str
    sentence: str
    warned: frozenset[str]
    """The ids of SHOULD requirements, without the contract's name, that a framework's default violates."""
    maker: Callable[[], Reference]


def variant_of(contract: str, name: str, sentence: str, warned: str = "", /, **changes: Any) -> Variant:
    """A variant of one contract, with attributes of the reference class replaced."""
    name = f"correct-{contract.partition('-')[0]}-{name}"
    unknown = [change for change in changes if not hasattr(REFERENCE[contract], change)]
    if unknown:
        raise TypeError(f"{name}: {contract} has nothing called {', '.join(unknown)} to change")
    maker = type(name.title().replace("-", ""), (REFERENCE[contract],), changes)
    return Variant(name, contract, sentence, frozenset(warned.split()), maker)

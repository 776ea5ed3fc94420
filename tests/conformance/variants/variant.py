"""A variant: a server that keeps its contract in another way than the honest implementation does."""

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
    maker: Callable[[], Reference]


def variant_of(contract: str, name: str, sentence: str, /, **changes: Any) -> Variant:
    """A variant of one contract, with attributes of the honest class replaced."""
    name = f"correct-{contract.partition('-')[0]}-{name}"
    unknown = [change for change in changes if not hasattr(REFERENCE[contract], change)]
    if unknown:
        raise TypeError(f"{name}: {contract} has nothing called {', '.join(unknown)} to change")
    return Variant(name, contract, sentence, type(name.title().replace("-", ""), (REFERENCE[contract],), changes))

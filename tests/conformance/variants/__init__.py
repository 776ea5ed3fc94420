"""Correct servers that differ from the reference implementations: none may be accused."""

from conformance.variants import client, client_frameworks, every, family, seats
from conformance.variants.variant import Variant

VARIANTS: dict[str, Variant] = {
    variant.name: variant for module in (every, client, client_frameworks, family, seats) for variant in module.VARIANTS
}

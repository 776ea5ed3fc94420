"""Correct servers that differ from the reference implementations: none may be accused."""

from conformance.variants import both, client, client_frameworks, family
from conformance.variants.variant import Variant

VARIANTS: dict[str, Variant] = {
    variant.name: variant for module in (both, client, client_frameworks, family) for variant in module.VARIANTS
}

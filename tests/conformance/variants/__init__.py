"""Servers that keep their contract in other ways than the honest implementation does: none may be flagged."""

from conformance.variants import both, client, family
from conformance.variants.variant import Variant

VARIANTS: dict[str, Variant] = {
    variant.name: variant for module in (both, client, family) for variant in module.VARIANTS
}

"""The bank of liars: servers that keep their contract but for one named fault each.

1. A lie is one or two lines over the honest implementation, and names every requirement that it breaks.
2. Every requirement has at least one lie.
"""

from conformance.liars import (
    client_conflicts,
    client_creation,
    client_refusals,
    client_surprises,
    client_wire,
    family_answers,
    family_refusals,
    family_surprises,
)
from conformance.liars.lie import Lie

LIES: dict[str, Lie] = {
    lie.name: lie
    for module in (
        client_creation,
        client_refusals,
        client_conflicts,
        client_surprises,
        client_wire,
        family_answers,
        family_refusals,
        family_surprises,
    )
    for lie in module.LIES
}

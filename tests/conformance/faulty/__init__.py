"""The bank of liars: servers that keep their contract but for one named fault each.

1. A lie is one or two lines over the honest implementation, and names every requirement that it breaks.
2. Every requirement has at least one lie.
"""

from conformance.faulty import (
    client_callers,
    client_conflicts,
    client_creation,
    client_emails,
    client_refusals,
    client_surprises,
    client_wire,
    family_answers,
    family_refusals,
    family_surprises,
)
from conformance.faulty.fault import Fault

FAULTS: dict[str, Fault] = {
    fault.name: fault
    for module in (
        client_creation,
        client_refusals,
        client_callers,
        client_conflicts,
        client_emails,
        client_surprises,
        client_wire,
        family_answers,
        family_refusals,
        family_surprises,
    )
    for fault in module.FAULTS
}

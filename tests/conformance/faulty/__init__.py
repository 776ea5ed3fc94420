"""Faulty servers: each conforms but for one named fault.

1. A fault is one or two lines over the reference server, and names every requirement that it violates.
2. Every requirement has at least one faulty server.
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

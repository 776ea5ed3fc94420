"""Faulty servers: each conforms but for one named fault.

1. A fault is one or two lines over the reference server, and names every requirement that it violates.
2. Every requirement has at least one faulty server; what a document says has one that is derived from it.
"""

from conformance.faulty import (
    client_callers,
    client_conflicts,
    client_creation,
    client_emails,
    client_memory,
    client_refusals,
    client_surprises,
    client_wire,
    family_answers,
    family_refusals,
    family_surprises,
    seat_offers,
)
from conformance.faulty.derived import derived_faults
from conformance.faulty.fault import Fault
from conformance.references import REFERENCE

_WRITTEN: dict[str, Fault] = {
    fault.name: fault
    for module in (
        client_creation,
        client_refusals,
        client_callers,
        client_conflicts,
        client_emails,
        client_memory,
        client_surprises,
        client_wire,
        family_answers,
        family_refusals,
        family_surprises,
        seat_offers,
    )
    for fault in module.FAULTS
}
DERIVED: dict[str, Fault] = {fault.name: fault for contract in REFERENCE for fault in derived_faults(contract)}
FAULTS = _WRITTEN | DERIVED

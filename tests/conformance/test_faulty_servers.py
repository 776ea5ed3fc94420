"""Each fault is found, by the requirements that it violates and no other."""

import pytest
from conformance.bank import DIRECTED, Bank, not_satisfied, shown
from conformance.faulty import DERIVED, FAULTS
from conformance.faulty.fault import Fault
from conformance.references import REFERENCE, known
from invite_conformance.judging.catalogue import catalogue


def long_ones(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """What takes an engine, and what is derived, runs with the slow tests."""
    return (pytest.mark.slow,) if FAULTS[name].engines or name in DERIVED else ()


@pytest.mark.parametrize("fault", [pytest.param(FAULTS[name], marks=long_ones(name), id=name) for name in FAULTS])
def test_a_fault_is_found_and_no_other_requirement_is_blamed(bank: Bank, fault: Fault) -> None:
    run = bank.judged(fault.name, fault.contract, {*DIRECTED, *fault.engines})
    assert not_satisfied(run) == fault.violates, f"{fault.sentence}\n{shown(run)}"


def test_the_bank_is_large_enough() -> None:
    assert len(FAULTS) >= 120


@pytest.mark.parametrize("contract", REFERENCE)
def test_every_requirement_has_a_faulty_server(contract: str) -> None:
    violated = {
        f"{contract}.{name}" for fault in FAULTS.values() if fault.contract == contract for name in fault.violates
    }
    with known(contract):
        assert violated == {one.id for one in catalogue(contract).requirements}

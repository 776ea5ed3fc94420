"""Each lie of the bank is found, by the requirements that it breaks and no other."""

import pytest
from conformance.bank import DIRECTED, Bank, not_kept, shown
from conformance.liars import LIES
from conformance.liars.lie import Lie
from invite_conformance.catalogue import catalogue, contract_names


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_a_lie_is_found_and_no_other_requirement_is_blamed(bank: Bank, lie: Lie) -> None:
    run = bank.judged(lie.name, lie.contract, {*DIRECTED, *lie.engines})
    assert not_kept(run) == lie.breaks, f"{lie.sentence}\n{shown(run)}"


def test_the_bank_is_large_enough() -> None:
    assert len(LIES) >= 120


@pytest.mark.parametrize("contract", contract_names())
def test_every_requirement_has_a_lie(contract: str) -> None:
    told = {f"{contract}.{name}" for lie in LIES.values() if lie.contract == contract for name in lie.breaks}
    assert told == {one.id for one in catalogue(contract)}

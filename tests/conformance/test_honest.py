"""Correct servers are not flagged, however they differ; at most a note is given."""

import pytest
from conformance.bank import DIRECTED, Bank, shown
from conformance.variants import VARIANTS
from conformance.variants.variant import Variant
from invite_conformance.result import Conformance, Level, Verdict


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_a_correct_server_is_conformant(bank: Bank, variant: Variant) -> None:
    run = bank.judged(variant.name, variant.contract, DIRECTED)
    assert run.conformance is Conformance.CONFORMANT, shown(run)
    warned = [one.requirement.level for one in run.results if one.verdict not in {Verdict.PASS, Verdict.BLOCKED}]
    assert set(warned) <= {Level.NOTE}, shown(run)


def test_there_are_enough_correct_servers() -> None:
    assert len({name.split("-", 2)[2] for name in VARIANTS}) >= 25

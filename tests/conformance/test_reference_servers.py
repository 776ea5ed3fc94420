"""Correct servers are conformant, however they differ; they are warned of a SHOULD only where the variant says so."""

import pytest
from conformance.bank import DIRECTED, Bank, shown
from conformance.variants import VARIANTS, every
from conformance.variants.variant import Variant
from invite_conformance.judging.catalogue import contract_names
from invite_conformance.plan import ENGINES
from invite_conformance.result import Conformance, Level, Verdict

LENIENT = (
    "correct-client-plain",
    "correct-client-any-email",
    "correct-client-emails-by-case",
    "correct-family-plain",
    "correct-family-any-text-is-email",
    "correct-family-like-gin",
    "correct-family-like-fastify",
    "correct-seat-plain",
    "correct-seat-any-query",
)
"""Those that accept the most."""


def waits(name: str) -> tuple[pytest.MarkDecorator, ...]:
    """A server that takes its time, and what other contracts show too, is run with the slow tests."""
    shown = VARIANTS[name] in every.VARIANTS and VARIANTS[name].contract not in contract_names()
    return (pytest.mark.slow,) if name.endswith("-slow") or shown else ()


@pytest.mark.parametrize("variant", [pytest.param(VARIANTS[name], marks=waits(name), id=name) for name in VARIANTS])
def test_a_correct_server_is_conformant(bank: Bank, variant: Variant) -> None:
    run = bank.judged(variant.name, variant.contract, DIRECTED)
    assert run.conformance is Conformance.CONFORMANT, shown(run)
    warned = {
        one.requirement.id.partition(".")[2]
        for one in run.results
        if one.verdict is Verdict.WARN and one.requirement.level is not Level.NOTE
    }
    assert warned == variant.warns, shown(run)


@pytest.mark.parametrize("variant", [VARIANTS[name] for name in LENIENT], ids=LENIENT)
def test_read_only_sends_nothing_that_a_correct_server_accepts(bank: Bank, variant: Variant) -> None:
    run = bank.judged(variant.name, variant.contract, ENGINES, mode="read-only")
    writing = [counts for operation, counts in run.matrix.items() if not operation.startswith("GET ")]
    successes = {status: n for counts in writing for status, n in counts.items() if status[0] == "2" and n}
    assert run.requests > 0
    assert not successes


def test_there_are_enough_correct_servers() -> None:
    assert len({name.split("-", 2)[2] for name in VARIANTS}) >= 25

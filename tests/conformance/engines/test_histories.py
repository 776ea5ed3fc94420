"""Histories: what they find, how short they are reported, and that they end."""

import pytest
from conformance.bank import Bank, shown
from invite_conformance.result import Run, Verdict

ONLY = {"histories"}
CLIENTS, FAMILIES = "client-invites", "family-invites"


def deviations(run: Run) -> dict[str, str]:
    """What each violated requirement received, without the contract's name."""
    return {
        one.requirement.id.partition(".")[2]: one.failures[0].received
        for one in run.results
        if one.verdict in {Verdict.FAIL, Verdict.WARN} and one.failures
    }


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("faulty", "contract", "requirement", "steps"),
    [
        ("client-remembers-three", CLIENTS, "409.already-invited", 5),
        ("client-forgets-on-400", CLIENTS, "409.already-invited", 3),
        ("client-forgets-on-403", CLIENTS, "409.already-invited", 3),
        ("client-fifth-try-succeeds", CLIENTS, "409.third-try", 5),
        ("family-one-contact", FAMILIES, "contact.own", 3),
    ],
)
def test_a_fault_is_found_and_reported_in_as_few_steps_as_it_takes(  # noqa: PLR0913, PLR0917  # the columns of the table
    bank: Bank, faulty: str, contract: str, requirement: str, steps: int, seed: int
) -> None:
    run = bank.judged(faulty, contract, ONLY, seed=seed)
    found = deviations(run)
    # An early invite that is sent again at the end of the run, which is no history, may find the fault too.
    assert set(found) - {"409.later"} == {requirement}, shown(run)
    assert " at the end of: " in found[requirement]
    assert len(found[requirement].partition(" at the end of: ")[2].split("; ")) == steps


@pytest.mark.parametrize(
    ("server", "contract"),
    [
        ("correct-client-plain", CLIENTS),
        ("correct-client-now-and-then-429", CLIENTS),
        ("correct-client-one-client-for-all", CLIENTS),
        ("correct-client-emails-by-case", CLIENTS),
        ("correct-family-plain", FAMILIES),
        ("correct-family-same-invitation", FAMILIES),
        ("correct-family-emails-in-lower-case", FAMILIES),
    ],
)
def test_a_correct_server_goes_as_the_model_says(bank: Bank, server: str, contract: str) -> None:
    run = bank.judged(server, contract, ONLY)
    assert [one for one in deviations(run) if not one.endswith(".statuses.tolerated")] == [], shown(run)
    assert run.requests <= 300


def test_a_seed_makes_the_same_histories(bank: Bank) -> None:
    runs = [bank.judged("correct-client-plain", CLIENTS, ONLY, seed=seed) for seed in (5, 5, 6)]
    assert runs[0].matrix == runs[1].matrix != runs[2].matrix


def test_what_a_server_violates_anyway_is_left_to_directed_checks(bank: Bank) -> None:
    run = bank.judged("client-forgets-on-conflict", CLIENTS, {"directed", *ONLY})
    assert deviations(run).keys() == {"409.third-try"}
    assert "at the end of" not in deviations(run)["409.third-try"]
    assert run.requests <= 500


def test_a_server_that_is_gone_is_an_error_and_no_deviation(bank: Bank) -> None:
    run = bank.judged("truncated", CLIENTS, ONLY)
    assert deviations(run) == {}
    assert run.requests <= 3


def test_a_time_box_that_ran_out_is_reported(bank: Bank) -> None:
    run = bank.judged("correct-family-plain", FAMILIES, ONLY, time_box=0)
    assert run.requests == 0
    assert any("--time-box" in notice for notice in run.notices)

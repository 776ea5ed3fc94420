"""Creates at the same instant, which a rate limit does not allow."""

import itertools

import pytest
from conformance.bank import Bank
from conformance.judging.in_process import context, response
from conformance.offers import STATES
from invite_conformance.contracts.client_invites.race import identical_creates_at_the_same_instant
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.result import Verdict


def test_a_rate_limit_blocks_what_only_a_race_shows(bank: Bank) -> None:
    run = bank.judged("correct-client-plain", "client-invites", {"race", "directed"}, rate_limit=1000)
    verdicts = {one.requirement.id.partition(".")[2]: one.verdict for one in run.results}
    assert verdicts["409.race"] is Verdict.BLOCKED
    assert verdicts["201.email-as-given"] is Verdict.PASS


def test_responses_that_are_mixed_up_are_found(bank: Bank) -> None:
    run = bank.judged("client-mixes-responses", "client-invites", {"race"})
    (result,) = [one for one in run.results if one.requirement.id.endswith("201.email-as-given")]
    assert result.verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("statuses", "satisfied"),
    [
        ([201, *[409] * 7], True),
        ([429, 409, 201, 429, *[409] * 4], True),
        ([201, 201, *[409] * 6], False),
        ([201, 500, *[409] * 6], False),
        ([429, *[409] * 7], False),
    ],
)
def test_a_call_that_was_too_much_is_left_out(statuses: list[int], satisfied: bool) -> None:
    answers = itertools.cycle(statuses)
    sequential = iter([201, *[409] * 7])
    asked = itertools.count()

    def serve(_: Request) -> Response:
        # The first eight are the race; if it fails, the next eight are the same calls one after the other.
        return response(next(answers) if next(asked) < 8 or satisfied else next(sequential, 409))

    of = context(serve, states=STATES["client-invites"])
    identical_creates_at_the_same_instant(of)
    first = of.findings.of("client-invites.409.race")[0]
    assert (first.violation is None) == satisfied

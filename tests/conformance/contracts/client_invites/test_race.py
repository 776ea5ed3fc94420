"""Creates at the same instant, which a rate limit does not allow."""

from collections import Counter

import pytest
from conformance.bank import Bank
from conformance.judging.in_process import context, response
from conformance.offers import STATES
from invite_conformance.contracts.client_invites.race import identical_invites_at_the_same_instant
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.judging.context import CheckContext
from invite_conformance.result import Verdict
from invite_conformance.target.states import Blocked


def test_a_rate_limit_blocks_what_only_a_race_shows(bank: Bank) -> None:
    run = bank.judged("correct-client-plain", "client-invites", {"race", "directed"}, rate_limit=1000)
    verdicts = {one.requirement.id.partition(".")[2]: one.verdict for one in run.results}
    assert verdicts["409.race"] is Verdict.BLOCKED
    assert verdicts["201.email-as-given"] is Verdict.PASS


def test_a_server_that_answers_429_to_some_calls_at_the_same_instant_is_correct(bank: Bank) -> None:
    run = bank.judged("correct-client-two-at-a-time", "client-invites", {"race"})
    (result,) = [one for one in run.results if one.requirement.id.endswith("409.race")]
    assert result.verdict is Verdict.PASS


def test_responses_that_are_mixed_up_are_found(bank: Bank) -> None:
    run = bank.judged("client-mixes-responses", "client-invites", {"race"})
    (result,) = [one for one in run.results if one.requirement.id.endswith("201.email-as-given")]
    assert result.verdict is Verdict.FAIL


def limited(allowed: int) -> CheckContext:
    """A target that creates one invite for each body, and answers 429 after so many calls with it."""
    calls: Counter[bytes] = Counter()

    def serve(request: Request) -> Response:
        assert request.body is not None
        calls[request.body] += 1
        if calls[request.body] > allowed:
            return response(429, ("retry-after", "0"))
        return response(201 if calls[request.body] == 1 else 409)

    return context(serve, states=STATES["client-invites"])


def test_calls_that_a_rate_limit_refuses_do_not_count() -> None:
    of = limited(3)
    identical_invites_at_the_same_instant(of)
    findings = of.findings.of("client-invites.409.race")
    assert findings
    assert [one.violation for one in findings] == [None] * len(findings)


def test_one_call_beside_those_refused_is_no_race() -> None:
    of = limited(1)
    with pytest.raises(Blocked, match="429 to 7 of 8 calls"):
        identical_invites_at_the_same_instant(of)
    assert not of.findings.of("client-invites.409.race")

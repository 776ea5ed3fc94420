"""Creates at the same instant, which a rate limit does not allow."""

from conformance.bank import Bank
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

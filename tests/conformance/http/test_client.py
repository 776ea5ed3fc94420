"""The limits of a run, without a server."""

import pytest
from conformance.judging.in_process import call, context, response
from invite_conformance.http import client
from invite_conformance.http.errors import ConnectError, HungUpError, TimedOutError, TransportError
from invite_conformance.http.exchange import Origin
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.plan import Plan
from invite_conformance.target.states import Blocked, Deselected, NotInMode


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the client waits for, which pass at once."""
    found: list[float] = []
    monkeypatch.setattr("invite_conformance.http.client.time.sleep", found.append)
    return found


def test_after_429_it_waits_as_long_as_the_target_asks(waits: list[float]) -> None:
    answers = [response(429, ("retry-after", "7")), response(429, ("retry-after", "30")), response(201)]
    of = context(lambda _: answers.pop(0))
    assert of.send(call()).status == 201
    assert waits == [7, 30]


@pytest.mark.parametrize("after", ["soon", "-1", "²", "1e9", ""])
def test_after_429_with_a_useless_retry_after_it_waits_longer_and_longer(waits: list[float], after: str) -> None:
    answers = [response(429, ("retry-after", after)), response(429), response(201)]
    of = context(lambda _: answers.pop(0))
    of.send(call())
    assert waits == [0.25, 0.5]


def test_no_retry_after_makes_it_wait_longer_than_a_minute(waits: list[float]) -> None:
    answers = [response(429, ("retry-after", "86400")), response(201)]
    context(lambda _: answers.pop(0)).send(call())
    assert waits == [60]


def test_a_target_that_stays_at_429_blocks_and_is_not_waited_for_again(waits: list[float]) -> None:
    of = context(lambda _: response(429))
    for _ in range(2):
        with pytest.raises(Blocked, match="lower `rate_limit`"):
            of.send(call())
    assert len(waits) == 4
    assert len(of.client.log.exchanges) == 6


def test_mode_read_only_sends_no_call_that_could_create() -> None:
    of = context(lambda _: response(201), Plan(mode="read-only"))
    with pytest.raises(NotInMode):
        of.send(call())
    assert of.send(call(writes=False, refused_for="member_email")).status == 201


def test_three_calls_without_a_response_give_the_target_up() -> None:
    def hangs(_request: Request) -> Response:
        raise TimedOutError("no whole response within 1 s", "POST /x")

    of = context(hangs)
    for _ in range(3):
        with pytest.raises(TimedOutError):
            of.send(call())
    with pytest.raises(client.GivenUpError, match=r"^no whole .* within 1 s \(no response to 3 calls .* POST /x\)$"):
        of.send(call())


def test_a_response_between_them_starts_the_count_again() -> None:
    outcomes = [False, False, True, False, False, True]

    def serve(_request: Request) -> Response:
        if outcomes.pop(0):
            return response(201)
        raise TimedOutError("late")

    of = context(serve)
    for answered in tuple(outcomes):
        if answered:
            of.send(call())
        else:
            with pytest.raises(TimedOutError):
                of.send(call())


def test_a_login_redirect_gives_the_target_up_and_shows_where_it_leads() -> None:
    of = context(lambda _: response(302, ("location", "https://login.example/?next=x")))
    of.client.log.documented = {201, 400}
    for _ in range(4):
        of.send(call(valid=True))
    with pytest.raises(client.GivenUpError, match=r"every response was 302 Found to https://login\.example/\?next=x"):
        of.send(call())


def test_one_kind_of_call_that_is_always_answered_undocumented_gives_up_nothing() -> None:
    of = context(lambda _: response(202))
    of.client.log.documented = {201, 400}
    for _ in range(50):
        of.send(call(valid=True))
    assert of.client.log.foreign() == ""
    of.send(call(valid=False))
    with pytest.raises(client.GivenUpError, match="is base_url right"):
        of.send(call())


def test_a_404_to_everything_gives_the_target_up_though_the_contract_documents_it() -> None:
    of = context(lambda _: response(404, ("content-type", "application/json")))
    of.client.log.documented = {200, 403, 404}
    of.send(call(valid=True))
    of.send(call(valid=True, refused_for="unknown_family"))
    with pytest.raises(client.GivenUpError, match="are base_url and the ids under `states` right"):
        of.send(call())


def test_a_status_that_the_target_file_accepts_recognises_the_target() -> None:
    of = context(lambda _: response(401), accepted_statuses=(401,))
    of.client.log.documented = {201, 403}
    for refused_for in ("", "anonymous", "not_admin", "member_email"):
        of.send(call(valid=True, refused_for=refused_for))
    assert of.client.log.foreign() == ""


def test_calls_that_must_be_refused_give_up_nothing() -> None:
    of = context(lambda _: response(401))
    of.client.log.documented = {201, 403}
    for refused_for in ("anonymous", "not_admin", "member_email", "other_client"):
        of.send(call(valid=True, refused_for=refused_for))
    assert of.client.log.foreign() == ""


def test_of_calls_sent_together_those_with_a_response_are_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = [response(201), TimedOutError("POST /x: late"), response(409)]
    of = context(lambda _: response(201))
    monkeypatch.setattr(of.client.transport, "send_together", lambda _: outcomes)
    with pytest.raises(TimedOutError):
        of.send_together([call(), call(), call()])
    assert [one.status for one in of.client.log.exchanges] == [201, 409]


def test_what_is_secret_in_the_responses_to_calls_sent_together_is_redacted(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5"  # noqa: S105  # of a test
    answer = Response(201, (("content-type", "application/json"),), f'{{"token": "{token}"}}'.encode(), 0.0)
    of = context(lambda _: response(201))
    monkeypatch.setattr(of.client.transport, "send_together", lambda _: [answer])
    of.send_together([call()])
    assert token not in of.client.redaction.text(f"the token {token}")


def test_what_a_server_may_hang_up_on_counts_as_no_silence() -> None:
    errors: list[TransportError] = [HungUpError("closed")] * 5

    def serve(_request: Request) -> Response:
        raise errors[0]

    of = context(serve)
    for _ in errors:
        assert of.send_unusual(call()) is None
    assert (of.client.log.silent, of.client.log.calls) == (0, 5)
    errors[0] = ConnectError("no connection")
    with pytest.raises(ConnectError):
        of.send_unusual(call())
    assert of.client.log.silent == 1


def test_an_unusual_call_to_a_target_that_was_given_up_says_so() -> None:
    def hangs(_request: Request) -> Response:
        raise TimedOutError("late")

    of = context(hangs)
    for _ in range(3):
        with pytest.raises(TimedOutError):
            of.send(call())
    with pytest.raises(client.GivenUpError):
        of.send_unusual(call())


def test_the_rate_limit_spaces_calls(waits: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("invite_conformance.http.client.time.monotonic", lambda: clock[0])
    of = context(lambda _: response(201), rate_limit=4)
    of.send(call())
    of.send(call())
    clock[0] += 0.1
    of.send(call())
    clock[0] += 10
    of.send(call())
    assert waits == [pytest.approx(0.25), pytest.approx(0.15)]


def test_mode_read_only_repeats_no_kind_of_call_that_created_something() -> None:
    of = context(lambda _: response(201), Plan(mode="read-only"))
    wrong = call(writes=False, refused_for="member_email", body=b"x" * 300)
    of.send(wrong)
    with pytest.raises(Deselected, match="see the notices"):
        of.send(wrong)
    assert of.send(call(writes=False, refused_for="invited_email")).status == 201
    assert [notice.partition(" was answered")[0].rpartition(" with ")[2] for notice in of.client.log.notices] == [
        "x" * 200,
        "no body",
    ]
    of.client.send(call(writes=False), Origin("one_check"))
    with pytest.raises(Deselected):
        of.client.send(call(writes=False), Origin("one_check"))
    assert of.client.send(call(writes=False), Origin("other_check")).status == 201

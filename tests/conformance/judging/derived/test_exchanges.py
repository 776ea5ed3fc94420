"""What the checks of every exchange and of its members find in a response, and what they let pass."""

import json
from dataclasses import replace

import pytest
from conformance.judging.test_hostile_responses import ERRORS, SUCCESSES, exchange
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.catalogue import catalogue

CLIENT, FAMILY = "client-invites", "family-invites"


def violations(name: str, one: Exchange) -> dict[str, tuple[str, str]]:
    """What was expected and what was received, by the violated requirement without the contract's name."""
    found = {check.requirement: check.judge(one) for check in catalogue(name).checks.passive if check.applies(one)}
    return {
        key.removeprefix(f"{name}.").partition(".")[2]: (one.expected, one.received)
        for key, one in found.items()
        if one is not None
    }


def created(**members: object) -> Exchange:
    return exchange(CLIENT, 201, json.dumps(SUCCESSES[CLIENT] | members).encode())


def test_what_is_expected_of_a_member_is_its_schema_in_words() -> None:
    assert violations(CLIENT, created(id="1"))["201.id"] == ("`id`, a string (uuid)", '`id`: "1"')
    assert violations(CLIENT, created(role="Boss"))["201.role"][0].startswith("`role`, one of ")
    assert violations(CLIENT, created(token=1))["201.token"] == ("`token`, a string", "`token`: 1")


@pytest.mark.parametrize(("length", "end"), [(198, '"'), (199, "x…")])
def test_a_long_value_is_cut_after_200_characters(length: int, end: str) -> None:
    _, received = violations(CLIENT, created(id="x" * length))["201.id"]
    shown = received.removeprefix("`id`: ")
    assert (len(shown.removesuffix("…")), shown[-len(end) :]) == (200, end)


@pytest.mark.parametrize(
    ("valid", "status", "fits"),
    [(False, 400, True), (False, 422, True), (False, 402, False), (None, 400, True), (True, 400, False)],
)
def test_a_malformed_request_may_be_refused_where_no_answer_to_it_is_documented(
    valid: bool | None, status: int, fits: bool
) -> None:
    found = violations(FAMILY, exchange(FAMILY, status, json.dumps(ERRORS[FAMILY]).encode(), valid=valid))
    assert ("statuses.documented" not in found) is fits


def test_a_member_that_is_given_twice_is_named() -> None:
    body = json.dumps(SUCCESSES[CLIENT]).encode().replace(b"{", b'{"role": "Owner", "extra": 1, "extra": 2, ', 1)
    expected = ("no member twice in one object", "twice: role, extra")
    found = violations(CLIENT, exchange(CLIENT, 201, body))["json.i-json"]
    assert (found[0], {*found[1].removeprefix("twice: ").split(", ")}) == (expected[0], {"role", "extra"})
    assert "json.i-json" not in violations(CLIENT, created())


@pytest.mark.parametrize(("sent", "requirement"), [("\ud800", "json.echoed-surrogate"), ("Ann", "json.i-json")])
def test_half_a_surrogate_pair_is_an_echo_only_where_it_was_sent(sent: str, requirement: str) -> None:
    one = exchange(CLIENT, 201, json.dumps(SUCCESSES[CLIENT] | {"note": "\udc00"}).encode())
    found = violations(CLIENT, replace(one, call=replace(one.call, body=json.dumps({"email": sent}).encode())))
    assert {"json.echoed-surrogate", "json.i-json"}.intersection(found) == {requirement}
    assert "half a surrogate pair" in found[requirement][1]


def test_what_was_sent_and_is_not_echoed_is_no_violation() -> None:
    one = created()
    sent = replace(one, call=replace(one.call, body=b'{"email": "\\ud800"}'))
    assert not {"json.echoed-surrogate", "json.i-json"}.intersection(violations(CLIENT, sent))


@pytest.mark.parametrize(
    ("status", "operation", "violated"),
    [
        (499, True, False),
        (500, True, True),
        (501, True, True),
        (503, False, True),
        (500, False, True),
        (501, False, False),
    ],
)
def test_501_is_a_right_answer_to_a_method_that_no_operation_has(status: int, operation: bool, violated: bool) -> None:
    one = exchange(CLIENT, status, b"")
    one = one if operation else replace(one, call=replace(one.call, elsewhere=True))
    assert ("server-error" in violations(CLIENT, one)) is violated

"""The control API admits the mock's own pages and this machine only, or whoever has its token."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from invite_mock.http.guard import Guard
from invite_mock.http.problems import Refused
from mock.conftest import PAGE, PREFLIGHT, Caller

Start = Callable[..., AbstractContextManager[Caller]]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "/reset"), ("DELETE", "")])
def test_a_page_of_another_origin_may_not_call_the_control_api(
    caller: Caller, method: str, path: str, origin: str
) -> None:
    before = caller.state()
    received = caller.send(method, f"/_mock/worlds/{caller.world}{path}", headers={"Origin": origin})
    assert (received.status, received.code) == (403, "Control.Forbidden")
    assert "access-control-allow-origin" not in received.headers
    assert caller.state() == before


def test_the_preflight_of_a_control_call_is_refused(caller: Caller) -> None:
    received = caller.send("OPTIONS", "/_mock/worlds", headers=PREFLIGHT)
    assert received.status == 403
    assert "access-control-allow-origin" not in received.headers


def test_a_page_of_the_same_host_with_another_scheme_may_not_call_the_control_api(
    caller: Caller, base_url: str
) -> None:
    before = caller.state()
    origin = base_url.replace("http://", "https://")
    received = caller.send("POST", f"/_mock/worlds/{caller.world}/reset", headers={"Origin": origin})
    assert (received.status, received.code) == (403, "Control.Forbidden")
    assert caller.state() == before


def test_the_mock_s_own_page_may_call_the_control_api(caller: Caller, base_url: str) -> None:
    assert caller.send("GET", "/_mock/worlds", headers={"Origin": base_url}).status == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:4010", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_a_host_that_is_not_this_machine_is_refused(caller: Caller, host: str) -> None:
    received = caller.send("POST", f"/_mock/worlds/{caller.world}/reset", headers={"Host": host})
    assert (received.status, received.code) == (403, "Control.Forbidden")


@pytest.mark.parametrize("host", ["localhost:80", "127.0.0.1", "[::1]:4010", "mock.localhost", "LOCALHOST"])
def test_this_machine_s_own_names_are_served(caller: Caller, host: str) -> None:
    assert caller.send("GET", "/_mock/health", headers={"Host": host}).status == 200


def test_with_a_control_token_only_its_bearer_is_admitted(mock_with: Start) -> None:
    with mock_with("--host", "0.0.0.0", "--control-token", "a secret") as caller:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a secret"}):
            received = caller.send("GET", "/_mock/health", headers=headers)
            assert (received.status, received.code) == (401, "Control.Unauthorized")
            assert received.headers["www-authenticate"] == "Bearer"
        bearer = {"Authorization": "Bearer a secret"}
        assert caller.send("GET", "/_mock/health", headers=bearer | {"Host": "mock.internal.example"}).status == 200
        assert caller.send("GET", "/_mock/health", headers=bearer | PAGE).status == 403


def test_the_name_of_the_bearer_scheme_is_case_insensitive(mock_with: Start) -> None:
    with mock_with("--control-token", "s3cret") as caller:
        for scheme, status in (("Bearer", 200), ("bearer", 200), ("Basic", 401), ("Bearerer", 401), ("", 401)):
            headers = {"Authorization": f"{scheme} s3cret"}
            assert caller.send("GET", "/_mock/worlds", None, headers).status == status


OWN = ("host", "127.0.0.1:4010")


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize(
    ("name", "values", "code"),
    [
        ("origin", ["https://evil.example", "http://127.0.0.1:4010"], "Control.Forbidden"),
        ("authorization", ["Bearer wrong", "Bearer s3cret"], "Control.Unauthorized"),
    ],
)
def test_no_value_of_a_repeated_header_overrides_another(name: str, values: list[str], code: str, order: int) -> None:
    token = "s3cret" if name == "authorization" else None
    fields = [OWN, *((name, value) for value in values[::order])]
    scope = {"scheme": "http", "headers": [(field.encode(), value.encode()) for field, value in fields]}
    with pytest.raises(Refused) as raised:
        Guard("127.0.0.1", token).check(scope)
    assert raised.value.refusal.code == code

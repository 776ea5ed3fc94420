"""Pages of every origin may call the contracts; the control API answers only the mock's own pages and this machine."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from mock.conftest import INVITES, Caller

Start = Callable[..., AbstractContextManager[Caller]]
PAGE = {"Origin": "https://app.example"}
PREFLIGHT = PAGE | {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type, prefer, x-dolfin-api-key",
}


@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite", "/unknown"])
def test_a_preflight_of_any_page_is_answered(caller: Caller, path: str) -> None:
    received = caller.send("OPTIONS", path, headers=PREFLIGHT)
    assert received.status == 200
    assert received.headers["access-control-allow-origin"] == "https://app.example"
    assert "POST" in received.headers["access-control-allow-methods"]
    assert "x-dolfin-api-key" in received.headers["access-control-allow-headers"]


def test_a_public_page_may_preflight_a_mock_on_this_machine(caller: Caller) -> None:
    asked = PREFLIGHT | {"Access-Control-Request-Private-Network": "true"}
    received = caller.send("OPTIONS", INVITES, headers=asked)
    assert received.headers["access-control-allow-private-network"] == "true"


@pytest.mark.parametrize("code", [201, 400, 403, 409, 413])
def test_a_page_reads_every_answer_and_the_headers_of_the_mock(caller: Caller, code: int) -> None:
    received = caller.send("POST", INVITES, {}, PAGE | {"Prefer": f"code={code}"})
    assert received.headers["access-control-allow-origin"] == "https://app.example"
    assert received.headers["access-control-allow-credentials"] == "true"
    exposed = received.headers["access-control-expose-headers"].split(", ")
    assert {"Mock-Request-Id", "Mock-Outcome"} <= set(exposed)


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


def test_the_contracts_answer_to_any_host(caller: Caller) -> None:
    assert caller.invite(Host="mock.internal.example").status == 201


def test_with_a_control_token_only_its_bearer_is_admitted(mock_with: Start) -> None:
    with mock_with("--host", "0.0.0.0", "--control-token", "a secret") as caller:
        for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "a secret"}):
            received = caller.send("GET", "/_mock/health", headers=headers)
            assert (received.status, received.code) == (401, "Control.Unauthorized")
            assert received.headers["www-authenticate"] == "Bearer"
        bearer = {"Authorization": "Bearer a secret"}
        assert caller.send("GET", "/_mock/health", headers=bearer | {"Host": "mock.internal.example"}).status == 200
        assert caller.send("GET", "/_mock/health", headers=bearer | PAGE).status == 403


def test_without_control_there_is_no_control_api(mock_with: Start) -> None:
    with mock_with("--host", "0.0.0.0", "--no-control") as caller:
        assert caller.send("GET", "/_mock/health").status == 404
        assert caller.send("GET", "/docs/control").status == 404
        assert caller.invite_family("fml_complete").status == 200


def test_a_mock_on_ipv6_answers_there(mock_with: Start) -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("this machine has no IPv6 loopback address")
    with mock_with("--host", "::1") as caller:
        assert caller.send("GET", "/_mock/health").status == 200


def test_a_page_can_read_that_its_world_s_name_is_invalid(caller: Caller) -> None:
    for path, content_type in (
        (INVITES, "application/problem+json"),
        ("/v1/families/fml_complete/invite", "application/json"),
    ):
        received = caller.in_world("Bad_Name").send("POST", path, {}, {"Origin": "https://shop.example"})
        assert (received.status, received.headers["content-type"]) == (400, content_type)
        assert received.headers["access-control-allow-origin"] == "https://shop.example"
    preflight = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    assert caller.in_world("Bad_Name").send("OPTIONS", INVITES, None, preflight).status == 200


def test_the_name_of_the_bearer_scheme_is_case_insensitive(mock_with: Start) -> None:
    with mock_with("--control-token", "s3cret") as caller:
        for scheme, status in (("Bearer", 200), ("bearer", 200), ("Basic", 401), ("Bearerer", 401), ("", 401)):
            headers = {"Authorization": f"{scheme} s3cret"}
            assert caller.send("GET", "/_mock/worlds", None, headers).status == status

"""Pages of every origin may call the contracts; every answer has an id and an outcome, and none is a 5xx."""

import socket
from collections.abc import Callable
from contextlib import AbstractContextManager
from urllib.parse import urlsplit

import pytest
from invite_mock.contracts.client_invites import rules as client_rules
from invite_mock.contracts.family_invites import rules as family_rules
from mock.conftest import ADMIN, INVITES, PAGE, PREFLIGHT, Caller
from mock.in_process import mock_in_process
from mock.oracle import Oracle, Received

Start = Callable[..., AbstractContextManager[Caller]]


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


def test_the_contracts_answer_to_any_host(caller: Caller) -> None:
    assert caller.invite(Host="mock.internal.example").status == 201


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


def test_every_answer_has_a_request_id_of_its_own_and_an_outcome(caller: Caller) -> None:
    answers = [caller.invite(), caller.invite(), caller.send("GET", INVITES), caller.send("GET", "/nowhere")]
    assert len({one.headers["mock-request-id"] for one in answers}) == 4
    assert [one.outcome for one in answers] == ["natural", "natural", "unmatched", "unmatched"]


class _AnyAnswer(Oracle):
    """Accepts every answer: no document has a 500."""

    def check(self, method: str, path: str, received: Received) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("path", "media_type", "status"),
    [
        (INVITES, "application/problem+json", "status"),
        ("/v1/families/fml_complete/invite", "application/json", "statusCode"),
    ],
)
def test_a_failure_of_the_mock_has_the_shape_of_the_path_s_contract(
    monkeypatch: pytest.MonkeyPatch, path: str, media_type: str, status: str
) -> None:
    monkeypatch.setattr(client_rules, "create_client_invite", lambda *_, **__: 1 / 0)
    monkeypatch.setattr(family_rules, "invite_family", lambda *_, **__: 1 / 0)
    with mock_in_process(_AnyAnswer()) as mock:
        received = mock.send("POST", path, {"email": "a@b.example", "role": "Member"}, ADMIN)
    assert (received.status, received.headers["content-type"], received.json[status]) == (500, media_type, 500)


@pytest.mark.parametrize(
    "start",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST " + INVITES.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{}",
        b"POST /clients/%zz%/invites HTTP/1.0\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n",
        b"GET /_mock/health HTTP/1.1\r\nHost: a[b]:x\xff\r\nConnection: close\r\n\r\n",
    ],
)
def test_malformed_http_is_never_a_server_error(base_url: str, caller: Caller, start: bytes) -> None:
    address = urlsplit(base_url)
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as connection:
        connection.sendall(start)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert not answer or answer.split()[1][:1] in b"234", answer
    assert caller.invite().status == 201

"""A request whose body did not arrive whole is answered by nothing and changes nothing."""

import socket
from urllib.parse import urlsplit

import pytest
from mock.conftest import ADMIN, INVITES, Caller
from mock.in_process import DISCONNECT, Message, mock_in_process, piece
from mock.oracle import Oracle

FAMILY = "/v1/families/fml_complete/invite"
JSON = {"Content-Type": "application/json"}
VALID = b'{"email":"new@acme.example","role":"Member"}'


@pytest.mark.parametrize("path", [INVITES, FAMILY])
@pytest.mark.parametrize(
    ("headers", "pieces"),
    [
        pytest.param({"Content-Length": "60"}, [], id="60 bytes announced and none sent"),
        pytest.param({"Content-Length": "60"}, [piece(VALID)], id="cut after valid JSON"),
        pytest.param({"Content-Length": "60"}, [piece(VALID[:9])], id="cut inside JSON"),
        pytest.param({"Transfer-Encoding": "chunked"}, [piece(VALID)], id="chunked, without its end"),
        pytest.param({"Transfer-Encoding": "chunked"}, [piece(b"x" * 2**20), piece(b"x")], id="cut and too large"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"Origin": "https://app.example"}, {"Prefer": "code=409"}])
def test_a_half_received_request_is_answered_by_nothing_and_changes_nothing(
    oracle: Oracle, path: str, headers: dict[str, str], pieces: list[Message], more: dict[str, str]
) -> None:
    with mock_in_process(oracle) as mock:
        before = mock.state()
        assert mock.send_pieces("POST", path, [*pieces, DISCONNECT], ADMIN | JSON | headers | more) is None
        assert mock.state() == before
        assert mock.send("POST", INVITES, VALID, ADMIN).status == 201


def test_a_half_received_control_call_changes_nothing(oracle: Oracle) -> None:
    with mock_in_process(oracle) as mock:
        assert mock.send_pieces("POST", "/_mock/worlds", [piece(b'{"name":"x"}'), DISCONNECT], JSON) is None
        assert [one["name"] for one in mock.send("GET", "/_mock/worlds").json["worlds"]] == ["main"]


def test_a_seeded_world_counts_no_half_received_request(oracle: Oracle) -> None:
    ids = []
    for interrupted in (False, True):
        with mock_in_process(oracle) as mock:
            mock.send("POST", "/_mock/worlds", {"name": "seeded", "seed": 7})
            if interrupted:
                assert mock.send_pieces("POST", f"/@seeded{INVITES}", [piece(VALID), DISCONNECT], ADMIN | JSON) is None
            ids.append(mock.send("POST", f"/@seeded{INVITES}", VALID, ADMIN).headers["mock-request-id"])
    assert ids[0] == ids[1]


def test_a_client_that_hangs_up_in_its_body_invites_nobody(base_url: str, caller: Caller) -> None:
    before = caller.state()
    address = urlsplit(base_url)
    head = f"POST /@{caller.world}{FAMILY} HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n"
    with socket.create_connection((str(address.hostname), int(address.port or 0)), timeout=10) as connection:
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert connection.recv(65536) == b""
    assert caller.state() == before

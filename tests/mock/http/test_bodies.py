"""Bodies: sizes, depths, encodings, strict JSON; and half a body, which is answered by nothing and changes nothing.

Several of these are gaps of connexion 3.3, which answers 400 to an empty optional body and to a chunked one, and 500 to
bad UTF-8 and to deep nesting.
"""

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


MIB = 1024 * 1024


def message(caller: Caller, body: bytes) -> str:
    """What the mock says of a body that is no JSON, the same by both contracts."""
    received = caller.send("POST", INVITES, body, ADMIN | JSON)
    assert (received.status, received.code) == (400, "Request.Invalid")
    family = caller.send("POST", "/v1/families/fml_complete/invite", body, JSON)
    assert family.status == 400
    said = str(received.json["errors"][0]["message"])
    assert any(said in line for line in family.json["messages"])
    return said


def padded(size: int) -> bytes:
    start = b'{"email":"new@acme.example","role":"Member","x":"'
    return start + b"x" * (size - len(start) - 2) + b'"}'


def test_a_body_of_one_mebibyte_is_read(caller: Caller) -> None:
    assert caller.send("POST", INVITES, padded(MIB), ADMIN | JSON).status == 201


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite"])
def test_a_larger_body_is_too_large(caller: Caller, path: str, chunked: bool) -> None:
    received = caller.send("POST", path, padded(MIB + 1), ADMIN | JSON, chunked=chunked)
    assert received.status == 413
    assert "1,048,576 bytes" in str(received.json)


def test_a_hundred_levels_are_read_and_one_more_is_refused(caller: Caller) -> None:
    def nested(levels: int) -> bytes:
        inner = b"[" * (levels - 1) + b"]" * (levels - 1)
        return b'{"email":"new@acme.example","role":"Member","x":' + inner + b"}"

    assert caller.send("POST", INVITES, nested(100), ADMIN | JSON).status == 201
    assert "deeper than 100 levels" in message(caller, nested(101))
    assert "deeper than 100 levels" in message(caller, b"[" * 100_000)
    assert "deeper than 100 levels" in message(caller, b'{"a":' * 100_000)


def test_a_hundred_levels_are_read_among_any_number_of_brackets(caller: Caller) -> None:
    deep, one_more = (b"[" * levels + b"]" * levels for levels in (99, 100))
    body = b'{"email":"new@acme.example","role":"Member","x":%s,"y":[[],[],[]]}'
    assert caller.send("POST", INVITES, body % deep, ADMIN | JSON).status == 201
    assert "deeper than 100 levels" in message(caller, body % one_more)


def test_brackets_in_a_string_are_not_levels(caller: Caller) -> None:
    body = {"email": "new@acme.example", "role": "Member", "x": '[{\\"' * 500}
    assert caller.send("POST", INVITES, body, ADMIN).status == 201


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"email":"\xff\xfe"}', "is not JSON"),
        (b'\xef\xbb\xbf{"email":"a@b.example"}', "BOM"),
        (b'{"email":"a@b.example","email":"c@d.example"}', 'gives the key "email" twice'),
        (b'{"role":{"a":1,"\\u0061":2}}', 'gives the key "a" twice'),
        (b'{"role":NaN}', "is not JSON"),
        (b'{"role":-Infinity}', "is not JSON"),
        (b'{"role":1e999}', "infinity"),
        (b'{"role":"\\ud800"}', "surrogate"),
        (b'{"role":"Member"} x', "unexpected content after document"),
        (b'{"role":"Member",}', "trailing comma"),
        (b"{'role':1}", "is not JSON"),
    ],
)
def test_what_is_not_strict_json_is_malformed(caller: Caller, body: bytes, reason: str) -> None:
    assert reason in message(caller, body)


def test_a_chunked_body_is_read(caller: Caller) -> None:
    body = {"email": "new@acme.example", "role": "Member"}
    assert caller.send("POST", INVITES, body, ADMIN, chunked=True).status == 201

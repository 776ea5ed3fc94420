"""What no contract names: sizes, depths, encodings, paths and methods.

Never a 5xx, always an answer that explains itself. Several of these are gaps of connexion 3.3, which answers 400 to an
empty optional body and to a chunked one, and 500 to bad UTF-8 and to deep nesting.
"""

import socket
from urllib.parse import urlsplit

import pytest
from mock.conftest import ADMIN, INVITES, Caller

JSON = {"Content-Type": "application/json"}
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


def test_a_charset_that_is_utf_8_is_fine_and_another_is_not(caller: Caller) -> None:
    body = b'{"email":"new@acme.example","role":"Member"}'
    utf_16 = {"Content-Type": "application/json; charset=utf-16"}
    assert "charset utf-16" in str(caller.send("POST", INVITES, body, ADMIN | utf_16).json["errors"])
    utf_8 = {"Content-Type": 'Application/JSON ; Charset="UTF-8"'}
    assert caller.send("POST", INVITES, body, ADMIN | utf_8).status == 201


def test_a_content_encoding_is_refused_by_name(caller: Caller) -> None:
    received = caller.send("POST", INVITES, b"\x1f\x8b", ADMIN | JSON | {"Content-Encoding": "gzip"})
    assert received.status == 400
    assert "Content-Encoding gzip" in received.json["errors"][0]["message"]


def test_a_message_does_not_repeat_a_long_value(caller: Caller) -> None:
    received = caller.invite("x" * 100_000)
    assert received.status == 400
    assert len(received.content) < 2_000


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("/clients", "POST /clients/{clientId}/invites"),
        (f"{INVITES}/", "POST /clients/{clientId}/invites"),
        ("/v1/families/fml_complete", "POST /v1/families/{id}/invite"),
        ("/nothing/like/it", "POST /clients/{clientId}/invites, POST /v1/families/{id}/invite"),
        ("//", "POST /clients/{clientId}/invites, POST /v1/families/{id}/invite"),
    ],
)
def test_an_unknown_path_is_not_found_and_the_answer_lists_the_routes(caller: Caller, path: str, routes: str) -> None:
    received = caller.send("POST", path, {})
    assert (received.status, received.outcome) == (404, "unmatched")
    assert f"The paths are: {routes}." in str(received.json)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite"])
def test_another_method_is_not_allowed_and_the_answer_says_which_are(caller: Caller, path: str, method: str) -> None:
    received = caller.send(method, path)
    assert received.status == 405
    assert received.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite"])
def test_options_says_which_methods_there_are(caller: Caller, path: str) -> None:
    received = caller.send("OPTIONS", path)
    assert (received.status, received.headers["allow"], received.content) == (204, "OPTIONS, POST", b"")


def test_every_answer_has_a_request_id_of_its_own_and_an_outcome(caller: Caller) -> None:
    answers = [caller.invite(), caller.invite(), caller.send("GET", INVITES), caller.send("GET", "/nowhere")]
    assert len({one.headers["mock-request-id"] for one in answers}) == 4
    assert [one.outcome for one in answers] == ["natural", "natural", "natural", "unmatched"]


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

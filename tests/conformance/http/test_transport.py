"""How a request is written."""

import socket

import pytest
from conformance.http.answering import HEAD, OK, answering, post
from conformance.http.raw_server import serving
from invite_conformance.http.deadline import Deadline
from invite_conformance.http.errors import (
    TransportError,
)
from invite_conformance.http.response import Response
from invite_conformance.http.route import Route


def test_a_request_goes_below_the_base_url_and_no_redirect_is_followed() -> None:
    redirect = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    with answering(redirect, prefix="/base/") as (transport, server):
        assert post(transport).status == 302
        post(transport)
        assert all(request.startswith(b"POST /base/invites HTTP/1.1\r\n") for request in server.requests)
        assert len(server.requests) == 2
        assert b"cookie" not in server.requests[1].lower()


def test_a_response_keeps_its_headers_in_order_with_names_in_lower_case() -> None:
    with answering(
        HEAD + b"X-B: 1\r\nx-a: \xe9\r\nX-B: 2\r\nContent-Type: Text/JSON; x\r\nContent-Length: 0\r\n\r\n"
    ) as (
        transport,
        _,
    ):
        response = post(transport)
    assert 0 < response.elapsed < 5
    assert response.headers[:3] == (("x-b", "1"), ("x-a", "é"), ("x-b", "2"))
    assert (response.header("x-b"), response.header("x-c")) == ("1, 2", "")
    assert (response.media_type, response.status_line) == ("text/json", "200 OK")
    assert Response(299, (), b"", 0).status_line == "299"


@pytest.mark.parametrize(
    ("method", "body", "lines"),
    [
        ("POST", b"{}", [b"Content-Length: 2"]),
        ("POST", b"", [b"Content-Length: 0"]),
        ("POST", None, [b"Content-Length: 0"]),
        ("GET", None, []),
        ("DELETE", b"{}", [b"Content-Length: 2"]),
    ],
)
def test_the_framing_of_a_request(method: str, body: bytes | None, lines: list[bytes]) -> None:
    with answering(OK) as (transport, server):
        transport.send(method, "/", {}, body)
        head = server.requests[0].partition(b"\r\n\r\n")[0].split(b"\r\n")
        assert [line for line in head if line.lower().startswith((b"content-length", b"transfer-encoding"))] == lines
        assert f"Host: 127.0.0.1:{server.port}".encode() in head


def test_header_names_and_values_are_sent_as_given() -> None:
    with answering(OK) as (transport, server):
        transport.send("POST", "/", {"x-KEY": "a  b\xe9", "HOST": "other.example"}, b"")
        assert b"\r\nx-KEY: a  b\xe9\r\n" in server.requests[0]
        assert server.requests[0].lower().count(b"host:") == 1
        assert b"HOST: other.example\r\n" in server.requests[0]


@pytest.mark.parametrize(
    ("method", "path", "headers", "named"),
    [
        ("POST", "/", {"x-key": "secret\r\nx-a: b"}, "header 'x-key' has"),
        ("POST", "/", {"x-key": "secret\n"}, "header 'x-key' has"),
        ("POST", "/", {"x-key": "secret€"}, "header 'x-key' has"),
        ("POST", "/", {"x key": "secret"}, "header 'x key' has"),
        ("POST", "/a b", {}, "its method or path has"),
        ("PO ST", "/", {}, "its method or path has"),
        ("POST", "/", {"content-length": "1"}, "Too much data for declared Content-Length"),
    ],
)
def test_what_cannot_be_sent_is_named_without_its_value(
    method: str, path: str, headers: dict[str, str], named: str
) -> None:
    with answering(OK) as (transport, server):
        with pytest.raises(TransportError, match=f"the request was not sent: .*{named}") as raised:
            transport.send(method, path, headers, b"{}")
        assert "secret" not in repr(raised.value.args)
        assert raised.value.__cause__ is None or "secret" not in str(raised.value.__cause__)
        assert server.requests == []


def test_a_long_body_is_sent_whole() -> None:
    body = bytes(range(256)) * 50_000
    with answering(OK) as (transport, server):
        assert post(transport, body).status == 200
        assert server.requests[0].endswith(b"\r\n\r\n" + body)


def test_the_last_bytes_of_a_request_do_not_wait_for_an_acknowledgement() -> None:
    with serving(lambda _: None) as server:
        connection = Route(server.host, server.port, None, None, None).open(Deadline.within(5))
        assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()

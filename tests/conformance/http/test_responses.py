"""What is read as a response, and what is an error instead."""

import socket
import threading

import pytest
from conformance.http.answering import HEAD, OK, answering, post
from conformance.http.raw_server import Peer
from invite_conformance.http.errors import (
    CutShortError,
    TransportError,
)


@pytest.mark.parametrize(
    "before",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nLink: </b>\r\n\r\n",
    ],
    ids=["100", "103", "102 and 103"],
)
def test_1xx_before_the_final_response_is_skipped(before: bytes) -> None:
    def piece_by_piece(peer: Peer) -> None:
        peer.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        peer.request()
        for byte in before + OK:
            peer.send(bytes([byte]))

    for handler in (before + OK, piece_by_piece):
        with answering(handler) as (transport, _):
            response = post(transport)
            assert (response.status, response.body, response.headers) == (200, b"{}", (("content-length", "2"),))


@pytest.mark.parametrize("headers", [{}, {"Connection": "upgrade", "Upgrade": "websocket"}])
def test_101_is_an_error(headers: dict[str, str]) -> None:
    switch = b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    with answering(switch) as (transport, _), pytest.raises(TransportError, match="101 and switches"):
        transport.send("POST", "/", headers, None)


def test_a_response_that_comes_before_the_request_is_read_is_the_response() -> None:
    done = threading.Event()

    def early(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
        done.wait(10)
        peer.closed()

    with answering(early) as (transport, server):
        assert post(transport, b"x" * 16_000_000).status == 413
        done.set()
        # What was not sent must not be followed by the next request.
        assert post(transport, None).status == 413
        assert len(server.connections) == 2


def test_a_response_before_the_connection_is_reset_is_the_response() -> None:
    def early(peer: Peer) -> None:
        peer.sock.recv(100)
        peer.send(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")

    with answering(early) as (transport, _):
        assert post(transport, b"x" * 1_000_000).status == 413


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (HEAD + b"Content-Length: 9\r\n\r\n{}", "status 200 and 2 bytes of the body had arrived"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n{}", "status 200 and 2 bytes"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "status 200 and 2 bytes"),
        (HEAD + b"Content-Len", "the status line 'HTTP/1.1 200 OK"),
        (b"HTT", "only 'HTT' had arrived"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", "the status line 'HTTP/1.1 103 Early Hints"),
    ],
    ids=["length", "chunk", "last chunk", "head", "status line", "1xx only"],
)
def test_a_response_cut_short_is_an_error(response: bytes, error: str) -> None:
    with answering(response) as (transport, _), pytest.raises(CutShortError, match=error):
        post(transport)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (b"SSH-2.0-OpenSSH_9.2 \x1b[31m\xff", r"not HTTP/1\.1; it begins with 'SSH-2\.0-OpenSSH_9\.2 \\x1b\[31m\\xff'"),
        (b"<html>" + b"x" * 1000, r"it begins with '<html>x{94}'$"),
        (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", "not HTTP/1.1"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "not HTTP/1.1"),
        (b"HTTP/1.1 two OK\r\n\r\n", "not valid HTTP/1.1: illegal status line"),
        (HEAD + b"no colon\r\n\r\n", "not valid HTTP/1.1: illegal header line"),
        (HEAD + b"X-A : 1\r\n\r\n", "not valid HTTP/1.1: illegal header line"),
        (HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "conflicting Content-Length"),
        (HEAD + b"Content-Length: two\r\n\r\n{}", "bad Content-Length"),
        (HEAD + b"Transfer-Encoding: gzip\r\n\r\n{}", "Only Transfer-Encoding: chunked"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}", "illegal chunk header"),
        (HEAD + b"X-A: 1\r\n 2\r\nContent-Length: 0\r\n\r\n", "folded"),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + HEAD + b"X-A: 1\r\n\t2\r\n\r\n", "folded"),
        (HEAD + b"X-A: " + b"1" * 200_000 + b"\r\n\r\n", "headers have more than 131072 bytes"),
        (
            HEAD + b"X-A : \x1b" + b"1" * 1000 + b"\r\n\r\n",
            r"illegal header line: bytearray\(b'X-A : \\\\?x1b1{1,200}; it",
        ),
    ],
)
def test_what_is_not_http_is_an_error_that_quotes_it(response: bytes, error: str) -> None:
    def answer(peer: Peer) -> None:
        peer.answer(response)
        peer.closed()  # the client does not wait for the end of what is no HTTP

    with answering(answer) as (transport, _):
        with pytest.raises(TransportError, match=error) as raised:
            post(transport)
        assert str(raised.value).isprintable()
        assert str(raised.value).isascii()
        assert len(str(raised.value)) < 500


def test_headers_that_look_folded_only_in_the_body_are_not() -> None:
    with answering(HEAD + b"Content-Length: 4\r\n\r\n{\n }") as (transport, _):
        assert post(transport).body == b"{\n }"


@pytest.mark.parametrize(
    ("response", "body"),
    [
        (b"HTTP/1.0 200 OK\r\n\r\n{}", b"{}"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"{}"),
        (HEAD + b"\r\n{}", b"{}"),
        (HEAD + b"Connection: close\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 200\r\n\r\n{}", b"{}"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1;x=y\r\n}\r\n0\r\n\r\n", b"{}"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", b"{}"),
    ],
    ids=["1.0", "1.0 length", "to the end", "close", "no phrase", "204", "chunks", "trailers"],
)
def test_every_framing_of_a_body(response: bytes, body: bytes) -> None:
    with answering(response) as (transport, server):
        assert [post(transport).body for _ in range(2)] == [body, body]
        assert len(server.requests) == 2


def test_a_response_to_head_has_no_body() -> None:
    with answering(lambda peer: peer.answer(HEAD + b"Content-Length: 2\r\n\r\n", OK)) as (transport, server):
        assert transport.send("HEAD", "/", {}, None).body == b""
        assert post(transport).body == b"{}"
        assert len(server.connections) == 1


def test_a_body_to_the_end_of_a_connection_that_is_reset_is_cut_short() -> None:
    reset_now = b"\1\0\0\0\0\0\0\0"  # struct linger: on, 0 seconds

    def reset(peer: Peer) -> None:
        peer.answer(HEAD + b"\r\n{}")
        peer.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset_now)

    with answering(reset) as (transport, _), pytest.raises(CutShortError, match="the server reset the connection"):
        post(transport)


def test_more_than_16_mib_is_an_error() -> None:
    def endless(peer: Peer) -> None:
        peer.answer(HEAD + b"\r\n")
        while True:
            peer.send(b"x" * 65536)

    with answering(endless) as (transport, _), pytest.raises(TransportError, match="more than 16777216 bytes"):
        post(transport)

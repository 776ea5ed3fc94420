import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from conformance.http.raw_server import Handler, Peer, RawServer, serving
from invite_conformance.http.connection import Connection
from invite_conformance.http.deadline import Deadline
from invite_conformance.http.errors import (
    CutShortError,
    HungUpError,
    RefusedError,
    TimedOutError,
    TransportError,
)
from invite_conformance.http.response import Response
from invite_conformance.http.route import Route
from invite_conformance.http.transport import Transport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
HEAD = b"HTTP/1.1 200 OK\r\n"


@contextmanager
def answering(
    handler: Handler | bytes, *, timeout: float = 5, prefix: str = ""
) -> Iterator[tuple[Transport, RawServer]]:
    """A transport to a server; bytes are its response to one request on each connection."""
    with serving((lambda peer: peer.answer(handler)) if isinstance(handler, bytes) else handler) as server:
        transport = Transport(server.url + prefix, timeout=timeout, proxies={})
        try:
            yield transport, server
        finally:
            transport.close()


def post(transport: Transport, body: bytes | None = b"{}") -> Response:
    return transport.send("POST", "/invites", {}, body)


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


def drip(*parts: bytes) -> Callable[[Peer], None]:
    """A handler that sends the first part, then the others again and again, one each 50 ms."""

    def handler(peer: Peer) -> None:
        peer.request()
        peer.send(parts[0])
        for _ in range(100):
            for part in parts[1:]:
                time.sleep(0.05)
                peer.send(part)

    return handler


@pytest.mark.parametrize(
    ("handler", "arrived"),
    [
        (Peer.closed, r"nothing had arrived"),
        (drip(b"HTTP/1.1 2", b"0"), r"only 'HTTP/1.1 2.*' had arrived"),
        (drip(HEAD, b"X-A: 1\r\n"), r"the status line 'HTTP/1.1 200 OK\\r' had arrived"),
        (drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"), r"the status line 'HTTP/1.1 103 Early Hints\\r' had arrived"),
        (drip(HEAD + b"Content-Length: 100\r\n\r\n", b"{"), r"the status 200 and \d bytes of the body had arrived"),
        (drip(HEAD + b"\r\n", b"{"), r"the status 200 and \d bytes of the body had arrived"),
        (
            drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n{\r\n"),
            r"the status 200 and \d bytes of the body had arrived",
        ),
    ],
    ids=["nothing", "status line", "headers", "1xx", "body", "body to the end", "chunks"],
)
def test_what_drips_ends_with_the_deadline(handler: Handler, arrived: str) -> None:
    with answering(handler, timeout=0.3) as (transport, _):
        begun = time.monotonic()
        question = "are host and port of base_url right, and is" if handler is Peer.closed else "is"
        said = rf"^POST /invites: no whole response within 0\.3 s \({arrived}\); {question} `timeout` long enough\?$"
        with pytest.raises(TimedOutError, match=said):
            post(transport)
        assert 0.3 <= time.monotonic() - begun < 0.9  # room for a busy machine


def test_a_server_that_does_not_read_ends_with_the_deadline() -> None:
    done = threading.Event()
    with answering(lambda _: done.wait(10), timeout=0.3) as (transport, _):
        with pytest.raises(
            TimedOutError, match=r"\(nothing had arrived, \d+ of 16000\d{3} bytes of the request were sent"
        ):
            post(transport, b"x" * 16_000_000)
        done.set()


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


def test_a_connection_that_is_not_accepted_ends_with_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        port = listening.getsockname()[1]
        # Fill the queue of connections that wait to be accepted, so that the next one gets no answer at all.
        waiting = [socket.create_connection(("127.0.0.1", port))]
        with pytest.raises(TimedOutError, match=rf"no connection to 127\.0\.0\.1:{port} within 0\.2 s; .* `timeout`"):
            Transport(f"http://127.0.0.1:{port}", timeout=0.2, proxies={}).send("POST", "/", {}, None)
        waiting[0].close()


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


def test_connections_are_kept_for_the_next_request() -> None:
    with answering(lambda peer: peer.answer(OK, OK, OK)) as (transport, server):
        assert [post(transport).status for _ in range(3)] == [200, 200, 200]
        assert len(server.connections) == 1


def test_a_connection_that_was_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("invite_conformance.http.kept_connections._IDLE_SECONDS", 0)
    with answering(lambda peer: peer.answer(OK, OK)) as (transport, server):
        assert [post(transport).status for _ in range(2)] == [200, 200]
        assert len(server.connections) == 2


def test_a_connection_that_the_server_closed_while_idle_is_replaced() -> None:
    closing = threading.Event()

    def two_each(peer: Peer) -> None:
        peer.answer(OK, OK)
        peer.sock.shutdown(socket.SHUT_WR)
        closing.set()
        peer.closed()

    with answering(two_each) as (transport, server):
        assert [post(transport).status for _ in range(2)] == [200, 200]
        assert closing.wait(10)
        assert [post(transport).status for _ in range(2)] == [200, 200]
        assert (len(server.connections), len(server.requests)) == (3, 4)


def test_a_server_is_given_time_to_close_before_the_first_connection_is_used_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits: list[float] = []
    silent = Connection.silent

    def noted(connection: Connection, seconds: float) -> bool:
        waits.append(seconds)
        return silent(connection, seconds)

    monkeypatch.setattr(Connection, "silent", noted)
    with answering(lambda peer: peer.answer(OK, OK, OK)) as (transport, _):
        for _ in range(3):
            post(transport)
    assert waits == [0.02, 0]


def test_no_connections_are_kept_after_one_was_closed_in_use() -> None:
    answers = [[OK, OK], [OK, b""]]
    with answering(lambda peer: peer.answer(*answers.pop() if answers else [OK, OK])) as (transport, server):
        post(transport)
        with pytest.raises(HungUpError):
            post(transport)
        assert [post(transport).status for _ in range(3)] == [200] * 3
        assert len(server.connections) == 4


def test_a_server_that_closes_after_each_response_gets_new_connections() -> None:
    with answering(OK) as (transport, server):
        assert [post(transport).status for _ in range(20)] == [200] * 20
        assert len(server.connections) == len(server.requests) == 20


def test_bytes_behind_a_response_are_not_taken_for_the_next_one() -> None:
    with answering(lambda peer: peer.answer(OK + b"HTTP/1.1 500 Smuggled\r\n\r\n", OK)) as (transport, server):
        assert [post(transport).status for _ in range(2)] == [200, 200]
        assert len(server.connections) == 2


@pytest.mark.parametrize("kept", [False, True], ids=["new connection", "kept connection"])
def test_a_request_is_not_sent_again_after_it_was_sent(kept: bool) -> None:
    def hang_up(peer: Peer) -> None:
        if kept:
            peer.answer(OK)
        peer.request()

    with answering(hang_up) as (transport, server):
        if kept:
            post(transport)
        with pytest.raises(
            HungUpError, match=r"before any byte of a response; (if .*; )?the request is not sent again"
        ):
            post(transport)
        assert len(server.requests) == (2 if kept else 1)
        assert len(server.connections) == 1


def test_a_request_of_which_no_byte_was_written_is_sent_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(lambda peer: peer.answer(OK, OK)) as (transport, server):
        post(transport)
        # The race with a server that closes its end cannot be arranged.
        [(connection, _)] = transport._kept._idle  # noqa: SLF001
        # The client's own end is shut for writing, so that the first write fails as it does after a reset.
        connection.sock.shutdown(socket.SHUT_WR)
        monkeypatch.setattr(type(connection), "silent", lambda *_: True)
        assert post(transport).status == 200
        assert (len(server.connections), len(server.requests)) == (2, 2)


def test_a_hang_up_of_a_server_that_never_answered_suggests_https() -> None:
    with (
        answering(Peer.request) as (transport, _),
        pytest.raises(
            HungUpError,
            match=r"any byte of a response; if the server speaks TLS, begin base_url with https; the request",
        ),
    ):
        post(transport)
    answers = [b"", OK]
    with answering(lambda peer: peer.answer(answers.pop())) as (transport, _):
        post(transport)
        with pytest.raises(HungUpError) as raised:
            post(transport)
        assert "https" not in str(raised.value)


def test_a_port_without_a_server_is_an_error_after_the_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    transport = Transport(f"http://127.0.0.1:{port}", connect_retries=6, proxies={})
    with pytest.raises(RefusedError, match=rf"POST /invites: no connection to 127.0.0.1:{port}: connection refused"):
        post(transport)
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 5]


def test_connecting_is_repeated_until_the_server_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as later:
        later.bind(("127.0.0.1", 0))
        port = later.getsockname()[1]
        waits: list[float] = []

        def wait(seconds: float) -> None:
            waits.append(seconds)
            later.listen()

        monkeypatch.setattr(time, "sleep", wait)
        transport = Transport(f"http://127.0.0.1:{port}", timeout=0.2, connect_retries=3, proxies={})
        with pytest.raises(TimedOutError, match="no whole response"):
            post(transport)
        assert waits == [0.2]


def test_a_host_that_cannot_be_resolved_is_an_error() -> None:
    with pytest.raises(TransportError, match=r"the host name 'nowhere\.invalid' cannot be resolved.*is base_url right"):
        post(Transport("http://nowhere.invalid", proxies={}))


def test_a_resolver_that_does_not_answer_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(10) and [])
    with pytest.raises(TimedOutError, match=r"no connection to slow\.example:80 within 0\.1 s"):
        post(Transport("http://slow.example", timeout=0.1, proxies={}))
    done.set()


def test_the_next_address_is_tried_where_one_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(OK) as (_, server), socket.create_server(("127.0.0.1", 0), backlog=0) as silent:
        addresses = [silent.getsockname(), ("127.0.0.1", server.port)]
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, 1, 6, "", one) for one in addresses]
        )
        with socket.create_connection(addresses[0]):
            two = Transport(f"http://two.example:{server.port}", timeout=0.4, proxies={})
            assert post(two).status == 200
            two.close()


def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with serving(lambda peer: peer.answer(OK), host="::1") as server:
        transport = Transport(server.url, proxies={})
        assert post(transport).status == 200
        assert f"\r\nHost: [::1]:{server.port}\r\n".encode() in server.requests[0]
        transport.close()


def test_threads_share_a_transport() -> None:
    with answering(lambda peer: peer.answer(*[OK] * 50)) as (transport, server):
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.extend(post(transport).status for _ in range(20)))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert statuses == [200] * 80
        assert len(server.requests) == 80
        assert len(server.connections) <= 8

"""Nothing takes longer than the timeout, whatever a server or a resolver does not do."""

import socket
import threading
import time
from collections.abc import Callable

import pytest
from conformance.http.answering import HEAD, answering, post
from conformance.http.raw_server import Handler, Peer
from invite_conformance.http.errors import (
    TimedOutError,
)
from invite_conformance.http.transport import Transport


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


def test_a_connection_that_is_not_accepted_ends_with_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listening:
        port = listening.getsockname()[1]
        # Fill the queue of connections that wait to be accepted, so that the next one gets no answer at all.
        waiting = [socket.create_connection(("127.0.0.1", port))]
        with pytest.raises(TimedOutError, match=rf"no connection to 127\.0\.0\.1:{port} within 0\.2 s; .* `timeout`"):
            Transport(f"http://127.0.0.1:{port}", timeout=0.2, proxies={}).send("POST", "/", {}, None)
        waiting[0].close()


def test_a_resolver_that_does_not_answer_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(10) and [])
    with pytest.raises(TimedOutError, match=r"no connection to slow\.example:80 within 0\.1 s"):
        post(Transport("http://slow.example", timeout=0.1, proxies={}))
    done.set()

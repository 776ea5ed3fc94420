import queue
import re
import socket
import ssl
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import trustme
from conformance.http.raw_server import Peer, serving
from invite_conformance.http.errors import HungUpError, RefusedError, TimedOutError, TransportError
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response
from invite_conformance.http.tls import TlsFiles
from invite_conformance.http.transport import Transport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
COUNT = 8


def requests(body: bytes | None) -> list[Request]:
    """Requests of one length."""
    return [Request("POST", f"/{number}", {"x-key": "k"}, body) for number in range(COUNT)]


class Gate:
    """A server that looks what has arrived of each request when the client is about to send the last bytes."""

    def __init__(self) -> None:
        self.size = 0
        """Bytes of one request; until it is known, requests are answered as they come."""
        self.whole: list[bytes] = []
        self._waiting: queue.Queue[Peer] = queue.Queue()
        self._open = threading.Event()

    def handle(self, peer: Peer) -> None:
        if not self.size:
            peer.answer(OK)
            return
        received = b""
        while len(received) < self.size - 1:
            received += peer.sock.recv(self.size - 1 - len(received))
        self._waiting.put(peer)
        assert self._open.wait(10)
        last = peer.sock.recv(2)
        self.whole.append(received + last)
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + re.findall(rb"/(\d) ", received)[0])

    def look(self, _: float) -> None:
        """Stands in for the client's pause: each connection comes to have all but the last byte, and none has more."""
        peers = [self._waiting.get(timeout=10) for _ in range(COUNT)]
        for peer in peers:
            peer.sock.setblocking(False)
            with pytest.raises((BlockingIOError, ssl.SSLWantReadError)):
                peer.sock.recv(1)
            peer.sock.settimeout(10)
        self._open.set()


@pytest.mark.parametrize("body", [None, b"", b"{}", b"x" * 1_000_000], ids=["none", "empty", "short", "long"])
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_no_request_is_whole_before_all_but_the_last_byte_of_each_has_arrived(
    body: bytes | None, secure: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if secure else None
    if context:
        authority.issue_cert("127.0.0.1").configure_cert(context)
    gate = Gate()
    with serving(gate.handle, tls=context) as server:
        transport = Transport(server.url, tls_files=TlsFiles(tmp_path / "ca.pem"), proxies={})
        one = requests(body)[0]
        transport.send(one.method, one.path, one.headers, one.body)
        gate.size = len(server.requests[0])
        monkeypatch.setattr(time, "sleep", gate.look)
        results = transport.send_together(requests(body))
        transport.close()
    assert [result.body for result in results if isinstance(result, Response)] == [b"%d" % one for one in range(COUNT)]
    assert sorted(gate.whole) == [server.requests[0].replace(b"/0", b"/%d" % one) for one in range(COUNT)]


def test_each_request_has_a_result_of_its_own() -> None:
    def handle(peer: Peer) -> None:
        head = peer.sock.recv(7)
        if head == b"POST /1":
            peer.send(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")  # before the request is whole
            return
        peer.request()
        if head == b"POST /3":
            peer.closed()
        elif head != b"POST /2":
            peer.send(OK)

    with serving(handle) as server, closing(Transport(server.url, timeout=0.5, proxies={})) as transport:
        results = transport.send_together(requests(b"{}"))
        kinds = [one.status if isinstance(one, Response) else type(one) for one in results]
        assert kinds == [200, 401, HungUpError, TimedOutError, 200, 200, 200, 200]
        assert str(results[3]).startswith("POST /3: no whole response within 0.5 s (nothing had arrived); are host")
        assert len(server.connections) == COUNT


def test_the_last_bytes_are_not_sent_if_one_request_cannot_be_sent_so_far() -> None:
    done = threading.Event()

    def handle(peer: Peer) -> None:
        if peer.sock.recv(7) == b"POST /1":
            done.wait(10)
        peer.request()

    given = [Request("POST", "/0", {}, b"{}"), Request("POST", "/1", {}, b"x" * 16_000_000)]
    with serving(handle) as server, closing(Transport(server.url, timeout=0.3, proxies={})) as transport:
        results = transport.send_together(given)
        assert [type(one) for one in results] == [TimedOutError, TimedOutError]
        assert re.search(r"\(nothing had arrived, \d+ of \d+ bytes of the request were sent\)", str(results[0]))
        done.set()
    assert server.requests == []


def test_connections_that_cannot_be_made_are_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with closing(Transport(f"http://127.0.0.1:{port}", proxies={})) as transport, pytest.raises(RefusedError):
        transport.send_together(requests(b"{}"))


@pytest.mark.parametrize("headers", [{"x-key": "a\nb"}, {"Content-Length": "3"}])
def test_nothing_is_sent_if_one_request_cannot_be_sent_at_all(headers: dict[str, str]) -> None:
    given = [Request("POST", "/0", {}, b"{}"), Request("POST", "/1", headers, b"{}")]
    with (
        serving(Peer.request) as server,
        closing(Transport(server.url, proxies={})) as transport,
        pytest.raises(TransportError, match=r"^POST /1: the request was not sent"),
    ):
        transport.send_together(given)
    assert server.requests == []

import base64
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import trustme
from conformance.http.raw_server import Handler, Peer, RawServer, serving
from invite_conformance.http.errors import RefusedError, TransportError
from invite_conformance.http.proxy import proxy_for
from invite_conformance.http.tls import TlsFiles
from invite_conformance.http.transport import Transport

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
WITH_USER = "http://ad%40min:pass%2Fword@127.0.0.1"
CREDENTIALS = "Basic " + base64.b64encode(b"ad@min:pass/word").decode()


def answer(peer: Peer) -> None:
    peer.answer(OK, OK)


def answering(status: bytes) -> Handler:
    """A handler that answers one request with that status."""
    return lambda peer: peer.answer(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")


def tunnel(peer: Peer) -> None:
    """A proxy that opens the tunnel that it is asked for."""
    host, _, port = peer.request().split(b" ")[1].decode().rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as onward:
        peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

        def pump(source: socket.socket, sink: socket.socket) -> None:
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)

        back = threading.Thread(target=pump, args=(onward, peer.sock))
        back.start()
        pump(peer.sock, onward)
        back.join()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def files(authority: trustme.CA, tmp_path: Path) -> TlsFiles:
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return TlsFiles(tmp_path / "ca.pem")


@contextmanager
def serving_tls(authority: trustme.CA) -> Iterator[RawServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with serving(answer, tls=context) as server:
        yield server


def statuses(url: str, proxies: dict[str, str] | None, files: TlsFiles | None = None, count: int = 1) -> list[int]:
    with closing(Transport(url, timeout=5, tls_files=files, proxies=proxies)) as transport:
        return [transport.send("POST", "/invites", {"x-key": "k"}, b"{}").status for _ in range(count)]


def test_a_proxy_for_http_is_given_the_whole_url() -> None:
    with serving(answer) as proxy:
        proxies = {"http": f"{WITH_USER}:{proxy.port}/"}
        assert statuses("http://server.example:8080/base", proxies, count=2) == [200, 200]
        assert len(proxy.connections) == 1
        for request in proxy.requests:
            lines = request.partition(b"\r\n\r\n")[0].decode().split("\r\n")
            assert lines[0] == "POST http://server.example:8080/base/invites HTTP/1.1"
            assert {"Host: server.example:8080", f"Proxy-Authorization: {CREDENTIALS}", "x-key: k"} <= set(lines)


def test_a_proxy_for_https_opens_a_tunnel(authority: trustme.CA, files: TlsFiles) -> None:
    with serving_tls(authority) as server, serving(tunnel) as proxy:
        assert statuses(server.url, {"https": f"{WITH_USER}:{proxy.port}"}, files, count=2) == [200, 200]
        [request] = proxy.requests
        lines = request.decode().split("\r\n")
        assert lines[0] == f"CONNECT 127.0.0.1:{server.port} HTTP/1.1"
        assert {f"Host: 127.0.0.1:{server.port}", f"Proxy-Authorization: {CREDENTIALS}"} <= set(lines)
        assert b"x-key" not in request
        assert server.requests[0].startswith(b"POST /invites HTTP/1.1\r\n")
        assert b"proxy-authorization" not in server.requests[0].lower()


def test_the_proxies_of_the_environment_are_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)
    with serving(answer) as proxy, serving(answer) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert statuses(server.url, None) == [200]
        assert (len(proxy.requests), len(server.requests)) == (1, 0)
        monkeypatch.setenv("NO_PROXY", "example.com, 127.0.0.1")
        assert statuses(server.url, None) == [200]
        assert (len(proxy.requests), len(server.requests)) == (1, 1)


@pytest.mark.parametrize(
    ("scheme", "host", "proxies", "expected"),
    [
        ("http", "a.example", {"http": "http://p:1"}, "the proxy http://p:1 (from http_proxy)"),
        ("https", "a.example", {"http": "http://p:1"}, None),
        ("https", "a.example", {"http": "http://p:1", "all": "q:2"}, "the proxy http://q:2 (from all_proxy)"),
        ("http", "a.example", {"http": "http://p:1", "all": "q:2"}, "the proxy http://p:1 (from http_proxy)"),
        ("http", "a.example", {"http": "", "all": ""}, None),
        ("http", "a.example", {"http": "p"}, "the proxy http://p:80 (from http_proxy)"),
        ("http", "a.example", {"http": "http://u:secret@[::1]:3"}, "the proxy http://[::1]:3 (from http_proxy)"),
        ("http", "a.example", {"http": "http://p:1", "no": "*"}, None),
        ("http", "a.example", {"http": "http://p:1", "no": ".example"}, None),
        ("http", "a.example", {"http": "http://p:1", "no": "A.EXAMPLE:8080"}, None),
        ("http", "a.example", {"http": "http://p:1", "no": "a.example:1"}, "the proxy http://p:1 (from http_proxy)"),
        ("http", "aa.example", {"http": "http://p:1", "no": "a.example"}, "the proxy http://p:1 (from http_proxy)"),
        ("http", "::1", {"http": "http://p:1", "no": "::1"}, None),
        ("http", "::1", {"http": "http://p:1", "no": "[::1]"}, None),
        ("http", "127.0.0.1", {"http": "http://p:1"}, "the proxy http://p:1 (from http_proxy)"),
        ("http", "127.0.0.1", {"http": "socks5://p:1", "no": "127.0.0.1"}, None),
    ],
)
def test_which_proxy(scheme: str, host: str, proxies: dict[str, str], expected: str | None) -> None:
    proxy = proxy_for(scheme, host, 8080, proxies)
    assert (str(proxy) if proxy else None) == expected
    assert "secret" not in repr(proxy)


@pytest.mark.parametrize(
    "url", ["socks5://u:secret@p:1", "https://u:secret@p:1", "http://u:secret@", "http://p:secret"]
)
def test_a_proxy_that_cannot_be_used_names_its_variable(url: str) -> None:
    with pytest.raises(
        ValueError, match=r"^all_proxy is not .*set https_proxy .*list a\.example in no_proxy"
    ) as raised:
        Transport("https://a.example", proxies={"all": url})
    assert "secret" not in str(raised.value)


def test_what_a_proxy_refuses_names_the_proxy_without_its_password(files: TlsFiles) -> None:
    credentials_wanted = "answers 407: it wants a user and a password; write them as"
    for status, scheme, message in (
        (b"407 Proxy Authentication Required", "http", credentials_wanted),
        (b"407 Proxy Authentication Required", "https", credentials_wanted),
        (b"502 Bad Gateway", "https", "opens no tunnel to server.example:443: it answers 502 Bad Gateway"),
    ):
        with serving(answering(status)) as proxy:
            where = f"the proxy http://127.0.0.1:{proxy.port} (from {scheme}_proxy) {message}"
            with pytest.raises(TransportError, match=re.escape(where)) as raised:
                statuses(f"{scheme}://server.example", {scheme: f"{WITH_USER}:{proxy.port}"}, files)
            assert "pass" not in str(raised.value).replace("a password", "")


def test_a_502_through_a_proxy_for_http_may_be_the_servers_and_is_its_response() -> None:
    with serving(answering(b"502 Bad Gateway")) as proxy:
        assert statuses("http://server.example", {"http": proxy.url}) == [502]


def test_a_407_without_a_proxy_is_the_servers() -> None:
    with serving(answering(b"407 Proxy Authentication Required")) as server:
        assert statuses(server.url, {}) == [407]


def test_a_proxy_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(
        RefusedError, match=rf"no connection to the proxy http://127\.0\.0\.1:{port} \(from https_proxy\)"
    ):
        statuses("https://server.example", {"https": f"{WITH_USER}:{port}"})


def test_a_proxy_that_hangs_up_or_is_silent_is_named(files: TlsFiles) -> None:
    with (
        serving(Peer.request) as proxy,
        pytest.raises(TransportError, match=r"opens no tunnel to .* the server closed"),
    ):
        statuses("https://server.example", {"https": proxy.url}, files)
    with serving(Peer.closed) as proxy:
        transport = Transport("https://server.example", timeout=1, proxies={"https": proxy.url})
        with pytest.raises(TransportError, match=r"opens no tunnel to .* no whole response within 1 s"):
            transport.send("POST", "/", {}, None)


def test_the_password_of_a_proxy_is_in_no_text_of_it() -> None:
    proxy = proxy_for("http", "a.example", 80, {"http": "http://user:s3cret@proxy.example"})
    assert proxy is not None
    assert proxy.headers["Proxy-Authorization"]
    assert proxy.headers["Proxy-Authorization"].removeprefix("Basic ") not in f"{proxy!r} {proxy}"

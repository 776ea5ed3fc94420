"""Names, addresses and ports, and how often opening a connection is tried."""

import socket
import time

import pytest
from conformance.http.answering import OK, answering, post
from conformance.http.raw_server import serving
from invite_conformance.http.errors import (
    RefusedError,
    TimedOutError,
    TransportError,
)
from invite_conformance.http.transport import Transport


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

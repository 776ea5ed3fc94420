"""Which connections are kept for the next request, and which are closed."""

import socket
from collections.abc import Iterator

import pytest
from invite_conformance.http.connection import Connection
from invite_conformance.http.kept_connections import KeptConnections


@pytest.fixture
def pair() -> Iterator[tuple[Connection, socket.socket]]:
    """A connection, and the server's end of it."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.settimeout(5)
        yield Connection.on(ours), theirs


def test_a_connection_is_given_back_once(pair: tuple[Connection, socket.socket]) -> None:
    kept = KeptConnections()
    kept.put(pair[0])
    assert kept.take() is pair[0]
    assert kept.take() is None


def test_a_server_that_closed_one_in_use_has_all_others_closed_and_no_more_kept(
    pair: tuple[Connection, socket.socket],
) -> None:
    kept, (connection, theirs) = KeptConnections(), pair
    kept.put(connection)
    kept.distrust()
    assert theirs.recv(1) == b""
    assert kept.take() is None
    ours, other = socket.socketpair()
    with ours, other:
        other.settimeout(5)
        kept.put(Connection.on(ours))
        assert other.recv(1) == b""
        assert kept.take() is None


def test_a_connection_on_which_something_arrived_is_closed(pair: tuple[Connection, socket.socket]) -> None:
    kept, (connection, theirs) = KeptConnections(), pair
    theirs.send(b"x")
    kept.put(connection)
    assert kept.take() is None
    assert connection.sock.fileno() == -1


def test_a_connection_is_too_old_after_a_second(
    pair: tuple[Connection, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("invite_conformance.http.kept_connections.time.monotonic", lambda: clock[0])
    kept = KeptConnections()
    kept.put(pair[0])
    clock[0] = 101.0
    assert kept.take() is None
    assert pair[0].sock.fileno() == -1

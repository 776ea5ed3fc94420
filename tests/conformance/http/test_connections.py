"""Which connections carry the next request, and when a request is sent again."""

import socket
import threading

import pytest
from conformance.http.answering import OK, answering, post
from conformance.http.raw_server import Peer
from invite_conformance.http.connection import Connection
from invite_conformance.http.errors import (
    HungUpError,
)


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

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from invite_conformance.http.transport import Transport, TransportError

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def answering(*answers: bytes, keep: bool = False) -> Iterator[tuple[Transport, list[bytes]]]:
    """A wire to a server that gives each request on a connection the next answer, then closes it."""
    received: list[bytes] = []
    left = list(answers)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while left:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    while left and (request := connection.recv(65536)):
                        received.append(request)
                        connection.sendall(left.pop(0))
                        if not keep:
                            break

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        transport = Transport(f"http://127.0.0.1:{server.getsockname()[1]}/base", timeout=0.5)
        yield transport, received
        transport.close()


def test_a_request_goes_below_the_base_url_and_nothing_is_followed() -> None:
    with answering(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n") as (transport, received):
        assert transport.send("POST", "/x", {}, None).status == 302
        assert received[0].startswith(b"POST /base/x HTTP/1.1")
        assert len(received) == 1


def test_gzip_and_chunks_are_undone() -> None:
    packed = gzip.compress(b'{"a": 1}')
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    with answering(head + chunked) as (transport, _):
        assert transport.send("POST", "/", {}, b"{}").body == b'{"a": 1}'


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"nothing like HTTP\r\n\r\n",
        b"",
    ],
    ids=["length", "chunk", "last chunk", "no gzip", "no HTTP", "nothing"],
)
def test_what_is_no_whole_answer_is_an_error(answer: bytes) -> None:
    with answering(answer) as (transport, _), pytest.raises(TransportError):
        transport.send("POST", "/", {}, None)


def test_a_silent_server_is_given_up_after_the_time_out() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(TransportError, match=r"within 0\.2 s"):
            Transport(url, timeout=0.2).send("POST", "/", {}, None)


def test_nobody_listening_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with pytest.raises(TransportError, match="no connection"):
        Transport(f"http://127.0.0.1:{port}").send("POST", "/", {}, None)


def test_a_connection_that_was_closed_while_idle_is_opened_again() -> None:
    with answering(OK, OK, OK) as (transport, received):
        assert [transport.send("POST", "/", {}, None).status for _ in range(3)] == [200, 200, 200]
        assert len(received) == 3


def test_bytes_behind_an_answer_are_not_taken_for_the_next_one() -> None:
    with answering(OK + b"HTTP/1.1 500 Smuggled\r\n\r\n", OK, keep=True) as (transport, _):
        send: Callable[[], int] = lambda: transport.send("POST", "/", {}, None).status  # noqa: E731  # said twice
        assert [send(), send()] == [200, 200]

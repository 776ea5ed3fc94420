"""A server that says exactly the bytes that a test gives it."""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RawServer:
    host: str
    port: int
    scheme: str
    requests: list[bytes] = field(default_factory=list)
    """Each whole request, in the order in which they became whole."""
    connections: list[None] = field(default_factory=list)
    """One entry for each connection that was accepted."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket, server: RawServer) -> None:
        self.sock = sock
        self._server = server
        self._unread = b""

    def request(self) -> bytes:
        """Read one whole request; empty if the client closed the connection before one."""
        while not (head := re.match(rb".*?\r\n\r\n", self._unread, re.DOTALL)):
            if not self._more():
                return b""
        length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head[0])
        size = head.end() + int(length[1] if length else 0)
        while len(self._unread) < size:
            if not self._more():
                return b""
        whole, self._unread = self._unread[:size], self._unread[size:]
        self._server.requests.append(whole)
        return whole

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def answer(self, *responses: bytes) -> None:
        """Answer each request with the next of the responses."""
        for response in responses:
            if self.request():
                self.send(response)

    def closed(self) -> None:
        """Wait until the client has closed the connection."""
        while self.sock.recv(65536):
            pass

    def _more(self) -> bool:
        data = self.sock.recv(65536)
        self._unread += data
        return bool(data)


Handler = Callable[[Peer], object]


@contextmanager
def serving(handler: Handler, *, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> Iterator[RawServer]:
    """A server that runs `handler` for each connection in a thread, then closes the connection.

    A handler's exception is raised at the end, but for what a client that goes away causes.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    errors: list[Exception] = []
    threads: list[threading.Thread] = []
    with socket.create_server((host, 0), family=family) as listening:
        server = RawServer(host, listening.getsockname()[1], "https" if tls else "http")

        def serve(sock: socket.socket) -> None:
            try:
                if tls:
                    sock = tls.wrap_socket(sock, server_side=True)
                handler(Peer(sock, server))
            except OSError:
                pass  # the client went away, or refused TLS
            except Exception as error:  # noqa: BLE001  # raised again in the test's own thread
                errors.append(error)
            finally:
                sock.close()

        def accept() -> None:
            while True:
                try:
                    sock, _ = listening.accept()
                except OSError:
                    return
                server.connections.append(None)
                sock.settimeout(10)  # a test that goes wrong ends
                threads.append(threading.Thread(target=serve, args=(sock,)))
                threads[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            acceptor.join()
            for thread in threads:
                thread.join()
    if errors:
        raise errors[0]

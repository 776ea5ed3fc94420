"""A transport to a server that answers as a test says."""

from collections.abc import Iterator
from contextlib import contextmanager

from conformance.http.raw_server import Handler, RawServer, serving
from invite_conformance.http.response import Response
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

from collections.abc import Sequence

import h11
from hypothesis import example, given
from hypothesis import strategies as st
from invite_conformance.http.errors import TransportError
from invite_conformance.http.response import Response
from invite_conformance.http.response_reader import ResponseReader, new_http

FRAGMENTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.0 204\r\n",
    b"HTTP/1.1 103 Early Hints\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\n",
    b"HTTP/1.1 999 \xff\r\n",
    b"Content-Length: 5\r\n",
    b"Content-Length: -1\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Content-Encoding: gzip\r\n",
    b"Connection: close\r\n",
    b" folded\r\n",
    b"\r\n",
    b"\n\n",
    b"5\r\nhello\r\n",
    b"0\r\n\r\n",
    b"ffffffffffffffffffffff\r\n",
    b"\x1f\x8b\x08",
    b"\x16\x03\x01",
]
PIECES = st.lists(st.sampled_from(FRAGMENTS) | st.binary(max_size=20), max_size=12)


@given(PIECES)
@example([b"HTTP/1.1 200 OK\r\n", b"Transfer-Encoding: chunked\r\n\r\n", b"0\r\nbad trailer\r\n\r\n"])
@example([b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_whatever_arrives_is_a_response_or_a_transport_error(pieces: Sequence[bytes]) -> None:
    http = new_http()
    http.send(h11.Request(method="POST", target="/", headers=[("Host", "a"), ("Content-Length", "0")]))
    http.send(h11.EndOfMessage())
    reader = ResponseReader(http)
    try:
        for piece in filter(None, pieces):
            if response := reader.feed(piece):
                break
        else:
            response = reader.end("closed")
    except TransportError as error:
        text = str(error)
        assert text.isascii()
        assert text.isprintable()
        assert len(text) < 600
    else:
        assert isinstance(response, Response)
    assert reader.arrived.isprintable()

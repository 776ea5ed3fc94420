import gzip
import resource
import subprocess
import sys
import zlib

import pytest
from conformance.http.raw_server import serving
from invite_conformance.http.content_coding import decoded
from invite_conformance.http.errors import TransportError
from invite_conformance.http.transport import Transport

BODY = b'{"a": 1}'


@pytest.mark.parametrize(
    ("coding", "content"),
    [
        ("", BODY),
        ("identity", BODY),
        ("gzip", gzip.compress(BODY, mtime=0)),
        (" GZip ", gzip.compress(BODY, mtime=0)),
        ("x-gzip", gzip.compress(BODY, mtime=0)),
        ("gzip", gzip.compress(BODY[:3]) + gzip.compress(b"", mtime=0) + gzip.compress(BODY[3:])),
        ("gzip", gzip.compress(BODY, mtime=0) + b"\0" * 100),
        ("deflate", zlib.compress(BODY)),
    ],
    ids=["none", "identity", "gzip", "case", "x-gzip", "members", "padding", "deflate"],
)
def test_the_content_without_its_coding(coding: str, content: bytes) -> None:
    assert decoded(content, coding, 100) == BODY


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_an_empty_body_has_no_coding(coding: str) -> None:
    assert decoded(b"", coding, 100) == b""


@pytest.mark.parametrize(
    ("coding", "content", "error"),
    [
        ("gzip", BODY, "not gzip, which Content-Encoding says"),
        ("gzip", gzip.compress(BODY, mtime=0)[:-1], "the gzip body is cut short"),
        ("gzip", gzip.compress(BODY, mtime=0)[:5], "the gzip body is cut short"),
        ("gzip", gzip.compress(BODY, mtime=0)[:-8] + b"\0" * 8, "incorrect data check"),
        ("gzip", gzip.compress(BODY, mtime=0) + b"{}", "not gzip"),
        ("gzip", gzip.compress(b"", mtime=0) * 200, "bytes follow the end of the gzip body"),
        ("deflate", BODY, "not deflate"),
        ("deflate", zlib.compress(BODY)[2:-4], "not deflate"),
        ("deflate", zlib.compress(BODY) * 2, "16 bytes follow the end of the deflate body"),
        ("br", BODY, "content coding 'br' of the response was not asked for"),
        ("gzip, gzip", BODY, "content coding 'gzip, gzip' of the response"),
        ("\x1b[2J" + "x" * 1000, BODY, r"content coding '\\x1b\[2j(x+)' of the response"),
    ],
)
def test_content_that_is_not_in_its_coding_is_an_error(coding: str, content: bytes, error: str) -> None:
    with pytest.raises(TransportError, match=error) as raised:
        decoded(content, coding, 100)
    assert len(str(raised.value)) < 200


def test_exactly_as_many_bytes_as_allowed() -> None:
    assert decoded(gzip.compress(b"x" * 100), "gzip", 100) == b"x" * 100
    for content in (gzip.compress(b"x" * 101), gzip.compress(b"x" * 60) + gzip.compress(b"x" * 41)):
        with pytest.raises(TransportError, match="more than 100 bytes when decompressed"):
            decoded(content, "gzip", 100)


BOMB = """
import gzip, resource, sys, zlib
from invite_conformance.http.transport import Transport
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
before = peak()
try:
    Transport(sys.argv[1], proxies={}).send("POST", "/", {}, None)
except Exception as error:
    print(type(error).__name__, error)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB on Linux only")
def test_a_gzip_bomb_costs_no_more_than_the_bound() -> None:
    assert resource.RUSAGE_SELF == 0
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1 << 20)
    bomb = b"".join(packer.compress(zeros) for _ in range(300)) + packer.flush()  # 300 MiB in about 300 KB
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(bomb)
    assert len(bomb) < 400_000
    with serving(lambda peer: peer.answer(head + bomb)) as server:
        # In a process of its own, whose peak is the bomb's.
        done = subprocess.run([sys.executable, "-c", BOMB, server.url], capture_output=True, text=True, check=True)
    error, cost = done.stdout.splitlines()
    assert error == "TransportError POST /: the gzip body has more than 16777216 bytes when decompressed"
    assert int(cost) < 64 * 1024 * 1024


def test_a_response_is_decoded() -> None:
    packed = gzip.compress(BODY, mtime=0)
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in packed) + b"0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
    with serving(lambda peer: peer.answer(head + chunks)) as server:
        transport = Transport(server.url, proxies={})
        assert transport.send("POST", "/", {}, None).body == BODY
        transport.close()

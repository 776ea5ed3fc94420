"""Content codings (RFC 9110 section 8.4.1), decoded within a bound."""

import zlib

from invite_conformance.http.errors import TransportError

_MEMBERS = 100
"""Members of one gzip body. Each costs a copy of what follows it, so thousands of empty ones would take minutes."""


def decoded(content: bytes, coding: str, limit: int) -> bytes:
    """The content without the coding that a Content-Encoding header names; at most `limit` bytes.

    Raises TransportError for content that is not in that coding, for more than `limit` bytes, and for other codings.
    """
    match coding.strip().lower():
        case "" | "identity":
            return content
        case "gzip" | "x-gzip":
            return _inflated(content, "gzip", 16 + zlib.MAX_WBITS, _MEMBERS, limit)
        case "deflate":
            return _inflated(content, "deflate", zlib.MAX_WBITS, 1, limit)
        case other:
            raise TransportError(f"the content coding {other[:100]!a} of the response was not asked for")


def _inflated(content: bytes, coding: str, window: int, members: int, limit: int) -> bytes:
    """The members one after the other: a gzip file may have several (RFC 1952 section 2.2)."""
    whole = bytearray()
    for _ in range(members):
        if not content:
            return bytes(whole)
        member = zlib.decompressobj(window)
        try:
            whole += member.decompress(content, limit + 1 - len(whole))
        except zlib.error as error:
            raise TransportError(f"the body is not {coding}, which Content-Encoding says: {error}") from error
        if len(whole) > limit:
            raise TransportError(f"the {coding} body has more than {limit} bytes when decompressed")
        if not member.eof:
            raise TransportError(f"the {coding} body is cut short")
        # Zeros may fill up the last block of a gzip file; Python's gzip module allows for them too.
        content = member.unused_data.lstrip(b"\0")
    if content:
        raise TransportError(f"{len(content)} bytes follow the end of the {coding} body")
    return bytes(whole)

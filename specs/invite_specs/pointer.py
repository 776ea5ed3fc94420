"""JSON Pointer (RFC 6901): writing one from path segments, and resolving one in a document."""

from collections.abc import Iterable
from typing import Any


def json_pointer(parts: Iterable[str | int]) -> str:
    """The JSON Pointer of a path; empty for the whole document (RFC 6901 section 3)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def segments(pointer: str) -> list[str]:
    """The unescaped segments of a JSON Pointer.

    Raises ValueError if it is neither empty nor begins with "/" (RFC 6901 section 3).
    """
    if pointer and not pointer.startswith("/"):
        raise ValueError(f"{pointer!r} is not a JSON Pointer: it must be empty or begin with '/'")
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def resolve(document: Any, pointer: str) -> Any:
    """What a JSON Pointer refers to (RFC 6901 section 4). Raises LookupError if there is nothing."""
    for part in segments(pointer):
        if isinstance(document, list):
            if not part.isdecimal():
                raise LookupError(f"{pointer}: {part!r} is no index of an array")
            document = document[int(part)]
        elif isinstance(document, dict):
            document = document[part]
        else:
            raise LookupError(f"{pointer}: there is nothing below {part!r}")
    return document


def resolves(document: Any, pointer: str) -> bool:
    """Whether a JSON Pointer, or what should be one, refers to anything."""
    try:
        resolve(document, pointer)
    except (LookupError, ValueError):
        return False
    return True

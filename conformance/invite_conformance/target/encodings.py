"""How a text can hold a value: escaped for JSON, HTML or a URL, in base64, or in several of these at once.

1. `readings` decodes a text as far as a reader would; a value that no reading has is not in the text.
2. After `hide` no reading has the value; where its place cannot be found, the whole text is replaced.
"""

import base64
import binascii
import html
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import unquote

_LAYERS = 3
"""Encodings one inside the other that are decoded, such as JSON in a URL in HTML."""
_BACKSLASH = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_ALPHABETS = str.maketrans("-_", "+/")


def readings(text: str) -> str:
    """The text and everything that decoding it gives, one below the other."""
    found = {text: None}
    latest = text
    for _ in range(_LAYERS):
        before = latest
        for mark, decode in _DECODERS:
            if mark in latest:
                latest = decode(latest)
                found[latest] = None
        if latest == before:
            break
    spaced = {one.replace("+", " "): None for one in found if "+" in one}
    blobs = dict.fromkeys(blob for one in found for run in _BASE64.findall(one) for blob in _from_base64(run))
    return "\n".join({**found, **spaced, **blobs})


def hide(text: str, value: str, shown: str) -> str:
    """The text with `shown` in the place of a value, however the value is encoded."""
    text = text.replace(value, shown)
    if value in shown or value not in readings(text):
        return text
    text = _escaped(value).sub(lambda _: shown, text)
    text = _BASE64.sub(lambda run: shown if any(value in blob for blob in _from_base64(run[0])) else run[0], text)
    return shown if value in readings(text) else text


def _without_backslashes(text: str) -> str:
    text = _BACKSLASH.sub(lambda found: found[3] or chr(int(found[1] or found[2], 16)), text)
    # JSON writes what is beyond U+FFFF as a surrogate pair.
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


_DECODERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("&", html.unescape),
    ("%", unquote),
    ("\\", _without_backslashes),
    ("\0", lambda text: text.replace("\0", "")),  # UTF-16, read as UTF-8
)


def _from_base64(run: str) -> Iterator[str]:
    """What a run of base64 characters says; other characters of the alphabet, such as a slash, may stand before it."""
    plain = run.rstrip("=").translate(_ALPHABETS)
    for start in range(4):
        part = plain[start:]
        # One character left over holds no whole byte.
        part = part[:-1] if len(part) % 4 == 1 else part
        try:
            decoded = base64.b64decode(part + "=" * (-len(part) % 4))
        except binascii.Error:  # pragma: no cover  # the run holds nothing but the alphabet
            continue
        yield decoded.decode(errors="replace")


@lru_cache(maxsize=256)
def _escaped(value: str) -> re.Pattern[str]:
    """Finds a value of which any character may be escaped."""
    return re.compile(r"\0*".join(rf"\\*(?:{'|'.join(_forms(one))})" for one in value), re.IGNORECASE)


def _forms(character: str) -> Iterator[str]:
    number = ord(character)
    yield re.escape(character)
    units = character.encode("utf-16-be", "surrogatepass").hex()
    yield "".join(rf"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
    yield rf"\\x{number:02x}"
    yield "".join(f"%(?:25)*{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
    yield f"&(?:amp;)*#0*{number};?"
    yield f"&(?:amp;)*#x0*{number:x};?"
    if (named := html.escape(character)) != character:
        yield named.replace("&", "&(?:amp;)*", 1)
    if character == " ":
        yield r"\+"

"""JSON read strictly, with everything reported that a lenient reader accepts."""

import json
from dataclasses import dataclass
from typing import NoReturn

from invite_specs import Json

_DIGITS = 4300
"""Python refuses to convert more."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class JsonText:
    """A text that should be JSON."""

    value: Json = None
    """What it says; None too where it is not well-formed."""
    error: str = ""
    """Why it is no JSON text (RFC 8259); empty if it is one."""
    repeated: tuple[str, ...] = ()
    """Names that one object has twice (RFC 7493 section 2.3)."""
    unpaired: bool = False
    """Whether a string holds half a surrogate pair (RFC 7493 section 2.1)."""
    marked: bool = False
    """Whether it begins with a byte order mark."""

    @property
    def well_formed(self) -> bool:
        """Whether it is one JSON text and nothing else."""
        return not self.error


def read_json(content: bytes) -> JsonText:
    """Read a text strictly: UTF-8, no NaN, nothing behind its end."""
    marked = content.startswith(_BYTE_ORDER_MARK)
    repeated: list[str] = []

    def pairs(members: list[tuple[str, Json]]) -> dict[str, Json]:
        found = dict(members)
        if len(found) < len(members):
            names = [name for name, _ in members]
            repeated.extend(sorted({name for name in names if names.count(name) > 1}))
        return found

    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
        value = json.loads(text, object_pairs_hook=pairs, parse_constant=_no_constant, parse_int=_integer)
    except UnicodeDecodeError as error:
        return JsonText(error=f"byte {error.start} is not UTF-8", marked=marked)
    except json.JSONDecodeError as error:
        return JsonText(error=f"{error.msg} at character {error.pos}" if content else "it is empty", marked=marked)
    except (ValueError, RecursionError) as error:
        return JsonText(error=str(error).splitlines()[0], marked=marked)
    return JsonText(value, repeated=tuple(repeated), unpaired=_unpaired(value, text), marked=marked)


def _unpaired(value: Json, text: str) -> bool:
    if "\\u" not in text:
        return False
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _integer(digits: str) -> int | float:
    """The number; beyond what Python converts, as infinite as a fraction of that size is."""
    return int(digits) if len(digits) <= _DIGITS else float(digits)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")

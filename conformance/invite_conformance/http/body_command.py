"""Shell commands that write the body of a request.

1. A body is literal bytes and variables. It is written by `printf` as long as that is short.
2. Longer literal bytes are written by a short command where they repeat themselves, from a file where there is a
   directory for it, and compressed otherwise.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from invite_conformance.http.shell import Variable, printf, quoted

INLINE = 4000
"""Bytes that are written out in a command."""
_LONGEST = 8000
"""Characters of a command with a compressed body."""
_LITERAL = 200
"""Bytes that are written out even where others of the body come from a file, or compressed."""
_REPEATED = re.compile(rb"(.)\1{199,}|([ !-,.-~][ -~]{1,15}?)\2{49,}", re.DOTALL)
"""One byte 200 times or more, or up to 16 printable characters 50 times; a leading - would be an option of `yes`."""


@dataclass(frozen=True, slots=True)
class _Repeated:
    unit: bytes
    count: int

    def __str__(self) -> str:
        """A command that writes it."""
        if self.unit == b"\0":
            return f"head -c {self.count} /dev/zero"
        if len(self.unit) == 1:
            letter = self.unit.decode() if self.unit.isalnum() else f"'\\{self.unit[0]:03o}'"
            return f"head -c {self.count} /dev/zero | tr '\\0' {letter}"
        return f"yes {quoted(self.unit.decode())} | head -n {self.count} | tr -d '\\n'"


def written(body: Sequence[bytes | Variable], directory: PurePath | None) -> tuple[list[str], dict[str, bytes]] | None:
    """Commands that write the body one after the other, and the files in `directory` that they read, by name.

    None if the body is too long for that and there is no directory.
    """
    parts = [piece for part in body for piece in ([part] if isinstance(part, Variable) else _split(part))]
    if _printed(parts) <= INLINE:
        return list(_commands(parts)), {}
    files: dict[str, bytes] = {}
    commands = []
    for part in body:
        if isinstance(part, Variable) or len(part) <= _LITERAL:
            commands.append(printf([part]))
        elif directory is not None:
            name = f"body-{hashlib.sha256(part).hexdigest()[:12]}.bin"
            files[name] = part
            commands.append(f"cat {quoted(str(directory / name))}")
        else:
            packed = base64.b64encode(gzip.compress(part, mtime=0)).decode()
            commands.append(f"printf %s {packed} | base64 -d | gunzip")
    return None if sum(map(len, commands)) > _LONGEST else (commands, files)


def _split(data: bytes) -> Iterator[bytes | _Repeated]:
    """The bytes with what repeats itself set apart."""
    # The search takes long where nothing repeats itself; such bytes do not become short.
    if len(data) <= INLINE or len(gzip.compress(data)) > INLINE:
        yield data
        return
    end = 0
    for match in _REPEATED.finditer(data):
        unit = match[1] or match[2]
        yield data[end : match.start()]
        yield _Repeated(unit, len(match[0]) // len(unit))
        end = match.end()
    yield data[end:]


def _printed(parts: Sequence[bytes | Variable | _Repeated]) -> int:
    return sum(len(part) for part in parts if isinstance(part, bytes))


def _commands(parts: Sequence[bytes | Variable | _Repeated]) -> Iterator[str]:
    for repeated, group in groupby(parts, lambda part: isinstance(part, _Repeated)):
        if repeated:
            yield from map(str, group)
        else:
            literal = [part for part in group if part and not isinstance(part, _Repeated)]
            if literal:
                yield printf(literal)

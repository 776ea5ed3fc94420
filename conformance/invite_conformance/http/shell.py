"""Text as words of a POSIX shell; bash, zsh and dash read them alike, pasted or from a file.

1. Nothing expands but variables that are meant to. Literal text stands in single quotes, where `$`, backquotes and, in
   an interactive shell, `!` mean nothing; a variable stands alone in double quotes.
2. Characters that a terminal does not show, or that pasting may change, are written by `printf` as octal numbers.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_BARE = re.compile(r"[A-Za-z0-9_./:@%+,-]+")
"""Words that need no quotes; `=` is not among them because zsh expands it at the beginning of a word."""
_IN_FORMAT = {ord("%"): "%%", ord("\\"): "\\\\", ord("'"): "\\047"}


@dataclass(frozen=True, slots=True)
class Variable:
    """A shell variable that is to be expanded."""

    name: str

    @property
    def word(self) -> str:
        """A word that is its value, whatever the value is."""
        return f'"${self.name}"'


def quoted(text: str) -> str:
    """A word that is that text, which must be printable."""
    return text if _BARE.fullmatch(text) else "'" + text.replace("'", "'\\''") + "'"


def word(parts: Iterable[str | Variable]) -> str:
    """A word that is those parts without spaces between; each literal part must be printable."""
    return "".join(part.word if isinstance(part, Variable) else quoted(part) for part in parts if part) or "''"


def printf(parts: Sequence[bytes | Variable]) -> str:
    """A command that writes the bytes and the variables' values."""
    form = "".join("%s" if isinstance(part, Variable) else _in_format(part) for part in parts)
    # A leading - would be an option, and not every printf knows --.
    form = re.sub("^-", r"\\055", form)
    return " ".join(["printf", f"'{form}'", *(part.word for part in parts if isinstance(part, Variable))])


def lines(chunks: Iterable[str], width: int = 80) -> str:
    """One command, continued over lines of at most that many columns where its chunks allow."""
    broken: list[str] = []
    for chunk in chunks:
        if broken and len(broken[-1]) + len(chunk) + 3 <= width:
            broken[-1] += f" {chunk}"
        else:
            broken.append(f"  {chunk}" if broken else chunk)
    return " \\\n".join(broken)


def _in_format(data: bytes) -> str:
    return "".join(
        _IN_FORMAT.get(byte, chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}")  # three digits: more may follow
        for byte in data
    )

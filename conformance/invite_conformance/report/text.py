r"""Text of a server as reports show it: it controls neither a terminal nor a CI runner.

1. What is not printable is written as an escape such as `\u001b`, so that nothing moves a cursor, ends a line or
   reverses the direction of the text.
2. A CI runner reads commands from a step's output: GitHub Actions from lines that begin with `::`, after any spaces;
   GitHub Actions from `##[`, Azure Pipelines from `##vso[` and TeamCity from `##teamcity[`, anywhere in a line.
"""

import re

_COMMAND = re.compile(r"^([^\S\n]*):(?=:)", re.MULTILINE)
_BRACKET_COMMAND = re.compile(r"#(?=#\w*\[)")


def printable(text: str) -> str:
    """The text with escapes for what is not printable, but for line feeds and tabs, and for commands in brackets."""
    visible = "".join(one if one.isprintable() or one in "\n\t" else _escape(one) for one in text)
    return _BRACKET_COMMAND.sub(r"\\u0023", visible)


def inert(output: str) -> str:
    """Whole lines of output in which no CI runner finds a command."""
    return _BRACKET_COMMAND.sub(r"\\u0023", _COMMAND.sub(r"\1\\u003a", output))


def flat(text: str) -> str:
    """Printable text in one line."""
    return printable(" ".join(text.split()))


def sentence(text: str) -> str:
    """The text with a capital, unless it begins with something that is not a word, such as a URL."""
    return text[:1].upper() + text[1:] if re.match(r"[a-z]+[ ,]", text) else text


def short(text: str, most: int) -> str:
    """The text, or its beginning if it is longer than that many characters."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text)} characters)"


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"

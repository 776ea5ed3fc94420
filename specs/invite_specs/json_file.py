"""A JSON file, with the line of every value. YAML's reader takes a hundred times as long for the same text."""

import json
import re
from bisect import bisect_left
from functools import cached_property
from pathlib import Path

from invite_specs.pointer import segments
from invite_specs.yaml_file import Document, Json, YamlError

_SPACE = " \t\n\r"


class JsonFile:
    """One JSON file: `data` is its content, `line(pointer)` the line of a value.

    Raises YamlError, with file and line, if the text is not JSON, or has a key twice in one object.
    """

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self._decoder = json.JSONDecoder()
        self._members: dict[int, dict[str, tuple[int, int]]] = {}
        try:
            self.data: Document = json.loads(text, object_pairs_hook=_without_repeats)
        except json.JSONDecodeError as error:
            raise YamlError(f"{path}:{error.lineno}: this is not JSON: {error.msg}") from error
        except (ValueError, RecursionError) as error:
            raise YamlError(f"{path}: {error}") from error

    def line(self, pointer: str) -> int:
        """The line, from 1, on which the value at a JSON Pointer is named, or else begins.

        Raises LookupError if the pointer leads nowhere.
        """
        named, begins = 0, self._skip(0)
        for part in segments(pointer):
            try:
                named, begins = self._members_at(begins)[part]
            except KeyError:
                raise LookupError(f"{self.path} has nothing at {pointer}") from None
        return bisect_left(self._ends, named) + 1

    @cached_property
    def _ends(self) -> list[int]:
        """Where each line ends."""
        return [found.start() for found in re.finditer("\n", self.text)]

    def _members_at(self, start: int) -> dict[str, tuple[int, int]]:
        """By name or index, the members of the value that begins there: where each is named, and where it begins."""
        if start not in self._members:
            self._members[start] = self._scan(start) if self.text[start] in "{[" else {}
        return self._members[start]

    def _scan(self, start: int) -> dict[str, tuple[int, int]]:
        found: dict[str, tuple[int, int]] = {}
        at = self._skip(start + 1)
        while self.text[at] not in "}]":
            named = at
            if self.text[start] == "{":
                key, at = self._decoder.raw_decode(self.text, at)
                at = self._skip(self._skip(at) + 1)  # the colon
            else:
                key = str(len(found))
            found[key] = named, at
            at = self._skip(self._decoder.raw_decode(self.text, at)[1])
            if self.text[at] == ",":
                at = self._skip(at + 1)
        return found

    def _skip(self, at: int) -> int:
        while at < len(self.text) and self.text[at] in _SPACE:
            at += 1
        return at


def _without_repeats(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {repeated!r} is given twice in one object; rename or remove one")
    return found

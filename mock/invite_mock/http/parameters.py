"""Parameters: what a request says in its path, query, header fields and cookies, as typed values.

OpenAPI 3.1.1 section 4.8.12.3 says how a value is written: styles `simple`, `label`, `matrix`, `form`,
`spaceDelimited`, `pipeDelimited` and `deepObject`, each with `explode` or without.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from functools import cached_property
from http.cookies import CookieError, SimpleCookie
from typing import NamedTuple
from urllib.parse import unquote, unquote_plus

import orjson
from invite_specs import Json, Operation, Parameter

from invite_mock.http.messages import is_json
from invite_mock.http.schema import Schema, Schemas, UnsupportedError
from invite_mock.http.wire_text import Reading

_DELIMITERS = {"form": ",", "spaceDelimited": r"%20|\+| ", "pipeDelimited": r"\||%7[Cc]"}
# OpenAPI 3.1.1 section 4.8.12.1: such a definition "SHALL be ignored"; other parts of the document say it.
IGNORED = {"accept", "content-type", "authorization"}


class Absent(Enum):
    """What stands for a value that is not there, since None is a value of JSON."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


class Sent(NamedTuple):
    """Where a request says its parameters."""

    path: Mapping[str, str]
    """Decoded."""
    query: str
    """As it came."""
    headers: Mapping[str, str]
    """Field names in lower case."""


class ParameterReader:
    """One parameter, compiled. Raises UnsupportedError for one without a schema."""

    def __init__(self, parameter: Parameter, schemas: Schemas) -> None:
        self.name = parameter.name
        self.place = parameter.place
        self.required = parameter.required
        self.pointer = parameter.pointer
        definition = parameter.definition
        pointer, self._is_json = parameter.schema, False
        if pointer is None:
            media_type, pointer = next(iter(parameter.content.items()), ("", None))
            self._is_json = is_json(media_type)
        if pointer is None:
            raise UnsupportedError(f"has the {self.place} parameter {self.name} without a `schema`, at {self.pointer}")
        self.schema: Schema = schemas.at(pointer)
        self._reading = Reading(schemas.document, pointer)
        self._style = definition.get("style") or ("form" if self.place in {"query", "cookie"} else "simple")
        self._explode = definition.get("explode", self._style == "form")
        self._is_text = self._reading.is_text and not self._is_json
        given = [schema["default"] for schema in self._reading.schemas if "default" in schema]
        self.default: Json | Absent = given[0] if given else ABSENT

    @cached_property
    def _items(self) -> Reading:
        return self._reading.items

    @cached_property
    def _members(self) -> dict[str, Reading]:
        return self._reading.members

    def read(self, sent: Sent) -> Json | Absent:
        """The value, or ABSENT; where the schema allows a string and other types, a valid string first."""
        if self._is_text and self.place == "path":
            return sent.path.get(self.name, ABSENT)
        pairs = list(_pairs(sent.query)) if self.place == "query" else []
        texts = self._texts(sent, pairs)
        if not texts:
            return self._spread(pairs)
        text = self._decoded(texts[-1])
        kinds = self._reading.kinds
        if self._is_json:
            return _parsed(text)
        if self._is_text or ((not kinds or "string" in kinds) and self.schema.is_valid(text)):
            return text
        return self._typed(texts)

    def _typed(self, texts: list[str]) -> Json:
        """The texts as the first documented type that is not a string."""
        if "array" in self._reading.kinds:
            return [self._items.scalar(one) for one in self._split(texts)]
        if "object" in self._reading.kinds:
            return self._object(_members(self._split(texts), named=self._explode))
        return self._reading.scalar(self._decoded(texts[-1]))

    def _texts(self, sent: Sent, pairs: list[tuple[str, str]]) -> list[str]:
        """The texts under the parameter's own name, as they came."""
        if self.place == "query":
            # Many clients write an array as `ids[]=1`.
            return [raw for key, raw in pairs if key in {self.name, f"{self.name}[]"}]
        if self.place == "path":
            text = sent.path.get(self.name)
        elif self.place == "header":
            text = sent.headers.get(self.name.lower())
        else:
            text = _cookie(sent.headers.get("cookie", ""), self.name)
        return [] if text is None else [text]

    def _spread(self, pairs: list[tuple[str, str]]) -> Json | Absent:
        """An object whose members are parameters of the query themselves."""
        if "object" not in self._reading.kinds:
            return ABSENT
        if self._style == "deepObject":
            start = f"{self.name}["
            found = [(key[len(start) : -1], raw) for key, raw in pairs if key.startswith(start) and key.endswith("]")]
        else:
            found = [(key, raw) for key, raw in pairs if self._explode and key in self._members]
        return self._object((key, unquote_plus(raw)) for key, raw in found) if found else ABSENT

    def _split(self, texts: list[str]) -> list[str]:
        """The elements of an array, or the names and values of an object."""
        if self._style in _DELIMITERS:
            if not self._explode:
                texts = [one for text in texts if text for one in re.split(_DELIMITERS[self._style], text)]
            return [self._decoded(one) for one in texts]
        text, separator = texts[-1], ","
        if self._style == "label":
            text, separator = text.removeprefix("."), "." if self._explode else ","
        elif self._style == "matrix":
            text, separator = text.removeprefix(f";{self.name}="), f";{self.name}=" if self._explode else ","
            if self._explode and "object" in self._reading.kinds:
                text, separator = text.removeprefix(";"), ";"
        return [one.strip() for one in text.split(separator)] if text else []

    def _decoded(self, text: str) -> str:
        return unquote_plus(text) if self.place == "query" else text

    def _object(self, members: Iterable[tuple[str, str]]) -> dict[str, Json]:
        untyped = Reading(None, None)
        return {name: self._members.get(name, untyped).scalar(text) for name, text in members}


def _members(parts: list[str], *, named: bool) -> Iterable[tuple[str, str]]:
    """The members that are written as `a=1,b=2` (`named`) or as `a,1,b,2`."""
    if named:
        return [(name, value) for name, _, value in (one.partition("=") for one in parts)]
    return list(zip(parts[::2], parts[1::2], strict=False))


def readers(operation: Operation, schemas: Schemas) -> list[ParameterReader]:
    """The parameters of an operation, compiled. Raises UnsupportedError."""
    return [
        ParameterReader(one, schemas)
        for one in operation.parameters
        if not (one.place == "header" and one.name.lower() in IGNORED)
    ]


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    """The names of a query, decoded, each with its value as it came."""
    for one in query.split("&"):
        name, _, value = one.partition("=")
        if name:
            yield unquote_plus(name), value


def _cookie(header: str, name: str) -> str | None:
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return None
    return None if found is None else unquote(found.value)


def _parsed(text: str) -> Json:
    try:
        value: Json = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return value

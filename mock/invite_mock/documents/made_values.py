"""Values made from a schema, for what a document gives no example of.

1. A value is what the schema's own examples, Faker and a seed give: the same for the same seed, clock's day and schema.
2. What is made is validated against the whole schema. Where it does not fit, it is made again in a simpler way: by
   other branches, and at last without optional members. So no keyword needs a solver here.
"""

import copy
import math
import random
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from invite_specs import Document, Json, resolve

from invite_mock.documents.made_text import MadeText
from invite_mock.documents.merged_schema import Choices, ContradictionError, merged, types_of
from invite_mock.http.schema import Schemas

if TYPE_CHECKING:
    from faker import Faker

_TRIAL = ("trial", 0)
_ATTEMPTS = 28
_SIMPLE = 8
"""The first attempt that makes only the members that a schema requires."""
_SIMPLEST = 24
"""The first attempt that makes only the elements that a schema requires, too."""
_NOTHING: Json = "nothing was made"
"""What an attempt without a value gives, compared by identity."""
_DEEPEST = 24
_DEEPEST_OPTIONAL = 4
_MOST_VALUES = 2_000
_LARGEST = 1_000
_KINDS: dict[str, type | tuple[type, ...]] = {
    "array": list,
    "boolean": bool,
    "integer": int,
    "null": type(None),
    "number": (int, float),
    "object": dict,
    "string": str,
}
_HINTS = {
    "object": ("properties", "required", "additionalProperties", "minProperties", "patternProperties"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "contains"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""The keywords that a type can be seen by where the schema names none."""


class CannotMakeError(ValueError):
    """No value was found that fits a schema; the message names its place."""


class ValueMaker:
    """Makes values for the schemas of one document."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._fitting: dict[str, int | None] = {}
        """By schema, the first attempt that gave a value; None where none did."""

    @cached_property
    def _faker(self) -> "Faker":
        # Its import takes longer than all else that the mock imports for itself, and few contracts need it.
        from faker import Faker  # noqa: PLC0415  # see above

        return Faker()

    def prove(self, pointer: str) -> None:
        """Make a value for a schema once; whatever the seed and the clock, one can then be made.

        Raises CannotMakeError, and UnsupportedError for a schema that cannot be compiled.
        """
        end = self._schemas.end(pointer)
        if end not in self._fitting:
            found = (number for number in range(_ATTEMPTS) if self._attempt(end, number, *_TRIAL) is not _NOTHING)
            self._fitting[end] = next(found, None)
        if self._fitting[end] is None:
            raise CannotMakeError(f"no value was found that fits the schema at {end}")

    def make(self, pointer: str, seed: str, now: int, name: str = "") -> Json:
        """A value for the schema at a JSON Pointer; raises what `prove` raises.

        `now` is the world's clock in microseconds, `name` that of a parameter.
        """
        self.prove(pointer)
        first = self._fitting[self._schemas.end(pointer)] or 0
        for number in range(first, _ATTEMPTS):
            value = self._attempt(pointer, number, seed, now, name)
            if value is not _NOTHING:
                return value
        return self._attempt(pointer, first, *_TRIAL)

    def _attempt(self, pointer: str, number: int, seed: str, now: int, name: str = "") -> Json:
        """A value that fits, or _NOTHING."""
        compiled = self._schemas.at(pointer)
        document, own = self._schemas.document, f"{seed}/{number}"
        attempt = _Attempt(document, MadeText(self._faker, own, now), own, number)
        try:
            value = attempt.value(resolve(document, pointer), name, 0)
        except ContradictionError:
            return _NOTHING
        return value if compiled.is_valid(value) else _NOTHING

    def text(self, seed: str, now: int) -> str:
        """A text that no schema describes."""
        return MadeText(self._faker, seed, now).make({}, "message")


class _Attempt:
    """One attempt to make a value; the later ones are simpler."""

    def __init__(self, document: Document, text: MadeText, seed: str, number: int) -> None:
        self._document = document
        self._text = text
        self._random = random.Random(seed)  # noqa: S311  # nothing secret
        self._number = number
        self._made = 0

    def value(self, schema: Json, name: str, depth: int) -> Json:
        """A value for a schema, at a depth of objects and arrays. Raises ContradictionError."""
        if depth > _DEEPEST:
            raise ContradictionError
        self._made += 1
        one = merged(self._document, schema, Choices(self._choose, self._number % 5 == 3))
        given: list[Json] = list(self._given(one))
        if given:
            return copy.deepcopy(given[0])
        return self._new(one, name, depth)

    def _new(self, one: Document, name: str, depth: int) -> Json:
        """A value that the schema does not give itself."""
        kinds = types_of(one) or [kind for kind, hints in _HINTS.items() if any(hint in one for hint in hints)]
        kind = next((kind for kind in kinds if kind != "null"), "null" if kinds else "string")
        makers: dict[str, Callable[[], Json]] = {
            "object": lambda: self._object(one, depth),
            "array": lambda: self._array(one, name, depth),
            "boolean": lambda: self._random.random() < 0.5,
            "integer": lambda: _number(one, self._random, whole=True),
            "null": lambda: None,
            "number": lambda: _number(one, self._random, whole=False),
        }
        return makers.get(kind, lambda: self._text.make(one, name))()

    def _choose(self, count: int) -> int:
        """The first of alternatives at first, then another one each time, with any in between."""
        return self._random.randrange(count) if 4 <= self._number < _SIMPLE else self._number % count

    def _given(self, schema: Document) -> Iterator[Any]:
        """The values that the schema itself gives, if they have its type: all of them at first, then simple ones."""
        if "const" in schema:
            yield schema["const"]
        if schema.get("enum"):
            options = [value for value in schema["enum"] if value is not None] or [None]
            yield options[self._random.randrange(len(options))]
        examples = schema.get("examples", [])
        values = [schema[key] for key in ("example", "default") if key in schema]
        for value in [*values[:1], *(examples if isinstance(examples, list) else ()), *values[1:]]:
            kinds = types_of(schema)
            fits = not kinds or any(isinstance(value, _KINDS.get(kind, object)) for kind in kinds)
            simple = not isinstance(value, (dict, list))
            if fits and value is not None and (self._number == 0 or (self._number < 3 and simple)):
                yield value

    def _object(self, schema: Document, depth: int) -> Json:
        properties, required = schema.get("properties", {}), schema.get("required", [])
        others = schema.get("additionalProperties", {})
        most = schema.get("maxProperties", math.inf)
        found: dict[str, Json] = {}
        for name in [
            *(one for one in properties if one in required),
            *(one for one in required if one not in properties),
        ]:
            found[name] = self.value(properties.get(name, others), name, depth + 1)
        if self._is_generous(depth):
            for name, member in properties.items():
                if name not in found and len(found) < most and not _is_write_only(member):
                    try:
                        found[name] = self.value(member, name, depth + 1)
                    except ContradictionError:
                        # It can be left out.
                        continue
            found = {name: found[name] for name in (*properties, *found) if name in found}
        is_map = not properties and isinstance(others, dict) and others and self._is_generous(depth)
        while len(found) < max(schema.get("minProperties", 0), 1 if is_map and most else 0):
            names = schema.get("propertyNames", {})
            name = self._text.make(names, "") if isinstance(names, dict) and names else self._text.word()
            found[name if name not in found else f"{name}{len(found)}"] = self.value(others, name, depth + 1)
        return found

    def _array(self, schema: Document, name: str, depth: int) -> Json:
        prefix, items = schema.get("prefixItems", []), schema.get("items", schema.get("contains", {}))
        least, most = schema.get("minItems", 1 if "contains" in schema else 0), schema.get("maxItems", math.inf)
        usual = (2 if depth < 2 else 1) if self._is_generous(depth) else int(self._number < _SIMPLEST and depth == 0)
        count = max(least, min(most, len(prefix) if items is False else max(usual, len(prefix))))
        found: list[Json] = []
        for index in range(count + (20 if schema.get("uniqueItems") else 0)):
            try:
                value = self.value(prefix[index] if index < len(prefix) else items, name, depth + 1)
            except ContradictionError:
                if len(found) >= least:
                    break
                raise
            if len(found) < count and not (schema.get("uniqueItems") and value in found):
                found.append(value)
            if len(found) == count:
                break
        return found

    def _is_generous(self, depth: int) -> bool:
        """Whether optional members and elements are made too."""
        return self._number < _SIMPLE and depth <= _DEEPEST_OPTIONAL and self._made < _MOST_VALUES


def _number(schema: Document, source: random.Random, *, whole: bool) -> float:
    """A number between the bounds of a schema."""
    least: float = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
    most: float = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
    if least == -math.inf:
        least = 1 if most >= _LARGEST else most - _LARGEST if most < 1 else min(1, most)
    most = min(most, least + _LARGEST)
    step: float | None = schema.get("multipleOf", 1 if whole else None)
    if step:
        low, high = math.ceil(least / step), math.floor(most / step)
        low += low * step == schema.get("exclusiveMinimum")
        high -= high * step == schema.get("exclusiveMaximum")
        return source.randint(low, max(low, high)) * step
    value = least + (most - least) * source.uniform(0.1, 0.9)
    return round(value, 2) if least < round(value, 2) < most else value


def _is_write_only(schema: Json) -> bool:
    return isinstance(schema, dict) and schema.get("writeOnly") is True

"""The members of a dataclass as JSON: their names, their JSON Schema, and how they are read and written.

1. A field is a string, a number, a boolean, one of several literals, or another such dataclass; it may be absent if it
   has a default.
2. The field `sent_by` is the member `sentBy`.
3. A field that is None is left out.
"""

import builtins
import dataclasses
import keyword
import re
import types
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from invite_specs import Document, Json

_TYPES: dict[type, str] = {str: "string", int: "integer", float: "number", bool: "boolean"}


def snake(name: str) -> str:
    """The name in Python of a member, parameter, header field or operation; `_` follows what is a word of Python."""
    name = re.sub(r"\W", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).lower()
    if name[:1].isdigit():
        return f"_{name}"
    return f"{name}_" if keyword.iskeyword(name) or hasattr(builtins, name) else name


def camel(name: str) -> str:
    """The member that a field stands for."""
    first, *others = name.rstrip("_").split("_")
    return first + "".join(map(str.capitalize, others))


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """What is said of a string beyond that it is one; in the metadata of an `Annotated` type.

    It is compared by identity, since such metadata must be hashable.
    """

    schema: Mapping[str, Json]
    """The keywords of JSON Schema that it satisfies."""
    normal: Callable[[str], str] | None = None
    """The form in which it is stored and compared, if several are the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Ids(Text):
    """Ids of one format."""

    new: Callable[[Callable[[str, int], bytes], str], str] = field(kw_only=True)
    """A new id, from what draws bytes for a label (see `Generator.draw`) and the label."""
    default: Callable[[str, str], str] = field(kw_only=True)
    """The id in a world document that gives none, from the key of what contains it, and its name in there."""


@dataclass(frozen=True, slots=True, eq=False)
class Credential(Text):
    """What a caller sends to be known; `scheme` is the security scheme's name in the assumed document."""

    schema: Mapping[str, Json] = field(default_factory=lambda: {"pattern": "^[!-~]+$", "writeOnly": True})
    scheme: str = ""


def _namespace(parent: str) -> uuid.UUID:
    try:
        return uuid.UUID(parent)
    except ValueError:
        return uuid.uuid5(uuid.NAMESPACE_URL, parent)


UUIDS = Ids(
    {"format": "uuid"},
    str.lower,
    # RFC 9562 section 5.4
    new=lambda draw, label: str(uuid.UUID(bytes=draw(label, 16), version=4)),
    default=lambda parent, name: str(uuid.uuid5(_namespace(parent), name)),
)
Uuid = Annotated[str, UUIDS]
Email = Annotated[str, Text({"format": "email"})]


class Type(NamedTuple):
    """The type of a field or an argument."""

    base: Any
    """A type of Python, or a Literal."""
    text: Text | None
    optional: bool
    """Whether it may be None."""

    @property
    def schema(self) -> dict[str, Json]:
        """Its JSON Schema, for a value that is not None."""
        more = self.text.schema if self.text else {}
        if get_origin(self.base) is Literal:
            return {"enum": list(get_args(self.base)), **more}
        if dataclasses.is_dataclass(self.base):
            return {**object_schema(members(self.base)), **more}
        return {"type": _TYPES[self.base], **more}


def type_of(annotation: Any) -> Type:
    """The type that an annotation describes."""
    optional = False
    if get_origin(annotation) in {Union, types.UnionType}:
        [annotation] = [one for one in get_args(annotation) if one is not type(None)]
        optional = True
    text = None
    if get_origin(annotation) is Annotated:
        text = next((one for one in annotation.__metadata__ if isinstance(one, Text)), None)
        annotation = annotation.__origin__
    return Type(annotation, text, optional)


class Member(NamedTuple):
    """A field of a dataclass, as a member of a JSON object."""

    name: str
    """In JSON."""
    type: Type
    required: bool


def members(of: Any) -> Mapping[str, Member]:
    """The members of a dataclass by the names of their fields."""
    return _members(of)


@cache
def _members(of: Any) -> Mapping[str, Member]:
    hints = get_type_hints(of, include_extras=True)
    return {
        one.name: Member(camel(one.name), type_of(hints[one.name]), _is_required(one)) for one in dataclasses.fields(of)
    }


def _is_required(one: "dataclasses.Field[Any]") -> bool:
    return one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING


def object_schema(of: Mapping[str, Member]) -> dict[str, Json]:
    """The JSON Schema of an object that has those members and no other."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in of.values() if one.required],
        "properties": {one.name: one.type.schema for one in of.values()},
    }


def read(of: Any, entry: Document) -> dict[str, Any]:
    """The fields that an object has, each in its normal form; the object was validated."""
    found = {}
    for name, (member, type_, _) in members(of).items():
        if member in entry:
            value = entry[member]
            if dataclasses.is_dataclass(type_.base):
                value = type_.base(**read(type_.base, value))  # type: ignore[operator]  # a class, not an instance
            elif type_.text and type_.text.normal:
                value = type_.text.normal(value)
            found[name] = value
    return found


def write(values: Mapping[str, Any]) -> dict[str, Json]:
    """The members of fields, without those that are None."""
    return {camel(name): _written(value) for name, value in values.items() if value is not None}


def _written(value: Any) -> Json:
    return write(dict(values(value))) if dataclasses.is_dataclass(value) else value


def values(of: Any) -> Iterator[tuple[str, Any]]:
    """The fields of an instance with their values."""
    return ((name, getattr(of, name)) for name in members(type(of)))

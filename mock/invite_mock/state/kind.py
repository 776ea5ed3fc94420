"""A kind of entity of a contract: how it is called, what identifies it, and where it stands in a world document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from functools import cached_property
from typing import Any, Generic, TypeVar

import orjson
from invite_specs import Document

from invite_mock.state.members import Ids, members, read

Entity = TypeVar("Entity")


def _id(entity: Any) -> str:
    return str(entity.id)


@dataclass(frozen=True)
class Kind(Generic[Entity]):
    """A kind of entity.

    The fields of the dataclass are those that `members` describes. An entity within another has a field that is called
    like the other's kind, and contains its key.
    """

    plural: str
    """The list of a world document that contains them: of the document itself, or of each entity of `within`."""
    name: str
    entity: type[Entity]
    key: Callable[[Entity], str] = _id
    """What identifies it among all of its kind in a world."""
    title: str = "id"
    """The field by which a person knows it."""
    within: "Kind[Any] | None" = None
    unique: Mapping[str, str] = field(default_factory=dict)
    """Further fields that no two entities share unless they are empty, each with what to say if two do, as a format of
    `old` and `new`. The id of an entity within another is always unique in there.
    """
    refers: Mapping[str, "Kind[Any]"] = field(default_factory=dict)
    """The fields that contain the key of another entity, which must exist."""

    def unique_values(self, entity: Entity) -> dict[str, str]:
        """What no other entity of its kind shares, beyond the key, by field."""
        found = {name: str(value) for name in self.unique if (value := getattr(entity, name))}
        if self.within is not None and "id" in members(self.entity):
            own: Any = entity
            found["id"] = f"{getattr(own, self.within.name)}/{own.id}"
        return found

    @cached_property
    def _nested(self) -> dict[str, Any]:
        return {name: one.type.base for name, one in members(self.entity).items() if is_dataclass(one.type.base)}

    def load(self, body: str) -> Entity:
        """The entity that is stored as that JSON."""
        fields = orjson.loads(body)
        for name, nested in self._nested.items():
            fields[name] = nested(**fields[name])
        return self.entity(**fields)

    def read(self, entry: Document, parent: str, number: int) -> Entity:
        """The entity that is described by the element of that number in its list; `parent` is the other's key."""
        fields = read(self.entity, entry)
        if self.within is None:
            return self.entity(**fields)
        fields[self.within.name] = parent
        if "id" in fields or "id" not in members(self.entity):
            return self.entity(**fields)
        fields["id"] = ""
        entity: Any = self.entity(**fields)
        ids = members(self.entity)["id"].type.text
        if not isinstance(ids, Ids):
            raise TypeError(f"{self.entity.__name__}.id: annotate it with Ids, or give it a default")
        own = self.key(entity).removeprefix(f"{parent}/") or f"{self.name} {number}"
        found: Entity = replace(entity, id=ids.default(parent, own))
        return found

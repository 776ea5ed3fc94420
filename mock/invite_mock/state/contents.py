"""What one contract keeps in a world, declared; its part of a world document follows from that.

1. Each top-level kind of entity is a member of the document, and each entity contains what is within it.
2. An entity within another needs no id: it follows from the other's key and its own.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from invite_specs import Document, Json, YamlFile

from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.invite_entry import INVITES, invite_from, invite_schema, invite_to
from invite_mock.state.invites import Invites
from invite_mock.state.kind import Kind
from invite_mock.state.life_cycle import Action
from invite_mock.state.members import members, object_schema, values, write
from invite_mock.state.store import Invite
from invite_mock.state.world_document_error import WorldDocumentError


@dataclass(frozen=True)
class Contents:
    """The contents of worlds that belong to one contract."""

    kinds: Sequence[Kind[Any]]
    """Each after those that it is within or refers to."""
    invites: Invites[Any] | None
    default: YamlFile
    """Its members of the default world."""
    describe: Callable[[ContractWorld, Invite], Mapping[str, Json]] = lambda _world, invite: invite.data
    """One of its invites as the contract represents it, without the token."""

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """What may be done to an invite of it, by all names."""
        return {} if self.invites is None else self.invites.actions

    def move(self, world: ContractWorld, invite: Invite, action: str) -> Invite | None:
        """Do to an invite what an action says (see `Invites.move`); None also for what is none of `actions`."""
        if self.invites is None or action not in self.invites.actions:
            return None
        return self.invites.move(world, invite, action)

    @cached_property
    def schema(self) -> Mapping[str, Document]:
        """The members that it reads from a world document: name to JSON Schema."""
        return self._lists(None)

    def _lists(self, parent: Kind[Any] | None) -> dict[str, Document]:
        found = {one.plural: _list(self._schema(one)) for one in self._within(parent)}
        if self.invites is not None and self.invites.within is parent:
            found[INVITES] = _list(invite_schema(self.invites))
        return found

    def _schema(self, kind: Kind[Any]) -> dict[str, Any]:
        parent = kind.within
        own = {
            name: one._replace(required=one.required and not (parent and name == "id"))
            for name, one in members(kind.entity).items()
            if not parent or name != parent.name
        }
        schema: dict[str, Any] = object_schema(own)
        schema["properties"] |= self._lists(kind)
        return {"description": str(kind.entity.__doc__), **schema}

    def _within(self, parent: Kind[Any] | None) -> list[Kind[Any]]:
        return [one for one in self.kinds if one.within is parent]

    def populate(self, world: ContractWorld, document: Document) -> None:
        """Fill a new world from a world document. Raises WorldDocumentError if the document contradicts itself."""
        self._populate(world, None, "", document, "")

    def _populate(self, world: ContractWorld, parent: Kind[Any] | None, key: str, entry: Document, where: str) -> None:
        """Add what an entry of a kind contains, or the document itself; `key` is that of the entry's entity."""
        for kind in self._within(parent):
            for number, one in enumerate(entry.get(kind.plural, [])):
                here = f"{where}/{kind.plural}/{number}"
                entity = kind.read(one, key, number)
                for name, other in kind.refers.items():
                    if world.get(other, getattr(entity, name)) is None:
                        reason = f"there is no {other.name} {getattr(entity, name)}; add it to `{other.plural}`"
                        raise WorldDocumentError(here, reason)
                if not world.add(kind, entity):
                    raise WorldDocumentError(here, _conflict(world, kind, entity))
                self._populate(world, kind, kind.key(entity), one, here)
        if self.invites is not None and self.invites.within is parent:
            for number, one in enumerate(entry.get(INVITES, [])):
                invite_from(self.invites, world, f"{where}/{INVITES}/{number}", one, (key, number))

    def export(self, world: ContractWorld) -> Mapping[str, Json]:
        """Its members of the world document that makes a world such as this one is now."""
        invites: dict[Json, list[Json]] = defaultdict(list)
        if self.invites is not None:
            within = self.invites.within
            for one in world.invites():
                invites[one.data[within.name] if within else None].append(invite_to(self.invites, one))
        return self._export(world, None, None, invites)

    def _export(
        self, world: ContractWorld, parent: Kind[Any] | None, key: str | None, invites: Mapping[Json, list[Json]]
    ) -> dict[str, Json]:
        """What an entity of a kind contains, or the world itself."""
        found: dict[str, Json] = {}
        for kind in self._within(parent):
            found[kind.plural] = [
                {**_entry(kind, one), **self._export(world, kind, kind.key(one), invites)}
                for one in world.entities(kind)
                if parent is None or getattr(one, parent.name) == key
            ]
        if self.invites is not None and self.invites.within is parent:
            found[INVITES] = invites.get(key, [])
        return found


def world_beside(module: str) -> YamlFile:
    """The file `world.yaml` beside a contract's module, whose `__file__` is given."""
    return YamlFile(Path(module).with_name("world.yaml"))


def _list(items: Document) -> Document:
    return {"type": "array", "items": items}


def _entry(kind: Kind[Any], entity: Any) -> dict[str, Json]:
    own = dict(values(entity))
    if kind.within is not None:
        del own[kind.within.name]
    return write(own)


def _conflict(world: ContractWorld, kind: Kind[Any], entity: Any) -> str:
    """Why an entity of a document cannot be added."""
    if world.get(kind, kind.key(entity)) is not None:
        return f"the {kind.name} {getattr(entity, kind.title)} is given twice"
    for name, value in kind.unique_values(entity).items():
        old = world.find(kind, name, value)
        if old is not None and name in kind.unique:
            return kind.unique[name].format(old=old, new=entity)
    return f"another {kind.name} has the id {entity.id}; give this one an id of its own"

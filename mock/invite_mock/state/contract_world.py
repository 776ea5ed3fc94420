"""A world as the rules of one contract see it: its entities, its invites, its clock and its generator.

1. It belongs to one transaction: what a decision reads here, it reads inside its transaction.
2. What it writes advances the generator, so that what was drawn is never drawn again.
"""

import base64
from collections.abc import Sequence
from typing import Any

from invite_mock.state.generator import Generator
from invite_mock.state.kind import Entity, Kind
from invite_mock.state.life_cycle import Status
from invite_mock.state.store import Invite, Scope, Selection
from invite_mock.state.world import World


class ContractWorld:
    """One contract's part of a world, in one transaction."""

    __slots__ = ("_generator", "_now", "_store", "_world", "has_written", "invites_changed", "scope")

    def __init__(self, world: World, contract: str) -> None:
        self._world = world
        self._store = world.store
        self._now: int | None = None
        self._generator: Generator | None = None
        self.scope = Scope(world.name, contract)
        self.has_written = False
        """Whether anything was stored by it."""
        self.invites_changed: list[Invite] = []
        """The invites that were stored by it, each as it is then."""

    @property
    def now(self) -> int:
        """The instant of the decision, in microseconds since 1970-01-01T00:00:00Z."""
        if self._now is None:
            self._now = self._world.now()
        return self._now

    @property
    def prefix(self) -> str:
        """What the world's paths begin with."""
        return self._world.prefix

    def draw(self, label: str, size: int) -> bytes:
        """`size` bytes for an id or a token (see `Generator.draw`)."""
        if self._generator is None:
            self._generator = self._world.generator(self.scope.contract)
        return self._generator.draw(label, size)

    def new_token(self, label: str) -> str:
        """A new secret of 43 characters that a URL contains as they are; `label` as in `Generator.draw`."""
        return base64.urlsafe_b64encode(self.draw(label, 32)).rstrip(b"=").decode()

    def get(self, kind: Kind[Entity], key: str) -> Entity | None:
        """The entity of that kind and key, if there is one."""
        return self._store.get(self.scope, kind, key)

    def find(self, kind: Kind[Entity], field: str, value: str) -> Entity | None:
        """The entity of that kind that has the value in a unique field, if there is one."""
        return self._store.find(self.scope, kind, field, value)

    def entities(self, kind: Kind[Entity]) -> Sequence[Entity]:
        """All entities of a kind, in the order in which they were added."""
        return self._store.entities(self.scope, kind)

    def add(self, kind: Kind[Entity], entity: Entity) -> bool:
        """Add an entity; returns False, and changes nothing, if its key or another unique value is in use."""
        added = self._store.add(self.scope, kind, entity)
        if added:
            self._wrote()
        return added

    def put(self, kind: Kind[Entity], entity: Entity) -> None:
        """Store an entity, new or changed."""
        self._store.put(self.scope, kind, entity)
        self._wrote()

    def remove(self, kind: Kind[Any], key: str) -> bool:
        """Remove an entity (see `Store.remove`); returns False if there is none."""
        removed = self._store.remove(self.scope, kind, key)
        if removed:
            self._wrote()
        return removed

    def add_invite(self, invite: Invite, *, unless: Kind[Any] | None = None, replace: bool = False) -> bool:
        """Add an invite, unless that is not allowed (see `Store.add_invite`)."""
        added = self._store.add_invite(self.scope.world, invite, unless=unless, replace=replace)
        if added:
            self.invites_changed.append(invite)
            self._wrote()
        return added

    def put_invite(self, invite: Invite) -> None:
        """Store an invite as it is given, new or changed."""
        self._store.put_invite(self.scope.world, invite)
        self.invites_changed.append(invite)
        self._wrote()

    def invite(self, invite_id: str) -> Invite | None:
        """The invite of that id."""
        return self._store.invite(self.scope, invite_id)

    def outstanding(self, subject: str) -> Invite | None:
        """The subject's invite that is stored as outstanding, expired or not."""
        return self._store.outstanding(self.scope, subject)

    def invites(
        self,
        prefix: str = "",
        status: Status | None = None,
        *,
        after: str | None = None,
        offset: int = 0,
        limit: int | None = None,
    ) -> Sequence[Invite]:
        """The invites whose subject begins with `prefix`, as `Selection` describes; the status is that of now."""
        now = 0 if status is None else self.now
        selection = Selection(prefix, status, now, after, offset, limit)
        return self._store.invites(self.scope.world, self.scope.contract, selection)

    def status(self, invite: Invite) -> Status:
        """The status of an invite now."""
        return invite.status_at(self.now)

    def _wrote(self) -> None:
        self.has_written = True
        if self._generator is not None:
            self._generator.advance()

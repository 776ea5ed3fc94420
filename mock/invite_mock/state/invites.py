"""The invites of a contract: what they say, how long they live, and what may be done to them."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.kind import Kind
from invite_mock.state.life_cycle import MOVES, Action, Status
from invite_mock.state.members import UUIDS, Ids, members
from invite_mock.state.store import Invite

Terms = TypeVar("Terms")


@dataclass(frozen=True)
class Invites(Generic[Terms]):
    """The invites of one contract. Their `terms` are a dataclass like that of an entity (see `Kind`)."""

    terms: type[Terms]
    """What an invite says; a field `email` is where it is sent."""
    subject: Callable[[Terms], str]
    """Who is invited to what: the same for two invites that must not both be outstanding."""
    life: int
    """How long an invite is outstanding, in microseconds."""
    ids: Ids = UUIDS
    within: Kind[Any] | None = None
    """The entities whose `invites` a world document lists."""
    unless: Kind[Any] | None = None
    """Nobody is invited for whom there is an entity of this kind; its key is the subject."""
    accepted: Callable[[ContractWorld, Invite], None] = lambda _world, _invite: None
    """What follows when an invite is accepted."""
    sender: Callable[[ContractWorld, Invite], str | None] = lambda _world, _invite: None
    """Who sent an invite, as a person knows the sender; None where the contract or the world does not know."""
    moves: Mapping[str, Action] = field(default_factory=dict)
    """What the contract calls an action."""
    keeps_expired: bool = False
    """Whether an expired invite stays when another takes its place: for a contract that lists them."""

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields of the terms that the store does not know by name."""
        return tuple(name for name in members(self.terms) if name != "email")

    @cached_property
    def actions(self) -> Mapping[str, Action]:
        """What may be done to an invite, by all names."""
        return {one.value: one for one in Action} | dict(self.moves)

    def new(
        self, world: ContractWorld, terms: Terms, *, token: str | None = None, invite_id: str | None = None
    ) -> Invite:
        """A new invite, outstanding from now on, with a new id unless one is given; it is stored by `add`."""
        now = world.now
        return Invite(
            invite_id or self.ids.new(world.draw, "invite"),
            world.scope.contract,
            self.subject(terms),
            getattr(terms, "email", None),
            now,
            now + self.life,
            {name: getattr(terms, name) for name in self.fields},
            None if token is None else hashlib.sha256(token.encode()).hexdigest(),
        )

    def add(self, world: ContractWorld, invite: Invite, *, replace: bool = False) -> bool:
        """Add an invite (see `Store.add_invite`); returns False, and changes nothing, where that is not allowed."""
        old = world.outstanding(invite.subject) if self.keeps_expired else None
        if old is not None and world.status(old) is Status.EXPIRED:
            world.put_invite(old._replace(status=Status.EXPIRED))
        return world.add_invite(invite, unless=self.unless, replace=replace)

    def move(self, world: ContractWorld, invite: Invite, action: str) -> Invite | None:
        """Do to an invite what one of `actions` says; returns the invite as it is then.

        None, and nothing is changed, if its status does not allow that. Raises KeyError for an unknown action.
        """
        after = MOVES.get((world.status(invite), self.actions[action]))
        if after is None:
            return None
        # An invite expires by its time, so that the clock alone decides which ones are expired.
        moved = invite._replace(expires_at=world.now) if after is Status.EXPIRED else invite._replace(status=after)
        world.put_invite(moved)
        if after is Status.ACCEPTED:
            self.accepted(world, moved)
        return moved

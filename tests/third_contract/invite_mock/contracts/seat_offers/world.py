"""What seat-offers keeps in a world: nothing yet.

An entity is a dataclass with a `Kind` (see `invite_mock.state.kind`). What waits for an answer for a time, as an invite
does, is declared by `Invites` (see `invite_mock.state.invites`).
"""

from typing import Any

from invite_mock.state.kind import Kind

KINDS: tuple[Kind[Any], ...] = ()

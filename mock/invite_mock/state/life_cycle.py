"""The life cycle of an invite, as one table; the diagram in the documentation is drawn from it.

1. A move that is not in the table is refused and changes nothing.
2. An outstanding invite is `expired` from its `expiresAt` on, by the clock alone.
"""

import enum


class Status(enum.StrEnum):
    """The status of an invite."""

    OUTSTANDING = "outstanding"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Action(enum.StrEnum):
    """What can be done to an invite, by the control API."""

    ACCEPT = "accept"
    REVOKE = "revoke"
    EXPIRE = "expire"


MOVES: dict[tuple[Status, Action], Status] = {
    (Status.OUTSTANDING, Action.ACCEPT): Status.ACCEPTED,
    (Status.OUTSTANDING, Action.REVOKE): Status.REVOKED,
    (Status.OUTSTANDING, Action.EXPIRE): Status.EXPIRED,
}


def diagram() -> str:
    """The life cycle as a Mermaid state diagram, drawn from the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.OUTSTANDING}: invite"]
    lines += [f"    {before} --> {after}: {action}" for (before, action), after in MOVES.items()]
    lines += [f"    {Status.OUTSTANDING} --> {Status.EXPIRED}: expiresAt has come"]
    final = [status for status in Status if all(before != status for before, _ in MOVES)]
    lines += [f"    {status} --> [*]" for status in final]
    return "\n".join(lines) + "\n"

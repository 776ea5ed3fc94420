"""Why a request is refused: what a rule returns in place of a result."""

from typing import NamedTuple

from invite_mock.state.store import Invite


class Refusal(NamedTuple):
    """A code and a reason; the code's status, title and remedy are in its API's table of problems."""

    code: str
    """The stable name of the reason, such as `World.Unknown`."""
    reason: str = ""
    """What is wrong with this request, as sentences; empty where the table's own text says it all."""
    invite: Invite | None = None
    """The invite in the world because of which the request is refused, for the journal."""

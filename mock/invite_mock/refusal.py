"""What a rule returns in place of a result: why a request is refused, or that the document answers it."""

from enum import Enum
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


class AsDocumented(Enum):
    """The type of AS_DOCUMENTED."""

    AS_DOCUMENTED = "as documented"


AS_DOCUMENTED = AsDocumented.AS_DOCUMENTED
"""The document answers, as it does without rules: its example that fits, else a value that is made of its schema."""

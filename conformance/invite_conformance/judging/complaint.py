"""What another validator finds wrong with a response."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with a response."""

    path: tuple[str, ...] | None
    """The names of the members that lead to what is wrong in the body; None for the media type."""
    reason: str
    formats: frozenset[str] = frozenset()
    """The formats that a value does not have, here or in a branch of a combination."""


def complaint_about(path: list[str | int], message: str, formats: frozenset[str] = frozenset()) -> Complaint:
    """A schema's complaint, under the member that is wrong or missing."""
    missing = re.match(r"""["'](.*?)["'] is a required property""", message)
    names = tuple(one for one in (*path, *([missing[1]] if missing else [])) if isinstance(one, str))
    # A message begins with what it quotes from the response, which may be a token.
    reason = (
        message
        if missing
        else re.sub(r"(?s)^.*(?= (?:is not|does not|is valid|is shorter|is longer) )", "the value", message)
    )
    return Complaint(names, f"{'.'.join(names) or 'the body'}: {reason}", formats)

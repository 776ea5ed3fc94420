"""What family-invites keeps in a world: companies and their families."""

from dataclasses import dataclass

from invite_mock.state.store import Kind


@dataclass(frozen=True, slots=True)
class Company:
    """A company that families belong to."""

    id: str
    anonymous: bool
    """Whether a caller without credentials acts for it (the assumption `anonymous-company`)."""


@dataclass(frozen=True, slots=True)
class Family:
    """A family, with its primary contact as far as it is known."""

    id: str
    company: str
    """The company's id."""
    firstname: str | None
    lastname: str | None
    email: str | None


COMPANIES = Kind("company", Company)
"""By id."""
FAMILIES = Kind("family", Family)
"""By id."""

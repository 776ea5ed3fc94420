"""What family-invites keeps in a world: companies, and families with their invitations."""

import string
from dataclasses import dataclass
from typing import Annotated

from invite_mock.state.clock import DAY
from invite_mock.state.invites import Invites
from invite_mock.state.kind import Kind
from invite_mock.state.members import Email, Ids, Text

_ALPHABET = string.ascii_lowercase + string.digits
_Name = Annotated[str, Text({"minLength": 1})]


@dataclass(frozen=True, slots=True)
class Company:
    """A company that families belong to."""

    id: _Name
    # The assumption `anonymous-company`.
    anonymous: Annotated[bool, Text({"description": "Whether a caller without credentials acts for it."})] = False


@dataclass(frozen=True, slots=True)
class Contact:
    """The primary contact of a family, as far as it is known."""

    firstname: str | None = None
    lastname: str | None = None
    email: Email | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A family of a company."""

    id: _Name
    company: _Name
    contact: Contact = Contact()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invitation of a family says."""

    family: str
    email: Email
    firstname: str | None = None
    lastname: str | None = None


COMPANIES = Kind(
    "companies", "company", Company, unique={"anonymous": "only one company can be the anonymous caller's"}
)
FAMILIES = Kind("families", "family", Family, refers={"company": COMPANIES})
LINKS = Ids(
    {"pattern": "^lnk_"},
    new=lambda draw, label: "lnk_" + "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in draw(label, 12)),
    default=lambda family, name: f"lnk_{family}_{name.replace(' ', '_')}",
)
# Fourteen days: the assumption `fourteen-days`. One family, one invitation: `latest-invitation-only`.
INVITES = Invites(Terms, subject=lambda terms: terms.family, life=14 * DAY, ids=LINKS, within=FAMILIES)

"""Faults of client-invites that take one email for another."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from conformance.faulty.fault import client_fault
from conformance.listener import Answer
from conformance.reference_clients import CLIENT, ClientInvites


def _matching(matches: Callable[[str, str], bool]) -> Any:
    """A conflict also with each invited email, the first argument, that matches the email, the second."""

    def conflict(self: ClientInvites, client: str, email: str, role: str) -> Answer | None:
        found = ClientInvites.conflict(self, client, email, role)
        invites = [one for one in self.invites.values() if one.get("clientId", CLIENT) == client.lower()]
        emails = [str(one["email"]).lower() for one in invites]
        if found is None and any(matches(stored, email.lower()) for stored in emails):
            return self.error(409, "ClientInvite.AlreadyInvited", "An outstanding invite already exists.")
        return found

    return conflict


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace("%", ".*").replace("_", "."), text) is not None


def _continues(stored: str, new: str) -> bool:
    """Whether a name is the other with something behind it that is no digit: the suite counts its addresses."""
    return re.fullmatch(re.escape(stored.partition("@")[0]) + "[^0-9@][^@]*", new.partition("@")[0]) is not None


def _folding(letters: str, as_text: str) -> dict[str, Any]:
    """What to change where letters outside ASCII are accepted, and compared as other text."""

    def folded(email: str) -> str:
        return email.replace(letters, as_text)

    return {
        "email_violation": lambda self, body: ClientInvites.email_violation(
            self, body | {"email": folded(body["email"])} if isinstance(body.get("email"), str) else body
        ),
        "slot": lambda _self, client, email, _role: (client.lower(), folded(email.lower())),
    }


FAULTS = (
    client_fault(
        "stored-email-as-like",
        "An invited email is a pattern of LIKE for the next one.",
        "409.similar-email",
        conflict=_matching(_like),
    ),
    client_fault(
        "email-as-like",
        "An email is a pattern of LIKE for those invited.",
        "409.similar-email",
        conflict=_matching(lambda stored, new: _like(new, stored)),
    ),
    client_fault(
        "email-as-expression",
        "A dot in an email matches any character of those invited.",
        "409.similar-email",
        conflict=_matching(lambda stored, new: re.fullmatch(new.replace("+", r"\+"), stored) is not None),
    ),
    client_fault(
        "email-as-glob",
        "An email is a shell pattern for those invited.",
        "409.similar-email",
        conflict=_matching(fnmatchcase),
    ),
    client_fault(
        "email-within-email",
        "An email that is the end of an invited one is a conflict.",
        "409.similar-email",
        conflict=_matching(lambda stored, new: stored.endswith(new)),
    ),
    client_fault(
        "email-continues-email",
        "An email whose name continues the name of an invited one is a conflict.",
        "409.folded-email 409.similar-email",
        conflict=_matching(_continues),
    ),
    client_fault(
        "email-cut",
        "Emails are compared by their first 30 characters.",
        "409.similar-email",
        slot=lambda _self, client, email, _role: (client.lower(), email.lower()[:30]),
    ),
    client_fault(
        "email-without-punctuation",
        "Emails are compared by their letters and digits.",
        "409.folded-email 409.similar-email",
        slot=lambda _self, client, email, _role: (client.lower(), re.sub(r"[^a-z0-9@]", "", email.lower())),
    ),
    client_fault(
        "email-without-dots",
        "Dots in the name of an email do not count.",
        "409.folded-email",
        slot=lambda _self, client, email, _role: (client.lower(), email.lower().partition("@")[0].replace(".", "")),
    ),
    client_fault(
        "email-without-tag",
        "What follows a plus sign in the name of an email does not count.",
        "409.folded-email",
        slot=lambda _self, client, email, _role: (client.lower(), re.sub(r"\+[^@]*", "", email.lower())),
    ),
    *(
        client_fault(f"email-{name}", sentence, "409.folded-email", **_folding(letters, as_text))
        for name, sentence, letters, as_text in (
            ("without-accents", "Accents in an email do not count.", "é", "e"),
            ("case-folded", "Emails are compared by Unicode's case folding.", "ß", "ss"),
            ("normalised", "Emails are compared in the normal form NFKC.", "\N{FULLWIDTH LATIN SMALL LETTER A}", "a"),
        )
    ),
)

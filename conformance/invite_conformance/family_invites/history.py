"""Histories of one family's contact: what was set stays until it is set anew, whatever came between."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invite_conformance.checks import probe
from invite_conformance.exchange import Seen
from invite_conformance.family_invites.calls import contact, invite
from invite_conformance.histories import History, tell
from invite_conformance.session import Session

_MEMBERS = ("email", "firstname", "lastname")
_STEPS = ("some", "some", "none", "absent", "second", "foreign", "mistyped")


class Contact(History):
    """The model: what is known of the contact of the target's own family."""

    def begin(self) -> None:
        """All of it is set."""
        self.known: dict[str, str] = {}
        self.refused = False
        self.take("set", _MEMBERS)

    def end(self) -> None:
        """Invite without a contact."""
        self.take("set", ())

    @rule(step=st.sampled_from(_STEPS), members=st.sets(st.sampled_from(_MEMBERS), min_size=1))
    def next_step(self, step: str, members: set[str]) -> None:
        """One of the steps."""
        states = self.tale.session.states
        if step in {"second", "foreign"} and states.offered(f"{step}_family"):
            self.take("elsewhere", step)
        elif step in {"absent", "mistyped"}:
            self.take(step)
        else:
            self.take("set", tuple(sorted(members)) if step == "some" else ())

    def set(self, members: tuple[str, ...]) -> None:
        """200, with what is given now and what was set before."""
        session = self.tale.session
        given = {name: value for name, value in contact(session).items() if name in members}
        self._expect_known(self.send(f"invite with {', '.join(members) or '{}'}", invite(session, given)), given)

    def absent(self) -> None:
        """200 without a body, with what was set before."""
        self._expect_known(self.send("invite without a body", invite(self.tale.session)), {})

    def elsewhere(self, which: str) -> None:
        """Whatever happens to another family, nothing changes here."""
        session = self.tale.session
        family = session.states.get(f"{which}_family")
        self.refused = self.refused or which == "foreign"
        self.send(f"invite the {which} family", invite(session, contact(session), family, writes=which == "second"))

    def mistyped(self) -> None:
        """A refusal, and nothing changes."""
        session = self.tale.session
        body: dict[str, Any] = contact(session) | {"lastname": 42}
        seen = self.send("invite with a last name that is no string", invite(session, body, valid=False, writes=False))
        self.over = seen.status < 400

    def _expect_known(self, seen: Seen, given: dict[str, str]) -> None:
        # Whether what is given now is answered so is the business of `200.firstname-as-given` and its like.
        self.over = seen.status != 200 or not all(_is_answered(seen, *member) for member in given.items())
        for name, value in self.known.items():
            if not self.over and name not in given:
                refused = self.refused and not self.tale.knows("names.remembered")
                requirement = "403.changes-nothing" if refused else "names.remembered"
                self.check(requirement, _is_answered(seen, name, value), f'`{name}`: "{value}", set before', seen)
        self.known |= given


def _is_answered(seen: Seen, name: str, value: str) -> bool:
    return str(seen.object.get(name)).lower() == value.lower()


@probe("names.remembered", "403.changes-nothing", engine="histories")
def histories_of_a_contact(session: Session) -> None:
    """Set parts of a contact in many orders, and invite other families in between."""
    tell(session, Contact)

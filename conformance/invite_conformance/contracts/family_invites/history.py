"""Histories of one family's contact: what was set stays until it is set again, whatever happens in between."""

from collections import defaultdict

from hypothesis import strategies as st
from hypothesis.stateful import rule
from invite_specs import Json

from invite_conformance.contracts.family_invites.calls import invite
from invite_conformance.contracts.family_invites.contacts import MEMBERS, contact, is_answered, set_by_another_run
from invite_conformance.engines.histories import History, run_histories
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_STEPS = ("some", "some", "none", "absent", "second", "foreign", "mistyped")
_REQUIREMENTS = {
    "second": "contact.own",
    "foreign": "403.changes-nothing",
    "mistyped": "malformed.changes-nothing",
    "own": "names.remembered",
}
"""What is violated where the contact is one that such a step sent."""


class Contact(History):
    """The model: what is known of the contact of the target's own family."""

    def begin(self) -> None:
        """All of it is set."""
        self.known: dict[str, str] = {}
        self.sent: dict[str, set[str]] = defaultdict(set)
        """The values that each kind of step sent, in small letters."""
        self.take("set", MEMBERS)

    def end(self) -> None:
        """Invite without a contact."""
        self.take("set", ())

    @rule(step=st.sampled_from(_STEPS), members=st.sets(st.sampled_from(MEMBERS), min_size=1))
    def next_step(self, step: str, members: set[str]) -> None:
        """One of the steps."""
        if step in {"second", "foreign"} and self.context.states.offered(f"{step}_family"):
            self.take("elsewhere", step)
        elif step in {"absent", "mistyped"}:
            self.take(step)
        else:
            self.take("set", tuple(sorted(members)) if step == "some" else ())

    def set(self, members: tuple[str, ...]) -> None:
        """200, with what is given now and what was set before."""
        given = {name: value for name, value in self._contact("own").items() if name in members}
        call = invite(self.context, given)
        self._expect_known(self.send(f"invite with {', '.join(members) or '{}'}", call), given)

    def absent(self) -> None:
        """200 without a body, with what was set before."""
        self._expect_known(self.send("invite without a body", invite(self.context)), {})

    def elsewhere(self, which: str) -> None:
        """Whatever happens to another family, nothing changes here."""
        refused_for = "foreign_family" if which == "foreign" else ""
        family = self.context.states.get(f"{which}_family")
        call = invite(self.context, self._contact(which), family, refused_for=refused_for)
        self.send(f"invite the {which} family", call)

    def mistyped(self) -> None:
        """A refusal, and nothing changes."""
        body: dict[str, Json] = {**self._contact("mistyped"), "lastname": {"name": "Harriet"}}
        call = invite(self.context, body, valid=False)
        self.over = self.send("invite with a last name that is an object", call).status < 400

    def _contact(self, step: str) -> dict[str, str]:
        """A new contact, which such a step sends."""
        given = contact(self.context)
        self.sent[step] |= {value.lower() for value in given.values()}
        return given

    def _expect_known(self, exchange: Exchange, given: dict[str, str]) -> None:
        # Whether what is given now is answered so is judged by `200.names-as-given` and its like.
        self.over = exchange.status != 200 or not all(is_answered(exchange, *member) for member in given.items())
        for name, value in self.known.items():
            if not self.over and name not in given:
                requirement = self._requirement(exchange, name)
                satisfied = is_answered(exchange, name, value)
                if satisfied or not set_by_another_run(self.context, exchange):
                    self.check(requirement, satisfied, f'`{name}`: "{value}", set before', exchange)
                self.over = not satisfied
        self.known |= given

    def _requirement(self, exchange: Exchange, name: str) -> str:
        """What is violated if a member is not the one that was set before."""
        answered = str(exchange.object.get(name)).lower()
        return next((_REQUIREMENTS[step] for step, sent in self.sent.items() if answered in sent), "names.remembered")


@active(*_REQUIREMENTS.values(), engine="histories")
def histories_of_a_contact(context: CheckContext) -> None:
    """Set parts of a contact in many orders, and invite other families in between."""
    run_histories(context, Contact)

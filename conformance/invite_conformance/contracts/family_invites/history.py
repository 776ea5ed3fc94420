"""Histories of one family's contact: what was set stays until it is set anew, whatever came between."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invite_conformance.contracts.family_invites.calls import contact, invite
from invite_conformance.engines.histories import History, run_histories
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

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
        states = self.history_run.context.states
        if step in {"second", "foreign"} and states.offered(f"{step}_family"):
            self.take("elsewhere", step)
        elif step in {"absent", "mistyped"}:
            self.take(step)
        else:
            self.take("set", tuple(sorted(members)) if step == "some" else ())

    def set(self, members: tuple[str, ...]) -> None:
        """200, with what is given now and what was set before."""
        context = self.history_run.context
        given = {name: value for name, value in contact(context).items() if name in members}
        self._expect_known(self.send(f"invite with {', '.join(members) or '{}'}", invite(context, given)), given)

    def absent(self) -> None:
        """200 without a body, with what was set before."""
        self._expect_known(self.send("invite without a body", invite(self.history_run.context)), {})

    def elsewhere(self, which: str) -> None:
        """Whatever happens to another family, nothing changes here."""
        context = self.history_run.context
        family = context.states.get(f"{which}_family")
        self.refused = self.refused or which == "foreign"
        self.send(f"invite the {which} family", invite(context, contact(context), family, writes=which == "second"))

    def mistyped(self) -> None:
        """A refusal, and nothing changes."""
        context = self.history_run.context
        body: dict[str, Any] = contact(context) | {"lastname": 42}
        exchange = self.send(
            "invite with a last name that is no string", invite(context, body, valid=False, writes=False)
        )
        self.over = exchange.status < 400

    def _expect_known(self, exchange: Exchange, given: dict[str, str]) -> None:
        # Whether what is given now is answered so is the business of `200.firstname-as-given` and its like.
        self.over = exchange.status != 200 or not all(_is_answered(exchange, *member) for member in given.items())
        for name, value in self.known.items():
            if not self.over and name not in given:
                refused = self.refused and not self.history_run.knows("names.remembered")
                requirement = "403.changes-nothing" if refused else "names.remembered"
                self.check(
                    requirement, _is_answered(exchange, name, value), f'`{name}`: "{value}", set before', exchange
                )
        self.known |= given


def _is_answered(exchange: Exchange, name: str, value: str) -> bool:
    return str(exchange.object.get(name)).lower() == value.lower()


@active("names.remembered", "403.changes-nothing", engine="histories")
def histories_of_a_contact(context: CheckContext) -> None:
    """Set parts of a contact in many orders, and invite other families in between."""
    run_histories(context, Contact)

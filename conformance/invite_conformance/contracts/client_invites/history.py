"""Histories of invites: an outstanding invite stays whatever follows it, and a refused create leaves no invite."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from invite_conformance.contracts.client_invites.callers import not_admins
from invite_conformance.contracts.client_invites.calls import invite, post
from invite_conformance.contracts.client_invites.conflicts import invite_again
from invite_conformance.engines.histories import History, run_histories
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_PEOPLE = ("Ann", "Bob", "Cleo", "Dan")
_STEPS = ("invite", "invite", "invite", "again", "again", "refuse", "forbid")


class Invites(History):
    """The model: for whom creates were sent, in their order, and what an invite of who was refused would violate."""

    def begin(self) -> None:
        """Start with addresses that have no invites."""
        self.addresses = {person: self.context.fresh_email(person.lower()) for person in _PEOPLE}
        self.created: list[str] = []
        self.refused: dict[str, str] = {}

    def end(self) -> None:
        """Invite everybody."""
        for person in _PEOPLE:
            self.take("invite", person)

    @rule(step=st.sampled_from(_STEPS), person=st.sampled_from(_PEOPLE), caller=st.integers(0, 9))
    def next_step(self, step: str, person: str, caller: int) -> None:
        """One of the steps; `again` is the latest valid create."""
        if step == "forbid" and self.context.states.offered("not_admin"):
            self.take("forbid", person, caller)
        elif step == "refuse":
            self.take("refuse", person)
        else:
            self.take("invite", self.created[-1] if step == "again" and self.created else person)

    def invite(self, person: str) -> None:
        """201 for whoever has no outstanding invite, else 409."""
        exchange = self.send(f"invite {person}", invite(self.context, self.addresses[person]))
        # After any other status the model does not know the state.
        self.over = exchange.status not in {201, 409}
        before = self.created.count(person)
        if before:
            again_only = before == len(self.created) >= 2 and not self.refused
            requirement = "409.third-try" if again_only else "409.already-invited"
            self.check(requirement, exchange.status == 409, "409", exchange)
        elif person in self.refused:
            self.check(self.refused[person], exchange.status != 409, "201", exchange)
        else:
            self.check("201.status", exchange.status == 201, "201", exchange)
        self.created.append(person)

    def refuse(self, person: str) -> None:
        """400 for an unknown role, and nothing changes."""
        call = post(self.context, {"email": self.addresses[person], "role": "Emperor"})
        exchange = self.send(f"invite {person} in an unknown role", call)
        self._expect_refusal(person, exchange, 400, "malformed.changes-nothing")

    def forbid(self, person: str, caller: int) -> None:
        """403 for a caller who is no Admin, and nothing changes."""
        callers = list(not_admins(self.context))
        _, by = callers[caller % len(callers)]
        call = invite(self.context, self.addresses[person], by=by, refused_for="not_admin")
        exchange = self.send(f"invite {person} without the right to", call)
        self._expect_refusal(person, exchange, 403, "403.changes-nothing")

    def _expect_refusal(self, person: str, exchange: Exchange, status: int, requirement: str) -> None:
        self.over = exchange.status != status
        self.refused[person] = requirement


@active("409.already-invited", "409.third-try", "malformed.changes-nothing", "403.changes-nothing", engine="histories")
def histories_of_invites(context: CheckContext) -> None:
    """Invite some people in many orders, and have some creates refused in between."""
    run_histories(context, Invites)


@active("409.later", engine="histories")
def an_early_invite_at_the_end(context: CheckContext) -> None:
    """Do so after the calls of every other engine too."""
    invite_again(context)

"""The mock against a model: whatever happens in two worlds, each answers as its own model of sets predicts."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from mock.conftest import Caller

EMAILS = [f"person{number}@acme.example" for number in range(3)]
START = datetime(2026, 1, 1, 9, tzinfo=UTC)


class Model:
    """The contents of a world: its members, and until when each outstanding invite is valid."""

    def __init__(self) -> None:
        self.now = START
        self.members = {"owner@acme.example"}
        self.outstanding: dict[str, datetime] = {}

    def waits(self, email: str) -> bool:
        return email in self.outstanding and self.outstanding[email] > self.now

    def create(self, email: str) -> tuple[int, str | None]:
        if email in self.members:
            return 409, "ClientInvite.AlreadyMember"
        if self.waits(email):
            return 409, "ClientInvite.AlreadyInvited"
        self.outstanding[email] = self.now + timedelta(days=7)
        return 201, None

    def move(self, email: str, action: str) -> int:
        if not self.waits(email):
            return 409
        del self.outstanding[email]
        if action == "accept":
            self.members.add(email)
        return 200


def test_two_worlds_behave_as_two_models(caller: Caller) -> None:  # noqa: C901  # the rules are its body
    class TwoWorlds(RuleBasedStateMachine):
        worlds = st.sampled_from(["a", "b"])
        emails = st.sampled_from([*EMAILS, "owner@acme.example"])

        def __init__(self) -> None:
            super().__init__()
            self.models = {"a": Model(), "b": Model()}
            self.callers = {name: caller.in_world(f"{caller.world}-{name}") for name in self.models}
            self.ids: dict[tuple[str, str], str] = {}
            for one in self.callers.values():
                one.control("DELETE", "")
                caller.send("POST", "/_mock/worlds", {"name": one.world, "seed": 1})

        @rule(world=worlds, email=emails, capitals=st.booleans())
        def create(self, world: str, email: str, capitals: bool) -> None:
            received = self.callers[world].invite(email.upper() if capitals else email)
            assert (received.status, received.json.get("title")) == self.models[world].create(email)
            if received.status == 201:
                self.ids[world, email] = received.json["id"]

        @rule(world=worlds, email=st.sampled_from(EMAILS), action=st.sampled_from(["accept", "revoke", "expire"]))
        def move(self, world: str, email: str, action: str) -> None:
            if (world, email) in self.ids:
                received = self.callers[world].control("POST", f"/invites/{self.ids[world, email]}/{action}")
                assert received.status == self.models[world].move(email, action)

        @rule(world=worlds, days=st.integers(1, 8))
        def advance(self, world: str, days: int) -> None:
            self.callers[world].control("POST", "/clock/advance", {"by": f"P{days}D"})
            self.models[world].now += timedelta(days=days)

        @rule(world=worlds)
        def reset(self, world: str) -> None:
            self.callers[world].control("POST", "/reset")
            self.models[world] = Model()
            self.ids = {key: value for key, value in self.ids.items() if key[0] != world}

        @invariant()
        def each_world_holds_what_its_model_does(self) -> None:
            for name, model in self.models.items():
                listed = self.callers[name].control("GET", "/invites").json["invites"]
                ours = [one for one in listed if one["contract"] == "client-invites"]
                waiting = {one["email"].lower() for one in ours if one["status"] == "outstanding"}
                assert waiting & set(EMAILS) == {email for email in EMAILS if model.waits(email)}

    run_state_machine_as_test(
        TwoWorlds,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )


@pytest.mark.parametrize("leak", ["members", "outstanding"])
def test_the_model_notices_a_world_that_leaks(leak: str) -> None:
    model, leaked = Model(), Model()
    getattr(model, leak).update({"person0@acme.example": START + timedelta(days=1)})
    assert model.create("person0@acme.example") != leaked.create("person0@acme.example")

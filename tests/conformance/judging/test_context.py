import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conformance.bank import DIRECTED, Bank
from conformance.offers import target_file
from invite_conformance.contracts.client_invites.calls import Caller, invite, post
from invite_conformance.http.client import GivenUpError
from invite_conformance.http.errors import TransportError
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.plan import Plan
from invite_conformance.result import Conformance, Verdict
from invite_conformance.run import context_for, run
from invite_conformance.target.states import Blocked, Deselected
from invite_conformance.target.target import Target
from invite_conformance.target.target_file import load_target

CREATE = "createClientInvite"
CLIENT_PLAIN, FAMILY_PLAIN = "correct-client-plain", "correct-family-plain"


@pytest.fixture
def target(bank: Bank, tmp_path: Path) -> Target:
    return load_target(target_file(tmp_path / "target.yaml", "client-invites", bank.fresh(CLIENT_PLAIN)), {})


@pytest.fixture
def opened(target: Target) -> Iterator[Callable[..., CheckContext]]:
    """Opens a session with changes of the target, and closes it."""
    with ExitStack() as stack:

        def open_(**changes: Any) -> CheckContext:
            context = context_for(replace(target, **changes), Plan(), catalogue("client-invites"))
            stack.callback(context.client.close)
            return context

        yield open_


def test_addresses_are_new_in_the_targets_domain_and_name_the_run(opened: Callable[..., CheckContext]) -> None:
    context = opened(email_domain="mail.example")
    one, other = context.fresh_email(), context.fresh_email()
    assert one != other
    assert context.run_id in one
    assert one.endswith("@mail.example")


def test_a_check_reads_only_members_that_are_as_documented(opened: Callable[..., CheckContext], bank: Bank) -> None:
    context = opened(base_url=bank.fresh("client-derived-createclientinvite-201-id"))
    exchange = context.needed(invite(context, context.fresh_email()), 201)
    assert context.member(exchange, "email") == exchange.object["email"]
    for name in ("id", "nothing"):
        with pytest.raises(Blocked, match=f"`{name}` of a response of `{CREATE}`, which is not as documented"):
            context.member(exchange, name)


def test_what_a_call_is_about_is_shown_before_it(opened: Callable[..., CheckContext]) -> None:
    context = opened()
    first, other = (context.send(invite(context, context.fresh_email())) for _ in range(2))
    path = {"clientId": context.states.get("client")}
    call = context.call(CREATE, first, path=path, body=first.call.given)
    assert (call.valid, call.method) == (True, "POST")
    assert context.send(call, other).after == (first, other)


def test_the_write_budget_is_respected(opened: Callable[..., CheckContext]) -> None:
    context = opened(write_budget=2)
    for _ in range(2):
        context.send(invite(context, context.fresh_email()))
    with pytest.raises(Deselected, match="write budget of 2"):
        context.send(invite(context, context.fresh_email()))
    assert context.send(post(context, {}, writes=False)).status == 400


def test_the_rate_limit_is_respected(opened: Callable[..., CheckContext]) -> None:
    context = opened(rate_limit=50)
    begun = time.monotonic()
    for _ in range(11):
        context.send(post(context, {}, writes=False))
    assert time.monotonic() - begun >= 10 / 50


def test_a_target_that_does_not_answer_is_given_up(opened: Callable[..., CheckContext]) -> None:
    context = opened(base_url="http://127.0.0.1:1")
    for _ in range(3):
        with pytest.raises(TransportError, match="no connection"):
            context.send(post(context, {}, writes=False))
    with pytest.raises(GivenUpError):
        context.send(post(context, {}, writes=False))


def test_passive_checks_judge_every_exchange(opened: Callable[..., CheckContext]) -> None:
    context = opened()
    context.send(invite(context, context.fresh_email()))
    assert [one.violation for one in context.findings.of("client-invites.createClientInvite.201.token")] == [None]


@pytest.mark.parametrize("name", [CLIENT_PLAIN, FAMILY_PLAIN])
def test_mode_read_only_sends_nothing_that_is_answered_with_2xx(bank: Bank, tmp_path: Path, name: str) -> None:
    contract = "client-invites" if name == CLIENT_PLAIN else "family-invites"
    target = load_target(target_file(tmp_path / "target.yaml", contract, bank.fresh(name)), {})
    found = run(target, mode="read-only")
    [counts] = found.matrix.values()
    assert found.requests > 5
    assert not any(count for status, count in counts.items() if status.startswith("2"))
    # What cannot be seen is not passed: success was never observed.
    assert found.conformance is Conformance.INCOMPLETE


def test_a_state_that_is_not_offered_blocks_what_needs_it_and_names_the_key(bank: Bank, tmp_path: Path) -> None:
    path = target_file(tmp_path / "target.yaml", "client-invites", bank.fresh(CLIENT_PLAIN))
    target = load_target(path, {})
    states = {name: value for name, value in target.states.items() if name != "owner"}
    found = run(replace(target, states=states), engines=DIRECTED)
    blocked = {one.requirement.id: one.reason for one in found.results if one.verdict is Verdict.BLOCKED}
    needing = {"client-invites.owner.allowed", "client-invites.409.other-inviter"}
    assert blocked.keys() == {*needing, "client-invites.201.inviter"}
    assert all("`states.owner`" in blocked[one] for one in needing)
    assert found.conformance is Conformance.INCOMPLETE


def test_only_what_was_chosen_is_run(target: Target) -> None:
    found = run(target, only=["client-invites.409.code-invited"], engines=DIRECTED)
    checked = {one.requirement.id for one in found.results if one.verdict is not Verdict.SKIP}
    assert checked == {"client-invites.409.code-invited"}
    assert found.requests < 10
    assert found.conformance is Conformance.CONFORMANT


def test_an_intermittent_fault_is_reported_with_its_rate(bank: Bank) -> None:
    found = bank.judged("client-rarely-no-token", "client-invites", (*DIRECTED, "repetition"))
    [token] = [one for one in found.results if one.requirement.id == "client-invites.createClientInvite.201.token"]
    assert token.verdict is Verdict.FAIL
    rate = token.failures[0].rate
    assert rate is not None
    assert 0.02 < rate < 0.3


def test_a_permanent_fault_has_no_rate(bank: Bank) -> None:
    found = bank.judged("client-no-token", "client-invites", DIRECTED)
    [token] = [one for one in found.results if one.requirement.id == "client-invites.createClientInvite.201.token"]
    assert [one.rate for one in token.failures] == [None] * len(token.failures)


@pytest.mark.parametrize(("name", "its_own"), [("X-Api-Key", True), ("X-Caller", True), ("X-Tenant", False)])
def test_the_states_alone_say_who_calls(target: Target, name: str, its_own: bool) -> None:
    more = {"owner": {"headers": {"x-caller": "owner"}}} if name == "X-Caller" else {}
    context = context_for(
        replace(target, headers={name: "admin"}, states={**target.states, **more}), Plan(), catalogue("client-invites")
    )
    anonymous = context.send(
        invite(context, context.fresh_email(), by=Caller("anonymous", {}), refused_for="anonymous")
    )
    assert (name.lower() in anonymous.call.headers) is not its_own
    context.client.close()


def test_an_admin_without_headers_is_who_the_targets_own_headers_say(target: Target) -> None:
    states = {**target.states, "admin": {"headers": {}}}
    found = run(replace(target, headers=target.states["admin"]["headers"], states=states), engines=DIRECTED)
    assert found.conformance is Conformance.CONFORMANT


def test_a_key_among_the_common_headers_makes_nobody_an_admin(target: Target) -> None:
    found = run(replace(target, headers=target.states["admin"]["headers"]), mode="read-only", engines=DIRECTED)
    [counts] = found.matrix.values()
    assert not counts["201"]
    [anonymous] = [one for one in found.results if one.requirement.id == "client-invites.403.anonymous"]
    assert anonymous.verdict is Verdict.PASS


@pytest.mark.parametrize("state", ["invited_email", "member_email"])
def test_a_wrong_state_makes_mode_read_only_create_one_invite_and_tell_which(target: Target, state: str) -> None:
    states = {**target.states, state: "nobody@reference.example"}
    found = run(replace(target, states=states), mode="read-only")
    [counts] = found.matrix.values()
    assert counts["201"] == 1
    [notice] = [one for one in found.notices if "created" in one]
    assert f"`states.{state}` in {target.path} is wrong" in notice
    assert "nobody@reference.example" in notice


@pytest.mark.parametrize("mode", ["safe", "full"])
def test_a_role_that_may_invite_is_named_and_is_no_intermittent_fault(bank: Bank, mode: str) -> None:
    found = bank.judged("client-developer-invites", "client-invites", (*DIRECTED, "repetition"), mode=mode)
    [not_admin] = [one for one in found.results if one.requirement.id == "client-invites.403.not-admin"]
    assert not_admin.verdict is Verdict.FAIL
    assert {(one.received, one.rate) for one in not_admin.failures} == {("201 Created, to `Developer`", None)}


@pytest.mark.parametrize("mode", ["safe", "full"])
def test_a_member_who_was_invited_once_is_no_intermittent_fault(bank: Bank, mode: str) -> None:
    found = bank.judged("client-members-unknown", "client-invites", (*DIRECTED, "repetition"), mode=mode)
    [member] = [one for one in found.results if one.requirement.id == "client-invites.409.already-member"]
    [failure] = member.failures
    assert failure.rate is None
    assert (
        failure.received
        == "201 Created: either the server does not check, or `member_email` is not what the target file says"
    )


def test_a_check_that_the_write_budget_cut_short_is_no_pass(target: Target) -> None:
    found = run(replace(target, write_budget=4), only=["client-invites.role.accepted"], engines=DIRECTED)
    [role] = [one for one in found.results if one.requirement.id == "client-invites.role.accepted"]
    assert (found.requests, role.verdict) == (4, Verdict.SKIP)
    assert "write budget of 4" in role.reason
    assert found.conformance is Conformance.INCOMPLETE


def test_what_passes_beside_it_does_not_make_what_was_cut_short_conformant(target: Target) -> None:
    only = ["client-invites.role.accepted", "client-invites.403.anonymous"]
    found = run(replace(target, write_budget=4), only=only, engines=DIRECTED)
    verdicts = {one.requirement.id: one.verdict for one in found.results if one.requirement.id in only}
    assert verdicts == dict(zip(only, (Verdict.SKIP, Verdict.PASS), strict=True))
    assert found.conformance is Conformance.INCOMPLETE


def test_what_mode_read_only_can_check_it_does_check(target: Target) -> None:
    found = run(target, mode="read-only")
    passed = {one.requirement.id.partition(".")[2] for one in found.results if one.verdict is Verdict.PASS}
    assert passed >= {
        f"{CREATE}.request.email.missing",
        "403.not-admin",
        "409.already-invited",
        f"{CREATE}.server-error",
        f"{CREATE}.400.status",
    }

"""Requirements 403.*: who may not invite."""

from collections.abc import Iterator
from dataclasses import replace

from invite_conformance.contracts.client_invites.calls import Caller, caller, invite, judge_code, post
from invite_conformance.contracts.client_invites.credentials import SIMILAR, changed, similar
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked, Deselected


def not_admins(context: CheckContext) -> Iterator[tuple[str, Caller]]:
    """The callers who are neither Admin nor Owner, each with its name. Raises Blocked if there are none."""
    for index, one in enumerate(context.states.get("not_admin")):
        yield one.get("name", f"states.not_admin[{index}]"), Caller("not_admin", one["headers"])


@active("403.not-admin", "403.code", repeated=True)
def a_caller_who_is_no_admin(context: CheckContext) -> None:
    """Invite as one of the callers who may not, the next in each run."""
    _invite_as(context, *context.choose(list(not_admins(context))))


@active("403.not-admin", "403.code")
def each_caller_who_is_no_admin(context: CheckContext) -> None:
    """Invite as each of the callers who may not."""
    for name, by in not_admins(context):
        _invite_as(context, name, by)


def _invite_as(context: CheckContext, name: str, by: Caller) -> None:
    exchange = context.send(invite(context, by=by, refused_for="not_admin"))
    context.expect("403.not-admin", exchange, 403, received=f"{exchange.response.status_line}, to `{name}`")
    if exchange.status == 403:
        judge_code(context, "403.code", exchange, "Member.Forbidden")


@active("403.anonymous")
def a_caller_without_credentials(context: CheckContext) -> None:
    """Invite without credentials, after a call of the Admin."""
    before = _of_the_admin(context)
    call = invite(context, by=caller(context, "anonymous"), refused_for="anonymous")
    context.expect("403.anonymous", context.send(call, before), 403, 401)


@active("403.unknown-caller")
def a_caller_with_unknown_credentials(context: CheckContext) -> None:
    """Invite with the Admin's headers, each secret in them replaced by an unknown one, after a call of the Admin.

    What `anonymous` or `not_admin` also send is no secret.
    """
    before = _of_the_admin(context)
    by = changed(context, lambda _: f"unknown-{context.run_id}")
    exchange = context.send(invite(context, by=by, refused_for="admin"), before)
    context.judge("403.unknown-caller", not exchange.succeeded, "403", exchange, exchange.response.status_line)


def _of_the_admin(context: CheckContext) -> Exchange:
    """A call of the Admin, which a server must not remember for the next caller: an invalid one if it may not write."""
    try:
        return context.send(invite(context))
    except Deselected:
        return context.send(post(context, {"role": "Member"}, writes=False))


@active("403.unknown-caller", heavy=True)
def a_caller_with_a_condition_for_credentials(context: CheckContext) -> None:
    """Invite with the Admin's headers, each secret in them replaced by a condition of SQL that is always true."""
    _judge_refused(
        context, "403.unknown-caller", changed(context, lambda _: "' OR '1'='1"), "replaced by a condition of SQL"
    )


@active("403.similar-caller")
def callers_with_similar_credentials(context: CheckContext) -> None:
    """Invite with the Admin's headers, each secret longer, shorter, in a list, in the other case, or a pattern."""
    callers = {words: by for words, change in SIMILAR.items() if (by := similar(context, change)) is not None}
    if not callers:
        raise Blocked("the Admin's credentials are too short for others to resemble them")
    for words, by in callers.items():
        _judge_refused(context, "403.similar-caller", by, words)


def _judge_refused(context: CheckContext, requirement: str, by: Caller | None, words: str) -> None:
    # A lenient server may take one of them for the Admin's, so they are no calls for mode read-only.
    exchange = context.send(replace(invite(context, by=by), refused_for="admin"))
    received = f"{exchange.response.status_line}, to the Admin's secret {words}"
    context.judge(requirement, not exchange.succeeded, "403", exchange, received)


@active("403.other-client")
def admins_of_other_clients(context: CheckContext) -> None:
    """Let the Admin of each client invite to the other one."""
    client = context.states.get("other_client")["client"]
    for call in (
        invite(context, client=client, refused_for="other_client"),
        invite(context, by=caller(context, "other_client"), refused_for="other_client"),
    ):
        context.expect("403.other-client", context.send(call), 403)


@active("403.changes-nothing")
def a_forbidden_invite_before_an_invite(context: CheckContext) -> None:
    """Refuse an address for its caller, then invite it."""
    _, by = context.choose(list(not_admins(context)))
    email = context.fresh_email()
    refused = context.needed(invite(context, email, by=by, refused_for="not_admin"), 403)
    exchange = context.send(invite(context, email), refused)
    context.judge("403.changes-nothing", exchange.status != 409, "201 to the first valid create", exchange)

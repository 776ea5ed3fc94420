"""Requirements 400.*: a malformed email is refused by its code, and what is refused leaves nothing behind."""

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import OPERATION, invite, post, succeeded
from invite_conformance.contracts.client_invites.problems import judge_code
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_INVALID_EMAIL = "ClientInvite.InvalidEmail"
_MISSING = f"{OPERATION}.request.email.missing"


def _refused(context: CheckContext, requirement: str, body: Document, *, writes: bool = True) -> None:
    """Send a body and expect 400 with the code of an invalid email; `writes` is false for what every server refuses."""
    exchange = context.send(post(context, body, writes=writes))
    context.expect(requirement, exchange, 400)
    if exchange.status == 400:
        judge_code(context, "400.code", exchange, _INVALID_EMAIL)


@active(_MISSING, "400.code")
def a_create_without_email(context: CheckContext) -> None:
    """Leave the email out."""
    _refused(context, _MISSING, {"role": "Member"}, writes=False)


@active("400.malformed-email", "400.code", repeated=True)
def a_malformed_email(context: CheckContext) -> None:
    """Send one string that is no address by any standard."""
    _refused(context, "400.malformed-email", {"email": f"no-at-sign-{context.run_id}", "role": "Member"})


@active("400.malformed-email", "400.code")
def malformed_emails(context: CheckContext) -> None:
    """Send the other ways to be no address."""
    local, _, domain = context.fresh_email().partition("@")
    for email in (
        "",
        f"{local}@",
        f"@{domain}",
        f"{local}@{local}@{domain}",
        f"{local} x@{domain}",
        f"{local}@ {domain}",
    ):
        _refused(context, "400.malformed-email", {"email": email, "role": "Member"})


@active("400.unusual-email", heavy=True)
def unusual_emails(context: CheckContext) -> None:
    """Invite addresses that are valid and unusual."""
    for local in ("plus+tag", '"quoted part"', "o'neil", "jürgen", "x" * 30):
        email = context.fresh_email("unusual")
        own, _, domain = email.partition("@")
        email = f'"{own} x"@{domain}' if local.startswith('"') else f"{local}-{own}"[:64] + f"@{domain}"
        exchange = context.send(post(context, {"email": email, "role": "Member"}, valid=None))
        if exchange.status < 500:
            context.judge("400.unusual-email", succeeded(exchange) or exchange.status == 400, "201 or 400", exchange)


@active("400.leaves-nothing")
def a_refused_create_then_a_valid_one(context: CheckContext) -> None:
    """Refuse an address for its role, then invite it."""
    for role in ({"role": "Emperor"}, {}):
        email = context.fresh_email()
        refused = context.send(post(context, {"email": email, **role}))
        if refused.status != 400:
            raise Blocked(f"it needs a refusal, and an invalid role was answered with {refused.response.status_line}")
        exchange = context.send(invite(context, email), refused)
        context.judge("400.leaves-nothing", exchange.status != 409, "201 to the first valid create", exchange)

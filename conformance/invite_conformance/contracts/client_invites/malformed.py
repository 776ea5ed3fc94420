"""Requirements 400.*: a malformed email is refused by its code, and what is refused leaves nothing behind."""

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import OPERATION, invite, judge_code, post
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_MISSING = f"{OPERATION}.request.email.missing"


def _refused(context: CheckContext, requirement: str, body: Document, *, writes: bool = True) -> None:
    """Send a body and expect 400 with the code of an invalid email; `writes` is false for what every server refuses."""
    exchange = context.send(post(context, body, writes=writes))
    context.expect(requirement, exchange, 400)
    if exchange.status == 400:
        judge_code(context, "400.code", exchange, "ClientInvite.InvalidEmail")


@active(_MISSING, "400.code")
def an_invite_without_email(context: CheckContext) -> None:
    """Leave the email out."""
    _refused(context, _MISSING, {"role": "Member"}, writes=False)


@active("400.malformed-email", "400.code", repeated=True)
def a_malformed_email(context: CheckContext) -> None:
    """Send one string that is no address by any standard."""
    _refused(context, "400.malformed-email", {"email": f"no-at-sign-{context.run_id}", "role": "Member"})


@active("400.malformed-email", "400.code")
def malformed_emails(context: CheckContext) -> None:
    """Send the empty string, and addresses with nothing on one side of the @, with two of them, and with spaces."""
    own, _, domain = context.fresh_email().partition("@")
    for email in ("", f"{own}@", f"@{domain}", f"{own}@{own}@{domain}", f"{own} x@{domain}", f"{own}@ {domain}"):
        _refused(context, "400.malformed-email", {"email": email, "role": "Member"})


@active("400.unusual-email", heavy=True)
def unusual_emails(context: CheckContext) -> None:
    """Invite addresses with a plus tag, a quoted part, an apostrophe, letters outside ASCII and a long local part."""
    for local in ("plus+tag-{}", '"{} x"', "o'neil-{}", "jürgen-{}", "x" * 30 + "-{}"):
        own, _, domain = context.fresh_email("unusual").partition("@")
        body = {"email": f"{local.format(own)}@{domain}", "role": "Member"}
        exchange = context.send(post(context, body, valid=None))
        if exchange.status < 500:
            context.judge("400.unusual-email", exchange.succeeded or exchange.status == 400, "201 or 400", exchange)


@active("malformed.changes-nothing")
def a_refusal_before_an_invite(context: CheckContext) -> None:
    """Refuse an address for an unknown role, another one for none, then invite each."""
    for role in ({"role": "Emperor"}, {}):
        email = context.fresh_email()
        refused = context.needed(post(context, {"email": email, **role}), 400)
        exchange = context.send(invite(context, email), refused)
        context.judge("malformed.changes-nothing", exchange.status != 409, "201 to the first valid create", exchange)

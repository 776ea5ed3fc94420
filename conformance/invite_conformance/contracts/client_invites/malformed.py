"""Requirements 400.*: a request that is not as documented is refused, and leaves nothing behind."""

import json

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import invite, post
from invite_conformance.contracts.client_invites.problems import judge_code
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_NO_STRINGS: tuple[Document, ...] = (42, True, ["a@b.example"], {"address": "a@b.example"})
_INVALID_EMAIL = "ClientInvite.InvalidEmail"


def _refused(context: CheckContext, requirement: str, body: Document | bytes) -> Exchange:
    exchange = context.send(post(context, body))
    context.expect(requirement, exchange, 400)
    return exchange


@active("400.missing-email", "400.code", repeated=True)
def a_create_without_email(context: CheckContext) -> None:
    """Leave the email out."""
    exchange = _refused(context, "400.missing-email", {"role": "Member"})
    if exchange.status == 400:
        judge_code(context, "400.code", exchange, _INVALID_EMAIL)


@active("400.malformed-email", "400.code", repeated=True)
def a_malformed_email(context: CheckContext) -> None:
    """Send one string that is no address by any standard."""
    exchange = _refused(context, "400.malformed-email", {"email": f"no-at-sign-{context.run_id}", "role": "Member"})
    if exchange.status == 400:
        judge_code(context, "400.code", exchange, _INVALID_EMAIL)


@active("400.malformed-email", "400.code")
def malformed_emails(context: CheckContext) -> None:
    """Send the other ways to be no address."""
    fresh = context.fresh_email()
    local, _, domain = fresh.partition("@")
    for email in (
        "",
        f"{local}@",
        f"@{domain}",
        f"{local}@{local}@{domain}",
        f"{local} x@{domain}",
        f"{local}@ {domain}",
    ):
        exchange = _refused(context, "400.malformed-email", {"email": email, "role": "Member"})
        if exchange.status == 400:
            judge_code(context, "400.code", exchange, _INVALID_EMAIL)


@active("400.null-email", "400.null-role")
def null_members(context: CheckContext) -> None:
    """Send null for each member."""
    _refused(context, "400.null-email", {"email": None, "role": "Member"})
    _refused(context, "400.null-role", {"email": context.fresh_email(), "role": None})


@active("400.typed-email", "400.typed-role")
def typed_members(context: CheckContext) -> None:
    """Send other types for each member."""
    for value in (*_NO_STRINGS, [context.fresh_email()], {"email": context.fresh_email()}):
        _refused(context, "400.typed-email", {"email": value, "role": "Member"})
    for value in (0, 3, True, ["Member"], {"name": "Member"}):
        _refused(context, "400.typed-role", {"email": context.fresh_email(), "role": value})


@active("400.missing-role")
def a_create_without_role(context: CheckContext) -> None:
    """Leave the role out."""
    _refused(context, "400.missing-role", {"email": context.fresh_email()})


@active("400.no-body", "400.array", "400.null-body")
def no_object(context: CheckContext) -> None:
    """Send no body, an empty one, null and arrays."""
    context.expect("400.no-body", context.send(post(context, None, media_type="")), 400, 415)
    _refused(context, "400.no-body", b"")
    _refused(context, "400.null-body", b"null")
    _refused(context, "400.array", [{"email": context.fresh_email(), "role": "Member"}])
    _refused(context, "400.array", [])


@active("400.malformed-json")
def no_json(context: CheckContext) -> None:
    """Send bodies that no JSON parser may read."""
    whole = json.dumps({"email": context.fresh_email(), "role": "Member"}).encode()
    for body in (whole[:-1], whole + b"x", whole.replace(b"inv", b"\xff\xfe"), b"invite"):
        _refused(context, "400.malformed-json", body)


@active("400.media-type")
def another_media_type(context: CheckContext) -> None:
    """Send other media types."""
    whole = json.dumps({"email": context.fresh_email(), "role": "Member"}).encode()
    context.expect("400.media-type", context.send(post(context, whole, media_type="text/plain")), 400, 415)
    form = f"email={context.fresh_email()}&role=Member".encode()
    form_type = "application/x-www-form-urlencoded"
    context.expect("400.media-type", context.send(post(context, form, media_type=form_type)), 400, 415)


@active("400.unusual-email", heavy=True)
def unusual_emails(context: CheckContext) -> None:
    """Invite addresses that are valid and seldom seen."""
    for local in ("plus+tag", '"quoted part"', "o'neil", "jürgen", "x" * 30):
        email = context.fresh_email("unusual")
        own, _, domain = email.partition("@")
        email = f'"{own} x"@{domain}' if local.startswith('"') else f"{local}-{own}"[:64] + f"@{domain}"
        body = {"email": email, "role": "Member"}
        exchange = context.send(post(context, body, valid=None, writes=True))
        context.judge(
            "400.unusual-email", 200 <= exchange.status < 300 or exchange.status == 400, "201 or 400", exchange
        )


@active("400.leaves-nothing")
def a_refused_create_then_a_valid_one(context: CheckContext) -> None:
    """Refuse an address for its role, then invite it."""
    for body in ({"role": "Emperor"}, {}):
        email = context.fresh_email()
        refused = context.send(post(context, {"email": email, **body}))
        if refused.status != 400:
            raise Blocked(f"it needs a refusal, and an unfit role was answered with {refused.response.status_line}")
        exchange = context.send(invite(context, email))
        context.judge("400.leaves-nothing", exchange.status != 409, "201 to the first valid create", exchange)

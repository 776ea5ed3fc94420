"""Requirements 400.*: a request that is not as documented is refused, and leaves nothing behind."""

import json

from invite_specs import Document

from invite_conformance.contracts.client_invites.calls import invite, post, succeeded
from invite_conformance.contracts.client_invites.problems import judge_code
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked

_INVALID_EMAIL = "ClientInvite.InvalidEmail"


def _refused(
    context: CheckContext, requirement: str, body: Document | bytes, *, writes: bool = True, code: bool = False
) -> None:
    """Send a body and expect 400; `writes` is false for what no server takes, however lenient it is."""
    exchange = context.send(post(context, body, writes=writes))
    context.expect(requirement, exchange, 400)
    if code and exchange.status == 400:
        judge_code(context, "400.code", exchange, _INVALID_EMAIL)


@active("400.missing-email", "400.code", repeated=True)
def a_create_without_email(context: CheckContext) -> None:
    """Leave the email out."""
    _refused(context, "400.missing-email", {"role": "Member"}, writes=False, code=True)


@active("400.malformed-email", "400.code", repeated=True)
def a_malformed_email(context: CheckContext) -> None:
    """Send one string that is no address by any standard."""
    body = {"email": f"no-at-sign-{context.run_id}", "role": "Member"}
    _refused(context, "400.malformed-email", body, code=True)


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
        _refused(context, "400.malformed-email", {"email": email, "role": "Member"}, code=True)


@active("400.null-email", "400.null-role")
def null_members(context: CheckContext) -> None:
    """Send null for each member."""
    _refused(context, "400.null-email", {"email": None, "role": "Member"})
    _refused(context, "400.null-role", {"email": context.fresh_email(), "role": None})


@active("400.typed-email", "400.typed-role")
def members_of_another_type(context: CheckContext) -> None:
    """Send other types for each member, none of which can be converted to a valid string."""
    fresh = context.fresh_email
    emails: tuple[Document, ...] = (42, True, [], [fresh(), fresh()], {"address": fresh()}, {"email": fresh()})
    for value in emails:
        _refused(context, "400.typed-email", {"email": value, "role": "Member"})
    for value in (True, [], ["Member", "Admin"], {"name": "Member"}):
        _refused(context, "400.typed-role", {"email": fresh(), "role": value})


@active("400.converted")
def members_that_some_convert(context: CheckContext) -> None:
    """Send what some libraries convert by default: an array of one string, and the number of a role."""
    _refused(context, "400.converted", {"email": [context.fresh_email()], "role": "Member"})
    for value in (0, 3, ["Member"]):
        _refused(context, "400.converted", {"email": context.fresh_email(), "role": value})


@active("400.missing-role")
def a_create_without_role(context: CheckContext) -> None:
    """Leave the role out."""
    _refused(context, "400.missing-role", {"email": context.fresh_email()})


@active("400.no-body")
def no_body(context: CheckContext) -> None:
    """Send no body, and an empty one."""
    bare = context.send(post(context, None, media_type="", writes=False))
    context.expect("400.no-body", bare, 400, 415)
    _refused(context, "400.no-body", b"", writes=False)


@active("400.missing-email")
def an_empty_object(context: CheckContext) -> None:
    """Send an object without members."""
    _refused(context, "400.missing-email", {}, writes=False)


@active("400.array", "400.null-body")
def no_object(context: CheckContext) -> None:
    """Send null and arrays."""
    _refused(context, "400.null-body", b"null")
    _refused(context, "400.array", [{"email": context.fresh_email(), "role": "Member"}])
    _refused(context, "400.array", [])


@active("400.malformed-json")
def a_truncated_body(context: CheckContext) -> None:
    """Send the beginning of a body, which ends within its email."""
    _refused(context, "400.malformed-json", _whole(context)[:20], writes=False)


@active("400.malformed-json")
def no_json(context: CheckContext) -> None:
    """Send other bodies that are not JSON: one without its last brace, and a word."""
    for body in (_whole(context)[:-1], b"invite"):
        _refused(context, "400.malformed-json", body)


@active("400.not-utf-8")
def bytes_that_are_not_utf_8(context: CheckContext) -> None:
    """Send a valid body with another member, of which two bytes are not UTF-8."""
    exchange = context.send(post(context, _whole(context)[:-1] + b', "note": "\xff\xfe"}'))
    # A 5xx is a matter of server-error.
    if exchange.status < 500:
        context.expect("400.not-utf-8", exchange, 400)


@active("400.trailing-bytes")
def more_than_one_json_text(context: CheckContext) -> None:
    """Send a valid body with more behind it."""
    for more in (b"x", b"{}"):
        _refused(context, "400.trailing-bytes", _whole(context) + more)


@active("400.media-type")
def another_media_type(context: CheckContext) -> None:
    """Send other media types."""
    form = f"email={context.fresh_email()}&role=Member".encode()
    for body, media_type in ((_whole(context), "text/plain"), (form, "application/x-www-form-urlencoded")):
        exchange = context.send(post(context, body, media_type=media_type))
        context.expect("400.media-type", exchange, 400, 415)


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


def _whole(context: CheckContext) -> bytes:
    """A valid body."""
    return json.dumps({"email": context.fresh_email(), "role": "Member"}).encode()

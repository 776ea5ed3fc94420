"""Requirements 400.*: a request that is not as documented is refused, and leaves nothing behind."""

import json

from invite_specs import Json

from invite_conformance.checks import probe
from invite_conformance.client_invites.calls import invite, post
from invite_conformance.client_invites.problems import judge_code
from invite_conformance.exchange import Seen
from invite_conformance.session import Session
from invite_conformance.states import Unmet

_NO_STRINGS: tuple[Json, ...] = (42, True, ["a@b.example"], {"address": "a@b.example"})
_INVALID_EMAIL = "ClientInvite.InvalidEmail"


def _refused(session: Session, requirement: str, body: Json | bytes) -> Seen:
    seen = session.send(post(session, body))
    session.expect(requirement, seen, 400)
    return seen


@probe("400.missing-email", "400.code", steady=True)
def a_create_without_email(session: Session) -> None:
    """Leave the email out."""
    seen = _refused(session, "400.missing-email", {"role": "Member"})
    if seen.status == 400:
        judge_code(session, "400.code", seen, _INVALID_EMAIL)


@probe("400.malformed-email", "400.code", steady=True)
def a_malformed_email(session: Session) -> None:
    """Send one string that is no address by any standard."""
    seen = _refused(session, "400.malformed-email", {"email": f"no-at-sign-{session.id}", "role": "Member"})
    if seen.status == 400:
        judge_code(session, "400.code", seen, _INVALID_EMAIL)


@probe("400.malformed-email", "400.code")
def malformed_emails(session: Session) -> None:
    """Send the other ways to be no address."""
    fresh = session.fresh_email()
    local, _, domain = fresh.partition("@")
    for email in (
        "",
        f"{local}@",
        f"@{domain}",
        f"{local}@{local}@{domain}",
        f"{local} x@{domain}",
        f"{local}@ {domain}",
    ):
        seen = _refused(session, "400.malformed-email", {"email": email, "role": "Member"})
        if seen.status == 400:
            judge_code(session, "400.code", seen, _INVALID_EMAIL)


@probe("400.null-email", "400.null-role")
def null_members(session: Session) -> None:
    """Send null for each member."""
    _refused(session, "400.null-email", {"email": None, "role": "Member"})
    _refused(session, "400.null-role", {"email": session.fresh_email(), "role": None})


@probe("400.typed-email", "400.typed-role")
def typed_members(session: Session) -> None:
    """Send other types for each member."""
    for value in (*_NO_STRINGS, [session.fresh_email()], {"email": session.fresh_email()}):
        _refused(session, "400.typed-email", {"email": value, "role": "Member"})
    for value in (0, 3, True, ["Member"], {"name": "Member"}):
        _refused(session, "400.typed-role", {"email": session.fresh_email(), "role": value})


@probe("400.missing-role")
def a_create_without_role(session: Session) -> None:
    """Leave the role out."""
    _refused(session, "400.missing-role", {"email": session.fresh_email()})


@probe("400.no-body", "400.array", "400.null-body")
def no_object(session: Session) -> None:
    """Send no body, an empty one, null and arrays."""
    session.expect("400.no-body", session.send(post(session, None, media_type="")), 400, 415)
    _refused(session, "400.no-body", b"")
    _refused(session, "400.null-body", b"null")
    _refused(session, "400.array", [{"email": session.fresh_email(), "role": "Member"}])
    _refused(session, "400.array", [])


@probe("400.malformed-json")
def no_json(session: Session) -> None:
    """Send bodies that no JSON parser may read."""
    whole = json.dumps({"email": session.fresh_email(), "role": "Member"}).encode()
    for body in (whole[:-1], whole + b"x", whole.replace(b"inv", b"\xff\xfe"), b"invite"):
        _refused(session, "400.malformed-json", body)


@probe("400.media-type")
def another_media_type(session: Session) -> None:
    """Send other media types."""
    whole = json.dumps({"email": session.fresh_email(), "role": "Member"}).encode()
    session.expect("400.media-type", session.send(post(session, whole, media_type="text/plain")), 400, 415)
    form = f"email={session.fresh_email()}&role=Member".encode()
    form_type = "application/x-www-form-urlencoded"
    session.expect("400.media-type", session.send(post(session, form, media_type=form_type)), 400, 415)


@probe("400.unusual-email", heavy=True)
def unusual_emails(session: Session) -> None:
    """Invite addresses that are valid and seldom seen."""
    for local in ("plus+tag", '"quoted part"', "o'neil", "jürgen", "x" * 30):
        email = session.fresh_email("unusual")
        own, _, domain = email.partition("@")
        email = f'"{own} x"@{domain}' if local.startswith('"') else f"{local}-{own}"[:64] + f"@{domain}"
        body = {"email": email, "role": "Member"}
        seen = session.send(post(session, body, valid=None, writes=True))
        session.judge("400.unusual-email", 200 <= seen.status < 300 or seen.status == 400, "201 or 400", seen)


@probe("400.leaves-nothing")
def a_refused_create_then_a_valid_one(session: Session) -> None:
    """Refuse an address for its role, then invite it."""
    for body in ({"role": "Emperor"}, {}):
        email = session.fresh_email()
        refused = session.send(post(session, {"email": email, **body}))
        if refused.status != 400:
            raise Unmet(f"it needs a refusal, and an unfit role was answered with {refused.answer.status_line}")
        seen = session.send(invite(session, email))
        session.judge("400.leaves-nothing", seen.status != 409, "201 to the first valid create", seen)

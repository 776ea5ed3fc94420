"""Faults of client-invites in what it refuses, to whom, and in its problems."""

from conformance.faulty.fault import Fault, client_fault, drop, on, put, when
from conformance.reference_clients import CLIENT, MEMBER_EMAIL, ClientInvites

_REQUEST = "createClientInvite.request"
_INVALID = {
    "null-email": ("an email that is null", f"{_REQUEST}.email.null"),
    "missing-role": ("a create without a role", f"{_REQUEST}.role.missing"),
    "typed-role": ("a role that is not a string", f"{_REQUEST}.role.type"),
    "no-body": ("a create without a body", f"{_REQUEST}.absent"),
    "array": ("a body that is an array", f"{_REQUEST}.type"),
    "malformed-json": ("a body that is not JSON", f"{_REQUEST}.malformed-json"),
    "malformed-email": ("an email without an @", "400.malformed-email"),
}


def _answering(violation: str, status: int, also: str) -> Fault:
    what, requirement = _INVALID[violation]
    sentence = f"It answers {status} to {what}."
    return client_fault(f"{status}-{violation}", sentence, f"{requirement} {also}", instead={violation: status})


FAULTS = (
    client_fault(
        "accepts-malformed-email",
        "It accepts an email without an @.",
        "400.malformed-email",
        instead={"malformed-email": 201},
    ),
    *(
        _answering(violation, 422, "createClientInvite.statuses.documented")
        for violation in ("missing-role", "malformed-json")
    ),
    _answering("malformed-email", 422, "createClientInvite.statuses.documented 400.unusual-email"),
    *(
        _answering(violation, 500, "createClientInvite.server-error")
        for violation in ("null-email", "typed-role", "array", "no-body")
    ),
    client_fault(
        "403-missing-email",
        "It answers 403 to an Admin who gives no email.",
        "createClientInvite.request.email.missing createClientInvite.request.empty",
        instead={"missing-email": 403},
    ),
    client_fault(
        "unusual-email-is-member",
        "It answers 409 to any email with a plus sign.",
        "400.unusual-email 409.folded-email",
        conflict=lambda self, client, email, role: ClientInvites.conflict(
            self, client, MEMBER_EMAIL if "+" in email else email, role
        ),
    ),
    client_fault(
        "unusual-email-crash",
        "It answers 500 to an email with an apostrophe.",
        "createClientInvite.server-error",
        before=lambda self, request: self.error(500, "Oops", "") if b"'" in request.body else None,
    ),
    client_fault(
        "nameless-400",
        "A 400 for the email does not name its code.",
        "400.code",
        refusal=when(400, put(type="about:blank", title="Bad Request", detail="Correct it.")),
    ),
    client_fault(
        "refused-invites",
        "A create refused for its role leaves an invite behind.",
        "malformed.changes-nothing",
        role_violation=lambda self, body: (
            (violation := ClientInvites.role_violation(self, body))
            and (self.invites.setdefault(self.slot(CLIENT, str(body.get("email")), "Member"), {}), violation)[1]
        ),
    ),
    # Problems
    client_fault(
        "problem-with-trace",
        "The detail of a problem is a stack trace.",
        "createClientInvite.error.no-stack-trace",
        refusal=put(
            detail='Traceback (most recent call last):\n  File "/srv/app.py", line 12, in create\n    raise Conflict\n'
        ),
    ),
    client_fault(
        "conflict-with-trace",
        "A 409 has the stack of an exception.",
        "createClientInvite.error.no-stack-trace",
        refusal=when(409, put(stack="Error: conflict\n    at create (/srv/app/invites.js:12:11)")),
    ),
    client_fault(
        "conflict-as-json",
        "A 409 alone is application/json.",
        "createClientInvite.409.media-type",
        after=on(409, media_type="application/json"),
    ),
    client_fault(
        "problem-in-list",
        "Problems stand in a list.",
        "createClientInvite.400.body createClientInvite.403.body createClientInvite.409.body",
        refusal=lambda _self, document, _request: [document],
    ),
    client_fault(
        "problem-typed",
        "A problem's type is a number.",
        "createClientInvite.400.type createClientInvite.403.type createClientInvite.409.type",
        refusal=put(type=40),
    ),
    client_fault(
        "problem-type-object",
        "A 409's type is an object.",
        "createClientInvite.409.type",
        refusal=when(409, put(type={"code": "conflict"})),
    ),
    client_fault(
        "problem-titled",
        "A problem's title is a number.",
        "createClientInvite.400.title createClientInvite.403.title createClientInvite.409.title",
        refusal=put(title=7),
    ),
    client_fault(
        "problem-status-true",
        "A problem's status is a boolean.",
        "createClientInvite.400.status createClientInvite.403.status createClientInvite.409.status",
        refusal=put(status=True),
    ),
    client_fault(
        "problem-status-words",
        "A problem's status is a word.",
        "createClientInvite.400.status createClientInvite.403.status createClientInvite.409.status",
        refusal=put(status="bad request"),
    ),
    client_fault(
        "problem-status-half",
        "A problem's status is no whole number.",
        "createClientInvite.400.status createClientInvite.403.problem-status createClientInvite.403.status "
        "createClientInvite.409.problem-status createClientInvite.409.status",
        refusal=put(status=400.5),
    ),
    client_fault(
        "problem-details-list",
        "A problem's detail is a list.",
        "createClientInvite.400.detail createClientInvite.403.detail createClientInvite.409.detail",
        refusal=put(detail=lambda body: [body["detail"]]),
    ),
    client_fault(
        "problem-instance",
        "A problem's instance is a number.",
        "createClientInvite.400.instance createClientInvite.403.instance createClientInvite.409.instance",
        refusal=put(instance=12),
    ),
    client_fault(
        "problem-always-400",
        "A problem's status is always 400.",
        "createClientInvite.403.problem-status createClientInvite.409.problem-status",
        refusal=put(status=400),
    ),
    client_fault(
        "conflict-says-200",
        "A 409's status member is 200.",
        "createClientInvite.409.problem-status",
        refusal=when(409, put(status=200)),
    ),
    client_fault(
        "problem-null-members",
        "A 403 has no member at all.",
        "403.code",
        refusal=when(403, lambda _self, _body, _request: {}),
    ),
    client_fault(
        "conflict-untitled",
        "A 409 has no title and no type.",
        "409.code-invited 409.code-member",
        refusal=when(409, lambda self, body, request: drop("title")(self, drop("type")(self, body, request), request)),
    ),
    client_fault(
        "revealing-403",
        "A Support's create is answered with the code of a conflict.",
        "403.code",
        refusal=lambda self, body, request: (
            body | {"title": "ClientInvite.AlreadyMember", "type": "about:blank", "detail": "No."}
            if body["status"] == 403 and (ClientInvites.caller(self, request) or ("", ""))[1] == "Support"
            else body
        ),
    ),
)

"""Faults of client-invites in what it refuses, to whom, and in its problems."""

from conformance.faulty.fault import Fault, client_fault, drop, on, put, when
from conformance.reference_clients import CLIENT, MEMBER_EMAIL, ClientInvites

_INVALID = {
    "missing-email": "a create without an email",
    "null-email": "an email that is null",
    "typed-email": "an email that is not a string",
    "malformed-email": "an email without an @",
    "missing-role": "a create without a role",
    "null-role": "a role that is null",
    "typed-role": "a role that is not a string",
    "converted": "an array of one string, or the number of a role",
    "no-body": "a create without a body",
    "array": "a body that is an array",
    "null-body": "a body that is null",
    "malformed-json": "a body that is not JSON",
    "not-utf-8": "a body that is not UTF-8",
    "trailing-bytes": "a body with more behind its JSON",
    "media-type": "a body that is not application/json",
}


def _accepting(violation: str, what: str) -> Fault:
    return client_fault(f"accepts-{violation}", f"It accepts {what}.", f"400.{violation}", instead={violation: 201})


def _answering(violation: str, status: int, also: str) -> Fault:
    sentence = f"It answers {status} to {_INVALID[violation]}."
    return client_fault(f"{status}-{violation}", sentence, f"400.{violation} {also}", instead={violation: status})


FAULTS = (
    *(_accepting(violation, what) for violation, what in _INVALID.items()),
    *(_answering(violation, 422, "statuses.documented") for violation in ("missing-role", "malformed-json")),
    _answering("malformed-email", 422, "statuses.documented 400.unusual-email"),
    *(_answering(violation, 500, "server-error") for violation in ("null-email", "typed-role", "array", "no-body")),
    client_fault(
        "403-missing-email",
        "It answers 403 to an Admin who gives no email.",
        "400.missing-email",
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
        "server-error",
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
        "400.leaves-nothing",
        role_violation=lambda self, body: (
            (violation := ClientInvites.role_violation(self, body))
            and (self.invites.setdefault(self.slot(CLIENT, str(body.get("email")), "Member"), {}), violation)[1]
        ),
    ),
    # Problems
    client_fault(
        "problem-with-trace",
        "The detail of a problem is a stack trace.",
        "error.no-stack-trace",
        refusal=put(
            detail='Traceback (most recent call last):\n  File "/srv/app.py", line 12, in create\n    raise Conflict\n'
        ),
    ),
    client_fault(
        "conflict-with-trace",
        "A 409 has the stack of an exception.",
        "error.no-stack-trace",
        refusal=when(409, put(stack="Error: conflict\n    at create (/srv/app/invites.js:12:11)")),
    ),
    *(
        client_fault(
            f"problem-{name}", f"Problems are {media_type}.", "problem.media-type", error_media_type=media_type
        )
        for name, media_type in {"json": "application/json", "text": "text/plain", "untyped": None}.items()
    ),
    client_fault(
        "conflict-as-json",
        "A 409 alone is application/json.",
        "problem.media-type",
        after=on(409, media_type="application/json"),
    ),
    client_fault(
        "problem-in-list",
        "Problems stand in a list.",
        "problem.schema",
        refusal=lambda _self, document, _request: [document],
    ),
    client_fault("problem-typed", "A problem's type is a number.", "problem.type", refusal=put(type=40)),
    client_fault(
        "problem-type-object",
        "A 409's type is an object.",
        "problem.type",
        refusal=when(409, put(type={"code": "conflict"})),
    ),
    client_fault("problem-titled", "A problem's title is a number.", "problem.title", refusal=put(title=7)),
    client_fault("problem-status-true", "A problem's status is a boolean.", "problem.status", refusal=put(status=True)),
    client_fault(
        "problem-status-words", "A problem's status is a word.", "problem.status", refusal=put(status="bad request")
    ),
    client_fault(
        "problem-status-half",
        "A problem's status is no whole number.",
        "problem.status problem.status-as-http",
        refusal=put(status=400.5),
    ),
    client_fault(
        "problem-details-list",
        "A problem's detail is a list.",
        "problem.detail",
        refusal=put(detail=lambda body: [body["detail"]]),
    ),
    client_fault("problem-instance", "A problem's instance is a number.", "problem.instance", refusal=put(instance=12)),
    client_fault(
        "problem-always-400", "A problem's status is always 400.", "problem.status-as-http", refusal=put(status=400)
    ),
    client_fault(
        "conflict-says-200",
        "A 409's status member is 200.",
        "problem.status-as-http",
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

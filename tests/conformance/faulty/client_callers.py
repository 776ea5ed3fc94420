"""Faults of client-invites in who may invite, and to which client."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from conformance.faulty.fault import client_fault, put, when
from conformance.listener import Request
from conformance.reference_clients import CLIENT, ClientInvites


def _caller(matches: Callable[[str, str], bool]) -> Any:
    """The caller of a key, the first argument, that matches the key sent, the second."""

    def caller(self: ClientInvites, request: Request) -> tuple[str, str] | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        exact = ClientInvites.caller(self, request)
        return exact or next((found for key, found in self.keys.items() if given and matches(key, given)), None)

    return caller


def _last_known(self: ClientInvites, request: Request) -> tuple[str, str] | None:
    found = ClientInvites.caller(self, request) or vars(self).get("last")
    vars(self)["last"] = found
    return found


def _like(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace("%", ".*").replace("_", "."), text) is not None


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[\da-fA-F-]{36}", text) is not None


FAULTS = (
    client_fault(
        "owners-by-owners-only",
        "An Admin may not invite with the role Owner.",
        "role.owner-by-admin",
        conflict=lambda self, client, email, role: (
            self.error(403, "Member.Forbidden", "Only an Owner may.")
            if role == "Owner" and self.inviter == ClientInvites.inviter
            else ClientInvites.conflict(self, client, email, role)
        ),
    ),
    client_fault("owner-refused", "An Owner may not invite.", "owner.allowed", may_invite=("Admin",)),
    *(
        client_fault(
            f"{role.lower()}-invites", f"A {role} may invite.", "403.not-admin", may_invite=("Admin", "Owner", role)
        )
        for role in ("Member", "Developer", "Support")
    ),
    client_fault(
        "anyone-invites",
        "A caller without a key may invite.",
        "403.anonymous 403.similar-caller 403.unknown-caller",
        caller=lambda self, request: ClientInvites.caller(self, request) or (CLIENT, "Admin"),
    ),
    client_fault(
        "any-key-invites",
        "A caller with any key may invite.",
        "403.similar-caller 403.unknown-caller",
        caller=lambda self, request: (
            ClientInvites.caller(self, request) or ((CLIENT, "Admin") if "authorization" in request.headers else None)
        ),
    ),
    client_fault(
        "anonymous-404",
        "A caller without a key is answered with 404.",
        "403.anonymous createClientInvite.statuses.documented",
        after=lambda _self, answer, request: (
            answer if "authorization" in request.headers or answer.status != 403 else replace(answer, status=404)
        ),
        refusal=lambda _self, body, request: body if "authorization" in request.headers else body | {"status": 404},
    ),
    client_fault(
        "any-admin-invites",
        "An Admin of any client may invite.",
        "403.other-client",
        caller=lambda self, request: (
            (found := ClientInvites.caller(self, request))
            and (self.client(request).lower() if self.client(request).lower() in self.members_of else "", found[1])
        ),
    ),
    client_fault(
        "not-admin-400",
        "A caller who is no Admin is answered with 400.",
        "403.not-admin",
        after=lambda self, answer, request: (
            replace(answer, status=400, document=answer.document | {"status": 400})
            if answer.status == 403 and (ClientInvites.caller(self, request) or ("", "Admin"))[1] != "Admin"
            else answer
        ),
    ),
    client_fault(
        "nameless-403",
        "A 403 does not name its code.",
        "403.code",
        refusal=when(403, put(type="about:blank", title="Forbidden", detail="You may not.")),
    ),
    client_fault(
        "forbidden-invites",
        "A create refused with 403 leaves an invite behind.",
        "403.changes-nothing",
        forbidden=lambda self, request: (
            (answer := ClientInvites.forbidden(self, request))
            and (
                self.invites.setdefault(
                    self.slot(self.client(request), str(self.members(request).get("email")), "Member"), {}
                ),
                answer,
            )[1]
        ),
    ),
    client_fault(
        "key-within-sql",
        "A key is put into the text of a query.",
        "403.unknown-caller",
        caller=_caller(lambda _key, given: given == "' OR '1'='1"),
    ),
    client_fault(
        "remembers-caller",
        "A caller with an unknown key, or without one, is taken for the last known one.",
        "403.anonymous 403.similar-caller 403.unknown-caller",
        caller=_last_known,
    ),
    # Keys and clients that resemble others
    *(
        client_fault(f"key-{name}", sentence, "403.similar-caller", caller=_caller(matches))
        for name, sentence, matches in (
            ("begins", "A key followed by more characters is that key.", lambda key, given: given.startswith(key)),
            ("ends", "A key preceded by more characters is that key.", lambda key, given: given.endswith(key)),
            ("cut", "A key without its last characters is that key.", lambda key, given: key[:15] == given),
            ("in-any-case", "Keys are compared without case.", lambda key, given: key.lower() == given.lower()),
            ("pattern", "A key is a pattern of LIKE for those known.", lambda key, given: _like(given, key)),
            ("list", "One key of a list is enough.", lambda key, given: key in given.split(",")),
        )
    ),
    client_fault(
        "client-by-half-an-id",
        "Clients are compared by the first half of their ids.",
        "403.unknown-client",
        client=lambda self, request: (
            CLIENT if _is_uuid(found := ClientInvites.client(self, request)) and found[:18] == CLIENT[:18] else found
        ),
    ),
    client_fault(
        "unknown-client-created",
        "An Admin may invite to a client that does not exist.",
        "403.unknown-client",
        caller=lambda self, request: (
            (found := ClientInvites.caller(self, request))
            and (
                (client, found[1])
                if _is_uuid(client := self.client(request).lower()) and client not in self.members_of
                else found
            )
        ),
    ),
    client_fault(
        "client-pattern",
        "A client's id is a pattern of LIKE for those known.",
        "createClientInvite.path.clientId.format",
        client=lambda self, request: CLIENT if _like(found := ClientInvites.client(self, request), CLIENT) else found,
    ),
    client_fault(
        "client-in-capitals-unknown",
        "A client's id in capitals is not found.",
        "path.other-case",
        before=lambda self, request: (
            self.error(403, "Member.Forbidden", "") if self.client(request) == CLIENT.upper() else None
        ),
    ),
)

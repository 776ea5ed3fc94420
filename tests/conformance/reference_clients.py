"""A correct implementation of client-invites, small and in plain steps, from which faults and variants differ.

It was written from the publishers' pages alone and shares nothing with the mock. Every step that a fault or a variant
changes is a method or an attribute of its own, so that each of them is one or two lines.
"""

import itertools
import json
import re
import secrets
import threading
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from conformance.listener import Answer, Request

CLIENT = "5e0c8a52-6d0f-4d7e-9a51-2f6a1f0f6f01"
OTHER_CLIENT = "b1f5d3f0-0a3c-4b53-8f1c-6d1d7e1f4c02"
KEYS = {
    "key-of-the-owner": (CLIENT, "Owner"),
    "key-of-the-admin": (CLIENT, "Admin"),
    "key-of-the-developer": (CLIENT, "Developer"),
    "key-of-the-support": (CLIENT, "Support"),
    "key-of-the-member": (CLIENT, "Member"),
    "key-of-the-other-admin": (OTHER_CLIENT, "Admin"),
}
MEMBER_EMAIL = "resident@reference.example"
INVITED_EMAIL = "awaited@reference.example"
FAMILY_KEY = "key-of-the-school"
numbers = itertools.count()
_EMAIL = re.compile(r"[\w!#$%&'*+/=?^`{|}~.-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Reference(ABC):
    """What the contracts have in common: the steps from a request to an answer, and the hooks around them."""

    contract: str
    paths: str
    """What the paths of the contract begin with."""
    states: ClassVar[dict[str, Any]]
    """The states of a target file."""
    headers: ClassVar[Mapping[str, str]] = {}
    """The headers of a target file."""
    valid: ClassVar[Mapping[str, Callable[[], dict[str, Any]]]]
    """By operation: makes a valid body."""
    parameters: ClassVar[Mapping[str, str]]
    """A valid value of each parameter of a path."""
    order: tuple[str, ...]
    """The methods that may refuse a request, in the order in which they are called."""
    instead: Mapping[str, int] = {}  # an immutable default; faults replace it whole
    """By the name of a violation: the status with which it is answered instead of 400; below 300 it is accepted."""
    media_type: str | None = "application/json"
    error_media_type: str | None = "application/json"

    def __init__(self) -> None:
        self.lock = self.new_lock()
        self.count = 0

    @classmethod
    @abstractmethod
    def pretended(cls, request: Request) -> Answer:
        """A success as documented, with what was asked for, whoever asks."""

    def new_lock(self) -> AbstractContextManager[Any]:
        return threading.Lock()

    def reply(self, request: Request) -> Answer:
        self.count += 1
        answer = self.before(request) or self.decide(request)
        if answer.document is not None:
            hook = self.success if answer.status < 300 else self.refusal
            answer = replace(answer, document=hook(answer.document, request))
        return self.after(answer, request)

    def before(self, request: Request) -> Answer | None:
        """A hook: the answer to some requests, before anything is decided."""
        del request
        return None

    def success(self, document: Any, request: Request) -> Any:
        """A hook: the body of a success."""
        del request
        return document

    def refusal(self, document: Any, request: Request) -> Any:
        """A hook: the body of a refusal."""
        del request
        return document

    def after(self, answer: Answer, request: Request) -> Answer:
        """A hook: the whole answer."""
        del request
        return answer

    @abstractmethod
    def error(self, status: int, code: str, detail: str) -> Answer:
        """A refusal in the shape of the contract's errors."""

    def decide(self, request: Request) -> Answer:
        allow = self.methods(request)
        if request.method not in allow.split(", "):
            answer = self.error(405, "Request.MethodNotAllowed", f"This path takes {allow} only.")
            return replace(answer, headers={"Allow": allow})
        if request.too_large:
            return self.error(413, "Request.TooLarge", "The body is too large.")
        for step in self.order:
            refusal: Answer | None = getattr(self, step)(request)
            if refusal is not None:
                return refusal
        with self.lock:
            return self.perform(request)

    def methods(self, request: Request) -> str:
        """The methods of the request's path, as `Allow` lists them."""
        del request
        return "POST"

    @abstractmethod
    def perform(self, request: Request) -> Answer:
        """What a request that no step refuses does."""

    def malformed(self, request: Request) -> Answer | None:
        for violation in self.violations(request):
            status = self.instead.get(violation, 400)
            if status >= 300:
                code = "ClientInvite.InvalidEmail" if violation.endswith("-email") else "Request.Invalid"
                return self.error(status, code, f"The request is invalid: {violation}.")
        return None

    @abstractmethod
    def violations(self, request: Request) -> Iterator[str]:
        """The names of what is invalid in a request, the first first."""

    def document(self, request: Request) -> Any:
        """The body as JSON, None if there is none; raises ValueError if it is not JSON."""
        if not request.body:
            return None
        try:
            text = request.body.decode(errors="replace" if self.instead.get("not-utf-8", 400) < 300 else "strict")
            if self.instead.get("trailing-bytes", 400) < 300:
                return json.JSONDecoder(parse_constant=_refuse).raw_decode(text.lstrip())[0]
            return json.loads(text, parse_constant=_refuse)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error

    def members(self, request: Request) -> dict[str, Any]:
        """The body's members, and what a fault finds in a body that is not JSON."""
        try:
            document = self.document(request)
        except ValueError:
            document = dict(re.findall(r'"(\w+)"\s*:\s*"([^"\\]*)"', request.body.decode(errors="replace")))
        return document if isinstance(document, dict) else {}


class ClientInvites(Reference):
    """POST /clients/{clientId}/invites."""

    contract = "client-invites"
    paths = "/clients/"
    states: ClassVar[dict[str, Any]] = {
        "admin": {"headers": {"authorization": "Bearer key-of-the-admin"}},
        "owner": {"headers": {"authorization": "Bearer key-of-the-owner"}},
        "not_admin": [
            {"name": role, "headers": {"authorization": f"Bearer key-of-the-{role.lower()}"}}
            for role in ("Member", "Developer", "Support")
        ],
        "anonymous": {"headers": {}},
        "client": CLIENT,
        "other_client": {"client": OTHER_CLIENT, "headers": {"authorization": "Bearer key-of-the-other-admin"}},
        "member_email": MEMBER_EMAIL,
        "invited_email": INVITED_EMAIL,
    }
    valid: ClassVar[Mapping[str, Callable[[], dict[str, Any]]]] = {
        "createClientInvite": lambda: {"email": f"repaired-{next(numbers)}@reference.example", "role": "Member"}
    }
    parameters: ClassVar[Mapping[str, str]] = {"clientId": CLIENT}
    order = ("forbidden", "malformed")
    roles = ("Member", "Developer", "Support", "Admin", "Owner")
    may_invite: tuple[str, ...] = ("Admin", "Owner")
    keys: ClassVar[Mapping[str, tuple[str, str]]] = KEYS
    lives = timedelta(days=7)
    error_media_type = "application/problem+json"
    inviter = "Bearer key-of-the-admin"
    """Who makes the create that is performed, by the credentials."""

    def __init__(self) -> None:
        super().__init__()
        self.members_of = {CLIENT: {MEMBER_EMAIL}, OTHER_CLIENT: {"neighbour@reference.example"}}
        self.invites: dict[Any, dict[str, Any]] = {}
        self.invites[self.slot(CLIENT, INVITED_EMAIL, "Member")] = {"token": self.token(), "email": INVITED_EMAIL}

    @classmethod
    def pretended(cls, request: Request) -> Answer:
        self = cls()
        body = self.members(request)
        return Answer(201, self.invite(self.client(request), str(body.get("email")), str(body.get("role"))))

    def error(self, status: int, code: str, detail: str) -> Answer:
        document = {
            "type": f"https://reference.example/problems/{code}",
            "title": code,
            "status": status,
            "detail": detail,
            "instance": f"/requests/{self.count}",
        }
        return Answer(status, document, self.error_media_type)

    def client(self, request: Request) -> str:
        return request.path.removeprefix("/clients/").removesuffix("/invites")

    def caller(self, request: Request) -> tuple[str, str] | None:
        """The client and the role of the caller."""
        return self.keys.get(request.headers.get("authorization", "").removeprefix("Bearer "))

    def forbidden(self, request: Request) -> Answer | None:
        caller = self.caller(request)
        if caller is not None and caller[0] == self.client(request).lower() and caller[1] in self.may_invite:
            return None
        if caller is not None and not _UUID.fullmatch(self.client(request)):
            return self.error(400, "Request.Invalid", "The client's id is no UUID.")
        return self.error(403, "Member.Forbidden", "The caller is not an Admin or Owner of this Client.")

    def violations(self, request: Request) -> Iterator[str]:
        if not request.body:
            yield "no-body"
            return
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            yield "media-type"
        try:
            body = self.document(request)
        except UnicodeDecodeError:
            yield "not-utf-8"
            return
        except ValueError as error:
            yield "trailing-bytes" if str(error).startswith("Extra data") else "malformed-json"
            return
        if isinstance(body, dict):
            yield from filter(None, (self.email_violation(body), self.role_violation(body)))
        else:
            yield {list: "array", type(None): "null-body"}.get(type(body), "scalar")

    def email_violation(self, body: dict[str, Any]) -> str | None:
        email = body.get("email", ...)
        if not isinstance(email, str):
            return _type_violation(email, "email")
        if not email.isprintable():
            return "unprintable-email"
        return None if email_is_fit(email) else "malformed-email"

    def role_violation(self, body: dict[str, Any]) -> str | None:
        role = body.get("role", ...)
        if isinstance(role, int) and not isinstance(role, bool):
            return "converted"
        if not isinstance(role, str):
            return _type_violation(role, "role")
        return None if role in self.roles else "unknown-role"

    def slot(self, client: str, email: str, role: str) -> Any:
        """The key of an invite; two invites of one key are in conflict."""
        del role
        return client.lower(), email.lower()

    def conflict(self, client: str, email: str, role: str) -> Answer | None:
        if email.lower() in self.members_of.get(client.lower(), ()):
            return self.error(409, "ClientInvite.AlreadyMember", "A user with this email is already a member.")
        if self.slot(client, email, role) in self.invites:
            return self.error(409, "ClientInvite.AlreadyInvited", "An outstanding invite already exists.")
        return None

    def perform(self, request: Request) -> Answer:
        body = self.members(request)
        self.inviter = request.headers.get("authorization", "")
        # Only a fault accepts a body in which one of the two is not a string.
        email = body.get("email") if isinstance(body.get("email"), str) else f"nobody-{self.count}@reference.example"
        role = body.get("role") if isinstance(body.get("role"), str) else "Member"
        client = self.client(request)
        refusal = self.conflict(client, str(email), str(role))
        if refusal is not None:
            return refusal
        invite = self.invite(client.lower(), str(email), str(role))
        self.pause()
        self.invites[self.slot(client, str(email), str(role))] = invite
        return Answer(201, invite, self.media_type)

    def pause(self) -> None:
        """A hook: between the search for a conflict and the creation."""

    def token(self) -> str:
        return secrets.token_urlsafe(32)

    def invite(self, client: str, email: str, role: str) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "token": self.token(),
            "id": str(uuid.uuid4()),
            "clientId": client,
            "email": email,
            "role": role,
            "createdAt": rfc3339(now),
            "expiresAt": rfc3339(now + self.lives),
            "invitedBy": str(uuid.uuid5(uuid.NAMESPACE_URL, self.inviter)),
        }


def _type_violation(value: Any, name: str) -> str:
    """Why a member that is not a string is invalid."""
    if value is ... or value is None:
        return f"missing-{name}" if value is ... else f"null-{name}"
    # An array of one string is what some libraries convert.
    return "converted" if isinstance(value, list) and [type(one) for one in value] == [str] else f"typed-{name}"


def email_is_fit(email: str) -> bool:
    return len(email) <= 254 and _EMAIL.fullmatch(email) is not None


def rfc3339(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")

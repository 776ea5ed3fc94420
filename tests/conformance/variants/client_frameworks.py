"""Variants of client-invites that do what a framework does by default."""

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from conformance.faulty.fault import put
from conformance.listener import Answer, Request
from conformance.reference_clients import CLIENT, ClientInvites
from conformance.variants.variant import variant_of

_client = partial(variant_of, "client-invites")
_ROLES = ClientInvites.roles
_COERCED = " ".join(f"createClientInvite.request.{name}.coerced" for name in ("email", "role"))
_TRAILING = "createClientInvite.request.trailing-bytes"
_HTML = b"<!doctype html>\n<title>Not Found</title>\n<h1>Not Found</h1>\n"


def _reading(*steps: Callable[[Any], Any]) -> Callable[[ClientInvites, Request], Any]:
    """Read a body, and change what it says, if it is an object, in steps."""

    def document(self: ClientInvites, request: Request) -> Any:
        found = ClientInvites.document(self, request)
        for step in steps:
            found = step(found) if isinstance(found, dict) else found
        return found

    return document


def _members(change: Callable[[str, Any], Any]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Change the value of each member, of which the name is given too."""
    return lambda body: {name: change(name, value) for name, value in body.items()}


def _form(self: ClientInvites, request: Request) -> Any:
    """Read a form too, as body parsers do."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode(errors="replace")))
    return ClientInvites.document(self, request)


def _html_404(self: ClientInvites, request: Request) -> Answer | None:
    """Another method, or a path that no route matches."""
    del self
    return Answer(404, None, "text/html", raw=_HTML) if request.method != "POST" else None


def _json_404(self: ClientInvites, request: Request) -> Answer | None:
    if request.method == "POST":
        return None
    return Answer(404, {"message": f"Cannot {request.method} {request.path}", "statusCode": 404, "count": self.count})


def _route_in_lower_case(self: ClientInvites, request: Request) -> Answer | None:
    """Django's `uuid` converter matches lower case only."""
    try:
        known = str(uuid.UUID(self.client(request))) == self.client(request)
    except ValueError:
        known = False
    return None if known else Answer(404, None, "text/html", raw=_HTML)


def _bare_405(self: ClientInvites, request: Request) -> Answer | None:
    return self.error(405, "Method Not Allowed", "") if request.method != "POST" else None


def _uuid_of_path(self: ClientInvites, request: Request) -> str:
    """The client's id, also in braces, as a URN or without hyphens, as UUID parsers read it."""
    text = ClientInvites.client(self, request)
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return text


def _any_case(body: dict[str, Any]) -> dict[str, Any]:
    """Go's encoding/json matches names without case."""
    return {name.lower() if name.lower() in {"email", "role"} else name: value for name, value in body.items()}


def _unwrapped(_: str, value: Any) -> Any:
    """Ajv with `coerceTypes: 'array'`: an array of one value is that value, a scalar is text."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return json.dumps(value) if isinstance(value, int | float) else value


def _role_of_ordinal(name: str, value: Any) -> Any:
    """Jackson: the number of an enum's constant stands for it, and blanks around its name are dropped."""
    if name == "role" and type(value) is int and value in range(len(_ROLES)):
        return _ROLES[value]
    return value.strip(" \x00") if name == "role" and isinstance(value, str) else value


def _as_text(name: str, value: Any) -> Any:
    """Jackson: a scalar is read as text where text is declared."""
    return json.dumps(value) if name == "email" and isinstance(value, int | float) else value


def _trimmed(_: str, value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _lower_domain(body: dict[str, Any]) -> str:
    local, _, domain = body["email"].partition("@")
    return f"{local}@{domain.lower()}"


def _readable(self: ClientInvites, request: Request) -> Any:
    """Go's encoding/json reads U+FFFD for a byte that is not UTF-8."""
    return _reading(_any_case)(self, replace(request, body=request.body.decode(errors="replace").encode()))


VARIANTS = (
    _client(
        "like-express",
        "Express with zod: the caller first, HTML for other methods, and letters outside ASCII are in no email.",
        before=_html_404,
    ),
    _client(
        "like-nestjs",
        "NestJS with class-validator: a guard before all else, unknown members dropped, forms read.",
        before=_json_404,
        document=_form,
        instead={"media-type": 201},
        forbidden=lambda self, request: (
            ClientInvites.forbidden(self, request) and self.error(403, "Member.Forbidden", "Forbidden resource")
        ),
    ),
    _client(
        "like-fastify",
        "Fastify with Ajv: the body first, arrays of one value and scalars converted, 415 for other media types.",
        warns=_COERCED,
        order=("malformed", "forbidden"),
        document=_reading(_members(_unwrapped)),
        instead={"media-type": 415},
        before=_json_404,
    ),
    _client(
        "like-spring",
        "Spring Boot with Jackson: the body first, roles by number, trailing bytes ignored, 405 without Allow.",
        warns=f"createClientInvite.request.role.coerced {_TRAILING}",
        order=("malformed", "forbidden"),
        document=_reading(_members(_role_of_ordinal), _members(_as_text)),
        instead={"media-type": 415, "trailing-bytes": 201},
        before=_bare_405,
        refusal=put(type="about:blank", title="Bad Request", detail=lambda body: body["title"]),
    ),
    _client(
        "like-fastapi",
        "FastAPI with pydantic: blanks around an email dropped, its domain in lower case, ids without hyphens.",
        document=_reading(_members(_trimmed)),
        client=_uuid_of_path,
        success=put(email=_lower_domain),
        before=_bare_405,
    ),
    _client(
        "like-django",
        "Django REST framework: blanks dropped, forms read, ids in lower case only, HTML where no route matches.",
        document=lambda self, request: (
            {name: _trimmed(name, value) for name, value in found.items()}
            if isinstance(found := _form(self, request), dict)
            else found
        ),
        instead={"media-type": 201},
        before=_route_in_lower_case,
    ),
    _client(
        "like-gin",
        "Gin: names without case, media type and trailing bytes ignored, bytes that are not UTF-8 replaced.",
        warns=_TRAILING,
        document=_readable,
        client=_uuid_of_path,
        instead={"media-type": 201, "trailing-bytes": 201},
        before=_html_404,
    ),
    _client(
        "like-flask",
        "Flask with marshmallow: unknown members are refused, and an id that is no UUID is not found.",
        role_violation=lambda self, body: (
            ClientInvites.role_violation(self, body) or ("unknown-member" if body.keys() - {"email", "role"} else None)
        ),
        before=lambda self, request: (
            self.error(404, "Not Found", "") if len(self.client(request)) != len(CLIENT) else None
        ),
    ),
)

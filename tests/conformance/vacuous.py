"""Servers that do not implement the contract, and that a careless check would pass."""

import threading
import uuid
from collections.abc import Callable

from conformance.listener import Answer, Implementation, Request
from conformance.reference_clients import Reference
from conformance.reference_families import FamilyInvites
from conformance.references import REFERENCE

_LOGIN = b"<!doctype html><title>Sign in</title><form>Email <input name=email></form>"
_CODES = "ClientInvite.AlreadyInvited ClientInvite.AlreadyMember Member.Forbidden"


class Vacuous:
    """Gives every request the same kind of answer."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self._answer = answer

    def reply(self, request: Request) -> Answer:
        return self._answer(request)


def _reference(request: Request) -> type[Reference]:
    """That of the contract whose path is asked for."""
    return next((one for one in REFERENCE.values() if request.path.startswith(one.paths)), FamilyInvites)


def _always(status: int) -> Callable[[Request], Answer]:
    """A refusal that fits the documented schema of each contract."""
    return lambda request: _reference(request)().error(status, _CODES, "No.")


def _success(request: Request) -> Answer:
    """A success as documented, with what was asked for, whoever asks."""
    return _reference(request).pretended(request)


def _hang(_: Request) -> Answer:
    threading.Event().wait(20)
    return Answer(503)


def _redirect(_: Request) -> Answer:
    return Answer(307, None, None, {"Location": f"/login?{uuid.uuid4()}"})


_ANSWERS: dict[str, Callable[[Request], Answer]] = {
    "always-success": _success,
    "always-201-empty": lambda _: Answer(201, {}),
    "always-200-empty": lambda _: Answer(200, {}),
    "always-204": lambda _: Answer(204, media_type=None),
    "always-400": _always(400),
    "always-401": _always(401),
    "always-403": _always(403),
    "always-404": _always(404),
    "always-409": _always(409),
    "always-429": _always(429),
    "always-500": _always(500),
    "login-page": lambda _: Answer(200, media_type="text/html", raw=_LOGIN),
    "redirect": _redirect,
    "truncated": lambda _: Answer(201, {"token": "0123456789"}, cut=5, close=True),
    "hanging": _hang,
}

VACUOUS: dict[str, Callable[[], Implementation]] = {
    name: lambda answer=answer: Vacuous(answer)  # type: ignore[misc]  # mypy cannot type a lambda's default
    for name, answer in _ANSWERS.items()
}

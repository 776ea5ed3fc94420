"""A faulty server for each derived requirement on a response or a request, made from the requirement's id.

Only what a document says is derived, so the fault is too: the member is left out, or the request is accepted that must
be refused. A request is accepted by being put right before the reference server sees it.
"""

import itertools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.faulty.fault import REFERENCE, Fault, on
from conformance.listener import Answer, Request
from conformance.offers import STATES
from conformance.reference_clients import Reference
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.result import Requirement

_JSON = "application/json"
_numbers = itertools.count()
_VALID: dict[str, Callable[[], dict[str, Any]]] = {
    "createClientInvite": lambda: {"email": f"repaired-{next(_numbers)}@reference.example", "role": "Member"},
    "inviteFamily": lambda: {
        "email": f"repaired-{next(_numbers)}@reference.example",
        "firstname": "Harriet",
        "lastname": "Porter",
    },
}
"""A valid body of each operation."""
_PATHS = {"clientId": STATES["client-invites"]["client"], "id": STATES["family-invites"]["family"]}
"""A valid value of each path parameter."""
_ASPECTS: dict[str, Callable[[Any], bool]] = {
    "type": lambda value: isinstance(value, dict) or (isinstance(value, list) and len(value) != 1),
    "coerced": lambda value: value == 0 or (isinstance(value, list) and len(value) == 1),
    "null": lambda value: value is None,
    "enum": lambda value: isinstance(value, str),
}
"""By the aspect in which a member is wrong: whether a value that is refused is wrong in it."""


def derived_faults(contract: str) -> Iterator[Fault]:
    """The faulty servers of a contract's derived requirements."""
    for one in catalogue(contract).requirements:
        operation, _, slug = one.id.removeprefix(f"{contract}.").partition(".")
        changes = _changes(one, operation, slug) if operation in _VALID else None
        if changes is not None:
            name = f"{contract.partition('-')[0]}-derived-{slug.replace('.', '-').lower()}"
            maker = type(name.title().replace("-", ""), (REFERENCE[contract],), changes)
            violates = frozenset({f"{operation}.{slug}"})
            yield Fault(name, contract, f"It violates: {one.sentence}", violates, frozenset(), maker)


def _changes(requirement: Requirement, operation: str, slug: str) -> dict[str, Any] | None:
    """What is changed in the reference server; None where a hand-written fault is needed."""
    response = re.fullmatch(r"(\d{3})\.(.+)", slug)
    if response:
        return {"after": _response(requirement, int(response[1]), response[2])}
    part, _, rest = slug.partition(".")
    if part == "request":
        return {"reply": _accepting(lambda request: _repaired(request, operation, rest))}
    if part == "path":
        name = rest.partition(".")[0]
        return {"reply": _accepting(lambda request: _with_path(request, name))}
    return None


def _response(requirement: Requirement, status: int, part: str) -> Callable[[Reference, Answer, Request], Answer]:
    if part == "media-type":
        return on(status, media_type="text/plain")
    if part == "body":
        return on(status, document=lambda answer: [answer.document])
    if part == "problem-status":
        return on(status, document=lambda answer: answer.document | {"status": 299})
    optional = " may have " in requirement.sentence
    wrong: Any = "a text" if "an object" in requirement.sentence else {"wrong": True}

    def changed(answer: Answer) -> dict[str, Any]:
        if optional:
            return {**answer.document, part: wrong}
        return {name: value for name, value in answer.document.items() if name != part}

    return on(status, document=changed)


def _accepting(repair: Callable[[Request], Request]) -> Callable[[Reference, Request], Answer]:
    return lambda self, request: Reference.reply(self, repair(request))


def _with_path(request: Request, name: str) -> Request:
    """The request with a valid path parameter, in place of one that has no letter or digit pattern of its own."""
    first, collection, given, *rest = request.path.split("/")
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", given) or not rest:
        return request
    return replace(request, path="/".join([first, collection, _PATHS[name], *rest]))


def _repaired(request: Request, operation: str, rest: str) -> Request:
    """The request as it is, or put right if it is wrong in the way that `rest` of the requirement's id says."""
    whole = json.dumps(_VALID[operation]()).encode()
    media_type = request.headers.get("content-type", "").partition(";")[0]
    if rest == "media-type":
        is_json = media_type in {_JSON, ""}
        body = request.body if _read(request.body) is not None else whole
        return request if is_json else replace(request, body=body, headers={**request.headers, "content-type": _JSON})
    if rest == "absent":
        headers = {**request.headers, "content-type": _JSON}
        return request if request.body or request.method != "POST" else replace(request, body=whole, headers=headers)
    wrong: dict[str, Callable[[], bool]] = {
        "malformed-json": lambda: _is_no_json(request.body),
        "trailing-bytes": lambda: _first_value(request.body) is not None,
        "not-utf-8": lambda: not _is_utf_8(request.body),
        "empty": lambda: _read(request.body) == {},
        "null": lambda: _says_nothing(request.body, operation),
        "type": lambda: _is_other_kind(_read(request.body), operation),
    }
    if rest in wrong:
        return replace(request, body=whole) if request.body and wrong[rest]() else request
    name, _, aspect = rest.rpartition(".")
    given = _read(request.body)
    if not isinstance(given, dict):
        return request
    is_wrong = name not in given if aspect == "missing" else name in given and _ASPECTS[aspect](given[name])
    if aspect == "missing" and not given:
        return request
    if aspect == "enum":
        is_wrong = is_wrong and given[name] not in {"Member", "Developer", "Support", "Admin", "Owner"}
    body = json.dumps({**given, name: _VALID[operation]()[name]}).encode()
    return replace(request, body=body) if is_wrong else request


def _is_other_kind(value: Any, operation: str) -> bool:
    """Whether a body is no object; `[]` says nothing where no member is required."""
    if value == [] or value is None:
        return value == [] and operation == "createClientInvite"
    return not isinstance(value, dict)


def _says_nothing(body: bytes, operation: str) -> bool:
    return body.strip() == b"null" or (body.strip() == b"[]" and operation != "createClientInvite")


def _read(body: bytes) -> Any:
    """The JSON value of a body; None for null and for what is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first_value(body: bytes) -> Any:
    """The first JSON value of a body that has more behind it; None for any other body."""
    if not _is_utf_8(body) or _read(body) is not None:
        return None
    try:
        return json.JSONDecoder().raw_decode(body.decode().lstrip())[0]
    except (ValueError, RecursionError):
        return None


def _is_no_json(body: bytes) -> bool:
    if not _is_utf_8(body) or body.strip() == b"null":
        return False
    return _read(body) is None and _first_value(body) is None

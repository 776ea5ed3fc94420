"""A faulty server for each derived requirement, made from the requirement's id.

Only what a document says is derived, so the fault is too: the member is left out, or the request is accepted that must
be refused. A request is accepted by being put right before the reference server sees it.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from conformance.faulty.fault import Fault, crash, on
from conformance.listener import Answer, Request
from conformance.reference_clients import Reference
from conformance.references import REFERENCE, known
from invite_conformance.judging.calls import json_body, template
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.derived.invalid_values import aspect_of, effective
from invite_conformance.judging.derived.members import members
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.registry import SUCCESS
from invite_conformance.result import Requirement
from invite_specs import Operation

_JSON = "application/json"
_TRACE = 'Traceback (most recent call last):\n  File "server.py", line 7, in reply'
_UNDOCUMENTED = "statuses.documented"
_NTH = 8
"""One request of so many is answered with 429."""


def derived_faults(contract: str) -> Iterator[Fault]:
    """The faulty servers of a contract's derived requirements."""
    with known(contract):
        found = catalogue(contract)
    schemas = Schemas(found.contract.published)
    operations = {one.id: one for one in found.contract.published_operations}
    for one in found.requirements:
        operation, _, slug = one.id.removeprefix(f"{contract}.").partition(".")
        if operation not in operations:
            continue
        of = _Operation(operations[operation], schemas, REFERENCE[contract])
        changes = _changes(one, of, slug)
        if changes is not None:
            name = f"{contract.partition('-')[0]}-derived-{operation}-{slug.replace('.', '-')}".lower()
            maker = type(name.title().replace("-", ""), (REFERENCE[contract],), changes)
            # A success of another status is not documented either.
            violates = frozenset(
                {f"{operation}.{slug}", *([f"{operation}.{_UNDOCUMENTED}"] if slug == SUCCESS else ())}
            )
            yield Fault(name, contract, f"It violates: {one.sentence}", violates, frozenset(), maker)


@dataclass
class _Operation:
    """An operation, and which requests are of it."""

    operation: Operation
    schemas: Schemas
    reference: type[Reference]

    def has_path(self, request: Request) -> bool:
        return self._path.fullmatch(request.path) is not None

    def has(self, request: Request) -> bool:
        return request.method == self.operation.method and self.has_path(request)

    @cached_property
    def _path(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(self.operation.path)), re.DOTALL)

    def only(self, whole: Callable[[Answer], Answer]) -> Callable[[Reference, Answer, Request], Answer]:
        """A hook of `after` that changes the answers of the operation."""
        return lambda _self, answer, request: whole(answer) if self.has(request) else answer

    def accepting(self, repair: Callable[[Request], Request]) -> Callable[[Reference, Request], Answer]:
        """A `reply` to requests of the operation that are put right."""
        return lambda server, request: Reference.reply(server, repair(request) if self.has(request) else request)

    def methods(self, server: Reference, request: Request) -> str:
        """What `Allow` lists, without the operation's own method where another is sent to its path."""
        allow = self.reference.methods(server, request)
        if request.method in allow.split(", ") or not self.has_path(request):
            return allow
        return ", ".join({*allow.split(", ")} - {self.operation.method}) or "OPTIONS"

    def valid(self) -> dict[str, Any]:
        """A valid body."""
        return self.reference.valid[self.operation.id]()

    @property
    def wants(self) -> bool:
        """Whether a member of its body is required."""
        return bool(effective(self.schemas.document, json_body(self.operation) or "").get("required"))

    def is_wrong(self, pointer: str | None, value: Any, aspect: str) -> bool:
        """Whether the schema at a pointer does not allow a value for that reason."""
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError):
            return False  # no validator reads half a surrogate pair
        if pointer is None or self.schemas.allows(pointer, value):
            return False
        return aspect_of(self.schemas, pointer, value) == aspect

    def with_parameter(self, request: Request, place: str, name: str, aspect: str) -> Request:
        """The request, put right if that parameter is wrong in that aspect."""
        parameter = next(one for one in self.operation.parameters if (one.place, one.name) == (place, name))
        path = self._path.fullmatch(request.path)
        values = (path.groupdict() if path else {}) if place == "path" else request.query
        types = effective(self.schemas.document, parameter.schema or "").get("type")
        if name not in values:
            return request
        value = values[name] if types == "string" else _read(values[name].encode())
        if not self.is_wrong(parameter.schema, values[name] if value is None else value, aspect):
            return request
        if place == "query":
            return replace(request, query={k: v for k, v in values.items() if k != name})
        return replace(request, path=template(self.operation.path, {**values, name: self.reference.parameters[name]}))


def _changes(requirement: Requirement, of: _Operation, slug: str) -> dict[str, Any] | None:
    """What is changed in the reference server; None where a hand-written fault is needed."""
    response = re.fullmatch(r"(\d{3})\.(.+)", slug)
    if response:
        return {"after": of.only(_response(requirement, int(response[1]), response[2]))}
    part, _, rest = slug.partition(".")
    if part == "request":
        return {"reply": of.accepting(lambda request: _repaired(request, of, rest))}
    if part in {"path", "query"}:
        name, _, aspect = rest.rpartition(".")
        return {"reply": of.accepting(lambda request: of.with_parameter(request, part, name, aspect))}
    return _exchange(of, slug)


def _exchange(of: _Operation, slug: str) -> dict[str, Any] | None:
    """What is changed in every kind of answer; an error is changed where it is documented."""
    error = next((one for one in of.operation.statuses if one >= 400), 400)
    errors: dict[str, dict[str, Any]] = {
        "error.no-stack-trace": {"document": lambda answer: answer.document | {"trace": _TRACE}},
        "json.well-formed": {"raw": lambda answer: answer.body()[:-1]},
        "json.i-json": {"raw": lambda answer: b'{"twice": 1, "twice": 2, ' + answer.body()[1:]},
        "json.charset": {"media_type": lambda answer: f"{answer.media_type}; charset=latin-1"},
    }
    if slug in errors:
        return {"after": of.only(_on(error, **errors[slug]))}
    if slug == "json.echoed-surrogate":
        return {"after": lambda _self, answer, request: _echoed(answer) if b"\\ud800" in request.body else answer}
    if slug == "server-error":
        return {"before": crash(lambda one: of.has(one) and ("\x00" in one.path or b"\\u0000" in one.body))}
    if slug == "statuses.tolerated":
        return {"before": lambda self, one: _too_many(self) if of.has(one) and self.count % _NTH == 0 else None}
    others: dict[str, dict[str, Any]] = {
        SUCCESS: {"after": of.only(_on(of.operation.statuses[0], status=299))},
        "other-methods": {"methods": lambda self, request: of.methods(self, request)},  # noqa: PLW0108  # binds `self`
    }
    return others.get(slug)


def _echoed(answer: Answer) -> Answer:
    return replace(answer, raw=json.dumps(answer.document | {"echo": "\ud800"}).encode())


def _too_many(server: Reference) -> Answer:
    return replace(server.error(429, "Request.TooMany", "Wait a little."), headers={"Retry-After": "0"})


def _response(requirement: Requirement, status: int, part: str) -> Callable[[Answer], Answer]:
    if part == "media-type":
        return _on(status, media_type="text/plain")
    if part == "body":
        return _on(status, document=lambda answer: [answer.document])
    if part == "problem-status":
        return _on(status, document=lambda answer: answer.document | {"status": 299})
    optional = " may have " in requirement.sentence
    wrong: Any = "a text" if "an object" in requirement.sentence else {"wrong": True}
    return _on(status, document=lambda answer: _without(answer.document, part.split("."), optional, wrong))


def _on(status: int, /, **changes: Any) -> Callable[[Answer], Answer]:
    hook = on(status, **changes)
    return lambda answer: hook(None, answer, None)  # type: ignore[arg-type]  # `on` needs neither


def _without(document: Any, path: list[str], optional: bool, wrong: Any) -> Any:
    """A document in which a member is missing, through lists, or is wrong where it may be missing."""
    if isinstance(document, list):
        return [_without(one, path, optional, wrong) for one in document]
    name, *rest = path
    if rest:
        return {**document, name: _without(document[name], rest, optional, wrong)}
    left = {key: value for key, value in document.items() if key != name}
    return {**left, name: wrong} if optional else left


def _repaired(request: Request, of: _Operation, rest: str) -> Request:
    """The request as it is, or put right if it is wrong in the way that `rest` of the requirement's id says."""
    whole = json.dumps(of.valid()).encode()
    media_type = request.headers.get("content-type", "").partition(";")[0]
    as_json: Mapping[str, str] = {**request.headers, "content-type": _JSON}
    if rest == "media-type":
        body = request.body if _read(request.body) is not None else whole
        return request if media_type in {_JSON, ""} else replace(request, body=body, headers=as_json)
    if rest == "absent":
        return request if request.body else replace(request, body=whole, headers=as_json)
    wrong: dict[str, Callable[[], bool]] = {
        "malformed-json": lambda: _is_no_json(request.body),
        "trailing-bytes": lambda: _first_value(request.body) is not None,
        "not-utf-8": lambda: not _is_utf_8(request.body),
        "empty": lambda: _read(request.body) == {},
        "null": lambda: _says_nothing(request.body, of),
        "type": lambda: _is_other_kind(_read(request.body), of),
    }
    if rest in wrong:
        return replace(request, body=whole) if request.body and wrong[rest]() else request
    name, _, aspect = rest.rpartition(".")
    given = _read(request.body)
    if not isinstance(given, dict) or (aspect == "missing" and not given):
        return request
    member = members(of.schemas.document, json_body(of.operation) or "")[name,]
    is_wrong = name not in given if aspect == "missing" else name in given
    if aspect != "missing" and is_wrong:
        is_wrong = of.is_wrong(member.pointer, given[name], aspect)
    return replace(request, body=json.dumps({**given, name: of.valid()[name]}).encode()) if is_wrong else request


def _is_other_kind(value: Any, of: _Operation) -> bool:
    """Whether a body is no object; `[]` says nothing where no member is required."""
    if value == [] or value is None:
        return value == [] and of.wants
    return not isinstance(value, dict)


def _says_nothing(body: bytes, of: _Operation) -> bool:
    return body.strip() == b"null" or (body.strip() == b"[]" and not of.wants)


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

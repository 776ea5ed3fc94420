"""What a document says of its responses: media type, body and each member.

1. The published document decides, with formats asserted; nothing here knows a contract.
2. A requirement applies only where it can judge by itself: a body that is no JSON violates `json.well-formed` and not
   each member too, and a member is judged where the object is that should have it.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from invite_specs import Json, Operation, Response, resolve

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.applicability import TOLERATED
from invite_conformance.judging.calls import is_json, may_be_json
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.members import Member, brief, members, slug, words
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.findings import Violation
from invite_conformance.result import Level

MEDIA_TYPE, BODY, NO_BODY = "media-type", "body", "no-body"
"""How the ids of requirements about a whole response end."""
_ASPECTS = {MEDIA_TYPE, BODY, NO_BODY, "problem-status"}
_DEEPEST = 100
"""Levels of nesting that are validated."""
_SHOWN = 200
"""Characters of a value that are shown."""
Path = tuple[str, ...]
"""Names of members, each nested in the one before; empty for the whole body."""


@dataclass
class Documented:
    """What an operation documents for one status, as the document writes it (`201`, `4XX`, `default`)."""

    operation: Operation
    response: Response
    schemas: Schemas
    _violations: dict[tuple[str, bytes], dict[Path, str]] = field(default_factory=dict, init=False)
    """By media type and body: what was found wrong, by the member concerned."""

    @cached_property
    def _names(self) -> dict[str, str]:
        """The documented media types, without parameters and in lower case, with the names that the document gives."""
        return {name.partition(";")[0].strip().lower(): name for name in self.response.content}

    def _named(self, media_type: str) -> str | None:
        """The documented media type, or range of them, that a media type belongs to; None for another one."""
        ranges = (media_type, f"{media_type.partition('/')[0]}/*", "*/*")
        return next((self._names[one] for one in ranges if one in self._names), None)

    def documents(self, media_type: str) -> bool:
        """Whether a media type is documented, by itself or by a range."""
        return self._named(media_type) is not None

    @cached_property
    def json(self) -> dict[str, str]:
        """JSON Pointer of the schema of each media type that has one and that JSON may be of, ranges last."""
        content = self.response.content
        return {
            name: at
            for name in sorted(content, key=is_json, reverse=True)
            if (at := content[name]) is not None and may_be_json(name)
        }

    @cached_property
    def members(self) -> dict[Path, Member]:
        """The members of all its JSON media types."""
        # What is only written is in no response.
        return {path: one for path, one in self._every.items() if path not in self.only_written}

    @cached_property
    def _every(self) -> dict[Path, Member]:
        found: dict[Path, Member] = {}
        for one in self._described:
            found = one | found
        return found

    @cached_property
    def _described(self) -> list[dict[Path, Member]]:
        return [members(self.schemas.document, pointer) for pointer in self.json.values()]

    @cached_property
    def only_written(self) -> frozenset[Path]:
        """The members that are in requests only."""
        return frozenset(path for found in self._described for path, one in found.items() if one.marked("writeOnly"))

    def answers(self, exchange: Exchange) -> bool:
        """Whether an exchange of the operation has that status."""
        call = exchange.call
        return call.operation == self.operation.id and not exchange.elsewhere and self.is_for(exchange.status)

    def is_for(self, status: int) -> bool:
        """Whether it says what that status is answered with."""
        if self.response.status.isdecimal():
            return status == int(self.response.status)
        documented = self.operation.response(status)
        # Whatever stands before the operation answers as it does.
        ours = self.response.status != "default" or status not in TOLERATED
        return ours and documented is not None and documented.status == self.response.status

    def validated(self, exchange: Exchange) -> bool:
        """Whether it also has a body that is JSON."""
        given = exchange.response.media_type
        named = self._named(given)
        # What is of no documented media type is validated as if it were; what is of another one is not.
        is_meant = named is None or (is_json(given) and named in self.json)
        return self.answers(exchange) and is_meant and exchange.json.well_formed

    def has(self, path: Path, exchange: Exchange) -> bool:
        """Whether a body has an object that should have the member."""
        return self.validated(exchange) and any(
            isinstance(one, dict) for one in _values(exchange.json.value, path[:-1])
        )

    def wrong(self, path: Path, exchange: Exchange) -> str:
        """What is wrong with a member, or else (for an empty path) with the body; empty if nothing is."""
        key = (exchange.response.media_type, exchange.response.body)
        if key not in self._violations:
            self._violations[key] = dict(self._validate(exchange))
        return self._violations[key].get(path, "")

    def _validate(self, exchange: Exchange) -> Iterator[tuple[Path, str]]:
        pointer = self.json.get(self._named(exchange.response.media_type) or "") or next(iter(self.json.values()))
        value = exchange.json.value
        # The first violation of each member is the one that is said.
        found: dict[Path, str] = {}
        for error in self.schemas.at(pointer).iter_errors(_validatable(value)):
            where = list(error.instance_path)
            missing = getattr(error.kind, "property", None)
            names = [one for one in (*where, *([missing] if missing is not None else [])) if isinstance(one, str)]
            if tuple(names) in self.only_written:
                continue
            path = self.requirement_at(names)
            if missing is not None:
                said = f"no `{'.'.join(names)}`"
            elif names:
                said = f"`{'.'.join(names)}`: {_shown(_at(value, where))}"
            else:
                said = f"a JSON {type_name(value)}: {error.message[:_SHOWN]}"
            found.setdefault(path, said)
        yield from found.items()

    def requirement_at(self, names: Sequence[str]) -> Path:
        """The path of the nearest member that has a requirement; empty for the body."""
        path = tuple(names)
        while path and path not in self.members:
            path = path[:-1]
        return path

    @property
    def media_type(self) -> str:
        """How the id of the requirement about the media type ends."""
        return f"{self.response.status}.{MEDIA_TYPE}"

    def slug(self, path: Path) -> str:
        """How the id of the requirement about a member, or the body, ends."""
        name = slug(path)
        return f"{self.response.status}.{f'{name}-member' if name in _ASPECTS else name or BODY}"


def response_requirements(documented: Documented, source: Source) -> Iterator[Derived]:
    """The requirements on one response of an operation."""
    response = documented.response
    what = "An answer with another status" if response.status == "default" else f"A {response.status}"
    every = "every other answer" if response.status == "default" else f"every {response.status}"
    if not response.content:
        # Without a body, `default` stands for whatever else may be answered; 204 and 304 cannot have one.
        if response.status not in {"default", "204", "304"}:
            yield _without_body(documented, source, what, every)
        return
    names = " or ".join(f"`{name}`" for name in response.content)
    yield source.passive(
        documented.media_type,
        Level.MUST,
        citation=f"{response.pointer}/content",
        sentence=f"{what} of `{documented.operation.id}` is {names}.",
        quoted=f"content: {', '.join(response.content)}",
        method=f"The Content-Type of {every} is compared; parameters such as `charset=utf-8` are accepted.",
        remedy=f"Set `Content-Type: {next(iter(response.content))}`, also on what filters and gateways answer.",
        applies=documented.answers,
        judge=partial(_media_type, documented),
    )
    if documented.json:
        yield from _bodies(documented, source, what, every)
    if "application/problem+json" in response.content:
        yield source.passive(
            f"{response.status}.problem-status",
            Level.SHOULD,
            citation="RFC 9457 section 3.1.2",
            sentence=f"The `status` of a problem with {response.status} is the status of the response.",
            quoted="Generators MUST use the same status code in the actual HTTP response",
            method="`status` of every problem is compared with the status line; it may be a string of digits.",
            remedy="Write the status of the response into the problem.",
            applies=lambda exchange: (
                documented.validated(exchange) and _number(exchange.object.get("status")) is not None
            ),
            judge=_status_as_http,
        )


def _without_body(documented: Documented, source: Source, what: str, every: str) -> Derived:
    return source.passive(
        f"{documented.response.status}.{NO_BODY}",
        Level.SHOULD,
        citation=documented.response.pointer,
        sentence=f"{what} of `{documented.operation.id}` has no body.",
        quoted="no content",
        method=f"The length of the body of {every} is checked.",
        remedy="Send no body, or document its media type and schema.",
        applies=documented.answers,
        judge=lambda exchange: (
            Violation("no body", f"{len(exchange.response.body)} bytes") if exchange.response.body else None
        ),
    )


def _bodies(documented: Documented, source: Source, what: str, every: str) -> Iterator[Derived]:
    document, pointer = documented.schemas.document, next(iter(documented.json.values()))
    schema = resolve(document, pointer)
    form = words(document, schema)
    yield source.passive(
        documented.slug(()),
        Level.MUST,
        citation=pointer,
        sentence=f"The body of {what[0].lower() + what[1:]} of `{documented.operation.id}` is {form}.",
        quoted=f"schema: {brief(schema)}",
        method=f"The body of {every} is validated against its schema, formats asserted.",
        remedy=f"Write {form} that fits its schema.",
        applies=documented.validated,
        judge=partial(_fits, documented, (), form),
    )
    for path, one in documented.members.items():
        form = words(document, one.definition)
        has = "has" if one.required else "may have"
        expected = f"`{one.name}`, {form}" + ("" if one.required else ", or none")
        yield source.passive(
            documented.slug(path),
            Level.MUST,
            citation=one.pointer,
            sentence=f"{what} of `{documented.operation.id}` {has} `{one.name}`, {form}.",
            quoted=f"{'required' if one.required else 'optional'} {one.path[-1]}: {brief(one.definition)}",
            method=f"`{one.name}` of {every} is validated against the schema of that member, formats asserted.",
            remedy=f"Write `{one.name}` as {form}{'; do not omit it' if one.required else ', or omit it'}.",
            applies=partial(documented.has, path),
            judge=partial(_fits, documented, path, expected),
        )


def _media_type(documented: Documented, exchange: Exchange) -> Violation | None:
    given = exchange.response.media_type
    if documented.documents(given):
        return None
    return Violation(f"Content-Type: {' or '.join(documented.response.content)}", f"Content-Type: {given or '(none)'}")


def _fits(documented: Documented, path: Path, expected: str, exchange: Exchange) -> Violation | None:
    wrong = documented.wrong(path, exchange)
    return Violation(expected, wrong) if wrong else None


def _status_as_http(exchange: Exchange) -> Violation | None:
    status = exchange.object["status"]
    if _number(status) == exchange.status:
        return None
    return Violation(f"`status`: {exchange.status}", f"`status`: {status}")


def _number(value: Json) -> int | None:
    """A status as a number, also from a string of a few digits; None for what is neither."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdecimal() and len(value) < 10 else None
    if isinstance(value, float):
        return int(value) if math.isfinite(value) else None
    return value if type(value) is int else None


def _values(value: Json, path: Path) -> Iterator[Json]:
    """The values of a member, through lists."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _values(value[path[0]], path[1:])


def _at(value: Json, where: list[str | int]) -> Json:
    """What stands at a path of names and indexes; as far as it leads."""
    for step in where:
        if isinstance(value, list) and isinstance(step, int):
            value = value[step]
        elif isinstance(value, dict) and isinstance(step, str):
            value = value.get(step, value)
    return value


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _validatable(value: Json, depth: int = 0) -> Json:
    """The value as the validator can take it.

    That is without half of a surrogate pair, a number beyond a double's range, or deeper nesting than any schema
    describes. All three are JSON; what is wrong with a lone surrogate is the business of `json.i-json`.
    """
    match value:
        case str():
            return _whole(value)
        case float() if not math.isfinite(value):
            return math.copysign(sys.float_info.max, value)
        case list() | dict() if depth == _DEEPEST:
            return type(value)()
        case list():
            return [_validatable(one, depth + 1) for one in value]
        case dict():
            return {_whole(name): _validatable(one, depth + 1) for name, one in value.items()}
    return value


def _whole(text: str) -> str:
    """The text with a question mark for each half of a surrogate pair."""
    return text.encode(errors="replace").decode()


def type_name(value: Json) -> str:
    """The JSON type of a value, as JSON Schema names it."""
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")

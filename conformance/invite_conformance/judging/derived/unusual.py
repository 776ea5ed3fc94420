"""Requests at which parsers, validators and databases fail: what is documented of them is only that nothing crashes.

Nothing here does harm to a server that puts it into its SQL: a quotation mark shows the fault.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote
from uuid import UUID

from invite_specs import Json, Operation, Parameter

from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import json_body, template, with_body
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.exchanges import texts
from invite_conformance.judging.derived.invalid_values import effective
from invite_conformance.judging.derived.members import members
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.registry import ActiveCheck

_IDS = ("%00", "%FF", "..%2F..", quote("семья"), "x" * 3000, "%20", "%0A", "-1", "'", "%22", "null")
_TEXTS = (
    "x" * 10_000,
    "a\x00b",
    "a\tb\r\nc",
    "a'b\"c--",
    "a%sb%d{0}",
    "zwölf-日本-🙂",
    "\ud800",
    "",
)
_NUMBERS: tuple[Json, ...] = (10**400, -(10**30), 1e308, -0.0)
_JSON = (b"1e999", b"-0", b"[" * 1_100 + b"]" * 1_100, b'{"a":' * 1_100 + b"1" + b"}" * 1_100)
_BODIES = (b"[" * 50_000, b'"' + b"\\u0000" * 1000 + b'"', b"\x00" * 100, b"")
_LARGE = 2_000_000
_FOR_EACH = 2
"""Texts that each member gets."""
_NOT_HERE = (401, 403, 404, 501)


@dataclass(frozen=True)
class Unusual:
    """The unusual requests to one operation."""

    operation: Operation
    methods: frozenset[str]
    """The documented methods of every path that is like its own."""
    valid: Callable[[CheckContext], Call]
    schemas: Schemas

    def checks(self, server_error: str) -> Iterator[ActiveCheck]:
        """What makes the requests; the requirement that no 5xx comes judges the responses."""
        kinds: dict[str, Callable[[CheckContext], None]] = {}
        if self._ids:
            kinds["unusual ids"] = self._unusual_ids
        if json_body(self.operation) is not None:
            kinds |= {"unusual members": self._unusual_members, "unusual JSON": self._unusual_json}
            kinds["a large body"] = self._large_body
        for words, make in kinds.items():
            name = f"{self.operation.id}: {words}"
            yield ActiveCheck(name, (server_error,), make, "directed", False, True, self.operation.id)

    def other_methods(self, source: Source) -> Derived:
        """The requirement that other methods are refused."""
        level, said = texts("other-methods", self.operation)
        return source.active("other-methods", level, make=self._other_methods, heavy=True, repeated=False, **said)

    @property
    def _ids(self) -> list[Parameter]:
        return [one for one in self.operation.parameters if one.place == "path"]

    def _unusual_ids(self, context: CheckContext) -> None:
        call = self.valid(context)
        for parameter in self._ids:
            for text in _IDS:
                values = {name: quote(value, safe="") for name, value in call.params.items()} | {parameter.name: text}
                path = template(self.operation.path, values)
                # A path that no template matches: not even a lenient server finds what it names.
                context.send_unusual(replace(self.valid(context), path=path, elsewhere=True, valid=False, writes=False))

    def _unusual_members(self, context: CheckContext) -> None:
        pointer = json_body(self.operation)
        found = members(self.schemas.document, pointer) if pointer is not None else {}
        # Where the document names no member, one that a server may well have.
        names = [path[0] for path in found if len(path) == 1] or ["name"]
        for number, value in enumerate((*_TEXTS, *_NUMBERS)):
            # The longest text and the one with a NUL for each member, the others for one each.
            for name in names if number < _FOR_EACH else names[number % len(names) :][:1]:
                self._send(context, name, value)
        self._send(context, "extra", {"n": 1, "": None, "\x00": []})
        self._send(context, "count", 10**400)

    def _send(self, context: CheckContext, name: str, value: Json) -> None:
        """Send a valid call with a value in one member; a text stands before the valid one, to get past validators."""
        call = self.valid(context)
        valid = call.given_text(name)
        value = value + valid if isinstance(value, str) and value and valid else value
        # A lone surrogate can only be sent as the escape that JSON has for it.
        body = json.dumps({**call.given_object, name: value}).encode()
        context.send(replace(with_body(call, body), valid=None))

    def _unusual_json(self, context: CheckContext) -> None:
        for extra in _JSON:
            call = self.valid(context)
            whole = (call.body or b"{}").rstrip()
            comma = b", " if call.given_object else b""
            body = whole[:-1] + comma + b'"extra": ' + extra + b"}"
            context.send(replace(with_body(call, body), valid=None))
        for body in (*_BODIES, b"\xef\xbb\xbf" + (self.valid(context).body or b"{}")):
            context.send(replace(with_body(self.valid(context), body), valid=None))

    def _large_body(self, context: CheckContext) -> None:
        """Send more than most servers read; one may well close the connection before it has all."""
        call = self.valid(context)
        context.send_unusual(replace(with_body(call, {**call.given_object, "note": "x" * _LARGE}), valid=None))

    def _other_methods(self, context: CheckContext) -> None:
        """Use other methods; those that change something on what nobody has."""
        changing = {"PUT", "PATCH", "DELETE"} if self._ids else set()
        for method in sorted({"GET", *changing} - self.methods - {self.operation.method}):
            call = self.valid(context)
            if method != "GET":
                params = dict(call.params) | {one.name: self._nobody(one, context) for one in self._ids}
                path = template(self.operation.path, {name: quote(value, safe="") for name, value in params.items()})
                call = replace(call, path=path, params=params)
            if method in {"GET", "DELETE"}:
                call = with_body(call, None)
            call = replace(call, method=method, elsewhere=True, valid=False, writes=method != "GET")
            exchange = context.send_unusual(call)
            if exchange is None:
                continue
            allow = exchange.response.header("allow")
            named = exchange.status == 405 and self.operation.method in allow.upper()
            received = exchange.response.status_line + (
                f", Allow: {allow or '(none)'}" if exchange.status == 405 else ""
            )
            expected = f"405 with Allow: {self.operation.method}"
            requirement = f"{self.operation.id}.other-methods"
            context.judge(requirement, named or exchange.status in _NOT_HERE, expected, exchange, received)

    def _nobody(self, parameter: Parameter, context: CheckContext) -> str:
        """The value of a path parameter that names nothing."""
        schema = effective(self.schemas.document, parameter.schema) if parameter.schema else {}
        if schema.get("format") == "uuid":
            return str(UUID(int=context.random.getrandbits(128), version=4))
        return "999999999" if schema.get("type") in {"integer", "number"} else f"unknown{context.run_id}"

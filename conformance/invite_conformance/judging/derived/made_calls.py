"""Calls of an operation that nobody wrote, made from its document: examples first, then values of its schemas.

Whether such a call succeeds, nobody knows: what a path names may not exist. The target file may give the values of
parameters that do (`states.parameters`).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from invite_specs import Json, Operation, Parameter, Part, follow, resolve

from invite_conformance.http.exchange import Call
from invite_conformance.judging.calls import body_type, build, is_ignored, json_body, with_parameter
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.invalid_values import effective
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.target.states import Blocked

_FORM = "application/x-www-form-urlencoded"
_FORMATS = {
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "date-time": "2026-01-01T09:00:00Z",
    "date": "2026-01-01",
    "time": "09:00:00Z",
    "email": "someone@invite-conformance.example",
    "uri": "https://invite-conformance.example/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "hostname": "invite-conformance.example",
}


@dataclass
class MadeCall:
    """Makes calls of one operation."""

    operation: Operation
    """As the assumed document describes it."""
    schemas: Schemas
    """Those of the assumed document."""

    def __post_init__(self) -> None:
        self._body: Json = None
        self._blocked: Blocked | None = None
        """Why no body can be made; it is tried once."""

    def __call__(self, context: CheckContext) -> Call:
        """A call that is valid by the document. Raises Blocked where no value is found that a schema allows."""
        known = context.states.get("parameters") if context.states.offered("parameters") else {}
        required = [one for one in self.operation.parameters if one.required and not is_ignored(one)]
        path = {one.name: self._value(one, known) for one in required if one.place == "path"}
        media_type, body = self._made_body(context)
        call = build(self.operation, path=path, body=body, media_type=media_type)
        for one in required:
            if one.place != "path":
                call = with_parameter(self.operation, call, one, self._value(one, known))
        return call

    def _value(self, parameter: Parameter, known: dict[str, Json]) -> str:
        """The text of a parameter: the target file's, an example that fits, or a value of its schema."""
        if parameter.name in known:
            return _text(known[parameter.name])
        for value in self._values(parameter):
            if value is not None and (parameter.schema is None or self.schemas.allows(parameter.schema, value)):
                return _text(value)
        raise Blocked(f"no valid `{parameter.name}` can be made: give `states.parameters.{parameter.name}`")

    def _values(self, parameter: Parameter) -> Iterator[Json]:
        definition = parameter.definition
        yield definition.get("example")
        yield from _named(parameter)
        if parameter.schema is not None:
            yield from self._of_schema(parameter.schema)

    def _of_schema(self, pointer: str) -> Iterator[Json]:
        """Values that the schema at a JSON Pointer may allow."""
        schema = effective(self.schemas.document, pointer)
        yield from (schema.get("example"), *schema.get("examples", ()), schema.get("default"), *schema.get("enum", ()))
        if schema.get("type") == "array" and "items" in schema:
            where = f"{follow(self.schemas.document, pointer)}/items"
            yield from ([one] for one in self._of_schema(where) if self.schemas.allows(where, one))
        yield schema.get("minimum", 1)
        yield from (1.5, True, _FORMATS.get(schema.get("format", "")), "example", "x" * schema.get("minLength", 1))

    def _made_body(self, context: CheckContext) -> tuple[str, Json | bytes]:
        """The media type and the content of a body, the same in each call; ("", None) for none."""
        body = self.operation.body
        if body is None:
            return "", None
        media_type, pointer = body_type(self.operation), json_body(self.operation)
        if pointer is not None:
            return media_type, self._content(context, body, pointer)
        form = next((name for name in body.content if name.partition(";")[0].strip().lower() == _FORM), "")
        if form and (pointer := body.content[form]) is not None:
            fields = self._content(context, body, pointer)
            if isinstance(fields, dict):
                return form, urlencode({name: _field(one) for name, one in fields.items()}, doseq=True).encode()
        text = next((name for name in body.content if name.lower().startswith("text/plain")), "")
        if text:
            given = [one for one in body.examples(text).values() if isinstance(one, str)]
            return text, (given[0] if given else "example").encode()
        if body.definition.get("required", False):
            raise Blocked(
                f"the body of `{self.operation.id}` is {' or '.join(body.content)}, "
                "and only JSON, forms without files and plain text can be made"
            )
        return "", None

    def _content(self, context: CheckContext, body: Part, pointer: str) -> Json:
        """A value for a body: an example that fits its schema, or what schemathesis generates."""
        if self._blocked is not None:
            raise self._blocked
        if self._body is None:
            name = next(name for name, at in body.content.items() if at == pointer)
            schema = effective(self.schemas.document, pointer)
            given = [*body.examples(name).values(), schema.get("example"), *schema.get("examples", ())]
            fits = partial(self.schemas.allows_in_request, pointer)
            self._body = next((one for one in given if one is not None and fits(one)), None)
            if self._body is None:
                self._body = self._generated(context, pointer)
        return self._body

    def _generated(self, context: CheckContext, pointer: str) -> Json:
        # The other commands start faster without schemathesis.
        from invite_conformance.engines.generation import one_valid  # noqa: PLC0415  # see above

        is_valid = partial(self.schemas.allows_in_request, pointer)
        schema = resolve(self.schemas.document, pointer)
        found: Json = one_valid(self.operation, schema, context.plan.seed, is_valid)
        if found is None:
            self._blocked = Blocked(f"no valid body of `{self.operation.id}` was generated, and its document has none")
            raise self._blocked
        return found


def _named(part: Part) -> Iterator[Json]:
    """The named examples of a parameter."""
    for name in part.definition.get("examples", {}):
        yield resolve(part.document, follow(part.document, f"{part.pointer}/examples/{name}")).get("value")


def _field(value: Json) -> str | list[str]:
    """A value as a form has it (OpenAPI 3.1 section 4.8.15.1: what is complex is JSON)."""
    if isinstance(value, list):
        return [one if isinstance(one, str) else json.dumps(one) for one in value]
    return value if isinstance(value, str) else json.dumps(value)


def _text(value: Json) -> str:
    """A value as a parameter writes it (`style: simple` and `form` with commas)."""
    if isinstance(value, list):
        return ",".join(map(_text, value))
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)

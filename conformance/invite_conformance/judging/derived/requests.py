"""What a document says of its requests: what an operation does not document is refused, where there is an answer to it.

1. Each call is a valid one of the operation with one thing changed, so that nothing else can be why it is refused.
2. Where the document lists 400 or 422, one of these is expected; where it lists neither, no 2xx. A target that has not
   answered any valid call with 2xx may refuse for another reason: any 4xx will do then.
3. What common libraries do by default is never a MUST: text made of a number, null for absent, bytes after the JSON.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from invite_specs import Operation, Parameter, Part

from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.calls import is_ignored, json_body, with_parameter
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.derived.changes import (
    Change,
    always,
    as_form,
    as_text,
    not_utf_8,
    of_body,
    with_member,
)
from invite_conformance.judging.derived.derived import Derived, Source
from invite_conformance.judging.derived.invalid_values import effective, invalid_values
from invite_conformance.judging.derived.members import Member, brief, members, slug
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.result import Level
from invite_conformance.target.states import Blocked

REFUSALS = (400, 422)
"""The statuses that a document may list for a malformed request."""
_UNSUPPORTED = 415
_ASPECTS = {
    "type": (Level.MUST, "of another type", "other types are sent, none of which can be converted to a valid value"),
    "coerced": (
        Level.SHOULD,
        "of a type that some libraries convert",
        "what libraries convert is sent: numbers and booleans for a text, texts for a number, an array of one",
    ),
    "null": (Level.NOTE, "that is null", "null is sent"),
    "enum": (Level.MUST, "outside its enum", "values that are not in the enum are sent, one of them in another case"),
    "format": (Level.SHOULD, "in another format", "texts that are not in the format are sent"),
    "range": (Level.MUST, "outside its bounds", "values just outside the bounds are sent"),
}
"""By aspect of a value: the level, what such a value is, and how it is checked."""


@dataclass(frozen=True)
class Requests:
    """The requirements on what one operation refuses."""

    operation: Operation
    """As the published document describes it."""
    valid: Callable[[CheckContext], Call]
    """Makes a call that a correct server accepts."""
    schemas: Schemas
    source: Source

    @property
    def refusals(self) -> tuple[int, ...]:
        """The documented statuses of a malformed request."""
        return tuple(status for status in REFUSALS if status in self.operation.statuses)

    def derive(self) -> Iterator[Derived]:
        """All of them, in the order of the document; none where it has no answer to what is wrong with a request."""
        if not any(one.status.startswith("4") or one.status == "default" for one in self.operation.responses):
            return
        for parameter in self.operation.parameters:
            # A cookie is mostly how a caller is known.
            if parameter.place != "cookie" and not is_ignored(parameter):
                yield from self._parameter(parameter)
        pointer, body = json_body(self.operation), self.operation.body
        if pointer is None or body is None:
            return
        yield from self._body(body, pointer)
        found = members(self.schemas.document, pointer)
        for path, member in found.items():
            # A valid call need not have what an optional member contains.
            required = all(found[path[:length]].required for length in range(1, len(path)))
            # What is only read need not be sent, and may be ignored (OpenAPI 3.1 `readOnly`).
            if required and not member.marked("readOnly"):
                yield from self._member(member)

    def _refused(  # noqa: PLR0913  # the parts of one requirement
        self,
        ending: str,
        level: Level,
        changes: Sequence[Change],
        *,
        what: str,
        citation: str,
        quoted: str,
        method: str,
        remedy: str,
    ) -> Derived:
        """The requirement that a valid call with any of the changes is refused."""
        strict = self.refusals and not changes[0].elsewhere
        answer = f"refused with {_either(self.refusals)}" if strict else "not answered with 2xx"
        return self.source.active(
            ending,
            level,
            make=partial(self._send, ending, changes),
            citation=citation,
            sentence=f"A request to `{self.operation.id}` {what} is {answer}.",
            quoted=quoted,
            method=method[0].upper() + method[1:] + ".",
            remedy=remedy,
        )

    def _send(self, ending: str, changes: Sequence[Change], context: CheckContext) -> None:
        sent: list[Exchange] = []
        shown = False
        for one in changes:
            call = one.change(self.valid(context))
            if one.by_schema and self._is_valid(call):
                continue
            writes = call.writes and not one.refused_by_all
            # The path may be none of the operation's any more, but its documented refusal is.
            refusals = self.refusals if one.elsewhere else ()
            call = replace(call, valid=False, writes=writes, elsewhere=one.elsewhere, refusals=refusals)
            sent.append(context.send(call))
            shown |= self.judge(context, ending, sent[-1], *one.also)
        if not sent:
            raise Blocked("every such change is allowed by another part of the schema, so that nothing was sent")
        if not shown:
            raise Blocked(
                f"no call of `{self.operation.id}` has succeeded, so that its refusal with"
                f" {sent[-1].response.status_line} may have another reason: let the target file name what exists"
            )

    def _is_valid(self, call: Call) -> bool:
        pointer = json_body(self.operation)
        return pointer is not None and self.schemas.allows_in_request(pointer, call.given)

    def judge(self, context: CheckContext, ending: str, exchange: Exchange, *also: int) -> bool:
        """Judge that a call was refused; `also` are further statuses that will do.

        Returns False, and judges nothing, where the refusal may well have another reason: where no call of the
        operation has succeeded, a 404 may be the answer to any.
        """
        requirement, status = f"{self.operation.id}.{ending}", exchange.status
        expected = (*self.refusals, *also)
        succeeded = self.operation.id in context.client.log.succeeded
        if not (succeeded or exchange.call.elsewhere or status in expected) and 400 <= status < 500:
            return False
        if not self.refusals or exchange.call.elsewhere:
            context.judge(requirement, not 200 <= status < 300, "no 2xx", exchange)
        else:
            context.expect(requirement, exchange, *expected)
        return True

    def _parameter(self, parameter: Parameter) -> Iterator[Derived]:
        name, where = (
            f"{parameter.place}.{slug([parameter.name])}",
            f"the {parameter.place} parameter `{parameter.name}`",
        )
        edit = partial(with_parameter, self.operation, parameter=parameter)
        if parameter.required and parameter.place != "path":
            yield self._refused(
                f"{name}.missing",
                Level.MUST,
                # A header may well be how a caller is known.
                [Change(partial(edit, text=None), also=(401, 403) if parameter.place == "header" else ())],
                what=f"without {where}",
                citation=parameter.pointer,
                quoted=f"{parameter.name}: required",
                method=f"a valid request is sent without {where}",
                remedy=f"Require `{parameter.name}`.",
            )
        if parameter.schema is None:
            return
        found = invalid_values(self.schemas, parameter.schema, as_text=True)
        for aspect in ("type", "enum", "format", "range"):
            texts = [str(one.value) for one in found if one.aspect == aspect and one.value != ""]
            if texts:
                _, words, method = _ASPECTS[aspect]
                yield self._refused(
                    f"{name}.{aspect}",
                    # Many servers take the default for what they cannot read in a query.
                    Level.MUST if aspect == "type" and parameter.place == "path" else Level.SHOULD,
                    [Change(partial(edit, text=one), elsewhere=parameter.place == "path") for one in texts],
                    what=f"with {where} {words}",
                    citation=parameter.pointer,
                    quoted=parameter.name,
                    method=f"for {where} {method}",
                    remedy=f"Validate `{parameter.name}` against its schema.",
                )

    def _body(self, body: Part, pointer: str) -> Iterator[Derived]:
        """A body that is no JSON, or JSON of another kind."""
        schema = effective(self.schemas.document, pointer)
        # Without a required member a lenient server may take what it cannot read for an empty object.
        content, strict, wants = f"{body.pointer}/content", bool(self.refusals), bool(schema.get("required"))
        said = {"citation": content, "quoted": "content: " + ", ".join(body.content)}
        if body.definition.get("required", False):
            yield self._refused(
                "request.absent",
                Level.MUST,
                [Change(of_body(always(one)), wants, (_UNSUPPORTED,)) for one in (None, b"")],
                what="without a body",
                citation=f"{body.pointer}/required",
                quoted="required: true",
                method="no body and an empty one are sent",
                remedy="Require a body.",
            )
        if "properties" in schema or schema.get("type") == "object":
            yield from self._no_object(pointer, wants)
        yield self._refused(
            "request.malformed-json",
            Level.MUST if strict else Level.SHOULD,
            [
                Change(of_body(always(b"invite")), refused_by_all=wants),
                Change(of_body(lambda whole: whole[: len(whole) // 2])),
                Change(of_body(lambda whole: whole[:-1])),
            ],
            what="whose body is not JSON",
            method="a word, the first half of a body, and a body without its last byte are sent",
            remedy="Parse the whole body before anything is done.",
            **said,
        )
        yield self._refused(
            "request.trailing-bytes",
            Level.SHOULD,
            [Change(of_body(lambda whole: whole + b"x")), Change(of_body(lambda whole: whole + b"{}"))],
            what="with bytes after the JSON text",
            citation="RFC 8259 section 2",
            quoted="A JSON text is a serialized value.",
            method="a valid body is sent with more behind it",
            remedy="Use a parser that refuses what follows the JSON text.",
        )
        yield self._refused(
            "request.not-utf-8",
            Level.NOTE,
            [Change(of_body(not_utf_8))],
            what="whose body is not UTF-8",
            citation="RFC 8259 section 8.1",
            quoted="JSON text [...] MUST be encoded using UTF-8",
            method="a valid body is sent with two bytes in it that are not UTF-8",
            remedy="Decode the body strictly.",
        )
        yield self._refused(
            "request.media-type",
            Level.NOTE,
            [Change(one, also=(_UNSUPPORTED,)) for one in (as_text, as_form)],
            what="of another media type",
            method="a valid body as text/plain, and as a form, are sent; 415 will do too",
            remedy="Compare the Content-Type, and answer 415.",
            **said,
        )

    def _no_object(self, pointer: str, wants: bool) -> Iterator[Derived]:
        """JSON that is no object, or says nothing; `wants` is whether any member is required."""
        said = {"citation": pointer, "quoted": "type: object", "remedy": "Validate the whole body against its schema."}
        if wants:
            yield self._refused(
                "request.empty",
                Level.MUST,
                [Change(of_body(always(b"{}")), refused_by_all=True)],
                what="with an empty object",
                method="`{}` is sent",
                **said,
            )
        # By default PHP frameworks decode `[]` and `{}` to one value, and others take whatever is empty for no body.
        others = [b"42", b'"invite"', b"true", *([b"[]"] if wants else [])]
        empty = [b"null", *([] if wants else [b"[]"])]
        yield self._refused(
            "request.type",
            Level.MUST,
            [Change(of_body(lambda whole: b"[" + whole + b"]")), *(Change(of_body(always(one))) for one in others)],
            what="whose body is no object",
            method="an array, a number, a text and a boolean are sent",
            **said,
        )
        yield self._refused(
            "request.null",
            Level.MUST if wants and self.refusals else Level.NOTE,
            [Change(of_body(always(one))) for one in empty],
            what="whose body is null",
            method="`null` is sent" + ("" if wants else ", and `[]`, which some frameworks take for the same"),
            **said,
        )

    def _member(self, member: Member) -> Iterator[Derived]:
        name = f"request.{slug(member.path)}"
        said = {"citation": member.pointer, "remedy": f"Validate `{member.name}` against its schema."}
        if member.required:
            yield self._refused(
                f"{name}.missing",
                Level.MUST,
                [Change(partial(with_member, member.path, leave_out=True), by_schema=True)],
                what=f"without `{member.name}`",
                quoted=f"required: {member.path[-1]}",
                method=f"a valid request is sent without `{member.name}`",
                **said,
            )
        found = invalid_values(self.schemas, member.pointer)
        for aspect, (level, words, method) in _ASPECTS.items():
            values = [one.value for one in found if one.aspect == aspect]
            if values:
                must = aspect == "null" and member.required and self.refusals
                yield self._refused(
                    f"{name}.{aspect}",
                    Level.MUST if must else level,
                    [Change(partial(with_member, member.path, value=one), by_schema=True) for one in values],
                    what=f"with `{member.name}` {words}",
                    quoted=f"{member.path[-1]}: {brief(member.definition)}",
                    method=f"for `{member.name}` {method}",
                    **said,
                )


def _either(statuses: Sequence[int]) -> str:
    return " or ".join(map(str, statuses))

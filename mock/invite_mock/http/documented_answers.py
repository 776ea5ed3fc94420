"""What an operation documents as answers: for each status the media types, examples, schema and header fields.

1. What cannot be sent is left out: an informational status, and a media type that is neither JSON nor a text.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from invite_specs import Json, Operation, Response, resolve

from invite_mock.http.messages import JSON, is_json
from invite_mock.http.wire_text import Reading

PUBLISHED = "published"
NO_BODY = "without-a-body"
"""The name of the only example of an answer that documents no content."""
_WITHOUT_BODY = {204, 205, 304}
_SCALARS = {"boolean", "integer", "number"}
_CONCRETE = {"*/*": JSON, "application/*": JSON, "image/*": "image/png"}


class DocumentedAnswer(NamedTuple):
    """A status in one media type."""

    status: int
    media_type: str | None
    """None for an answer without a body."""
    examples: Mapping[str, Json]
    """By name."""
    schema: str | None
    """JSON Pointer of the body's schema; None where the document gives none."""
    headers: Mapping[str, str]
    """JSON Pointer of each documented header field by name."""

    @property
    def example(self) -> str | None:
        """The name of the example to answer with; None if there is none."""
        # The publisher's own example is a placeholder where the assumptions add another.
        return next((name for name in self.examples if name != PUBLISHED), next(iter(self.examples), None))


def documented_answers(operation: Operation) -> dict[int, tuple[DocumentedAnswer, ...]]:
    """The answers that can be sent, by status, JSON first.

    A class such as `4XX` stands for its first status, `default` for 500, or for 200 where no success is documented.
    """
    found: dict[int, tuple[DocumentedAnswer, ...]] = {}
    order = {"X": 1, "T": 2}
    for response in sorted(operation.responses, key=lambda one: order.get(one.status.upper()[-1], 0)):
        status = _status(response.status, found)
        if 200 <= status <= 599 and status not in found:
            found[status] = tuple(answers_of(response, status))
    return {status: found[status] for status in sorted(found)}


def _status(written: str, before: Mapping[int, object]) -> int:
    if written.isdecimal():
        return int(written)
    if written[:1].isdecimal():
        return int(written[0]) * 100
    return 500 if any(status < 300 for status in before) else 200


def answers_of(response: Response, status: int) -> Iterator[DocumentedAnswer]:
    """The answers with a status that a response documents, JSON first."""
    headers = {name: pointer for name, pointer in response.headers.items() if name.lower() != "content-type"}
    content = response.content
    if not content or status in _WITHOUT_BODY:
        yield DocumentedAnswer(status, None, {NO_BODY: None}, None, headers)
        return
    for name in sorted(content, key=lambda one: not is_json(_concrete(one))):
        media_type, schema = _concrete(name), content[name]
        examples: Mapping[str, Json] = response.examples(name)
        if not is_json(media_type):
            examples = {key: value for key, value in examples.items() if not isinstance(value, dict | list)}
        if is_json(media_type) or examples or _is_text(response, media_type, schema):
            yield DocumentedAnswer(status, media_type, examples, schema, headers)


def _is_text(response: Response, media_type: str, schema: str | None) -> bool:
    """Whether what one value says is content of a media type with that schema; XML is more than any text."""
    kinds = Reading(response.document, schema).kinds
    if media_type.startswith("text/"):
        kinds -= _SCALARS
    return kinds <= {"string"} and ("xml" not in media_type or bool(kinds))


def _concrete(media_type: str) -> str:
    """A media type within a documented range."""
    bare = media_type.partition(";")[0].strip().lower()
    return _CONCRETE.get(bare, f"{bare[:-1]}plain" if bare.endswith("/*") else media_type)


def acceptable(answers: Sequence[DocumentedAnswer], accept: str) -> DocumentedAnswer:
    """The one of several answers in different media types that `Accept` prefers (RFC 9110 section 12.5.1).

    The first where it accepts none: 406 is not documented.
    """
    ranges = [one.partition(";")[::2] for one in accept.lower().replace(" ", "").split(",")] if len(answers) > 1 else []
    for name, _ in sorted(ranges, key=lambda one: -_quality(one[1])):
        for answer in answers:
            media_type = (answer.media_type or "").partition(";")[0].strip().lower()
            if name in {media_type, f"{media_type.partition('/')[0]}/*", "*/*"}:
                return answer
    return answers[0]


def _quality(parameters: str) -> float:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 1
    return 1


def fixed_headers(operation: Operation, answer: DocumentedAnswer) -> dict[str, str]:
    """The header fields that can have one value only."""
    found = {}
    for name, pointer in answer.headers.items():
        schema = resolve(operation.document, pointer).get("schema")
        if isinstance(schema, dict) and "const" in schema:
            found[name] = str(schema["const"])
    return found

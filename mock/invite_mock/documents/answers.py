"""The answers of one operation: its documented examples that fit their schemas, else values that are made.

1. Every body fits its schema. An example that does not is left out, and so is an answer for which nothing is found.
"""

import copy
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from invite_specs import Document, Json, Operation, resolve

from invite_mock.documents.made_values import CannotMakeError, ValueMaker
from invite_mock.http.documented_answers import NO_BODY, DocumentedAnswer, acceptable, answers_of, documented_answers
from invite_mock.http.messages import JSON, Answer, Request, is_json
from invite_mock.http.schema import Schemas, UnsupportedError
from invite_mock.state.world import World

_PROTOCOL = {"connection", "content-encoding", "content-length", "date", "transfer-encoding"}
"""Header fields that a server decides by how it sends an answer."""


class Making(NamedTuple):
    """What made values depend on."""

    seed: str
    now: int
    """The world's clock in microseconds."""

    @classmethod
    def of(cls, operation: Operation, request: Request, world: World) -> "Making":
        """The same for the same request in a world of the same seed."""
        path = f"{operation.method} {operation.path}/{request.path}"
        return cls(f"{world.row.seed}/{path}?{request.query}", world.now())


class DocumentAnswers:
    """What an operation can answer."""

    def __init__(self, operation: Operation, schemas: Schemas, maker: ValueMaker) -> None:
        self.operation = operation
        self._document: Document = operation.document
        self._schemas = schemas
        self._maker = maker
        self.left_out: list[str] = []
        """Examples and answers that are not sent, each with the reason."""
        self.by_status: Mapping[int, tuple[DocumentedAnswer, ...]] = {
            status: fitting
            for status, answers in documented_answers(operation).items()
            if (fitting := tuple(self._fitting(answers, self.left_out)))
        }
        if not operation.responses:
            # OpenAPI 3.1 makes `responses` optional; where nothing is documented, an answer without a body fits.
            self.by_status = {200: (DocumentedAnswer(200, None, {NO_BODY: None}, None, {}),)}
        self.left_out += _unsendable(operation, self.left_out, self.by_status)

    @property
    def success(self) -> int | None:
        """The status of an answer to a valid request; None if there is no answer."""
        return next((status for status in self.by_status if 200 <= status < 400), next(iter(self.by_status), None))

    def natural(self, request: Request, making: Making) -> Answer:
        """The answer to a valid request; only where there is a `success`."""
        documented = acceptable(self.by_status[self.success or 0], request.headers.get("accept", ""))
        answer = self.answer(documented, documented.example, making)
        return answer._replace(reason="The request is as documented.")

    def refusal(self, *, for_body: bool) -> tuple[DocumentedAnswer, ...] | None:
        """What is documented for a request that is not valid; None if nothing is."""
        for status in (422, 400) if for_body else (400, 422):
            if status in self.operation.statuses and status in self.by_status:
                return self.by_status[status]
        return None if self.success in {None, 400} else self.unlisted(400) or None

    def unfit_refusal(self, *, for_body: bool) -> DocumentedAnswer | None:
        """What is documented for a request that is not valid though no value fits its schema; None if nothing is."""
        for status in (422, 400) if for_body else (400, 422):
            response = self.operation.response(status)
            if response is not None and status in self.operation.statuses:
                return next((one for one in answers_of(response, status) if is_json(one.media_type or "")), None)
        return None

    def unlisted(self, status: int) -> tuple[DocumentedAnswer, ...]:
        """The answers with a status that is documented by its class (`4XX`) or by `default` only."""
        response = self.operation.response(status)
        if response is None or response.status.isdecimal():
            return ()
        return tuple(self._fitting(tuple(answers_of(response, status)), []))

    def answer(self, documented: DocumentedAnswer, example: str | None, making: Making) -> Answer:
        """An answer with that example, or with a value that is made."""
        body = self._made(documented, making) if example is None else copy.deepcopy(documented.examples[example])
        headers = self._headers(documented, making)
        return Answer(documented.status, body, documented.media_type or JSON, headers)

    def fits(self, documented: DocumentedAnswer, body: Json) -> bool:
        """Whether the schema of an answer allows a body."""
        return documented.schema is None or self._schemas.at(documented.schema).is_valid(body)

    def _fitting(self, answers: tuple[DocumentedAnswer, ...], left_out: list[str]) -> Iterator[DocumentedAnswer]:
        """The answers that can be sent, with those of their examples that can; what cannot is left out."""
        for one in answers:
            try:
                examples = {name: value for name, value in one.examples.items() if self._is_example(one, value)}
                left_out += [
                    f"{one.status} {one.media_type}: the example {name} does not fit its schema"
                    for name in one.examples
                    if name not in examples
                ]
                fitting = one._replace(examples=examples)
                if not examples and one.schema is not None:
                    self._maker.prove(one.schema)
            except (CannotMakeError, UnsupportedError) as error:
                left_out.append(f"{one.status} {one.media_type}: {error}")
            else:
                yield fitting

    def _is_example(self, documented: DocumentedAnswer, value: Json) -> bool:
        """Whether an example fits; a text of another media type need not be what the schema describes."""
        if documented.media_type is None:
            return True
        if not is_json(documented.media_type):
            schema = resolve(self._document, documented.schema) if documented.schema else {}
            if not isinstance(schema, dict) or schema.get("type") != "string":
                return True
        return self.fits(documented, value)

    def _made(self, documented: DocumentedAnswer, making: Making) -> Json:
        if documented.schema is None:
            is_text = documented.media_type is not None and not is_json(documented.media_type)
            return self._maker.text(making.seed, making.now) if is_text else {}
        return self._maker.make(documented.schema, making.seed, making.now)

    def _headers(self, documented: DocumentedAnswer, making: Making) -> dict[str, str]:
        """The documented header fields, by their examples or made."""
        found = {}
        for name, pointer in documented.headers.items():
            definition = resolve(self._document, pointer)
            value = example_of(definition)
            if value is None and "schema" in definition:
                try:
                    value = self._maker.make(f"{pointer}/schema", f"{making.seed}/{name}", making.now, name)
                except (CannotMakeError, UnsupportedError):
                    continue
            text = header_text(value)
            if name.lower() not in _PROTOCOL and value is not None and text.isascii() and text.isprintable():
                found[name] = text
        return found


def _unsendable(operation: Operation, said: Iterable[str], sent: Collection[int]) -> Iterator[str]:
    """Each status that is never sent, with the reason, unless one is said already."""
    known = [*said]
    for response in operation.responses:
        status = response.status
        if not status.isdecimal() or int(status) in sent or any(one.startswith(f"{status} ") for one in known):
            continue
        if not 200 <= int(status) <= 599:
            yield f"{status}: this is no status of a final answer"
        else:
            media = " or ".join(response.content)
            yield f"{status} {media}: only JSON and text are made from a schema; an example that is a text is sent"


def example_of(definition: Document) -> Json:
    """The example of a header field or a parameter; None if it has none."""
    named = definition.get("examples")
    values = [one["value"] for one in named.values() if "value" in one] if isinstance(named, dict) else []
    schema = definition.get("schema")
    values += [schema["const"]] if isinstance(schema, dict) and "const" in schema else []
    value: Json = definition.get("example", values[0] if values else None)
    return value


def header_text(value: Json) -> str:
    """A value in a header field (OpenAPI 3.1.1 section 4.8.21: style `simple`)."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ",".join(map(header_text, value))
    if isinstance(value, dict):
        return ",".join(f"{name},{header_text(one)}" for name, one in value.items())
    return str(value)

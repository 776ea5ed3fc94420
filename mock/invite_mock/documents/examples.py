"""An example request for each operation of a document: its own examples, else values that are made."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

import orjson
from invite_specs import Document, Json, Operation, Parameter, Part

from invite_mock.documents.answers import example_of, header_text
from invite_mock.documents.made_values import CannotMakeError, ValueMaker
from invite_mock.http.example_request import ExampleRequest
from invite_mock.http.messages import is_json
from invite_mock.http.schema import Schemas, UnsupportedError

_FORM = "application/x-www-form-urlencoded"
_BOUNDARY = "example"
_DELIMITERS = {"spaceDelimited": "%20", "pipeDelimited": "|"}


class Content(NamedTuple):
    """A body."""

    media_type: str
    """As the document writes it."""
    value: Json


class Examples:
    """The example requests of one document."""

    def __init__(self, schemas: Schemas, maker: ValueMaker, now: int) -> None:
        self._schemas = schemas
        self._maker = maker
        self._now = now

    def parameters(self, operation: Operation) -> dict[Parameter, Json]:
        """A value for each required parameter, and for each that has an example."""
        found: dict[Parameter, Json] = {}
        for one in operation.parameters:
            value = self._value(one.definition, _schema(one), one.name, operation)
            if value is not None and (one.required or example_of(one.definition) is not None):
                found[one] = value
        return found

    def content(self, operation: Operation) -> Content | None:
        """A body, JSON if that is documented; None where the operation takes none, or nothing was found."""
        if operation.body is None:
            return None
        for media_type in sorted(operation.body.content, key=lambda one: not is_json(one)):
            value = self._content_value(operation.body, media_type, operation)
            if value is not None:
                return Content(media_type, value)
        return None

    def request(self, operation: Operation) -> ExampleRequest:
        """A request as the document describes it."""
        request = written(operation, self.parameters(operation))
        content = self.content(operation)
        if content is None:
            return request
        media_type, body = _encoded(*content)
        return request._replace(headers={**request.headers, "Content-Type": media_type}, body=body)

    def _value(self, definition: Document, schema: str | None, name: str, operation: Operation) -> Json:
        """An example that fits the schema, else a value that is made; None where nothing is found."""
        try:
            given = example_of(definition)
            if given is not None and (schema is None or self._schemas.at(schema).is_valid(given)):
                return given
            return None if schema is None else self._maker.make(schema, operation.id, self._now, name)
        except (CannotMakeError, UnsupportedError):
            return None

    def _content_value(self, body: Part, media_type: str, operation: Operation) -> Json:
        schema = body.content[media_type]
        for value in body.examples(media_type).values():
            if schema is None or self._schemas.at(schema).is_valid(value):
                return value
        if schema is None:
            return {} if is_json(media_type) else "example"
        return self._value({}, schema, "", operation)


def written(operation: Operation, parameters: Mapping[Parameter, Json]) -> ExampleRequest:
    """A request without a body, with those values of parameters as the document has them written."""
    path, query, headers, cookies = operation.path, list[str](), dict[str, str](), list[str]()
    for parameter, value in parameters.items():
        if parameter.place == "path":
            path = path.replace(f"{{{parameter.name}}}", _path_text(parameter, value))
        elif parameter.place == "query":
            query += (f"{quote(name)}={text}" for name, text in _pairs(parameter, value))
        elif parameter.place == "header":
            headers[parameter.name] = _plain(parameter, value)
        else:
            cookies.append(f"{parameter.name}={_plain(parameter, value)}")
    if cookies:
        headers["Cookie"] = "; ".join(cookies)
    return ExampleRequest(operation.method, "?".join([path, *(["&".join(query)] if query else [])]), headers, None)


def _schema(parameter: Parameter) -> str | None:
    return parameter.schema or next(iter(parameter.content.values()), None)


def _path_text(parameter: Parameter, value: Json) -> str:
    text = quote(_plain(parameter, value), safe=",=;")
    return {"label": f".{text}", "matrix": f";{parameter.name}={text}"}.get(parameter.definition.get("style", ""), text)


def _plain(parameter: Parameter, value: Json) -> str:
    """A value in a path, a header field or a cookie (OpenAPI 3.1.1 section 4.8.12.3: style `simple`)."""
    if "content" in parameter.definition:
        return orjson.dumps(value).decode()
    if isinstance(value, dict) and parameter.definition.get("explode"):
        return ",".join(f"{name}={header_text(one)}" for name, one in value.items())
    return header_text(value)


def _pairs(parameter: Parameter, value: Json) -> Iterator[tuple[str, str]]:
    """The names of a query, each with its encoded value."""
    definition, name = parameter.definition, parameter.name
    style = definition.get("style", "form")
    if "content" in definition:
        yield name, quote(orjson.dumps(value).decode())
    elif isinstance(value, dict):
        for key, one in value.items():
            yield f"{name}[{key}]" if style == "deepObject" else key, quote(header_text(one))
    elif isinstance(value, list):
        texts = [quote(header_text(one)) for one in value]
        if definition.get("explode", style == "form"):
            yield from ((name, text) for text in texts)
        else:
            yield name, _DELIMITERS.get(style, ",").join(texts)
    else:
        yield name, quote(header_text(value))


def _encoded(media_type: str, value: Json) -> tuple[str, str]:
    """The Content-Type and the text of a body."""
    if is_json(media_type):
        return media_type, orjson.dumps(value).decode()
    if media_type.startswith("multipart/"):
        # Of such a body the mock validates the media type only.
        return f"{media_type}; boundary={_BOUNDARY}", f"--{_BOUNDARY}--\r\n"
    if media_type == _FORM and isinstance(value, dict):
        return media_type, urlencode({name: _form_value(one) for name, one in value.items()}, doseq=True)
    bare = media_type.replace("*/*", "application/octet-stream").replace("/*", "/plain")
    return bare, value if isinstance(value, str) else orjson.dumps(value).decode()


def _form_value(value: Json) -> str | list[str]:
    return [header_text(one) for one in value] if isinstance(value, list) else header_text(value)

"""Calls of an operation, built from what the document says of it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode

from invite_specs import Document, Operation, Parameter

from invite_conformance.http.exchange import Call

JSON = "application/json"
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
"""Methods that change nothing (RFC 9110 section 9.2.1)."""


def build(  # noqa: PLR0913  # the parts of a request
    operation: Operation,
    *,
    path: Mapping[str, object],
    query: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    body: Document | bytes = None,
    media_type: str = "",
) -> Call:
    """A call of an operation; a body that is bytes is sent as it is, None not at all, anything else as JSON."""
    content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    sent = {} if content is None and not media_type else {"content-type": media_type or body_type(operation)}
    params = {name: str(value) for name, value in path.items()}
    where = template(operation.path, {name: quote(value, safe="") for name, value in params.items()})
    if query:
        where += f"?{urlencode({name: str(value) for name, value in query.items()})}"
    return Call(
        method=operation.method,
        path=where,
        headers={**(headers or {}), **sent},
        body=content,
        operation=operation.id,
        params=params,
        writes=operation.method not in SAFE_METHODS,
    )


def body_type(operation: Operation) -> str:
    """The first documented JSON media type of an operation's body, or else the first; JSON for a range of them."""
    types = list(operation.body.content) if operation.body else []
    found = next(filter(is_json, types), next(filter(may_be_json, types), types[0] if types else JSON))
    return JSON if may_be_json(found) and not is_json(found) else found


def json_body(operation: Operation) -> str | None:
    """JSON Pointer of the schema of an operation's JSON body; None where it documents none."""
    content = operation.body.content if operation.body else {}
    found = {name: at for name, at in content.items() if at is not None and may_be_json(name)}
    return next((found[name] for name in sorted(found, key=is_json, reverse=True)), None)


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839 section 3.1)."""
    name = media_type.partition(";")[0].strip().lower()
    return name == JSON or name.endswith("+json")


def may_be_json(media_type: str) -> bool:
    """Whether a documented media type is JSON, or a range that contains it."""
    return is_json(media_type) or media_type.partition(";")[0].strip().lower() in {"*/*", "application/*"}


def is_ignored(parameter: Parameter) -> bool:
    """Whether it is a header that parameters do not describe (OpenAPI 3.1 section 4.8.12.2)."""
    return parameter.place == "header" and parameter.name.lower() in {"accept", "content-type", "authorization"}


def template(path: str, values: Mapping[str, str]) -> str:
    """A path template with values for its parameters, which are percent-encoded."""
    for name, value in values.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def with_body(call: Call, body: Document | bytes) -> Call:
    """The call with another body, as `build` takes it; without one it has no Content-Type either."""
    content = body if body is None or isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    headers = {name: one for name, one in call.headers.items() if content is not None or name.lower() != "content-type"}
    return replace(call, body=content, headers=headers)


def with_parameter(operation: Operation, call: Call, parameter: Parameter, text: str | None) -> Call:
    """The call with another text for a parameter; None leaves it out, which a path parameter cannot be."""
    name = parameter.name
    where, _, asked = call.path.partition("?")
    if parameter.place == "path":
        params = {**call.params, name: text or ""}
        where = template(operation.path, {one: quote(value, safe="") for one, value in params.items()})
        return replace(call, path=f"{where}?{asked}" if asked else where, params=params)
    if parameter.place == "query":
        pairs = [pair for pair in parse_qsl(asked, keep_blank_values=True) if pair[0] != name]
        pairs += [(name, text)] if text is not None else []
        return replace(call, path=f"{where}?{urlencode(pairs)}" if pairs else where)
    if parameter.place == "cookie":
        name, text = "cookie", f"{name}={text}" if text is not None else None
    headers = {one: value for one, value in call.headers.items() if one.lower() != name.lower()}
    return replace(call, headers=headers | ({name: text} if text is not None else {}))

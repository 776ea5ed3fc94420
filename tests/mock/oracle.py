"""An oracle that the mock does not use: openapi-core says whether an answer is one that the documents allow."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from invite_specs import Document, contract, contract_names, mock_control
from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers

HOST = "http://mock.example"
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Received:
    """An answer, as it came over the wire."""

    status: int
    headers: Mapping[str, str]
    """Field names in lower case."""
    content: bytes

    @property
    def json(self) -> Document:
        return json.loads(self.content)

    @property
    def outcome(self) -> str:
        return self.headers["mock-outcome"]

    @property
    def code(self) -> str:
        """The title of a problem; empty if it has none."""
        return str(self.json.get("title", ""))


class _Request:
    def __init__(self, method: str, path: str) -> None:
        self.host_url = HOST
        self.path = path
        self.method = method.lower()
        self.content_type = "application/json"
        self.body = None
        self.parameters = RequestParameters()


class _Response:
    def __init__(self, received: Received) -> None:
        self.status_code = received.status
        self.headers = Headers(dict(received.headers))
        self.content_type = received.headers.get("content-type", "")
        self.data = received.content


class Oracle:
    """Validates answers against the assumed documents, and the published ones where they list the status.

    `others` are documents that are served beside the contracts.
    """

    def __init__(self, *others: Document) -> None:
        self._documents: list[tuple[Document, OpenAPI]] = []
        for document in others:
            self._add(document, HOST)
        contracts = [contract(name) for name in contract_names()]
        for document in [*(one.assumed for one in contracts), *(one.published for one in contracts)]:
            self._add(document, HOST)
        self._add(mock_control(), f"{HOST}/_mock")

    def _add(self, document: Document, base: str) -> None:
        rooted = {**document, "servers": [{"url": base}]}
        config = Config(
            extra_media_type_deserializers={PROBLEM: json.loads, "text/csv": bytes.decode}, spec_base_uri=""
        )
        self._documents.append((rooted, OpenAPI.from_dict(rooted, config=config)))

    def check(self, method: str, path: str, received: Received) -> None:
        """Raise AssertionError if the answer to a request of that path (without a world) is not allowed."""
        assert received.status < 500 or received.status == 503, (
            f"{method} {path} was answered with {received.status}: {received.content[:500]!r}"
        )
        assert len(received.headers["mock-request-id"]) == 16
        assert received.outcome in {"natural", "forced", "unmatched"}
        if received.outcome == "unmatched" and received.status != 405:
            assert received.json["title" if "title" in received.json else "statusCode"]
            return
        if path in {"/", "/docs"} or path.startswith("/docs/"):
            assert received.status == (204 if method == "OPTIONS" else 200 if method in {"GET", "HEAD"} else 405)
            return
        if method == "OPTIONS" and received.status in {200, 204}:
            return
        validated = 0
        for document, openapi in self._documents:
            # The answer to another method is documented at the operation that the path has.
            methods = _methods(document, path)
            documented = method if method in methods else next(iter(methods), None)
            if documented is None:
                continue
            responses = methods[documented]
            if not {str(received.status), f"{received.status // 100}XX", "default"} & responses.keys():
                continue
            if method == "HEAD" or received.status == 204:
                assert received.content == b""
            else:
                openapi.validate_response(_Request(documented, path), _Response(received))
            validated += 1
        assert validated, f"no document has an answer {received.status} to {method} {path}"


def _methods(document: Document, path: str) -> dict[str, Any]:
    base = document["servers"][0]["url"].removeprefix(HOST)
    for template, item in document["paths"].items():
        given, documented = path.removeprefix(base).split("/"), template.split("/")
        if not path.startswith(base) or len(given) != len(documented):
            continue
        if all(a == b or b.startswith("{") for a, b in zip(given, documented, strict=True)):
            return {
                method.upper(): operation["responses"] for method, operation in item.items() if method != "parameters"
            }
    return {}

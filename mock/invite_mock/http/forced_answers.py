"""Forced answers: a caller requests a documented status or example, and receives it regardless of rules and state.

`Prefer: code=409` and `Prefer: example=NAME` (RFC 7240), or the query `__code=409` where headers cannot be set. A
forced answer changes no state.
"""

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from invite_specs import Json, Operation

from invite_mock.http.messages import JSON, Answer, Request
from invite_mock.http.service import Handler
from invite_mock.refusal import Refusal

_QUERY = "__code"
_PUBLISHED = "published"
_NO_BODY = "without-a-body"
"""The name of the only example of an answer that documents no content."""
# RFC 7240 section 2: preferences are separated by commas, but for those in a quoted string.
_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
# preference = token [ BWS "=" BWS word ] *( OWS ";" [ OWS parameter ] )
_PREFERENCE = re.compile(r'\s*(code|example)\s*=\s*(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Preference:
    """What a caller asks for."""

    code: str | None
    example: str | None

    def __str__(self) -> str:
        wanted = {"code": self.code, "example": self.example}
        return ", ".join(f"{name}={value}" for name, value in wanted.items() if value is not None)


def preference(headers: Mapping[str, str], query: str) -> Preference | None:
    """What a request asks for, if it asks for an answer; other preferences are ignored (RFC 7240 section 2)."""
    header = headers.get("prefer")
    if header is None and not query:
        return None
    wanted: dict[str, str] = {}
    for element in _ELEMENT.findall(header or ""):
        found = _PREFERENCE.match(element)
        if found:
            wanted.setdefault(found[1].lower(), found[2] or found[3] or "")
    code = code_of_query(query)
    if code is not None:
        wanted.setdefault("code", code)
    return Preference(wanted.get("code"), wanted.get("example")) if wanted else None


def code_of_query(query: str) -> str | None:
    """The code that the query asks for, if it asks for one."""
    return parse_qs(query, keep_blank_values=True).get(_QUERY, [None])[-1] if query else None


class _Documented(NamedTuple):
    """A documented answer: its examples by name, and the headers that can have one value only."""

    media_type: str | None
    examples: Mapping[str, Json]
    headers: Mapping[str, str]


class ForcedAnswers:
    """Every documented answer of one operation; `methods` are the documented methods of its path."""

    def __init__(self, operation: Operation, methods: Iterable[str]) -> None:
        self._allow = ", ".join(sorted({*methods, "OPTIONS"}))
        self._answers: dict[int, _Documented] = {}
        for status in operation.statuses:
            response = operation.definition["responses"][str(status)]
            headers = {
                name: header["schema"]["const"]
                for name, header in response.get("headers", {}).items()
                if isinstance(header.get("schema"), dict) and "const" in header["schema"]
            }
            self._answers[status] = _Documented(None, {_NO_BODY: None}, headers)
            for media_type, media in response.get("content", {}).items():
                examples = {name: one["value"] for name, one in media.get("examples", {}).items() if "value" in one}
                if "example" in media:
                    examples.setdefault("example", media["example"])
                self._answers[status] = _Documented(media_type, examples, headers)
                break

    def answer(self, wanted: Preference, request: Request, handler: Handler[Any]) -> Answer | Refusal:
        """The requested answer, with the members that echo the request; a refusal if none is documented."""
        found = self._find(wanted)
        if found is None:
            offers = "; ".join(
                f"{status}: {', '.join(one.examples)}" for status, one in self._answers.items() if one.examples
            )
            return Refusal(
                "Preference.Unknown",
                f"The operation documents no answer or example for {str(wanted)[:200]!r}. It documents {offers}.",
            )
        status, name = found
        documented = self._answers[status]
        body = copy.deepcopy(documented.examples[name])
        # An answer may repeat only what the document allows; a malformed request is not repeated.
        if isinstance(body, dict) and not (request.violations and status < 300):
            body |= handler.echo(request, status)
        headers = {"Preference-Applied": str(wanted), **documented.headers}
        if status == 405:
            headers["Allow"] = self._allow
        reason = f"The request asks for {wanted}."
        return Answer(status, body, documented.media_type or JSON, headers, reason)

    def _find(self, wanted: Preference) -> tuple[int, str] | None:
        for status, documented in self._answers.items():
            examples = documented.examples
            if wanted.code is not None and wanted.code != str(status):
                continue
            if wanted.example is None and examples:
                # The publisher's own example is a placeholder where the assumptions add another.
                return status, next((name for name in examples if name != _PUBLISHED), _PUBLISHED)
            if wanted.example in examples:
                return status, str(wanted.example)
        return None

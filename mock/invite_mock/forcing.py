"""Forced answers: a caller asks for a documented status or example, and gets it whatever rules and state say.

`Prefer: code=409` and `Prefer: example=NAME` (RFC 7240), or the query `__code=409` where headers cannot be set. A
forced answer changes no state.
"""

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from invite_specs import Json, Operation

from invite_mock.message import Answer, Refusal, Request
from invite_mock.service import Handler

QUERY = "__code"
_PUBLISHED = "published"
# RFC 7240 section 2: preference = token [ BWS "=" BWS word ] *( OWS ";" [ OWS parameter ] )
_PREFERENCE = re.compile(r'(?:^|,)\s*(code|example)\s*=\s*(?:"([^"]*)"|([^\s,;"]+))', re.IGNORECASE)


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
    if header is None and QUERY not in query:
        return None
    wanted: dict[str, str] = {}
    for name, quoted, plain in _PREFERENCE.findall(header or ""):
        wanted.setdefault(name.lower(), quoted or plain)
    code = parse_qs(query, keep_blank_values=True).get(QUERY)
    if code:
        wanted.setdefault("code", code[-1])
    return Preference(wanted.get("code"), wanted.get("example")) if wanted else None


class ForcedAnswers:
    """Every answer that an operation documents, ready to be asked for."""

    def __init__(self, operation: Operation) -> None:
        self._media: dict[int, tuple[str, Mapping[str, Json]]] = {}
        for status in operation.statuses:
            response = operation.definition["responses"][str(status)]
            for media_type, media in response.get("content", {}).items():
                examples = {name: one["value"] for name, one in media.get("examples", {}).items() if "value" in one}
                if "example" in media:
                    examples.setdefault("example", media["example"])
                self._media.setdefault(status, (media_type, examples))

    def answer(self, wanted: Preference, request: Request, handler: Handler) -> Answer | Refusal:
        """The answer that is asked for, with what it would take from the request; a refusal if there is none such."""
        found = self._find(wanted)
        if found is None:
            offers = "; ".join(f"{status}: {', '.join(examples)}" for status, (_, examples) in self._media.items())
            return Refusal(
                400,
                "Preference.Unknown",
                f"The operation documents no answer for {str(wanted)[:200]!r}.",
                f"Ask for one of these codes or examples: {offers}.",
            )
        status, name = found
        media_type, examples = self._media[status]
        body = copy.deepcopy(examples[name])
        # An answer may repeat only what the document allows; a malformed request is not repeated.
        echo = {} if request.violations and status < 300 else handler.echo(request, status)
        headers = {"Preference-Applied": str(wanted)}
        if status == 405:
            headers["Allow"] = "OPTIONS, POST"
        return Answer(status, body | echo, media_type, headers, why=f"The request asks for it: {wanted}.")

    def _find(self, wanted: Preference) -> tuple[int, str] | None:
        for status, (_, examples) in self._media.items():
            if wanted.code is not None and wanted.code != str(status):
                continue
            if wanted.example is None and examples:
                # The publisher's own example is a placeholder where the assumptions add another.
                return status, next((name for name in examples if name != _PUBLISHED), _PUBLISHED)
            if wanted.example in examples:
                return status, str(wanted.example)
        return None

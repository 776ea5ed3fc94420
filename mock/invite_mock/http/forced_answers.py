"""Forced answers: a caller requests a documented status or example, and receives it regardless of rules and state.

`Prefer: code=409` and `Prefer: example=NAME` (RFC 7240), or the query `__code=409` where headers cannot be set. A
forced answer changes no state.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from invite_mock.http.documented_answers import DocumentedAnswer, acceptable
from invite_mock.http.messages import Answer
from invite_mock.refusal import Refusal

_QUERY = "__code"
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


class ForcedAnswers:
    """Every documented answer of one operation; `methods` are the documented methods of its path.

    `answers` are those that can be sent, by status; `unlisted` gives those whose status is documented by its class
    (`4XX`) or by `default` only.
    """

    def __init__(
        self,
        methods: Iterable[str],
        answers: Mapping[int, Sequence[DocumentedAnswer]],
        unlisted: Callable[[int], Sequence[DocumentedAnswer]],
    ) -> None:
        self._unlisted = unlisted
        self._answers = answers
        allowed = {*methods, "OPTIONS"}
        self._allow = ", ".join(sorted(allowed | {"HEAD"} if "GET" in allowed else allowed))

    def find(self, wanted: Preference, accept: str = "") -> tuple[DocumentedAnswer, str | None] | Refusal:
        """The requested answer and the name of its example, None where it has none; a refusal if none is documented."""
        listed = self._answers
        if wanted.code is not None and re.fullmatch("[2-5][0-9][0-9]", wanted.code) and int(wanted.code) not in listed:
            listed = {int(wanted.code): self._unlisted(int(wanted.code))}
        for status, answers in listed.items():
            if answers and wanted.code in {None, str(status)}:
                if wanted.example is None:
                    chosen = acceptable(answers, accept)
                    return chosen, chosen.example
                having = [one for one in answers if wanted.example in one.examples]
                if having:
                    return acceptable(having, accept), wanted.example
        offers = "; ".join(
            f"{status}: {', '.join(dict.fromkeys(name for one in answers for name in one.examples)) or 'no example'}"
            for status, answers in self._answers.items()
        )
        reason = f"The operation documents no answer or example for {str(wanted)[:200]!r}. It documents {offers}."
        return Refusal("Preference.Unknown", reason)

    def forced(self, wanted: Preference, answer: Answer) -> Answer:
        """An answer that was asked for, marked as such."""
        headers = {**answer.headers, "Preference-Applied": str(wanted)}
        if answer.status == 405:
            # RFC 9110 section 15.5.6: with a 405 it lists the methods that the path has.
            headers["Allow"] = self._allow
        return answer._replace(headers=headers, reason=f"The request asks for {wanted}.")

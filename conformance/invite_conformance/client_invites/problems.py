"""Requirements problem.*: what every refusal looks like (RFC 9457)."""

from collections.abc import Iterator

from invite_specs import Json

from invite_conformance import answers
from invite_conformance.answers import answered_object
from invite_conformance.checks import Flaw, rule
from invite_conformance.exchange import Seen
from invite_conformance.session import Session

_REFUSALS = (400, 403, 409)

answers.media_type("problem.media-type", __name__, "application/problem+json", *_REFUSALS)
for _name in ("type", "title", "status", "detail", "instance"):
    answers.member(f"problem.{_name}", __name__, "ProblemDetails", _name, *_REFUSALS)


@rule("problem.schema", answered_object(*_REFUSALS))
def _is_object(seen: Seen) -> Flaw | None:
    value = seen.json.value
    return None if isinstance(value, dict) else Flaw("a JSON object", f"a JSON {answers.type_name(value)}")


def _says_status(seen: Seen) -> bool:
    return answered_object(*_REFUSALS)(seen) and _number(seen.object.get("status")) is not None


@rule("problem.status-as-http", _says_status)
def _status_as_http(seen: Seen) -> Flaw | None:
    status = seen.object["status"]
    return None if _number(status) == seen.status else Flaw(f"`status`: {seen.status}", f"`status`: {status}")


def _number(value: Json) -> int | None:
    """A status as a number, also from a string of digits; None for what is neither."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return int(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def judge_code(session: Session, requirement: str, seen: Seen, code: str) -> None:
    """Judge that a problem names a code somewhere, as the document does in the description of its status."""
    texts = list(_texts(seen.json.value)) if seen.json.well_formed else [seen.answer.body.decode(errors="replace")]
    title = seen.object.get("title")
    received = f"a problem with the title {title!r}" if title else "a problem without a title"
    session.judge(requirement, any(code in text for text in texts), f"`{code}` in the problem", seen, received)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield name
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)

"""The answer to a request that is not as documented, in the shape that the operation documents for it."""

from collections.abc import Iterator, Sequence

from invite_specs import Json

from invite_mock.documents.answers import DocumentAnswers, Making
from invite_mock.http.documented_answers import acceptable
from invite_mock.http.messages import JSON, Answer, Request, Violation, is_json
from invite_mock.http.problems import GENERAL, PROBLEM_JSON, ErrorDetails, problem_details

_DETAIL = "Mock-Detail"
_WORDED = {"detail", "details", "error_description", "msg", "reason", "text"} | {"message"}
_LONGEST = 2_000


def refusal(answers: DocumentAnswers, request: Request, making: Making) -> Answer:
    """The documented answer to a malformed request, with every violation where its schema has room for them.

    Problem details (RFC 9457) where no answer is documented, or no value fits the one that is. Where the body has no
    room, a header field says it.
    """
    violations = request.violations
    problem = GENERAL["Request.Invalid"]
    reason = "; ".join(_sentence(one) for one in violations)[:_LONGEST]
    details = ErrorDetails(400, "Request.Invalid", problem.meaning, problem.remedy, violations, request.path)
    general = problem_details(details)
    for_body = any(one.pointer for one in violations)
    offered = answers.refusal(for_body=for_body)
    if offered is None:
        unfit = answers.unfit_refusal(for_body=for_body)
        if unfit is not None and isinstance(general.body, dict):
            # Whatever is answered does not fit; what is documented besides the schema does.
            whole = {**general.body, "status": unfit.status}
            general = Answer(unfit.status, whole, unfit.media_type or JSON)
        return general._replace(reason=reason)
    documented = acceptable(offered, request.headers.get("accept", ""))
    answer = answers.answer(documented, documented.example, making)._replace(reason=reason)
    if documented.media_type is None or not is_json(documented.media_type):
        return _with_detail(answer, reason)
    problem_body: Json = {**general.body, "status": documented.status} if isinstance(general.body, dict) else None
    if documented.media_type.startswith(PROBLEM_JSON) and answers.fits(documented, problem_body):
        return answer._replace(body=problem_body)
    for body in _bodies(answer.body, reason, violations, documented.status):
        if answers.fits(documented, body):
            return answer._replace(body=body)
    return _with_detail(answer, reason)


def _with_detail(answer: Answer, reason: str) -> Answer:
    text = reason.encode("ascii", "replace").decode()
    return answer._replace(headers={**answer.headers, _DETAIL: "".join(filter(str.isprintable, text))})


def _bodies(body: Json, reason: str, violations: Sequence[Violation], status: int) -> Iterator[Json]:
    """The body with what is wrong with the request, in all ways at first."""
    worded = _worded(body, reason, status)
    errors: Json = [
        {"pointer": one.pointer, "message": one.message, "received": one.received, "expected": one.expected}
        for one in violations
    ]
    if isinstance(worded, dict) and ("errors" not in worded or isinstance(worded["errors"], list)):
        yield {**worded, "errors": errors}
    if worded != body:
        yield worded


def _worded(value: Json, text: str, status: int) -> Json:
    """A body whose members for a person say what is wrong, and whose numeric status is the answer's."""
    if isinstance(value, list):
        return [_worded(one, text, status) for one in value[:1]]
    if not isinstance(value, dict):
        return value
    found: dict[str, Json] = {}
    for name, one in value.items():
        if isinstance(one, str) and name.lower() in _WORDED:
            found[name] = text
        elif name.lower().replace("_", "") in {"status", "statuscode"} and isinstance(one, int):
            found[name] = status
        else:
            found[name] = _worded(one, text, status)
    return found


def _sentence(violation: Violation) -> str:
    return f"{violation.pointer}: {violation.message}" if violation.pointer else violation.message

"""A refusal in the shape that the operation documents for it."""

from collections.abc import Iterator

from invite_specs import Json

from invite_mock.documents.answers import DocumentAnswers, Making
from invite_mock.http.documented_answers import acceptable
from invite_mock.http.messages import JSON, Answer, Request, Violation, is_json
from invite_mock.http.problems import GENERAL, PROBLEM_JSON, ErrorDetails, problem_details

_DETAIL = "Mock-Detail"
_WORDED = {"detail", "details", "error_description", "msg", "reason", "text"} | {"message"}
_CODED = {"code", "error_code", "errorcode"}
_LONGEST = 2_000


def refusal(answers: DocumentAnswers, request: Request, error: ErrorDetails, making: Making) -> Answer:
    """The documented answer with the error's status, its code and reason or every violation where there is room.

    For a malformed request (`Request.Invalid`) it is the answer that is documented for one, whatever its status.
    Problem details (RFC 9457) where no answer is documented, or no value fits the one that is. Where the body has no
    room, a header field says it.
    """
    sentences = [_sentence(one) for one in error.violations] or [f"{error.reason} {error.remedy}"]
    reason = "; ".join(sentences)[:_LONGEST]
    general = problem_details(error)
    if error.code == "Request.Invalid":
        for_body = any(one.pointer for one in error.violations)
        offered = answers.refusal(for_body=for_body)
        unfit = None if offered else answers.unfit_refusal(for_body=for_body)
        if unfit is not None and isinstance(general.body, dict):
            # Whatever is answered does not fit; what is documented besides the schema does.
            whole = {**general.body, "status": unfit.status}
            general = Answer(unfit.status, whole, unfit.media_type or JSON)
    else:
        offered = answers.by_status.get(error.status) or answers.unlisted(error.status)
    if not offered:
        return general._replace(reason=reason)
    documented = acceptable(offered, request.headers.get("accept", ""))
    answer = answers.answer(documented, documented.example, making)._replace(reason=reason)
    if documented.media_type is None or not is_json(documented.media_type):
        return _with_detail(answer, reason)
    problem_body: Json = {**general.body, "status": documented.status} if isinstance(general.body, dict) else None
    if documented.media_type.startswith(PROBLEM_JSON) and answers.fits(documented, problem_body):
        return answer._replace(body=problem_body)
    # The mock's own codes are no words of the document.
    for code in [None] if error.code in GENERAL else [error.code, None]:
        for body in _bodies(answer.body, error._replace(reason=reason, status=documented.status), code):
            if answers.fits(documented, body):
                return answer._replace(body=body)
    return _with_detail(answer, reason)


def _with_detail(answer: Answer, reason: str) -> Answer:
    text = reason.encode("ascii", "replace").decode()
    return answer._replace(headers={**answer.headers, _DETAIL: "".join(filter(str.isprintable, text))})


def _bodies(body: Json, error: ErrorDetails, code: str | None) -> Iterator[Json]:
    """The body with what is wrong with the request, in all ways at first."""
    worded = _worded(body, error, code)
    errors: Json = [
        {"pointer": one.pointer, "message": one.message, "received": one.received, "expected": one.expected}
        for one in error.violations
    ]
    if errors and isinstance(worded, dict) and ("errors" not in worded or isinstance(worded["errors"], list)):
        yield {**worded, "errors": errors}
    if worded != body:
        yield worded


def _worded(value: Json, error: ErrorDetails, code: str | None) -> Json:
    """A body whose members for a person say what is wrong, and whose numeric status is the answer's."""
    if isinstance(value, list):
        return [_worded(one, error, code) for one in value[:1]]
    if not isinstance(value, dict):
        return value
    found: dict[str, Json] = {}
    for name, one in value.items():
        if isinstance(one, str) and name.lower() in _WORDED:
            found[name] = error.reason
        elif isinstance(one, str) and name.lower() in _CODED and code is not None:
            found[name] = code
        elif name.lower().replace("_", "") in {"status", "statuscode"} and isinstance(one, int):
            found[name] = error.status
        else:
            found[name] = _worded(one, error, code)
    return found


def _sentence(violation: Violation) -> str:
    return f"{violation.pointer}: {violation.message}" if violation.pointer else violation.message

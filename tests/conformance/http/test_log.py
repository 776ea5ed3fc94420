"""What a log says of a target that is no implementation of the contract, from the responses alone."""

import pytest
from conformance.judging.in_process import call, context
from invite_conformance.http.log import Log
from invite_conformance.http.response import Response


def log_of(*responses: tuple[int, str], documented: tuple[int, ...] = (200, 201, 400, 403)) -> Log:
    """The log of calls, valid and invalid in turn, that were answered so."""
    answers = list(responses)

    def serve(_request: object) -> Response:
        status, media_type = answers.pop(0)
        return Response(status, (("content-type", media_type),), b"", 0.0)

    of = context(serve)
    of.client.log.documented = documented
    for number in range(len(responses)):
        of.send(call(valid=number % 2 == 0))
    return of.client.log


@pytest.mark.parametrize(
    ("status", "media_type", "question"),
    [
        (401, "application/json", "are the credentials in the target file right?"),
        (407, "application/json", "are the credentials in the target file right?"),
        (500, "application/json", "is the server up, and is base_url right?"),
        (502, "text/html", "is the server up, and is base_url right?"),
        (404, "application/json", "are base_url and the ids under `states` right?"),
        (410, "", "are base_url and the ids under `states` right?"),
        (404, "text/html", "is base_url right?"),
        (302, "", "is base_url right?"),
        (202, "application/json", "is base_url right?"),
    ],
)
def test_the_question_fits_what_every_response_was(status: int, media_type: str, question: str) -> None:
    found = log_of((status, media_type), (status, media_type)).foreign()
    assert found.startswith(f"every response was {status} ")
    assert found.endswith(f": {question}")


def test_a_documented_status_recognises_the_target_unless_it_comes_with_a_page() -> None:
    assert log_of((200, "application/json"), (500, "")).recognised
    assert log_of((200, "text/plain"), (500, "")).recognised
    assert log_of((200, ""), (500, "")).recognised
    assert not log_of((200, "text/html"), (200, "text/html")).recognised
    assert not log_of((404, "application/json"), documented=(200, 404)).recognised


def test_responses_that_differ_need_more_calls_and_the_last_one_is_shown() -> None:
    assert log_of((500, ""), (502, "")).foreign() == ""
    pages = log_of((200, "text/html"), (302, ""), (200, "text/html"), (302, ""))
    assert pages.pages()
    assert pages.foreign() == "no response is as the contract documents; the last one was 302 Found: is base_url right?"
    assert log_of((200, "text/html"), (302, ""), (200, "text/html")).foreign() == ""


def test_a_log_without_responses_says_nothing() -> None:
    assert log_of().foreign() == ""

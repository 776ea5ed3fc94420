"""Refusals: one table an API, one place that renders them."""

import pytest
from invite_mock.control.problems import PROBLEMS as CONTROL
from invite_mock.http.messages import Answer, Violation
from invite_mock.http.problems import (
    GENERAL,
    ErrorDetails,
    Problem,
    Refusals,
    Refused,
    problem_details,
    reference,
)
from invite_mock.http.service import load_service
from invite_mock.refusal import Refusal
from invite_specs import contract_names

OWN = {"Own.Code": Problem(409, "The meaning.", "The remedy."), "Request.Invalid": Problem(422, "Ours.", "Do it.")}
VIOLATION = Violation("/email", "/components/x", None, "7 is not a string", "7", "a string")
ASSUMED = Violation("", "/components/y", "an-id", "no body", "nothing", "a body")


def answer(refused: Refused) -> Answer:
    return Refusals(OWN, problem_details).answer(refused, "/a/b c")


def test_a_refusal_without_a_reason_is_reported_in_the_words_of_its_table() -> None:
    answered = answer(Refused(Refusal("Own.Code")))
    assert answered == Answer(
        409,
        {
            "type": "/docs/problems#Own.Code",
            "title": "Own.Code",
            "status": 409,
            "detail": "The meaning. The remedy.",
            "instance": "/a/b%20c",
        },
        "application/problem+json",
        {},
        "The meaning.",
    )


def test_a_reason_replaces_the_meaning_and_the_remedy_stays() -> None:
    answered = answer(Refused(Refusal("Own.Code", "Because."), headers={"Allow": "GET"}))
    assert isinstance(answered.body, dict)
    assert answered.body["detail"] == "Because. The remedy."
    assert (answered.headers, answered.reason) == ({"Allow": "GET"}, "Because.")


def test_an_api_s_own_problem_comes_before_the_general_one() -> None:
    assert answer(Refused(Refusal("Request.Invalid"))).status == 422
    assert answer(Refused(Refusal("Request.TooLarge"))).status == 413
    with pytest.raises(KeyError):
        answer(Refused(Refusal("Nobody.Knows")))


def test_every_violation_is_an_error_that_names_the_contract_or_the_assumption() -> None:
    body = answer(Refused(Refusal("Own.Code"), [VIOLATION, ASSUMED])).body
    assert isinstance(body, dict)
    assert body["errors"] == [
        {
            "pointer": "/email",
            "contract": "/components/x",
            "message": "7 is not a string",
            "received": "7",
            "expected": "a string",
        },
        {"pointer": "", "assumption": "an-id", "message": "no body", "received": "nothing", "expected": "a body"},
    ]


def test_a_family_s_error_has_a_line_for_each_violation() -> None:
    service = load_service("family-invites")
    error = ErrorDetails(400, "Request.Invalid", "The reason.", "The remedy.", [VIOLATION, ASSUMED], "/x")
    assert service.refusals.shape is not None
    assert service.refusals.shape(error).body == {
        "statusCode": 400,
        "messages": [
            "The reason.",
            "/email: 7 is not a string (contract: /components/x)",
            "request: no body (assumption: an-id)",
            "The remedy.",
        ],
    }


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/a/ä", "/a/%C3%A4"), ('/"<>\\^`{|}', "/%22%3C%3E%5C%5E%60%7B%7C%7D"), ("/a%2Fb%25", "/a%2Fb%25"), ("/", "/")],
)
def test_a_path_becomes_a_uri_reference(path: str, uri: str) -> None:
    assert reference(path) == uri


TABLES = {
    "general": GENERAL,
    "control": CONTROL,
    **{name: load_service(name).refusals.problems for name in contract_names()},
}


@pytest.mark.parametrize("name", TABLES)
def test_every_problem_has_a_status_and_two_sentences(name: str) -> None:
    for code, problem in TABLES[name].items():
        # A contract's own codes are those of its document.
        assert len(code.split(".")) == 2 or name in contract_names()
        assert 400 <= problem.status <= 599
        assert problem.meaning.endswith(".")
        assert problem.remedy.endswith(".")


@pytest.mark.parametrize("name", contract_names())
def test_no_contract_has_a_code_of_the_mock(name: str) -> None:
    assert not {*GENERAL, *CONTROL} & set(TABLES[name])
    assert not set(GENERAL) & set(CONTROL)

"""The second opinions: what fits, what does not, and what becomes of it when they differ from the checks."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from conformance.faulty.fault import put
from conformance.listener import listening
from conformance.offers import target_file
from conformance.variants.variant import variant_of
from invite_conformance.http.exchange import Call
from invite_conformance.http.response import Response
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.complaint import Complaint
from invite_conformance.judging.openapi_core_opinion import OpenapiCoreOpinion
from invite_conformance.judging.second_opinions import SecondOpinions
from invite_conformance.result import Conformance, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target
from invite_specs import Document, contract, contract_names

CREATE = Call("POST", "/clients/x/invites", operation="createClientInvite")
INVITE = {
    "token": "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5",
    "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "clientId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "email": "new@acme.example",
    "role": "Admin",
    "createdAt": "2026-01-01T09:00:00Z",
    "expiresAt": "2026-01-08T09:00:00Z",
    "invitedBy": None,
}
CLIENT = "client-invites.createClientInvite"
INVITE_FAMILY = Call("POST", "/v1/families/x/invite", operation="inviteFamily")
JSON, PROBLEM = "application/json", "application/problem+json"
BOTH = {"schemathesis", "openapi-core"}
OPINIONS = {name: SecondOpinions(contract(name), catalogue(name).documented) for name in contract_names()}
CLIENT_OPINIONS = OPINIONS["client-invites"]


def answered(status: int, content_type: str, body: bytes) -> Response:
    return Response(status, (("content-type", content_type),) if content_type else (), body, elapsed=0)


def created(content_type: str = JSON, **changes: Document) -> Response:
    return answered(201, content_type, json.dumps(INVITE | changes).encode())


def problem(body: Document, content_type: str = PROBLEM) -> Response:
    return answered(400, content_type, json.dumps(body).encode())


@pytest.mark.parametrize(
    "answer",
    [
        created(),
        created(content_type="application/json; charset=utf-8"),
        created(content_type='Application/JSON;charset="UTF-8"'),
        created(content_type="application/json;"),
        created(content_type="application/json ; charset=utf-8 ; v=1"),
        created(id="6F9619FF-8B86-4D01-B42D-00CF4FC964FF"),
        created(createdAt="2026-01-01T09:00:00.123456789+05:30"),
        created(createdAt="2026-01-01t09:00:00.1z"),
        created(createdAt="2026-01-01T09:00:00-00:00"),
        created(createdAt="2026-12-31T23:59:60Z"),
        created(createdAt="2026-12-31T18:29:60.5-05:30"),
        created(extra={"what": ["ever"]}),
        problem({}),
        problem({}, "application/problem+json; charset=utf-8"),
        problem({"type": None, "status": "400"}),
        problem({"status": 400.0, "errors": []}),
    ],
    ids=repr,
)
def test_what_a_correct_server_may_answer_fits_all_validators(answer: Response) -> None:
    assert CLIENT_OPINIONS.complaints(CREATE, answer) == dict.fromkeys(BOTH, ())
    assert list(CLIENT_OPINIONS.disagreements(CREATE, answer, [])) == []
    # A rule that no schema knows of is no disagreement about the schema.
    assert (
        list(
            CLIENT_OPINIONS.disagreements(
                CREATE, answer, ["client-invites.201.email-as-given", "client-invites.201.status"]
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("answer", "requirement"),
    [
        (created(content_type="text/html"), "201.media-type"),
        (created(content_type=""), "201.media-type"),
        (created(content_type=PROBLEM), "201.media-type"),
        (created(token=5), "201.token"),
        (created(id="6f9619ff8b864d01b42d00cf4fc964ff"), "201.id"),
        (created(createdAt="2026-01-01 09:00:00Z"), "201.createdAt"),
        (created(createdAt="2026-01-01T09:00:60Z"), "201.createdAt"),
        (created(createdAt="2026-12-31T23:59:61Z"), "201.createdAt"),
        (created(createdAt="2026-01-01T24:00:00Z"), "201.createdAt"),
        (created(createdAt="2026-01-01T09:00:00"), "201.createdAt"),
        (created(createdAt="2026-01-01T09:00:00+99:00"), "201.createdAt"),
        (created(expiresAt="2026-02-30T09:00:00Z"), "201.expiresAt"),
        (created(role="Emperor"), "201.role"),
        (created(invitedBy="nobody"), "201.invitedBy"),
        (answered(201, JSON, b"null"), "201.body"),
        (problem({}, JSON), "400.media-type"),
        (problem({"status": "four"}), "400.status"),
        (problem([]), "400.body"),
    ],
    ids=repr,
)
def test_what_both_find_and_no_check_does_is_an_error_of_the_requirement(answer: Response, requirement: str) -> None:
    complaints = CLIENT_OPINIONS.complaints(CREATE, answer)
    assert all(complaints[name] for name in BOTH)
    disagreements = dict(CLIENT_OPINIONS.disagreements(CREATE, answer, []))
    assert set(disagreements) == {f"{CLIENT}.{requirement}"}
    assert all(voice in disagreements[f"{CLIENT}.{requirement}"] for voice in [*BOTH, "checks"])


def test_a_check_that_agrees_is_no_disagreement() -> None:
    assert list(CLIENT_OPINIONS.disagreements(CREATE, created(token=5), [f"{CLIENT}.201.token"])) == []


def test_a_check_that_stands_alone_is_an_error_and_no_failure() -> None:
    assert [
        requirement for requirement, _ in CLIENT_OPINIONS.disagreements(CREATE, created(), [f"{CLIENT}.201.token"])
    ] == [f"{CLIENT}.201.token"]


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> SecondOpinions:
    """Those of the client invites, of which openapi-core wants a `status` in every problem."""
    complaint = Complaint(("status",), "status: it is missing")
    monkeypatch.setattr(OpenapiCoreOpinion, "complaints", lambda *_: (complaint,))
    return SecondOpinions(contract("client-invites"), catalogue("client-invites").documented)


@pytest.mark.parametrize("failed", [[], [f"{CLIENT}.400.status"]])
def test_two_libraries_that_disagree_are_an_error_whatever_the_checks_find(
    strict: SecondOpinions, failed: list[str]
) -> None:
    ((requirement, reason),) = strict.disagreements(CREATE, problem({}), failed)
    assert requirement == f"{CLIENT}.400.status"
    assert "schemathesis says that it fits; openapi-core says status: it is missing; the suite's checks say" in reason


def test_a_library_that_fails_has_no_opinion(strict: SecondOpinions, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no such thing")

    monkeypatch.setattr(OpenapiCoreOpinion, "complaints", fail)
    assert strict.complaints(CREATE, problem({})) == {"schemathesis": ()}


def test_where_schemathesis_does_not_assert_a_format_it_has_no_opinion() -> None:
    answer = problem({"status": 99999999999})
    assert CLIENT_OPINIONS.complaints(CREATE, answer).keys() == {"openapi-core"}
    assert list(CLIENT_OPINIONS.disagreements(CREATE, answer, [f"{CLIENT}.400.status"])) == []


@pytest.mark.parametrize(
    "answer",
    [
        answered(418, JSON, b"{}"),
        answered(201, JSON, b""),
        answered(201, JSON, b'{"a": NaN}'),
        answered(201, JSON, b"\xff"),
        answered(201, JSON, b"\xef\xbb\xbf{}"),
    ],
    ids=repr,
)
def test_what_no_schema_speaks_of_is_not_measured(answer: Response) -> None:
    assert CLIENT_OPINIONS.complaints(CREATE, answer) == {}
    assert list(CLIENT_OPINIONS.disagreements(CREATE, answer, [f"{CLIENT}.201.token"])) == []


def test_another_method_is_not_measured() -> None:
    assert CLIENT_OPINIONS.complaints(replace(CREATE, elsewhere=True), created(token=5)) == {}
    assert CLIENT_OPINIONS.complaints(Call("POST", "/x"), created(token=5)) == {}


def test_no_reason_quotes_a_token() -> None:
    reasons = str(CLIENT_OPINIONS.complaints(CREATE, created(token=["s3cret"], id="s3cret")))
    assert "s3cret" not in reasons


def test_the_error_schema_of_the_other_contract_is_measured_member_by_member() -> None:
    answer = answered(404, JSON, b'{"statusCode": "404", "messages": []}')
    disagreements = dict(OPINIONS["family-invites"].disagreements(INVITE_FAMILY, answer, []))
    assert disagreements.keys() == {"family-invites.inviteFamily.404.statusCode"}


@pytest.mark.usefixtures("strict")
def test_where_validators_disagree_the_verdict_is_an_error_with_each_reason(tmp_path: Path) -> None:
    wide = variant_of("client-invites", "wide", "It has another status.", refusal=put(status=None))
    with listening({"wide": wide.maker}) as listener:
        target = load_target(target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/wide"), {})
        found = run(target, engines={"directed"}, only={f"{CLIENT}.400.status"})
    (result,) = [one for one in found.results if one.verdict is not Verdict.SKIP]
    assert (result.verdict, found.conformance) == (Verdict.ERROR, Conformance.ERROR)
    assert "schemathesis says that it fits; openapi-core says status:" in result.reason
    assert result.failures == ()


def test_a_member_that_is_missing_is_named_by_both() -> None:
    answer = answered(
        201, JSON, json.dumps({name: value for name, value in INVITE.items() if name != "token"}).encode()
    )
    assert {
        name: [one.path for one in found] for name, found in CLIENT_OPINIONS.complaints(CREATE, answer).items()
    } == {name: [("token",)] for name in BOTH}
    assert dict(CLIENT_OPINIONS.disagreements(CREATE, answer, [])).keys() == {
        "client-invites.createClientInvite.201.token"
    }

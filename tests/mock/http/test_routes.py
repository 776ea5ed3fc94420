"""Paths and methods that no document has."""

import pytest
from invite_mock.http.messages import Envelope
from invite_mock.http.problems import Refusals, Refused, problem_details
from invite_mock.http.routes import Routes
from invite_specs import operations
from mock.conftest import INVITES, Caller


@pytest.mark.parametrize(
    ("path", "routes"),
    [
        ("/clients", "POST /clients/{clientId}/invites"),
        (f"{INVITES}/", "POST /clients/{clientId}/invites"),
        ("/v1/families/fml_complete", "POST /v1/families/{id}/invite"),
        ("/nothing/like/it", "POST /clients/{clientId}/invites, POST /v1/families/{id}/invite"),
        ("//", "POST /clients/{clientId}/invites, POST /v1/families/{id}/invite"),
    ],
)
def test_an_unknown_path_is_not_found_and_the_answer_lists_the_routes(caller: Caller, path: str, routes: str) -> None:
    received = caller.send("POST", path, {})
    assert (received.status, received.outcome) == (404, "unmatched")
    assert f"The paths are: {routes}." in str(received.json)


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE"])
@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite"])
def test_another_method_is_not_allowed_and_the_answer_says_which_are(caller: Caller, path: str, method: str) -> None:
    received = caller.send(method, path)
    assert (received.status, received.outcome) == (405, "unmatched")
    assert received.headers["allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("path", [INVITES, "/v1/families/fml_complete/invite"])
def test_options_says_which_methods_there_are(caller: Caller, path: str) -> None:
    received = caller.send("OPTIONS", path)
    assert (received.status, received.headers["allow"], received.content) == (204, "OPTIONS, POST", b"")


def test_of_a_thousand_paths_the_answer_lists_some() -> None:
    document = {"openapi": "3.1.0", "paths": {f"/a/{number}": {"get": {}} for number in range(1000)}}
    refusals = Refusals({}, problem_details)
    routes = Routes([(one, refusals) for one in operations(document)], refusals)
    with pytest.raises(Refused) as raised:
        routes.unknown_path("/a/x", Envelope("main", ""))
    assert raised.value.refusal.reason.endswith("GET /a/18, GET /a/19, and 980 more.")


def test_a_path_like_no_other_is_refused_as_no_api_does() -> None:
    default, own = Refusals({}, problem_details), Refusals({}, problem_details)
    routes = Routes([(one, own) for one in operations({"paths": {"/a/{b}": {"get": {}}}})], default)
    assert routes.refusals("/a") is own
    assert routes.refusals("/x/y") is default


def test_a_code_is_asked_of_the_method_that_documents_it() -> None:
    methods = {
        "get": {"responses": {"200": {"description": "-"}}},
        "put": {"responses": {"409": {"description": "-"}, "5XX": {"description": "-"}}},
        "delete": {"responses": {"204": {"description": "-"}, "4XX": {"description": "-"}}},
    }
    refusals = Refusals({}, problem_details)
    routes = Routes([(one, refusals) for one in operations({"paths": {"/a/{b}": methods}})], refusals)
    asked = {code: routes.method_for("/a/1", code) for code in ("200", "204", "404", "409", "503", "302", "x")}
    assert asked == {
        "200": "GET",
        "204": "DELETE",
        "404": "DELETE",
        "409": "PUT",
        "503": "PUT",
        "302": "GET",
        "x": "GET",
    }
    assert routes.methods("/a/1") == ["DELETE", "GET", "HEAD", "PUT"]

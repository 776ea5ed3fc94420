"""Paths and methods that no document has."""

import pytest
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

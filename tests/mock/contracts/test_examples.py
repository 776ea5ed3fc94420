"""The documented examples of refusals: they equal what the mock answers."""

import re

import pytest
from invite_specs import Document, contract
from mock.conftest import ADMIN, INVITES, Caller

MEMBER = {"x-dolfin-api-key": "acme-member-key"}
JSON = {"Content-Type": "application/json"}
LARGE = b" " * (1024 * 1024 + 1)


def family(name: str) -> str:
    return f"/v1/families/{name}/invite"


# The example, and the request that is refused for that reason.
EXAMPLES: list[tuple[str, str, tuple[str, str, Document, dict[str, str]]]] = [
    ("client-invites", "invalid-email", ("POST", INVITES, {"email": "not-an-email", "role": "Developer"}, ADMIN)),
    ("client-invites", "invalid-request", ("POST", INVITES, {"email": "a@b.example", "role": "Emperor"}, ADMIN)),
    ("client-invites", "forbidden", ("POST", INVITES, {"email": "a@b.example", "role": "Member"}, MEMBER)),
    ("client-invites", "already-invited", ("POST", INVITES, {"email": "invited@acme.example", "role": "Owner"}, ADMIN)),
    ("client-invites", "already-member", ("POST", INVITES, {"email": "owner@acme.example", "role": "Owner"}, ADMIN)),
    ("client-invites", "method-not-allowed", ("PUT", INVITES, None, {})),
    ("client-invites", "too-large", ("POST", INVITES, LARGE, ADMIN | JSON)),
    ("family-invites", "malformed", ("POST", family("fml_complete"), {"email": "not-an-email"}, {})),
    ("family-invites", "no-email", ("POST", family("fml_nocontact"), None, {})),
    ("family-invites", "foreign-family", ("POST", family("fml_foreign"), None, {})),
    ("family-invites", "unknown-family", ("POST", family("fml_unknown"), None, {})),
    ("family-invites", "method-not-allowed", ("PUT", family("fml_complete"), None, {})),
    ("family-invites", "too-large", ("POST", family("fml_complete"), LARGE, JSON)),
]


def documented(name: str) -> dict[str, Document]:
    """The examples of a contract's 4xx, without the publisher's own placeholders."""
    responses = contract(name).operations[0].definition["responses"]
    return {
        example: one["value"]
        for status, response in responses.items()
        if 400 <= int(status) < 500
        for media in response["content"].values()
        for example, one in media["examples"].items()
        if example != "published"
    }


@pytest.mark.parametrize(("name", "example", "request_"), EXAMPLES)
def test_an_example_says_what_the_mock_says(
    caller: Caller, name: str, example: str, request_: tuple[str, str, Document, dict[str, str]]
) -> None:
    assert without_instants(caller.send(*request_).json) == without_instants(documented(name)[example])


def without_instants(body: Document) -> str:
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "INSTANT", str(body))


@pytest.mark.parametrize("name", ["client-invites", "family-invites"])
def test_every_example_of_a_refusal_is_tried(name: str) -> None:
    assert set(documented(name)) == {example for contract_, example, _ in EXAMPLES if contract_ == name}

"""A request sent again: whose key it gets."""

from dataclasses import replace
from pathlib import Path

import pytest
from invite_mock.contracts.client_invites.world import MEMBERS
from invite_mock.settings import Settings
from invite_mock.state.store import Scope
from mock.conftest import ADMIN, INVITES
from mock.in_process import InProcess, mock_in_process
from mock.oracle import Oracle, Received

MAIN = Scope("main", "client-invites")


def invite(mock: InProcess) -> str:
    received = mock.send("POST", INVITES, {"email": "ann@acme.example", "role": "Member"}, ADMIN)
    return received.headers["mock-request-id"]


def change_key(mock: InProcess, key: str | None) -> None:
    store = mock.served.store
    with store.transaction():
        member = store.find(MAIN, MEMBERS, "key", "acme-admin-key")
        assert member is not None
        store.put(MAIN, MEMBERS, replace(member, key=key))


def again(mock: InProcess, request_id: str) -> Received:
    return mock.send("POST", f"/_mock/worlds/main/requests/{request_id}/replay")


def test_a_replay_has_the_key_that_the_member_has_now(oracle: Oracle) -> None:
    with mock_in_process(oracle) as mock:
        request_id = invite(mock)
        # Written with the key that the member had when it was sent.
        mock.served.recorder.flush()
        change_key(mock, "another-key")
        assert again(mock, request_id).json["status"] == 409


def test_a_replay_of_a_member_without_a_key_is_refused(oracle: Oracle) -> None:
    with mock_in_process(oracle) as mock:
        request_id = invite(mock)
        mock.served.recorder.flush()
        change_key(mock, None)
        received = again(mock, request_id)
        assert (received.status, received.code) == (409, "Request.Unrepeatable")
        assert "the member admin@acme.example has no key any more" in received.json["detail"]


@pytest.mark.parametrize("query", ["", "?a=b"])
def test_an_operation_of_a_document_without_rules_is_kept_and_sent_again(
    oracle: Oracle, tmp_path: Path, query: str
) -> None:
    path = tmp_path / "shop.yaml"
    path.write_text(
        "openapi: 3.1.0\ninfo: {title: Shop, version: '1'}\n"
        "paths: {/orders: {get: {operationId: listOrders, responses: {'204': {description: Nothing there.}}}}}\n"
    )
    with mock_in_process(oracle, Settings(openapi=(path,), contracts=())) as mock:
        received = mock.send("GET", f"/orders{query}", documented=False)
        request_id = received.headers["mock-request-id"]
        found = mock.send("GET", f"/_mock/worlds/main/requests/{request_id}").json
        assert (found["contract"], found["operation"], found["status"]) == ("shop", "listOrders", 204)
        assert found["decision"]["by"] == "the document's examples and schemas"
        assert found["decision"]["contract"]["source"].endswith("/shop.yaml:3")
        assert again(mock, request_id).json["path"] == f"/orders{query}"

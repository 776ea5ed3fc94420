"""A user's overlay changes what the mock accepts, says and documents."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from mock.conftest import Caller

Start = Callable[..., AbstractContextManager[Caller]]
OVERLAY = """
overlay: 1.0.0
info: {title: Ours, version: 1.0.0}
actions:
  - target: $.components.schemas.CreateClientInviteRequest.properties.email
    update: {pattern: '@acme\\.example$', x-assumption: {id: own-domain, reason: We invite our own people only.}}
  - target: $.paths['/clients/{clientId}/invites'].post.parameters
    update: {name: x-tenant, in: header, required: true, schema: {type: integer}}
"""


def test_what_an_overlay_adds_is_validated_documented_and_forced(mock_with: Start, tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(OVERLAY, "utf-8")
    with mock_with("--overlay", str(path)) as caller:
        received = caller.invite("a@elsewhere.example")
        assert [one["contract"].rpartition("/")[2] for one in received.json["errors"]] == ["required", "pattern"]
        assert caller.invite("a@acme.example", **{"X-Tenant": "seven"}).status == 400
        assert caller.invite("a@acme.example", **{"X-Tenant": "7"}).status == 201
        assert b"own-domain" in caller.send("GET", "/docs/client-invites/openapi.json").content
        assert caller.invite_family("fml_complete").status == 200


def test_one_contract_alone_can_be_served(mock_with: Start) -> None:
    with mock_with("--contract", "family-invites") as caller:
        assert caller.invite_family("fml_complete").status == 200
        assert caller.send("POST", "/clients/x/invites").status == 404
        assert caller.send("GET", "/docs/client-invites").status == 404
        assert caller.send("GET", "/_mock/health").json["contracts"] == ["family-invites"]

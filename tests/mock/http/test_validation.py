"""Requests are validated against the document as the user's overlays leave it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import orjson
import pytest
from invite_mock.http.validation import unsupported
from invite_specs import OverlayError, load_contracts
from mock.conftest import ADMIN, INVITES, Caller

Start = Callable[..., AbstractContextManager[Caller]]
OURS = ("client-invites", "family-invites")
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
        # The first overlaid object carries no assumption, so it is named by its file.
        assert [one["assumption"] for one in received.json["errors"]] == ["ours.yaml", "own-domain"]
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


POST = "$.paths['/clients/{clientId}/invites'].post"
SCHEMA = "$.components.schemas.CreateClientInviteRequest"
JSON = f"{POST}.requestBody.content['application/json']"


def overlay(folder: Path, *actions: object) -> Path:
    path = folder / "mine.yaml"
    text = "overlay: 1.0.0\ninfo: {title: Mine, version: 1.0.0}\nactions:\n"
    path.write_text(text + "".join(f"  - {orjson.dumps(action).decode()}\n" for action in actions), "utf-8")
    return path


def update(target: str, value: object) -> object:
    return {"target": target, "update": value}


def remove(target: str) -> object:
    return {"target": target, "remove": True}


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (
            remove("$.paths['/clients/{clientId}/invites']"),
            "lacks POST /clients/{clientId}/invites (operationId 'createClientInvite'); an overlay may change",
        ),
        (remove(POST), "lacks POST /clients/{clientId}/invites (operationId 'createClientInvite'); an overlay may"),
        (
            update(POST, {"operationId": "other"}),
            "lacks POST /clients/{clientId}/invites (operationId 'createClientInvite') and has POST"
            " /clients/{clientId}/invites (operationId 'other'); an overlay may change",
        ),
        (
            update(JSON, {"schema": {"$ref": "#/components/schemas/Nobody"}}),
            "the $ref '#/components/schemas/Nobody' leads to nothing in the document",
        ),
        (
            update(f"{SCHEMA}.properties", {"x": {"$ref": "http://127.0.0.1:1/schema.json"}}),
            "at /components/schemas/CreateClientInviteRequest/properties/x: the $ref 'http://127.0.0.1:1/schema.json'",
        ),
        (
            update("$.components.schemas", {name: {"$ref": f"#/components/schemas/{to}"} for name, to in ("AB", "BA")}),
            "at /components/schemas/A: the $ref '#/components/schemas/B' leads back to itself",
        ),
        (update("$", {"paths": None}), "client-invites is not a valid OpenAPI 3.1 document: at /paths: "),
        (
            update(f"{SCHEMA}.properties", {"x": {"$ref": "other.yaml#/x"}}),
            "the $ref 'other.yaml#/x' leads to nothing in the document",
        ),
        (
            update(
                f"{POST}.parameters",
                {"name": "q", "in": "query", "content": {"application/json": {}}},
            ),
            "has the query parameter q without a `schema`, at /paths/~1clients~1{clientId}~1invites/post/parameters/1",
        ),
        (
            update(f"{SCHEMA}.properties.email", {"pattern": "(?a:x)"}),
            "has a schema that cannot be compiled, at /paths/~1clients~1{clientId}~1invites/post/requestBody/content/",
        ),
    ],
)
def test_an_overlay_that_leaves_an_unusable_document_is_refused_with_its_action(
    tmp_path: Path, action: object, said: str
) -> None:
    path = overlay(tmp_path, update("$.info", {"x-mine": 1}), action)
    with pytest.raises(OverlayError) as raised:
        load_contracts(OURS, [path], unsupported)
    assert str(raised.value).startswith(f"{path}:5: action 2 (target ")
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_error_in_the_contract_that_an_overlay_fits_is_reported(tmp_path: Path) -> None:
    path = overlay(tmp_path, update("$.components.schemas.InviteFamilyRequest", {"type": "nothing"}))
    with pytest.raises(OverlayError, match="with it family-invites is not a valid OpenAPI"):
        load_contracts(OURS, [path], unsupported)


@pytest.mark.parametrize(
    ("actions", "body", "status"),
    [
        ([remove(f"{SCHEMA}.required")], {}, 400),
        ([remove(f"{SCHEMA}.required")], {"email": "new@acme.example"}, 400),
        ([remove(f"{SCHEMA}.required")], {"email": "new@acme.example", "role": "Member"}, 201),
        ([update(f"{POST}.requestBody", {"required": False})], None, 400),
        ([update(f"{SCHEMA}.properties.email", {"type": ["string", "null"]})], {"email": None, "role": "Member"}, 400),
        ([update(JSON, {"schema": {"type": ["object", "array"]}}), remove(f"{JSON}.schema['$ref']")], [1], 400),
        ([update("$.paths", {"x-note": "ours"})], {"email": "new@acme.example", "role": "Member"}, 201),
        ([remove(f"{JSON}.schema")], {"email": "new@acme.example"}, 400),
        ([remove(f"{JSON}.schema")], {"email": "new@acme.example", "role": "Member"}, 201),
        ([remove("$.components.securitySchemes")], {"email": "new@acme.example", "role": "Member"}, 201),
    ],
)
def test_a_member_that_an_overlay_makes_optional_is_still_needed(
    mock_with: Start, tmp_path: Path, actions: list[object], body: object, status: int
) -> None:
    with mock_with("--contract", "client-invites", "--overlay", str(overlay(tmp_path, *actions))) as caller:
        received = caller.send("POST", "/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites", body, ADMIN)
        assert received.status == status
        if status == 400:
            assert "the mock needs the member" in str(received.json["errors"])


def test_a_family_s_names_are_strings_whatever_an_overlay_allows(mock_with: Start, tmp_path: Path) -> None:
    target = "$.components.schemas.InviteFamilyRequest"
    path = overlay(
        tmp_path,
        update(f"{target}.properties.firstname", {"type": ["string", "null", "integer"]}),
        update(target, {"type": ["object", "array"]}),
    )
    with mock_with("--overlay", str(path)) as caller:
        assert caller.invite_family("fml_complete", {"firstname": "Zoë"}).status == 200
        assert "needs the member firstname" in str(caller.invite_family("fml_complete", {"firstname": 7}).json)
        assert caller.invite_family("fml_complete", {"firstname": None}).json["firstname"] == "Zoë"
        assert caller.invite_family("fml_complete", []).status == 200


def test_a_parameter_is_read_wherever_an_overlay_puts_it(mock_with: Start, tmp_path: Path) -> None:
    path = overlay(
        tmp_path,
        update(
            f"{POST}.parameters",
            {"name": "tenant", "in": "cookie", "required": True, "schema": {"$ref": "#/components/schemas/Tenant"}},
        ),
        update(f"{POST}.parameters", {"$ref": "#/components/parameters/Limit"}),
        update("$.components.schemas", {"Tenant": {"type": ["integer", "null"]}}),
        update("$.components", {"parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"maximum": 9}}}}),
    )
    with mock_with("--overlay", str(path)) as caller:
        missing = caller.invite()
        assert "the cookie parameter tenant is missing" in str(missing.json["errors"])
        assert caller.invite(Cookie="tenant=seven").status == 400
        # Python's parser refuses this name, and with it the whole header.
        unreadable = caller.invite(Cookie="a@b=1; tenant=7")
        assert "the cookie parameter tenant is missing" in str(unreadable.json["errors"])
        assert caller.invite(Cookie="a=b; tenant=7").status == 201
        assert caller.send("GET", "/docs/client-invites").status == 200


def test_a_charset_that_is_utf_8_is_fine_and_another_is_not(caller: Caller) -> None:
    body = b'{"email":"new@acme.example","role":"Member"}'
    utf_16 = {"Content-Type": "application/json; charset=utf-16"}
    assert "charset utf-16" in str(caller.send("POST", INVITES, body, ADMIN | utf_16).json["errors"])
    utf_8 = {"Content-Type": 'Application/JSON ; Charset="UTF-8"'}
    assert caller.send("POST", INVITES, body, ADMIN | utf_8).status == 201


def test_a_content_encoding_is_refused_by_name(caller: Caller) -> None:
    received = caller.send(
        "POST", INVITES, b"\x1f\x8b", ADMIN | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    )
    assert received.status == 400
    assert "Content-Encoding gzip" in received.json["errors"][0]["message"]


def test_a_message_does_not_repeat_a_long_value(caller: Caller) -> None:
    received = caller.invite("x" * 100_000)
    assert received.status == 400
    assert len(received.content) < 2_000

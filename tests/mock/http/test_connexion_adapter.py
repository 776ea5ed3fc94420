"""Connexion serves the contracts; its extension points close its gaps.

Its answers to empty, chunked, badly encoded and deeply nested bodies are in test_limits; here is the rest.
"""

import asyncio
from pathlib import Path

import jsonschema_rs
import pytest
from connexion.middleware.main import ConnexionMiddleware
from connexion.spec import OpenAPISpecification
from invite_mock.app import Mock
from invite_mock.contracts.client_invites import rules
from invite_mock.settings import Settings
from invite_specs import contract, contract_names, mock_control
from mock.conftest import ACME


def status(
    mock: Mock, body: bytes, path: str = f"/clients/{ACME}/invites", more: tuple[tuple[bytes, bytes], ...] = ()
) -> int:
    """The status of a request, given to the application as a server would give it."""
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    headers = [(b"content-type", b"application/json"), (b"x-dolfin-api-key", b"acme-admin-key"), *more]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers, "root_path": ""}
    asyncio.run(mock.app(scope, receive, send))  # type: ignore[arg-type]  # ASGI's types are wider
    return statuses[0]


def test_stock_connexion_refuses_the_published_document() -> None:
    with pytest.raises(Exception, match=r"3\.1|does not match|not valid"):
        OpenAPISpecification(contract("client-invites").published)


def test_the_documents_are_served_by_connexion_as_they_are() -> None:
    mock = Mock(Settings())
    api = mock.app._api  # noqa: SLF001  # what stands behind the perimeter
    assert isinstance(api, ConnexionMiddleware)
    served = {one.specification.raw["openapi"] for one in api.apis}
    documents = [mock_control(), *(contract(name).assumed for name in contract_names())]
    assert served == {one["openapi"] for one in documents}
    assert len(api.apis) == len(documents)
    mock.store.close()


def test_no_validator_is_built_while_requests_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    mock = Mock(Settings())
    monkeypatch.delattr(jsonschema_rs, "Draft202012Validator")
    assert status(mock, b'{"email":"a@acme.example","role":"Member"}') == 201
    assert status(mock, b'{"email":"nobody","role":"Emperor"}') == 400
    mock.store.close()


def test_schemas_are_of_draft_2020_12(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $.components.schemas.CreateClientInviteRequest\n"
        "    update: {unevaluatedProperties: false, dependentRequired: {email: [role]}, not: {const: {role: 1}}}\n",
        "utf-8",
    )
    mock = Mock(Settings(overlays=(path,)))
    assert status(mock, b'{"email":"a@acme.example","role":"Member"}') == 201
    assert status(mock, b'{"email":"b@acme.example","role":"Member","extra":1}') == 400
    mock.store.close()


@pytest.mark.parametrize("client", ["3fa85f6457174562b3fc2c963f66afa6", "{3fa85f64-5717-4562-b3fc-2c963f66afa6}", "1"])
def test_a_uuid_is_asserted(client: str) -> None:
    mock = Mock(Settings())
    assert status(mock, b'{"email":"a@acme.example","role":"Member"}', f"/clients/{client}/invites") == 400
    mock.store.close()


def test_the_values_of_a_repeated_header_are_one_list() -> None:
    mock = Mock(Settings())
    body = b'{"email":"a@acme.example","role":"Member"}'
    for first, second in ((b"code=409", b"wait=10"), (b"wait=10", b"code=409")):
        assert status(mock, body, more=((b"prefer", first), (b"prefer", second))) == 409
    # Two keys are no key of anybody, whichever of them is valid.
    assert status(mock, body, more=((b"x-dolfin-api-key", b"nobody"),)) == 403
    assert status(mock, body, more=((b"x-dolfin-api-key", b"acme-admin-key"),)) == 403
    mock.store.close()


def test_a_fault_of_the_mock_is_logged_and_answered_with_a_problem(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(rules, "create_client_invite", lambda *_, **__: 1 / 0)
    mock = Mock(Settings())
    assert status(mock, b'{"email":"a@acme.example","role":"Member"}') == 500
    assert "ZeroDivisionError" in caplog.text
    mock.store.close()

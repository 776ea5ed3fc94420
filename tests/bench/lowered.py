"""The assumed document of client-invites as OpenAPI 3.0, which stock connexion accepts.

Nothing that connexion would check is lost but what 3.0 cannot say. Security is asked for as in the contract.
"""

from typing import Any

import yaml
from invite_specs import contract

_HANDLER = "__main__.create_client_invite"
_KEY_CHECK = "__main__.known_key"
_LITERAL = {"example", "examples", "enum", "default"}
"""Members whose values are data, not schemas."""


def document() -> dict[str, Any]:
    lowered: dict[str, Any] = _lower(contract("client-invites").assumed)
    # The publisher's server is not the one that is measured.
    lowered |= {"openapi": "3.0.3", "servers": [{"url": "/"}]}
    for scheme in lowered["components"]["securitySchemes"].values():
        scheme["x-apikeyInfoFunc"] = _KEY_CHECK
    for item in lowered["paths"].values():
        item["post"]["operationId"] = _HANDLER
    return lowered


def text() -> str:
    return yaml.safe_dump(document(), sort_keys=False)


def _lower(value: Any) -> Any:
    if isinstance(value, list):
        return [_lower(one) for one in value]
    if not isinstance(value, dict):
        return value
    lowered = {
        key: one if key in _LITERAL else _lower(one)
        for key, one in value.items()
        if key not in {"jsonSchemaDialect", "webhooks", "$schema", "$id", "$comment"}
    }
    types = lowered.get("type")
    if isinstance(types, list):
        del lowered["type"]
        named = [one for one in types if one != "null"]
        lowered |= {"type": named[0]} if len(named) == 1 else {"anyOf": [{"type": one} for one in named]}
        if "null" in types:
            lowered["nullable"] = True
    if "const" in lowered:
        lowered["enum"] = [lowered.pop("const")]
    return lowered

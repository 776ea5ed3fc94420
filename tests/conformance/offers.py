"""The target file of an implementation of the tests: what the reference server and all that differ from it offer."""

import json
from pathlib import Path
from typing import Any

from conformance.reference_clients import CLIENT, FAMILY_KEY, INVITED_EMAIL, MEMBER_EMAIL, OTHER_CLIENT

_TOKENS = {name: {"authorization": f"Bearer key-of-the-{name}"} for name in ("owner", "admin", "other-admin")}
STATES: dict[str, dict[str, Any]] = {
    "client-invites": {
        "admin": {"headers": _TOKENS["admin"]},
        "owner": {"headers": _TOKENS["owner"]},
        "not_admin": [
            {"name": role, "headers": {"authorization": f"Bearer key-of-the-{role.lower()}"}}
            for role in ("Member", "Developer", "Support")
        ],
        "anonymous": {"headers": {}},
        "client": CLIENT,
        "other_client": {"client": OTHER_CLIENT, "headers": _TOKENS["other-admin"]},
        "member_email": MEMBER_EMAIL,
        "invited_email": INVITED_EMAIL,
    },
    "family-invites": {
        "family": "fam-one",
        "second_family": "fam-two",
        "family_without_contact": "fam-without",
        "unknown_family": "fam-nowhere",
        "foreign_family": "fam-foreign",
    },
}


HEADERS: dict[str, dict[str, str]] = {"client-invites": {}, "family-invites": {"x-school-key": FAMILY_KEY}}


def target_file(path: Path, contract: str, base_url: str, **more: Any) -> Path:
    """Write a target file (JSON is YAML) to `path`, with `more` beside or instead of what it holds."""
    target = {
        "contract": contract,
        "base_url": base_url,
        "headers": HEADERS[contract],
        "states": STATES[contract],
    }
    path.write_text(json.dumps(target | more), "utf-8")
    return path

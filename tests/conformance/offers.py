"""The target file of an implementation of the tests: what the reference server and all that differ from it offer."""

import json
from pathlib import Path
from typing import Any

from conformance.references import REFERENCE

STATES: dict[str, dict[str, Any]] = {name: one.states for name, one in REFERENCE.items()}
HEADERS = {name: dict(one.headers) for name, one in REFERENCE.items()}


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

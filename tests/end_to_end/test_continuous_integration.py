"""What CI and the hooks call is there, and the versions of Python are those that pyproject.toml allows."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TARGETS = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def called(text: str) -> set[str]:
    """The targets of every `make` that a text calls."""
    calls = re.findall(r"^(?: *- run: )?make ([^\n]+)", text, re.MULTILINE)
    return {word for call in calls for word in call.split() if "=" not in word}


@pytest.mark.parametrize("file", [".ci/run", ".github/workflows/test.yml"])
def test_every_target_that_is_called_is_in_the_makefile(file: str) -> None:
    found = called((ROOT / file).read_text("utf-8"))
    assert {"test-slow", "check", "test"} <= found
    assert found <= TARGETS


def test_the_matrix_begins_with_the_oldest_python_that_the_package_allows() -> None:
    workflow: Any = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    versions = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    requires = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert requires == f">={versions[0]}"


def test_a_hook_runs_what_the_lock_installs() -> None:
    hooks: Any = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text("utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert [entry for entry in entries if not entry.startswith(".venv/bin/")] == []
    paths = {word for entry in entries for word in entry.split() if word.startswith(("tests", "specs", "mock"))}
    assert [path for path in paths if not (ROOT / path).exists()] == []

"""The options that pytest knows wherever the suite is installed; all else is loaded only if they are used."""

from importlib.util import find_spec
from pathlib import Path

import pytest

_EXTRA = (
    "h11",
    "hypothesis",
    "jinja2",
    "jsonschema",
    "jsonschema_path",
    "jsonschema_rs",
    "markupsafe",
    "openapi_core",
    "openapi_schema_validator",
    "requests",
    "schemathesis",
)
"""The packages of the extra `conformance` besides pytest: where one is missing, nothing is registered."""

_MODES = ("read-only", "safe", "full")
_LEVELS = ("must", "should", "note")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `pytest --pyargs invite_conformance`."""
    if any(find_spec(package) is None for package in _EXTRA):
        return
    group = parser.getgroup("invite-conformance", "checks of an implementation of an invite contract")
    group.addoption("--invite-target", type=Path, metavar="FILE", help="the target file")
    group.addoption("--invite-base-url", metavar="URL", help="instead of the target file's")
    group.addoption("--invite-level", choices=_LEVELS, default="must", help="the least binding level that decides")
    group.addoption("--invite-mode", choices=_MODES, default="full", help="what may be sent (default: %(default)s)")
    group.addoption("--invite-seed", type=int, metavar="N", help="repeat the run that named this seed")
    group.addoption("--invite-time-box", type=float, metavar="SECONDS", help="how long generated requests may take")
    group.addoption(
        "--i-may-write-to-this-target", action="store_true", help="for a server that is not on this machine"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load what the options are for."""
    if config.getoption("--invite-target", None) is not None:
        config.pluginmanager.import_plugin("invite_conformance.pytest.plugin")

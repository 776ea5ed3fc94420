"""The options that pytest knows wherever the suite is installed; all else is loaded only if they are used."""

from pathlib import Path

import pytest

_MODES = ("read-only", "safe", "full")
_LEVELS = ("must", "should", "note")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `pytest --pyargs invite_conformance`."""
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
    if config.getoption("--invite-target") is not None:
        config.pluginmanager.import_plugin("invite_conformance.pytest.plugin")

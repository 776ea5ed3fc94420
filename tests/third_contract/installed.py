"""Contracts outside the packages, for the time of a test: `seat-offers` of this folder, or those of another one."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import invite_conformance.contracts
import invite_mock.contracts
import invite_specs.contracts
from invite_conformance.judging import catalogue, registry

_HERE = Path(__file__).parent
_PACKAGES = (invite_specs.contracts, invite_mock.contracts, invite_conformance.contracts)
_CACHED: tuple[Any, ...] = (catalogue.catalogue, registry.registered)


@contextmanager
def third_contract(folder: Path = _HERE) -> Iterator[None]:
    """The contracts of a folder that has `PACKAGE/contracts/NAME`, found beside those of the packages."""
    before = set(sys.modules)
    paths: list[list[str]] = [list(one.__path__) for one in _PACKAGES]
    for one, path in zip(_PACKAGES, paths, strict=True):
        one.__path__ = [*path, str(folder.joinpath(*one.__name__.split(".")))]
    try:
        yield
    finally:
        for one, path in zip(_PACKAGES, paths, strict=True):
            one.__path__ = path
        for name in set(sys.modules) - before:
            package, _, contract = name.partition(".contracts.")
            if contract:
                del sys.modules[name]
                if "." not in contract:
                    delattr(sys.modules[f"{package}.contracts"], contract)
                    registry._registered.pop(contract.replace("_", "-"), None)  # noqa: SLF001  # imports register again
        for cached in _CACHED:
            cached.cache_clear()

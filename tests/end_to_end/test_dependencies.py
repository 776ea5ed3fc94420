"""What a package imports is what pyproject.toml declares for it: nothing is missing and nothing is unused."""

import re
import tomllib
from collections.abc import Iterable

import pytest
from end_to_end.imports import DISTRIBUTIONS, PACKAGES, ROOT, canonical, imported, named

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BASE: list[str] = PYPROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PYPROJECT["dependency-groups"]

UNNAMED = {"uvloop"}
"""What no module names: uvicorn takes uvloop's event loop where it finds it."""


def declared(requirements: Iterable[str]) -> set[str]:
    return {canonical(found[0]) for one in requirements if (found := re.match(r"[\w.-]+", one))}


def undeclared(modules: Iterable[str], requirements: Iterable[str]) -> set[str]:
    known = declared(requirements)
    return {module for module in modules if DISTRIBUTIONS.get(module, {canonical(module)}).isdisjoint(known)}


@pytest.mark.parametrize("part", PACKAGES)
def test_a_package_declares_what_it_imports(part: str) -> None:
    modules = imported(PACKAGES[part].rglob("*.py"))
    assert modules
    assert undeclared(modules, [*BASE, *EXTRAS.get(part, [])]) == set()


@pytest.mark.parametrize("part", PACKAGES)
def test_a_package_imports_what_it_declares(part: str) -> None:
    modules = imported(PACKAGES[part].rglob("*.py")) | named(PACKAGES[part].rglob("*.py"))
    used = {distribution for module in modules for distribution in DISTRIBUTIONS.get(module, ())}
    assert declared(EXTRAS.get(part, BASE)) - used - UNNAMED == set()


def test_an_extra_repeats_nothing_of_the_base() -> None:
    for requirements in EXTRAS.values():
        assert declared(requirements) & declared(BASE) == set()


def test_the_tests_import_only_what_the_lock_files_install() -> None:
    # tests/bench has an environment and a lock of its own.
    modules = [one for one in (ROOT / "tests").rglob("*.py") if "bench" not in one.parts]
    local = {part for one in modules for part in one.relative_to(ROOT).with_suffix("").parts}
    everything = [*BASE, *(one for some in (EXTRAS, GROUPS) for group in some.values() for one in group)]
    assert undeclared(imported(modules) - local, everything) == set()

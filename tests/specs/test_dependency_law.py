"""The dependency law: specs imports no other package; the mock and the suite import specs, and never each other."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = {
    "invite_specs": ROOT / "specs" / "invite_specs",
    "invite_mock": ROOT / "mock" / "invite_mock",
    "invite_conformance": ROOT / "conformance" / "invite_conformance",
}
MAY_IMPORT = {
    "invite_specs": {"invite_specs"},
    "invite_mock": {"invite_specs", "invite_mock"},
    "invite_conformance": {"invite_specs", "invite_conformance"},
}


def imported_packages(source: str) -> set[str]:
    """The top-level packages that a module imports or names in a string to import later."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test can read them"
            names.add(str(node.module).split(".")[0])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names |= {package for package in SOURCES if node.value.startswith((f"{package}.", f"{package}:"))}
    return names


@pytest.mark.parametrize("package", SOURCES)
def test_a_package_imports_only_what_the_dependency_law_allows(package: str) -> None:
    modules = sorted(SOURCES[package].rglob("*.py"))
    assert modules
    for module in modules:
        ours = imported_packages(module.read_text("utf-8")) & SOURCES.keys()
        assert ours <= MAY_IMPORT[package], f"{module.relative_to(ROOT)} imports {ours - MAY_IMPORT[package]}"


@pytest.mark.parametrize("folder", ["mock", "specs", "conformance", "tests/mock"])
def test_no_import_package_is_called_like_a_source_root(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()

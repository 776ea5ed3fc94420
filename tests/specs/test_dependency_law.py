"""The dependency law: which package, and which part of a package, may import which; and no circles.

1. specs imports no other package; the mock and the suite import specs, and never each other.
2. Inside a package imports run one way: a part imports what is below it in LAYERS, and no module imports itself through
   others.
3. Nothing imports a contract but the contract itself; nothing outside its folder names its members, headers or paths.
"""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from invite_specs import Document, contract, contract_names, mock_control
from jsonschema import Draft7Validator
from openapi_spec_validator.schemas import schema_v31

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
CONTRACTS = "contracts"
WHERE = "contracts.__init__"
"""The package of all contracts, which says where they are and imports nothing."""
LAYERS: dict[str, list[set[str]]] = {
    "invite_specs": [
        {"names", "pointer", WHERE},
        {"yaml_file"},
        {"grammar", "json_file", "overlay"},
        {"openapi", "upgrade"},
        {"bundle", "validity"},
        {"openapi_file"},
        {"contract", "placeholder"},
        {"new_contract", "workflow_draft"},
        {"scaffold"},
        {"__init__"},
    ],
    "invite_mock": [
        {"schema_errors", WHERE},
        {"state"},
        {"refusal"},
        {"http"},
        {"documents", "rule_draft"},
        {"http.endpoint", "http.samples"},
        {"journal"},
        {CONTRACTS, "control", "settings"},
        {"apis", "scaffold"},
        {"pages"},
        {"app"},
        {"server"},
        {"cli"},
        {"__main__"},
    ],
    "invite_conformance": [
        {"result", "http.json_text", "python_text", WHERE},
        {"plan"},
        {"target"},
        {"http"},
        {"judging.calls", "judging.applicability", "judging.moments", "judging.findings"},
        {"judging.derived.members"},
        {"judging.derived.schemas"},
        {"judging.context", "judging.stack_traces"},
        {"judging.registry"},
        {"engines"},
        {"judging.derived"},
        {"judging.catalogue"},
        {"judging", "target.target_file"},
        {CONTRACTS, "run"},
        {"report"},
        {"pytest", "cli", "scaffold"},
        {"__main__"},
    ],
}
"""The parts of each package, lowest first: modules and folders directly inside it, and those of a folder."""


def modules(package: str) -> dict[str, Path]:
    """The modules of a package by their full name; a folder's is that of its __init__."""
    found = {}
    for path in sorted(SOURCES[package].rglob("*.py")):
        parts = [package, *path.relative_to(SOURCES[package]).with_suffix("").parts]
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path) -> Iterator[str]:
    """The full names that a module imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test can read them"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def named_packages(path: Path) -> set[str]:
    """The packages that a module names in a string, to import them later."""
    texts = [node.value for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Constant)]
    return {
        package
        for package in SOURCES
        for text in texts
        if isinstance(text, str) and text.startswith((f"{package}.", f"{package}:"))
    }


def graph(package: str) -> dict[str, set[str]]:
    """Each module of a package with those of the same package that it imports."""
    known = modules(package)
    found: dict[str, set[str]] = {}
    for name, path in known.items():
        targets = {next((one for one in (each, each.rpartition(".")[0]) if one in known), "") for each in imports(path)}
        found[name] = targets - {"", name}
    return found


def part(module: str) -> str:
    """The part of its package that a module belongs to."""
    package, *names = module.split(".")
    if names == [CONTRACTS]:
        return WHERE
    known = set().union(*LAYERS[package])
    prefixes = [".".join(names[:length]) for length in range(len(names), 0, -1)]
    return next((one for one in prefixes if one in known), names[0] if names else "__init__")


@pytest.mark.parametrize("package", SOURCES)
def test_a_package_imports_only_what_the_dependency_law_allows(package: str) -> None:
    found = modules(package)
    assert found
    for module, path in found.items():
        ours = {name.split(".")[0] for name in imports(path)} & SOURCES.keys() | named_packages(path)
        assert ours <= MAY_IMPORT[package], f"{module} imports {ours - MAY_IMPORT[package]}"


@pytest.mark.parametrize("package", SOURCES)
def test_there_are_no_import_circles(package: str) -> None:
    try:
        list(TopologicalSorter(graph(package)).static_order())
    except CycleError as error:
        pytest.fail(f"import circle: {' imports '.join(reversed(error.args[1]))}")


@pytest.mark.parametrize("package", SOURCES)
def test_a_part_imports_only_parts_below_it(package: str) -> None:
    level = {name: number for number, layer in enumerate(LAYERS[package]) for name in layer}
    upwards = [
        f"{module} imports {imported}"
        for module, targets in graph(package).items()
        for imported in targets
        if part(imported) != part(module) and level[part(imported)] >= level[part(module)]
    ]
    assert upwards == []


@pytest.mark.parametrize("package", SOURCES)
def test_nothing_imports_a_contract_but_the_contract_itself(package: str) -> None:
    prefix = f"{package}.{CONTRACTS}."
    foreign = [
        f"{module} imports {imported}"
        for module, targets in graph(package).items()
        for imported in targets
        if imported.startswith(prefix) and module.split(".")[:3] != imported.split(".")[:3]
    ]
    assert foreign == []


def member_names(value: Document) -> Iterator[str]:
    """The names of all properties in a document's schemas."""
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            yield from value["properties"]
        for one in value.values():
            yield from member_names(one)
    elif isinstance(value, list):
        for one in value:
            yield from member_names(one)


def contract_words() -> set[str]:
    """What only a contract's own folder may name: no plain word, and no word of a standard or of the control API."""
    words = set(contract_names())
    for name in contract_names():
        document = contract(name).assumed
        words |= {*member_names(document)}
        words |= {word for one in contract(name).operations for word in (one.id, one.path)}
        schemes = document.get("components", {}).get("securitySchemes", {})
        words |= {word for scheme, one in schemes.items() for word in (scheme, one.get("name", scheme))}
    composed = {word for word in words if not re.fullmatch(r"[a-z]+|\W*", word)}
    standards = (schema_v31, Draft7Validator.META_SCHEMA, mock_control())
    return composed - {name for one in standards for name in member_names(one)}


@pytest.mark.parametrize("package", SOURCES)
def test_nothing_general_names_a_contract_or_what_is_in_one(package: str) -> None:
    words = contract_words()
    assert {"client-invites", "x-dolfin-api-key", "invitedBy", "companyId"} <= words
    named = [
        f"{module}: {node.value!r}"
        for module, path in modules(package).items()
        if part(module) != CONTRACTS
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in words
    ]
    assert named == []


@pytest.mark.parametrize("folder", ["mock", "specs", "conformance", "tests/mock"])
def test_no_import_package_is_called_like_a_source_root(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()

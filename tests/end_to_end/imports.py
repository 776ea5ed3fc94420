"""What the packages import, read from their source."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "specs": ROOT / "specs" / "invite_specs",
    "mock": ROOT / "mock" / "invite_mock",
    "conformance": ROOT / "conformance" / "invite_conformance",
}
_OURS = {folder.name for folder in PACKAGES.values()}


def canonical(distribution: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


DISTRIBUTIONS = {name: {canonical(one) for one in found} for name, found in packages_distributions().items()}
"""The distributions that install each top-level module."""


def imported(modules: Iterable[Path]) -> set[str]:
    """The top-level modules that are imported, without the standard library's and our own."""
    names = set()
    for node in _nodes(modules):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - _OURS


def named(modules: Iterable[Path]) -> set[str]:
    """Every string: a module may be named in one, as in `find_spec("swagger_ui")`."""
    return {node.value for node in _nodes(modules) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _nodes(modules: Iterable[Path]) -> Iterator[ast.AST]:
    for module in modules:
        yield from ast.walk(ast.parse(module.read_text("utf-8")))

"""Where an extra is not installed: the commands name it, and pytest loads no option of the suite."""

import subprocess
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from unittest.mock import Mock

import pytest
from end_to_end.imports import PACKAGES, imported

# A module that is None in sys.modules is one that Python does not find.
WITHOUT = "import sys; sys.modules.update(dict.fromkeys(sys.argv.pop(1).split(',')));"
COMMANDS = {"mock": "invite-mock", "conformance": "invite-conformance"}
MISSING = {
    extra: imported(PACKAGES[extra].rglob("*.py")) - imported(PACKAGES["specs"].rglob("*.py")) for extra in COMMANDS
}


def command_without(modules: str, extra: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an extra's command where these modules, divided by commas, cannot be imported."""
    program = f"{WITHOUT} from invite_{extra}.__main__ import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", program, modules, *arguments], capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("extra", COMMANDS)
def test_a_command_names_the_extra_that_it_needs(extra: str) -> None:
    done = command_without(",".join(MISSING[extra]), extra, "--help")
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    start, _, end = line.partition(" is not installed; ")
    assert start.removeprefix(f"{COMMANDS[extra]}: ") in MISSING[extra]
    assert end == f"install the extra: pip install 'invite-contracts[{extra}]'"


def test_a_package_that_is_imported_late_is_named_too() -> None:
    done = command_without("uvicorn", "mock", "serve", "--port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("invite-mock: uvicorn is not installed; ")


@pytest.mark.parametrize(
    "module",
    [
        pytest.param("invite_mock.cli", id="a module of ours"),
        pytest.param("argparse", id="a module of the standard library"),
        pytest.param("yaml.nodes", id="a module of a package that is installed"),
    ],
)
def test_any_other_failed_import_is_not_hidden(module: str) -> None:
    done = command_without(module, "mock", "--help")
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "install the extra" not in done.stderr


def entry_point() -> EntryPoint:
    [found] = entry_points(group="pytest11", name="invite-conformance")
    return found


def test_the_plugin_imports_only_pytest_when_it_is_loaded() -> None:
    program = (
        f"import pytest, sys; old = {{*sys.modules}}; import {entry_point().value}; print(*sys.modules.keys() - old)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    packages = {module.partition(".")[0] for module in done.stdout.split()}
    assert packages - sys.stdlib_module_names == {"invite_conformance"}


def plugin() -> ModuleType:
    loaded = entry_point().load()
    assert isinstance(loaded, ModuleType)
    return loaded


def test_the_plugin_registers_its_options_where_the_extra_is_installed() -> None:
    parser = Mock(spec=pytest.Parser)
    plugin().pytest_addoption(parser)
    assert parser.mock_calls


@pytest.mark.parametrize("missing", sorted(MISSING["conformance"] - {"pytest"}))
def test_the_plugin_registers_nothing_where_the_extra_is_missing(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parser = Mock(spec=pytest.Parser)
    monkeypatch.setitem(sys.modules, missing, None)
    plugin().pytest_addoption(parser)
    assert parser.mock_calls == []


def test_pytest_runs_where_the_extra_is_missing(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text("def test_one(): pass\n", "utf-8")
    program = f"{WITHOUT} import pytest; sys.exit(pytest.main(['-q']))"
    done = subprocess.run(
        [sys.executable, "-c", program, "openapi_core"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr

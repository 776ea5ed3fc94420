"""The package as others install it: a wheel with all its data, extras that bring no more than they need, a first start.

What is installed has the versions of requirements.lock, so that a release of somebody else does not fail these tests.
"""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements.lock"
MINUTES = 60


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    result = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=10 * MINUTES,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@contextmanager
def started(*command: str | Path, cwd: Path, **environment: str) -> Iterator[str]:
    """Start a mock, give the base URL that it prints, and stop it with what it started."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=inherited | environment | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        assert process.stdout is not None
        base_url = next((found[0] for line in process.stdout if (found := re.search(r"http://\S+", line))), None)
        assert base_url, "it ended without serving"
        yield base_url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=MINUTES)


def status_of_the_health(base_url: str) -> str:
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{base_url}/_mock/health"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_file_of_the_packages(wheel: Path) -> None:
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "specs", "mock", "conformance"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert carried == {name.partition("/")[2] for name in tracked}


def installed(extra: str, folder: Path) -> Path:
    """The commands of an environment in which pip installed this folder with the extra."""
    # pip asks for the hash of this folder too where a constraint has one.
    constraints = folder / "constraints.txt"
    pins = re.findall(r"^\w.*(?= \\$)", LOCK.read_text("utf-8"), re.MULTILINE)
    constraints.write_text("\n".join(pins), "utf-8")
    run(sys.executable, "-m", "venv", folder / "venv", cwd=folder)
    commands = folder / "venv" / "bin"
    run(commands / "pip", "install", "--quiet", f"{ROOT}[{extra}]", cwd=folder, PIP_CONSTRAINT=str(constraints))
    return commands


def distributions(commands: Path) -> set[str]:
    found = json.loads(run(commands / "pip", "list", "--format", "json", cwd=commands))
    return {one["name"].lower() for one in found}


def write_target(folder: Path, base_url: str) -> None:
    """The target file of a mock's default world, which is YAML too."""
    families = {
        "family": "fml_complete",
        "second_family": "fml_nocontact",
        "family_without_contact": "fml_nocontact",
        "foreign_family": "fml_foreign",
    }
    target = {"contract": "family-invites", "base_url": base_url, "states": families}
    (folder / "target.yaml").write_text(json.dumps(target), "utf-8")


@pytest.mark.slow
def test_the_extra_mock_serves_without_what_tests_are_made_of(tmp_path: Path) -> None:
    commands = installed("mock", tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with started(commands / "invite-mock", "--port", "0", cwd=elsewhere) as base_url:
        assert status_of_the_health(base_url) == "200"
    run(commands / "invite-mock", "contracts", cwd=elsewhere)
    run(commands / "invite-mock", "world", cwd=elsewhere)
    found = distributions(commands)
    assert "connexion" in found
    assert found.isdisjoint({"pytest", "schemathesis", "hypothesis", "openapi-core"})
    write_target(elsewhere, base_url)
    suite = subprocess.run(
        [commands / "invite-conformance", "run"], cwd=elsewhere, capture_output=True, text=True, check=False
    )
    assert suite.returncode == 2
    assert suite.stderr.endswith("install the extra: pip install 'invite-contracts[conformance]'\n")


@pytest.mark.slow
def test_the_extra_conformance_checks_a_server_without_what_a_mock_is_made_of(tmp_path: Path) -> None:
    commands = installed("conformance", tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with started(sys.executable, "-m", "invite_mock", "--port", "0", cwd=elsewhere) as base_url:
        write_target(elsewhere, base_url)
        assert run(commands / "invite-conformance", "run", "--quiet", cwd=elsewhere).startswith("CONFORMANT: ")
    found = distributions(commands)
    assert "schemathesis" in found
    assert found.isdisjoint({"connexion", "starlette", "uvicorn", "orjson"})


@pytest.mark.slow
def test_uvx_starts_the_mock_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """Teams without a Python project of their own start it so; the lock leaves nothing to resolve."""
    environment = {
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_CONSTRAINT": str(LOCK),
        "UV_PYTHON": sys.executable,
    }
    uvx = Path(sys.executable).with_name("uvx")
    with started(
        uvx, "--from", f"{wheel}[mock]", "invite-mock", "--port", "0", cwd=tmp_path, **environment
    ) as base_url:
        assert status_of_the_health(base_url) == "200"
    assert status_of_the_health(base_url) == "000"


@pytest.mark.slow
def test_make_mock_serves_from_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run("git", "clone", "--quiet", ROOT, clone, cwd=tmp_path)
    run("make", "PYTHON=" + sys.executable, ".venv/installed", cwd=clone)
    with started(clone / ".venv/bin/invite-mock", "--port", "0", cwd=clone) as base_url:
        assert status_of_the_health(base_url) == "200"
    again = subprocess.run(["make", "-n", "mock"], cwd=clone, capture_output=True, text=True, check=True).stdout
    assert "pip" not in again

"""The package as others install it: a wheel with all its data, and a first start from nothing."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
in_ci = pytest.mark.skipif(
    "CI" not in os.environ, reason="installs every dependency, which takes a minute; set CI=1 to run it"
)


def run(*command: str | Path, cwd: Path) -> None:
    result = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr


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


@contextmanager
def first_start(command: list[str | Path], cwd: Path) -> Iterator[str]:
    """Start a mock; gives the base URL that it prints."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "PYTHONUNBUFFERED": "1"
    }
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        base_url = next((found[0] for line in process.stdout if (found := re.search(r"http://\S+", line))), None)
        assert base_url, "it ended without serving"
        yield base_url
        process.terminate()


def status_of_the_health(base_url: str) -> str:
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{base_url}/_mock/health"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@in_ci
def test_pip_install_into_an_empty_environment_gives_a_working_mock(tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    run(tmp_path / "venv/bin/pip", "install", "--quiet", ROOT, cwd=tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with first_start([tmp_path / "venv/bin/invite-mock", "--port", "0"], elsewhere) as base_url:
        assert status_of_the_health(base_url) == "200"
    run(tmp_path / "venv/bin/invite-mock", "contracts", cwd=elsewhere)
    run(tmp_path / "venv/bin/invite-mock", "world", cwd=elsewhere)


@in_ci
def test_make_mock_serves_from_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    run("git", "clone", "--quiet", ROOT, clone, cwd=tmp_path)
    run("make", "PYTHON=" + sys.executable, ".venv/installed", cwd=clone)
    with first_start([clone / ".venv/bin/invite-mock", "--port", "0"], clone) as base_url:
        assert status_of_the_health(base_url) == "200"
    again = subprocess.run(["make", "-n", "mock"], cwd=clone, capture_output=True, text=True, check=True).stdout
    assert "pip" not in again

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conformance.bank import Bank
from conformance.offers import target_file


@pytest.fixture
def folder(tmp_path: Path, bank: Bank) -> Path:
    target_file(tmp_path / "target.yaml", "family-invites", bank.fresh("correct-family-plain"))
    target_file(tmp_path / "faulty.yaml", "family-invites", bank.fresh("family-derived-invitefamily-200-email"))
    return tmp_path


def pytest_in(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "--pyargs", "invite_conformance"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*command, *options], cwd=folder, env=environment, text=True, capture_output=True, timeout=120, check=False
    )


def test_requirements_are_chosen_with_k_and_written_as_junit(folder: Path) -> None:
    done = pytest_in(
        folder,
        "--invite-target",
        "target.yaml",
        "--invite-mode",
        "safe",
        "-k",
        "404.status",
        "--junitxml",
        "junit.xml",
        "-q",
    )
    assert done.returncode == 0, done.stdout
    assert "family-invites.404.status" in (folder / "junit.xml").read_text()


def test_a_failure_has_expectation_and_remedy_and_x_stops(folder: Path) -> None:
    done = pytest_in(
        folder,
        "--invite-target",
        "faulty.yaml",
        "--invite-mode",
        "safe",
        "-k",
        "200.email or 200.id",
        "-x",
        "-q",
        "-p",
        "no:xdist",
    )
    assert done.returncode == 1
    assert "expected: `email`, a string" in done.stdout
    assert "remedy:" in done.stdout
    assert "1 failed" in done.stdout


@pytest.mark.slow
def test_xdist_keeps_the_requirements_together(folder: Path) -> None:
    pytest.importorskip("xdist")
    done = pytest_in(
        folder, "--invite-target", "target.yaml", "--invite-mode", "safe", "-n", "2", "-v", "-k", "404 or body"
    )
    assert done.returncode == 0, done.stdout
    assert len({line.split("]")[0] for line in done.stdout.splitlines() if line.startswith("[gw")}) == 1


def test_what_reached_no_verdict_ends_with_3(folder: Path) -> None:
    done = pytest_in(folder, "--invite-target", "target.yaml", "--invite-mode", "read-only", "-q")
    assert done.returncode == 3, done.stdout


@pytest.mark.parametrize("options", [("--invite-target", "nowhere.yaml"), ("-q",)], ids=["no file", "no option"])
def test_without_a_target_file_it_is_a_usage_error(folder: Path, options: tuple[str, ...]) -> None:
    done = pytest_in(folder, *options)
    assert done.returncode not in {0, 1}
    assert "nowhere.yaml" in done.stderr or "--invite-target FILE is needed" in done.stdout + done.stderr


def test_the_command_reads_no_configuration_of_the_users_pytest(folder: Path) -> None:
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    (folder / "conftest.py").write_text("raise RuntimeError('read')\n")
    done = subprocess.run(
        [sys.executable, "-m", "invite_conformance", "run", "--only", "family-invites.404.status"],
        cwd=folder,
        env=os.environ | {"PYTEST_ADDOPTS": "--no-such-option"},
        text=True,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

"""The first five minutes with the suite, as in the README: its commands, its values, against the mock."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from invite_specs import YamlFile, contract

ROOT = Path(__file__).parents[2]
SECTION = (ROOT / "README.md").read_text("utf-8").partition("## The suite\n")[2].partition("\n## ")[0]
COMMANDS = re.findall(r"^```bash\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
VALUES = re.findall(r"^\| `(REPLACE\S+)` \| `(\S+)` \|", SECTION, re.MULTILINE)
EXAMPLE = ROOT / ".github/workflows/conformance-example.yml"


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    """The base URL of a mock in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    address = re.search(r"http://\S+", process.stdout.readline())
    assert address
    yield address[0].rstrip("/")
    process.terminate()
    process.communicate(timeout=30)


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    """A command as the README shows it, where the suite is on the PATH."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    command = command.replace(". .venv/bin/activate\n", "")
    environment = os.environ | {"PATH": path}
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_the_readme_s_first_run_is_conformant(mock: str, tmp_path: Path) -> None:
    init, run, *_ = COMMANDS
    assert shell(tmp_path, init).returncode == 0
    target = tmp_path / "target.yaml"
    text = target.read_text("utf-8").replace("http://127.0.0.1:4010", f"{mock}/@first-run")
    for placeholder, value in VALUES:
        assert placeholder in text
        text = text.replace(placeholder, value)
    target.write_text(text, "utf-8")
    done = shell(tmp_path, run)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.fullmatch(r"(\d+ of \d+ requirements checked; next is client-invites\.\S+\n)+", done.stderr)
    assert "\nCONFORMANT: " in done.stdout
    report = json.loads((tmp_path / "report" / "report.json").read_text("utf-8"))
    assert {result["verdict"] for result in report["results"]} == {"pass"}
    assert all(count for counts in report["matrix"].values() for count in counts.values())
    assert "acme-admin-key" not in done.stdout + "".join(
        one.read_text("utf-8") for one in (tmp_path / "report").iterdir()
    )


def test_the_readme_s_run_against_a_document_alone_says_how_much_it_covers(mock: str, tmp_path: Path) -> None:
    [command] = [one for one in COMMANDS if "--openapi" in one]
    init, run = command.strip().splitlines()
    (tmp_path / "openapi.yaml").write_bytes(contract("family-invites").published_path.read_bytes())
    assert shell(tmp_path, init).returncode == 0
    target = tmp_path / "target.yaml"
    lines = target.read_text("utf-8").replace("https://localhost", f"{mock}/@document").splitlines()
    target.write_text(
        "\n".join(line.replace("states: {}", "states: {parameters: {id: fml_complete}}") for line in lines)
    )
    done = shell(tmp_path, run)
    assert done.returncode == 3, done.stdout + done.stderr
    assert "Only what openapi.yaml says by itself was checked" in " ".join(done.stdout.split())
    assert "never answered: 403 of POST /v1/families/{id}/invite" in " ".join(done.stdout.split())


def test_the_example_of_a_ci_job_runs_by_hand_only_and_shows_no_secret() -> None:
    workflow = YamlFile(EXAMPLE).data
    assert list(workflow["on"]) == ["workflow_dispatch"]
    steps = workflow["jobs"]["conformance"]["steps"]
    [check] = [step for step in steps if "invite-conformance run" in step.get("run", "")]
    assert "secrets." not in check["run"]
    assert "${{" not in check["run"]
    assert any("secrets." in value for value in check["env"].values())

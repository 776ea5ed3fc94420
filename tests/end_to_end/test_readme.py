"""The README's commands, run as they are written, in the order in which they stand there."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^```sh\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
CALLS = [command for command in COMMANDS if command.startswith("curl")]
STATUSES = [["201"], ["409"], ["400"], ["403"], ["200", "404"], ["200"], ["200"], ["200", "200", "200"]]


def test_the_readme_shows_the_two_commands_first() -> None:
    assert COMMANDS[:2] == ["make mock\n", "make test\n"]
    assert [command for command in COMMANDS[2:] if command not in CALLS] == []


@pytest.fixture(scope="module")
def mock() -> Iterator[None]:
    """`make mock`, as it is written, on the port that the README names."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if probe.connect_ex(("127.0.0.1", 4010)) == 0:
            pytest.skip("port 4010 is in use, where the README's commands expect the mock")
    process = subprocess.Popen(
        ["bash", "-c", COMMANDS[0]],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
        process_group=0,
    )
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith("Try:"):
            break
    assert "on http://127.0.0.1:4010" in "".join(printed), printed
    yield
    os.killpg(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)


@pytest.mark.usefixtures("mock")
def test_the_calls_give_what_the_readme_says() -> None:
    seen = []
    answers = ""
    for call in CALLS:
        result = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=True, timeout=30)
        answers += result.stdout
        seen.append(re.findall(r"^HTTP/1\.1 (\d{3})", result.stdout, re.MULTILINE))
    assert seen == STATUSES
    assert '"holds":true' in answers


def test_every_file_that_the_readme_links_is_there() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []

"""What a server sends commands no CI runner through the output of pytest either."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conformance.listener import Request, listening
from conformance.offers import target_file
from conformance.reference_clients import ClientInvites

COMMANDS = "\n::error::a\n  ::stop-commands::b\n##[error]c ##vso[task.complete]d ##teamcity[message]e\x1b[2J"


class Commanding(ClientInvites):
    """Puts commands of CI runners wherever it can."""

    def success(self, document: dict[str, object], request: Request) -> dict[str, object]:
        del request
        return document | {"role": COMMANDS, "createdAt": COMMANDS, "token": [COMMANDS]}

    def refusal(self, document: dict[str, object], request: Request) -> dict[str, object]:
        del request
        return document | {"title": COMMANDS, "status": COMMANDS}


@pytest.mark.slow
def test_no_ci_runner_finds_a_command_of_a_server_in_the_output_of_pytest(tmp_path: Path) -> None:
    with listening({"commanding": Commanding}) as listener:
        target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/commanding")
        command = [sys.executable, "-m", "pytest", "--pyargs", "invite_conformance", "-p", "no:cacheprovider"]
        command += [
            "--invite-target",
            "target.yaml",
            "--invite-mode",
            "safe",
            "-rA",
            "-k",
            "201 or problem or 409.code",
        ]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "failed" in done.stdout, done.stdout + done.stderr
    assert r"\u0023#[error]c" in done.stdout
    assert not re.search(r"^\s*::|##\w*\[|\x1b", done.stdout + done.stderr, re.MULTILINE)

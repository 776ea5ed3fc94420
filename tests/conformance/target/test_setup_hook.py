"""A server that must be prepared: the hook is told each state, may answer what it is, and none of that is told."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from conformance.bank import Bank
from conformance.offers import STATES, target_file
from invite_conformance import cli

HOOK = """
import json, pathlib, sys
told = json.load(sys.stdin)
with pathlib.Path(sys.argv[1]).open("a") as log:
    log.write(json.dumps(told) + "\\\\n")
if told["action"] == "setup" and told["state"] == "admin":
    print(json.dumps({"headers": {"authorization": "Bearer key-of-the-admin", "x-made": "made-by-the-hook"}}))
elif told["action"] == "setup" and told["state"] == "member_email":
    print(json.dumps({"value": "member@made.example"}))
"""


def run(tmp_path: Path, base_url: str, hook: str, *only: str) -> int:
    states = {"client": STATES["client-invites"]["client"], "member_email": "to-be-made@made.example"}
    path = target_file(tmp_path / "target.yaml", "client-invites", base_url, states=states, setup=hook)
    return cli.main(["run", "--target", str(path), "--report", str(tmp_path / "report"), "--only", *only])


def test_the_hook_makes_states_and_is_told_when_they_are_over(bank: Bank, tmp_path: Path) -> None:
    script = tmp_path / "hook.py"
    script.write_text(HOOK.replace("\\\\n", "\\n"), "utf-8")
    log = tmp_path / "log"
    hook = shlex.join([sys.executable, str(script), str(log)])
    # A lie about tokens is found: the admin that the hook made was used.
    code = run(
        tmp_path, bank.fresh("client-no-token"), hook, "client-invites.201.token", "client-invites.409.already-member"
    )
    assert code == 1
    told: list[dict[str, Any]] = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    setups = {one["state"]: one["params"] for one in told if one["action"] == "setup"}
    assert setups["admin"] is None
    assert setups["member_email"] == "to-be-made@made.example"
    assert len(setups) == len([one for one in told if one["action"] == "setup"])
    down = {one["state"]: one["params"] for one in told if one["action"] == "teardown"}
    assert down["member_email"] == "member@made.example"
    for report in (tmp_path / "report").iterdir():
        text = report.read_text("utf-8")
        assert "made-by-the-hook" not in text
        assert "key-of-the-admin" not in text


def test_a_hook_that_fails_is_an_error_and_no_verdict(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = shlex.join([sys.executable, "-c", "import sys; sys.exit('no, with a-secret')"])
    assert run(tmp_path, bank.fresh("correct-client-plain"), hook, "client-invites.201.token") == 2
    said = capsys.readouterr().out
    assert "the setup hook failed at setup of `" in said
    assert "a-secret" not in said

"""A server that must be prepared: the hook gets each state, may answer what it is, and no report shows the answer."""

import http.client
import json
import shlex
import sys
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conformance.bank import Bank
from conformance.offers import STATES, target_file
from invite_conformance import cli
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.setup_hook import SetupError
from invite_conformance.target.states import States
from invite_conformance.target.target import Target

HOOK = """
import json, pathlib, sys
call = json.load(sys.stdin)
with pathlib.Path(sys.argv[1]).open("a") as log:
    log.write(json.dumps(call) + "\\\\n")
if call["action"] == "setup" and call["state"] == "admin":
    print(json.dumps({"headers": {"authorization": "Bearer key-of-the-admin", "x-made": "made-by-the-hook"}}))
elif call["action"] == "setup" and call["state"] == "member_email":
    print(json.dumps({"value": "member@made.example"}))
"""


def run(tmp_path: Path, base_url: str, hook: str, *only: str) -> int:
    states = {"client": STATES["client-invites"]["client"], "member_email": "to-be-made@made.example"}
    path = target_file(tmp_path / "target.yaml", "client-invites", base_url, states=states, setup=hook)
    return cli.main(["run", "--target", str(path), "--report", str(tmp_path / "report"), "--only", *only])


def test_the_hook_makes_states_and_takes_them_down(bank: Bank, tmp_path: Path) -> None:
    script = tmp_path / "hook.py"
    script.write_text(HOOK.replace("\\\\n", "\\n"), "utf-8")
    log = tmp_path / "log"
    hook = shlex.join([sys.executable, str(script), str(log)])
    # The fault in the token is found: the admin that the hook made was used.
    code = run(
        tmp_path,
        bank.fresh("client-no-token"),
        hook,
        "client-invites.createClientInvite.201.token",
        "client-invites.409.already-member",
    )
    assert code == 1
    calls: list[dict[str, Any]] = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    setups = {one["state"]: one["params"] for one in calls if one["action"] == "setup"}
    assert setups["admin"] is None
    assert setups["member_email"] == "to-be-made@made.example"
    assert len(setups) == len([one for one in calls if one["action"] == "setup"])
    down = {one["state"]: one["params"] for one in calls if one["action"] == "teardown"}
    assert down["member_email"] == "member@made.example"
    for report in (tmp_path / "report").iterdir():
        text = report.read_text("utf-8")
        assert "made-by-the-hook" not in text
        assert "key-of-the-admin" not in text


def test_a_hook_that_fails_is_an_error_and_no_verdict(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hook = shlex.join([sys.executable, "-c", "import sys; sys.exit('no, with a-secret')"])
    assert run(tmp_path, bank.fresh("correct-client-plain"), hook, "client-invites.createClientInvite.201.token") == 2
    said = capsys.readouterr().out
    assert "the setup hook failed at setup of `" in said
    assert "a-secret" not in said


FAILING = """
import json, pathlib, sys
call = json.load(sys.stdin)
with pathlib.Path(sys.argv[1]).open("a") as log:
    log.write(f"{call['action']} {call['state']}\\n")
sys.exit(call["action"] == "teardown" and call["state"] in {"one", "three"})
"""


def test_a_failing_teardown_leaves_no_other_state_up(tmp_path: Path) -> None:
    script, log = tmp_path / "hook.py", tmp_path / "log"
    script.write_text(FAILING.replace("\\\\n", "\\n"), "utf-8")
    hook = shlex.join([sys.executable, str(script), str(log)])
    target = Target("client-invites", "http://127.0.0.1:1", states={"one": 1, "two": 2, "three": 3}, setup=hook)
    states = States(target, Redaction({}))
    for name in target.states:
        states.get(name)
    with pytest.raises(SetupError) as raised:
        states.close()
    assert str(raised.value) == (
        "the setup hook failed at teardown of `one`: exit code 1; "
        "the setup hook failed at teardown of `three`: exit code 1"
    )
    assert log.read_text().split("\n")[3:6] == ["teardown one", "teardown two", "teardown three"]


def test_a_hook_that_answers_no_http_leaves_no_state_up_and_the_report_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []

    def answers_garbage(request: urllib.request.Request, **_: float) -> None:
        called.append(json.loads(request.data or b"")["state"])  # type: ignore[arg-type]  # bytes
        raise http.client.BadStatusLine("garbage")

    target = Target("client-invites", "http://127.0.0.1:1", states={"a": 1, "b": 2}, path=tmp_path / "target.yaml")
    states = States(target, Redaction({}))
    for name in ("a", "b"):
        states.get(name)
    monkeypatch.setattr("urllib.request.urlopen", answers_garbage)
    states._target = replace(target, setup="http://127.0.0.1:1/hook")  # noqa: SLF001  # a hook that fails from now on
    with pytest.raises(SetupError, match=r"teardown of `a`: BadStatusLine; .*teardown of `b`"):
        states.close()
    assert called == ["a", "b"]

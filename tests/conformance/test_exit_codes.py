"""The command against real servers: each exit code, with all reports, and the conclusion."""

import json
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
from conformance.bank import Bank
from conformance.offers import STATES, target_file
from invite_conformance import cli, report
from invite_conformance.judging.verdicts import Verdicts
from invite_conformance.result import Requirement, Result

NOBODY = "http://127.0.0.1:1"
"""A port that nothing listens on (and that needs a privilege to listen on)."""
WITHOUT_OTHER_CLIENT = {key: value for key, value in STATES["client-invites"].items() if key != "other_client"}
KNOWN = {"requirement": "client-invites.createClientInvite.201.token", "reason": "known", "expires": "9999-12-31"}


@pytest.mark.parametrize(
    ("server", "only", "more", "code", "said"),
    [
        (
            "correct-client-plain",
            "client-invites.createClientInvite.201.token",
            {},
            0,
            "CONFORMANT: 1 MUST requirement checked, none violated.",
        ),
        (
            "client-no-token",
            "client-invites.createClientInvite.201.token",
            {},
            1,
            "NOT CONFORMANT: 1 of 1 MUST requirement is violated.",
        ),
        (
            "client-no-token",
            "client-invites.createClientInvite.201.token",
            {"waivers": [KNOWN]},
            0,
            "CONFORMANT: 1 MUST requirement checked, none violated, 1 waived.",
        ),
        (
            None,
            "client-invites.createClientInvite.201.token",
            {},
            2,
            "ERROR: no connection to 127.0.0.1:1: connection refused; is the server running, and the port right? (no "
            "response to 3 calls in a row, the last one POST …",
        ),
        (
            "correct-client-plain",
            "client-invites.403.other-client",
            {"states": WITHOUT_OTHER_CLIENT},
            3,
            "INCOMPLETE: no violation was found, but not everything was checked: 1 blocked (the target does not offer "
            "it: give `states.other_client` in ",
        ),
        (
            "correct-client-plain",
            "client-invites.409.other-case",
            {},
            3,
            "INCOMPLETE: none of the chosen requirements decides at level must: give `--level note`. Exit code 3.",
        ),
    ],
)
def test_the_exit_code_says_what_became_of_the_run(  # noqa: PLR0913, PLR0917  # the columns of the table
    bank: Bank,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    server: str | None,
    only: str,
    more: dict[str, Any],
    code: int,
    said: str,
) -> None:
    path = target_file(tmp_path / "target.yaml", "client-invites", bank.fresh(server) if server else NOBODY, **more)
    folder = tmp_path / "report"
    assert cli.main(["run", "--target", str(path), "--only", only, "--report", str(folder), "--seed", "1"]) == code
    assert said in " ".join(capsys.readouterr().out.split())
    assert {one.name for one in folder.iterdir()} == set(report.FILES)
    assert json.loads((folder / "report.json").read_text("utf-8"))["exitCode"] == code


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_a_run_that_does_not_finish_takes_its_states_down(
    bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    log = tmp_path / "log"
    script = f"import json, sys; print(json.load(sys.stdin)['action'], file=open({str(log)!r}, 'a'))"
    hook = shlex.join([sys.executable, "-c", script])

    def stumble(verdicts: Verdicts, _requirement: Requirement) -> Result:
        verdicts.context.states.get("admin")
        raise error

    monkeypatch.setattr(Verdicts, "verdict", stumble)
    path = target_file(tmp_path / "target.yaml", "client-invites", bank.fresh("correct-client-plain"), setup=hook)
    assert cli.main(["run", "--target", str(path), "--quiet"]) == 2
    assert log.read_text().split() == ["setup", "teardown"]


def test_a_crash_of_the_suite_is_no_verdict_and_says_where(
    bank: Bank, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(_self: Verdicts, _requirement: Requirement) -> Result:
        raise ZeroDivisionError("a check stumbled")

    monkeypatch.setattr(Verdicts, "verdict", stumble)
    path = target_file(tmp_path / "target.yaml", "client-invites", bank.fresh("correct-client-plain"))
    assert cli.main(["run", "--target", str(path), "--only", "client-invites.createClientInvite.201.token"]) == 2
    said = capsys.readouterr().err
    assert "the suite crashed; that says nothing about the target" in said
    assert "ZeroDivisionError: a check stumbled" in said

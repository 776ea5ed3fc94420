"""The command: exit codes, usage errors, what it prints where, and that the README has every option."""

import re
import sys
from pathlib import Path

import pytest
from conformance.report.sample_runs import RUNS, VIOLATED
from invite_conformance import cli, report
from invite_conformance.judging.catalogue import catalogue, contract_names
from invite_conformance.plan import Plan
from invite_conformance.report import annotations, summary, terminal
from invite_conformance.result import Level, Run
from invite_conformance.run import Progress
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import template

ROOT = Path(__file__).parents[2]
CODES = {"conformant": 0, "violated": 1, "wrong-key": 1, "unreachable": 2, "incomplete": 3}


@pytest.fixture(autouse=True)
def in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A working directory with a target file, in no CI."""
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    Path("target.yaml").write_text("contract: client-invites\nbase_url: http://127.0.0.1:4010\n")


class Suite:
    """Takes the place of `check`: keeps its arguments and returns one run."""

    def __init__(self, result: Run) -> None:
        self.result = result
        self.target: Target | None = None
        self.plan: Plan | None = None
        self.progress: Progress | None = None

    def __call__(self, target: Target, plan: Plan, progress: Progress | None = None) -> Run:
        self.target, self.plan, self.progress = target, plan, progress
        return self.result


@pytest.fixture
def suite(monkeypatch: pytest.MonkeyPatch) -> Suite:
    suite = Suite(VIOLATED)
    monkeypatch.setattr("invite_conformance.run.check", suite)
    return suite


def usage_error(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a usage error says; nothing is printed but that."""
    try:
        code = cli.main(arguments)
    except SystemExit as exited:  # argparse's own
        code = int(str(exited.code))
    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    return said.err


@pytest.mark.parametrize(("name", "code"), CODES.items())
def test_the_exit_code_is_the_run_s_and_reports_are_written_whatever_it_is(
    suite: Suite, capsys: pytest.CaptureFixture[str], name: str, code: int
) -> None:
    suite.result = RUNS[name]
    assert cli.main(["run", "--report", "out/of/ci"]) == code
    assert {path.name for path in Path("out/of/ci").iterdir()} == set(report.FILES)
    assert suite.target is not None
    assert suite.plan is not None
    heading = terminal.heading(suite.target, suite.plan)
    assert capsys.readouterr().out == heading + terminal.body(RUNS[name]) + "Reports: out/of/ci\n"


def test_quiet_prints_the_conclusion_only(suite: Suite, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["run", "--quiet"]) == 1
    assert capsys.readouterr().out == terminal.last(suite.result)


def test_the_options_reach_the_suite(suite: Suite) -> None:
    line = (
        "run --base-url http://localhost:1/x --level should --mode safe --seed 7 --time-box 500ms "
        "--only client-invites.409.race --only client-invites.createClientInvite.201.token --report out"
    )
    cli.main(line.split())
    assert suite.target is not None
    assert suite.target.base_url == "http://localhost:1/x"
    only = ["client-invites.409.race", "client-invites.createClientInvite.201.token"]
    assert suite.plan == Plan(Level.SHOULD, "safe", 7, only, time_box=0.5, bodies=Path("out/bodies"))


@pytest.mark.parametrize(("text", "seconds"), [("20s", 20), ("2m", 120), ("1.5", 1.5), ("250ms", 0.25)])
def test_a_time_box_has_a_unit(suite: Suite, text: str, seconds: float) -> None:
    cli.main(["run", "--time-box", text])
    assert suite.plan is not None
    assert suite.plan.time_box == seconds


def test_github_gets_annotations_and_a_summary(
    suite: Suite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    Path("summary.md").write_text("before\n")
    assert cli.main(["run", "--quiet"]) == 1
    assert capsys.readouterr().out == terminal.last(suite.result) + annotations.render(suite.result)
    text = summary.render(suite.result).encode("utf-8", "backslashreplace").decode()
    assert Path("summary.md").read_text("utf-8") == "before\n" + text


def test_progress_is_one_line_on_a_terminal_and_gone_at_the_end(
    suite: Suite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    cli.main(["run"])
    assert suite.progress is not None
    suite.progress(1, 2, "client-invites." + "x" * 100)
    suite.progress(2, 2, "")
    said = capsys.readouterr().err
    assert "\n" not in said
    assert max(map(len, said.split("\r"))) < terminal.WIDTH
    assert said.endswith(" \r")


def test_without_a_terminal_progress_is_a_line_now_and_then(
    suite: Suite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr("invite_conformance.cli.time.monotonic", lambda: clock[0])
    cli.main(["run"])
    assert suite.progress is not None
    for done, seconds in enumerate((0, 4, 4, 4, 4, 4)):
        clock[0] += seconds
        suite.progress(done, 6, f"client-invites.{done}")
    suite.progress(6, 6, "")
    assert capsys.readouterr().err == (
        "0 of 6 requirements checked; next is client-invites.0\n3 of 6 requirements checked; next is client-invites.3\n"
    )
    clock[0] += 100
    suite.progress(0, 1, "client-invites.0")
    assert capsys.readouterr().err == "0 of 1 requirement checked; next is client-invites.0\n"


def test_the_heading_is_printed_before_the_run_begins(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: list[str] = []

    def check(*_: object) -> Run:
        said.append(capsys.readouterr().out)
        return VIOLATED

    monkeypatch.setattr("invite_conformance.run.check", check)
    cli.main(["run", "--seed", "42"])
    assert said == ["client-invites at http://127.0.0.1:4010\nMode full, level must, seed 42\n"]
    capsys.readouterr()
    cli.main(["run", "--quiet"])
    assert said[1] == ""


def test_a_certificate_that_cannot_be_used_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def check(*_: object) -> Run:
        raise TargetError("target.yaml: ca_file: ca.pem has no PEM block")

    monkeypatch.setattr("invite_conformance.run.check", check)
    assert cli.main(["run", "--quiet"]) == 2
    assert capsys.readouterr().err == "invite-conformance: target.yaml: ca_file: ca.pem has no PEM block\n"


def test_an_interrupted_run_has_no_verdict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def check(*_: object) -> Run:
        raise KeyboardInterrupt

    monkeypatch.setattr("invite_conformance.run.check", check)
    assert cli.main(["run", "--quiet"]) == 2
    assert capsys.readouterr().err == "invite-conformance: interrupted: there is no verdict and no report\n"


def test_colour_is_for_a_terminal_that_wants_it(
    suite: Suite, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    cli.main(["run", "--quiet"])
    assert capsys.readouterr().out == terminal.last(suite.result, colour=True)
    monkeypatch.setenv("NO_COLOR", "1")
    cli.main(["run", "--quiet"])
    assert capsys.readouterr().out == terminal.last(suite.result)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["launch"], "choose from "),
        (["init"], f"give a contract, one of {', '.join(contract_names())}, or --openapi FILE"),
        (["init", "nope"], "invalid choice: 'nope' (choose from "),
        (["list", "--contract", "nope"], "invalid choice: 'nope' (choose from "),
        (["list", "--level", "nope"], "invalid choice: 'nope' (choose from "),
        (["explain", "409.race"], "unknown requirement '409.race'; did you mean client-invites.409.race?"),
        (["explain", "client-invites.409.rave"], "did you mean client-invites.409.race"),
        (["explain", "zzz"], "unknown requirement 'zzz'; `invite-conformance list` prints them all"),
        (["run", "--target", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory"),
        (["run", "--base-url", "nope"], "invite-conformance: --base-url: 'nope' does not fit; give the http or https"),
        (["run", "--only", "family-invites.200.status"], "unknown requirement 'family-invites.200.status'; "),
        (["run", "--only"], "argument --only: expected at least one argument"),
        (["run", "--mode", "nope"], "invalid choice: 'nope' (choose from "),
        (["run", "--level", "nope"], "invalid choice: 'nope' (choose from "),
        (["run", "--seed", "nope"], "argument --seed: "),
        (["run", "--time-box", "soon"], "'soon' is not a time; give a number with ms, s or m, such as 20s"),
        (["run", "--report", "target.yaml"], "--report target.yaml: File exists; give a folder that can be written"),
        (
            ["run", "--base-url", "https://api.example.com"],
            "https://api.example.com is not on this machine, and a run in mode full creates invites there: give "
            "--i-may-write-to-this-target if you may, or --mode read-only",
        ),
    ],
)
def test_a_usage_error_says_what_to_give(
    suite: Suite, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    error = usage_error(capsys, *arguments)
    assert said in " ".join(error.split())
    assert max(map(len, error.splitlines())) <= terminal.WIDTH
    assert suite.target is None


def test_a_crash_of_the_suite_is_no_verdict_and_shows_no_secret(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(target: Target, *_: object) -> Run:
        raise RuntimeError(f"no idea what to do with {target.headers} \x1b[2J ##[error]")

    monkeypatch.setattr("invite_conformance.run.check", fail)
    with Path("target.yaml").open("a") as file:
        file.write("headers: {x-key: a-very-secret-key}\n")
    assert cli.main(["run"]) == 2
    trace = capsys.readouterr().err
    said = " ".join(trace.split())
    assert "the suite crashed; that says nothing about the target. Please report it: " in said
    assert re.search(r'^  File ".*", line \d+, in \w+\n    \w', trace, re.MULTILINE)
    assert r"RuntimeError: no idea what to do with {'x-key': '$X_KEY'} \u001b[2J \u0023#[error]" in said
    assert "a-very-secret-key" not in said


def test_another_host_is_written_to_with_permission(suite: Suite) -> None:
    assert cli.main(["run", "--base-url", "https://api.example.com", "--i-may-write-to-this-target"]) == 1
    assert suite.target is not None


@pytest.mark.parametrize("contract", contract_names())
def test_init_prints_the_template(capsys: pytest.CaptureFixture[str], contract: str) -> None:
    assert cli.main(["init", contract]) == 0
    assert capsys.readouterr().out == template(contract)


def test_list_prints_every_requirement_within_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["list"]) == 0
    text = capsys.readouterr().out
    for one in [one for name in contract_names() for one in catalogue(name).requirements]:
        assert f"{one.id}  {one.level.upper()}\n" in text
        assert one.sentence in re.sub(r"\s+", " ", text)
    assert max(map(len, text.splitlines())) <= terminal.WIDTH


def test_list_keeps_to_a_contract_and_a_level(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["list", "--contract", "family-invites", "--level", "should"])
    found = re.findall(r"^(\S+)  (MUST|SHOULD|NOTE)$", capsys.readouterr().out, re.MULTILINE)
    assert found == [
        (one.id, one.level.upper()) for one in catalogue("family-invites").requirements if one.level is not Level.NOTE
    ]


@pytest.mark.parametrize("contract", contract_names())
def test_each_requirement_is_explained_with_its_source_and_remedy(
    capsys: pytest.CaptureFixture[str], contract: str
) -> None:
    for one in catalogue(contract).requirements:
        assert cli.main(["explain", one.id]) == 0
        text = capsys.readouterr().out
        flat = re.sub(r"\s+", " ", text)
        for part in (one.sentence, one.method, one.remedy, one.source):
            assert re.sub(r"\s+", " ", part) in flat, one.id
        assert (re.search(r"published\.yaml:\d+\n", text) is not None) is one.citation.startswith("/")


def options_of(command: str, capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        cli.main([command, "--help"])
    return set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}


def test_every_option_command_report_and_exit_code_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    options = {option for command in ("init", "list", "explain", "run") for option in options_of(command, capsys)}
    assert options
    assert {option for option in options if f"`{option}" not in readme} == set()
    assert {name for name in report.FILES if name not in readme} == set()
    assert {
        command for command in ("init", "list", "explain", "run") if f"invite-conformance {command}" not in readme
    } == set()
    section = readme.partition("### Exit codes")[2].partition("\n#")[0]
    assert re.findall(r"^\| (\d) \| ", section, re.MULTILINE) == ["0", "1", "2", "3"]

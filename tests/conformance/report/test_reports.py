"""Every format against its golden file, and the guarantees that each gives.

`REWRITE_GOLDEN=1 pytest tests/conformance/report/test_reports.py` rewrites the golden files: read the difference.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from conformance.report.sample_runs import (
    CASE,
    COMMAND,
    CONFORMANT,
    EXCHANGE,
    FOREIGN,
    HOSTILE,
    INCOMPLETE,
    RACE,
    RUNS,
    STATUS,
    TOKEN,
    UNREACHABLE,
    VIOLATED,
    WRONG_KEY,
)
from invite_conformance import report
from invite_conformance.report import annotations, json_report, terminal
from invite_conformance.report.words import about_commands, conclusion, undocumented
from invite_conformance.result import Cause, Conformance, Failure, Level, Result, Run, Verdict

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).with_name("golden")
FORMATS: dict[str, Callable[[Run], str]] = {
    "terminal.txt": terminal.render,
    "quiet.txt": terminal.last,
    "annotations.txt": annotations.render,
    **report.FILES,
}
NAMES = sorted(RUNS)


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths of the published documents are relative to the working directory."""
    monkeypatch.chdir(ROOT)


def without_spaces_at_ends(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_report_is_its_golden_file(name: str, format_: str) -> None:
    path = GOLDEN / f"{name}.{format_}"
    text = FORMATS[format_](RUNS[name])
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(without_spaces_at_ends(text), "utf-8")
    assert without_spaces_at_ends(text) == path.read_text("utf-8")


def test_every_golden_file_belongs_to_a_format() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(f"{run}.{one}" for run in RUNS for one in FORMATS)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_all_reports_are_written_for_every_conformance(tmp_path: Path, run: Run) -> None:
    report.write(run, tmp_path / "new" / "folder")
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == set(report.FILES)


@pytest.mark.parametrize(("name", "code"), [("conformant", 0), ("violated", 1), ("unreachable", 2), ("incomplete", 3)])
def test_the_exit_code_is_in_the_terminal_and_in_json(name: str, code: int) -> None:
    assert RUNS[name].conformance.exit_code == code
    assert f"Exit code {code}." in terminal.last(RUNS[name])
    assert json.loads(json_report.render(RUNS[name]))["exitCode"] == code


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_json_fits_its_published_schema(run: Run) -> None:
    assert jsonschema_rs.meta.is_valid(json_report.schema())
    validator = jsonschema_rs.Draft202012Validator(json_report.schema(), validate_formats=True)
    document = json.loads(json_report.render(run))
    validator.validate(document)
    for member in document:
        assert not validator.is_valid({key: value for key, value in document.items() if key != member}), member


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_junit_counts_what_it_holds(run: Run) -> None:
    [suite] = ET.fromstring(report.FILES["junit.xml"](run).encode("utf-8"))  # noqa: S314  # our own
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [result.requirement.id for result in run.results]
    assert [suite.get(key) for key in ("tests", "failures", "errors", "skipped")] == [
        str(len(cases)),
        str(len(suite.findall("testcase/failure"))),
        str(len(suite.findall("testcase/error"))),
        str(len(suite.findall("testcase/skipped"))),
    ]
    kinds = Counter({Verdict.FAIL: "failure", Verdict.ERROR: "error"}.get(one.verdict, "") for one in run.results)
    assert (suite.get("failures"), suite.get("errors")) == (str(kinds["failure"]), str(kinds["error"]))
    assert all(skipped.get("message") for skipped in suite.findall("testcase/skipped"))


def test_sarif_points_at_lines_that_hold_what_is_cited() -> None:
    [run] = json.loads(report.FILES["report.sarif"](VIOLATED))["runs"]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["ruleId"] in rules
        place = result["locations"][0]["physicalLocation"]
        path = Path(place["artifactLocation"]["uri"])
        assert not path.is_absolute()
        assert path.exists()
    token = next(one for one in run["results"] if one["ruleId"] == "client-invites.createClientInvite.201.token")
    region = token["locations"][0]["physicalLocation"]["region"]
    lines = (ROOT / "specs/invite_specs/contracts/client_invites/published.yaml").read_text("utf-8").splitlines()
    assert lines[region["startLine"] - 1].strip() == "token:"


def test_what_is_waived_is_suppressed_in_sarif() -> None:
    [run] = json.loads(report.FILES["report.sarif"](VIOLATED))["runs"]
    [waived] = [result for result in run["results"] if "suppressions" in result]
    assert waived["ruleId"] == "client-invites.409.other-case"


def test_no_markup_control_character_or_command_of_a_server_gets_through() -> None:
    assert "<script>" not in report.FILES["report.html"](VIOLATED)
    assert not re.search(r"^(?!```).*<script>", report.FILES["summary.md"](VIOLATED).partition("````")[0], re.MULTILINE)
    assert re.findall(r"^::(\w+)", annotations.render(VIOLATED), re.MULTILINE) == ["error"] * 3 + ["warning"] * 2
    for render in FORMATS.values():
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", render(VIOLATED))


CI_COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
"""What GitHub Actions, Azure Pipelines and TeamCity take for a command in the output of a step."""


@pytest.mark.parametrize("format_", ["terminal.txt", "quiet.txt", "summary.md"])
def test_no_ci_runner_finds_a_command_of_a_server_in_the_output(format_: str) -> None:
    # At every width some word of the server comes first in a line.
    for before in range(80):
        hostile = "x" * before + " ::error::a ##[error]b ##vso[task.complete]c ##teamcity[message] ::stop-commands::d"
        failure = replace(VIOLATED.results[2].failures[0], received=hostile, exchanges=(replace(HOSTILE, url=hostile),))
        result = replace(VIOLATED.results[2], failures=(failure,))
        causes = (Cause(hostile, (STATUS.id,)),)
        for run in (
            replace(VIOLATED, results=(result,), notices=(hostile, f"a\n{hostile}")),
            replace(UNREACHABLE, causes=causes),
            replace(VIOLATED, causes=causes, conformance=Conformance.INCOMPLETE),
        ):
            assert not CI_COMMAND.search(FORMATS[format_](run))


def test_annotations_are_the_only_commands_and_one_a_line() -> None:
    text = annotations.render(replace(VIOLATED, causes=(Cause("a\n::error::b\r::c ##[d]", ()),)))
    for line in text.splitlines():
        assert re.match(r"::(error|warning) (file=[^,:]+,line=\d+,)?title=[^:,]+::", line), line
        assert not CI_COMMAND.search(line, 1)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_terminal_needs_no_more_than_80_columns_but_for_what_cannot_be_broken(run: Run) -> None:
    reason = "it needs a call that could create something, and the mode is read-only; see the notices"
    skipped = replace(run, results=tuple(replace(one, verdict=Verdict.SKIP, reason=reason) for one in run.results))
    for line in (terminal.render(run) + terminal.render(skipped)).splitlines():
        assert len(line) <= terminal.WIDTH, line


def test_colour_adds_nothing_but_colour() -> None:
    coloured = terminal.render(VIOLATED, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == terminal.render(VIOLATED)


def test_commands_are_printed_as_they_are_to_be_pasted() -> None:
    assert f"\n\n{COMMAND}\n\n" in terminal.render(VIOLATED)
    assert f"\n{COMMAND}\n" in report.FILES["summary.md"](VIOLATED)


@pytest.mark.parametrize("format_", sorted(FORMATS.keys() - {"quiet.txt"}))
def test_every_format_shows_each_call_that_led_to_a_failure(format_: str) -> None:
    text = FORMATS[format_](replace(VIOLATED, results=VIOLATED.results[2:3])).replace("\n             ", " ")
    for status in (201, 500):
        assert re.search(rf'invites: {status}|"status": {status}|<pre>{status} <span', text), status
    assert text.count("-X POST") >= 2


def test_each_failure_has_its_remedy() -> None:
    blocks = re.split(r"^\d+\. ", terminal.render(VIOLATED), flags=re.MULTILINE)[1:]
    assert [block.partition(" ")[0] for block in blocks] == ["FAIL", "FAIL", "ERROR", "WARN"]
    for block in blocks:
        assert re.search(r"^   remedy    Look for", block, re.MULTILINE) or block.startswith("ERROR")


def test_an_error_has_an_entry_with_its_exchange() -> None:
    for format_ in sorted(FORMATS.keys() - {"quiet.txt"}):
        text = FORMATS[format_](replace(VIOLATED, results=VIOLATED.results[4:5]))
        assert "the check raised KeyError" in text, format_
        assert "-X POST" in text, format_


@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_cause_comes_first_and_what_it_explains_is_not_repeated(format_: str) -> None:
    text = re.sub(r"\s+", " ", FORMATS[format_](WRONG_KEY)).replace(r"\_", "_")
    cause = text.index("is ADMIN_KEY right?")
    # SARIF begins with the rules; in JSON the order of members means nothing.
    others = {"report.sarif": '"results"', "report.json": '"results"'}.get(
        format_, "client-invites.createClientInvite.400.media-type"
    )
    assert cause < (text.find(others) if others in text else len(text))
    assert STATUS.id.removeprefix("client-invites.") in text or format_ == "quiet.txt"
    if format_ in {"terminal.txt", "annotations.txt", "summary.md", "junit.xml", "report.sarif"}:
        assert "403 Forbidden" not in text.replace("answered 403 Forbidden: is ADMIN_KEY", "")


def test_the_conclusion_of_an_error_is_its_cause() -> None:
    assert conclusion(UNREACHABLE) == f"ERROR: {UNREACHABLE.causes[0].text}"
    assert "70" not in conclusion(UNREACHABLE)


def test_several_errors_without_a_cause_are_counted() -> None:
    run = replace(UNREACHABLE, causes=(), results=(*UNREACHABLE.results, Result(STATUS, Verdict.PASS)))
    assert conclusion(run).endswith("-2c963f66afa6/invites) (2 more errors)")


def test_the_conclusion_says_how_much_has_a_cause() -> None:
    assert conclusion(WRONG_KEY) == (
        "NOT CONFORMANT: 3 of 5 MUST requirements are violated, 1 could not be checked. 2 of these have a cause, given "
        "first in the report."
    )


def test_under_only_the_reason_of_incomplete_is_about_what_was_chosen() -> None:
    blocked = "the target does not offer it: give `states.other_client` in target.yaml"
    run = replace(
        INCOMPLETE,
        only=(FOREIGN.id,),
        results=(
            Result(STATUS, Verdict.SKIP, "not among --only"),
            Result(TOKEN, Verdict.SKIP, "not among --only"),
            Result(FOREIGN, Verdict.BLOCKED, blocked),
        ),
    )
    start = "INCOMPLETE: no violation was found, but not everything was checked:"
    assert conclusion(run) == f"{start} 1 blocked ({blocked})."
    below = replace(run, only=(CASE.id,), results=(Result(CASE, Verdict.BLOCKED, blocked),))
    undecided = "INCOMPLETE: none of the chosen requirements decides at level must: give `--level note`"
    assert conclusion(below) == f"{undecided}; 1 blocked ({blocked})."
    assert conclusion(replace(run, results=())) == f"{start} there was nothing to check."


def test_a_run_in_which_nothing_decides_says_which_level_would() -> None:
    run = replace(INCOMPLETE, only=(CASE.id, RACE.id), results=(Result(CASE, Verdict.PASS), Result(RACE, Verdict.WARN)))
    undecided = "INCOMPLETE: none of the chosen requirements decides at level"
    assert conclusion(run) == f"{undecided} must: give `--level should`."
    run = replace(run, only=(CASE.id,), level=Level.SHOULD)
    assert conclusion(run) == f"{undecided} should: give `--level note`."


def test_incomplete_gives_up_to_three_reasons() -> None:
    results = tuple(Result(STATUS, Verdict.BLOCKED, f"reason {number % 5}.") for number in range(9))
    run = replace(INCOMPLETE, matrix={}, results=results)
    assert conclusion(run).endswith("9 blocked (reason 0; reason 1; reason 2; 2 more reasons).")


def test_quiet_prints_the_notices_that_the_conclusion_refers_to() -> None:
    skipped = "such a call created something, and the mode is read-only; see the notices"
    run = replace(INCOMPLETE, results=(Result(STATUS, Verdict.SKIP, skipped),), notices=("In mode read-only",))
    assert "Note: In mode read-only\n" in terminal.last(run)
    assert "Note: " not in terminal.last(replace(run, results=(Result(STATUS, Verdict.SKIP, "other"),)))


def test_an_error_without_a_reason_is_the_first_notice() -> None:
    run = replace(CONFORMANT, results=(), conformance=Conformance.ERROR, notices=("The disk is full.",))
    assert conclusion(run) == "ERROR: The disk is full."


def test_the_level_that_decides_is_named() -> None:
    assert conclusion(replace(CONFORMANT, level=Level.SHOULD)).startswith("CONFORMANT: 3 MUST or SHOULD requirements ")


def test_several_secrets_are_exported_each_under_its_name() -> None:
    request = replace(EXCHANGE, request_headers={"authorization": "Bearer $OWNER_KEY", "x-key": "$ADMIN_KEY"})
    failure = Failure(STATUS.id, "201", "200", (request,), command=COMMAND)
    said = about_commands(replace(VIOLATED, results=(Result(STATUS, Verdict.FAIL, failures=(failure,)),)))
    assert said.startswith(
        "In the commands `$ADMIN_KEY` and `$OWNER_KEY` stand for secrets of the target file: export each under its "
    )


def test_what_is_not_documented_is_explained() -> None:
    said = "Not documented: 405. The contract does not list it; where that violates a requirement, its verdict below"
    assert undocumented(CONFORMANT).startswith(said)
    assert "405, 413. The contract does not list them;" in undocumented(
        replace(CONFORMANT, undocumented=("405", "413"))
    )
    assert undocumented(INCOMPLETE) == ""


def test_a_single_requirement_is_singular() -> None:
    run = replace(VIOLATED, results=(Result(STATUS, Verdict.FAIL),))
    assert conclusion(run) == "NOT CONFORMANT: 1 of 1 MUST requirement is violated."


def test_a_run_that_did_not_finish_says_so() -> None:
    run = replace(CONFORMANT, results=(), conformance=Conformance.ERROR)
    assert conclusion(run) == "ERROR: the run did not finish."

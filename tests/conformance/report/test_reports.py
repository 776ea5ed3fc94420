"""Every format against its golden file, and what each promises whatever a server said.

`REWRITE_GOLDEN=1 pytest tests/conformance/test_reports.py` writes the golden files anew: read the difference.
"""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from conformance.report.sample_runs import BROKEN, CONFORMANT, EXCHANGE, RUNS, STATUS
from invite_conformance import report
from invite_conformance.report import annotations, json_report, terminal
from invite_conformance.report.words import conclusion
from invite_conformance.result import Conformance, Level, Result, Run, Verdict

ROOT = Path(__file__).parents[2]
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
    """Lines of the published documents are told from the working directory."""
    monkeypatch.chdir(ROOT)


def without_spaces_at_ends(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format_", sorted(FORMATS))
def test_a_report_is_its_golden_file(name: str, format_: str) -> None:
    path = GOLDEN / f"{name}.{format_}"
    text = FORMATS[format_](RUNS[name]).encode("utf-8", "backslashreplace").decode()
    if os.environ.get("REWRITE_GOLDEN"):
        path.write_text(without_spaces_at_ends(text), "utf-8")
    assert without_spaces_at_ends(text) == path.read_text("utf-8")


def test_every_golden_file_belongs_to_a_format() -> None:
    assert sorted(path.name for path in GOLDEN.iterdir()) == sorted(f"{run}.{one}" for run in RUNS for one in FORMATS)


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_all_reports_are_written_whatever_became_of_the_run(tmp_path: Path, run: Run) -> None:
    report.write(run, tmp_path / "new" / "folder")
    assert {path.name for path in (tmp_path / "new" / "folder").iterdir()} == set(report.FILES)


@pytest.mark.parametrize(("name", "code"), [("conformant", 0), ("broken", 1), ("unreachable", 2), ("incomplete", 3)])
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
    [run] = json.loads(report.FILES["report.sarif"](BROKEN))["runs"]
    rules = {passive["id"] for passive in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["ruleId"] in rules
        place = result["locations"][0]["physicalLocation"]
        path = Path(place["artifactLocation"]["uri"])
        assert not path.is_absolute()
        assert path.exists()
    token = next(one for one in run["results"] if one["ruleId"] == "client-invites.201.token")
    region = token["locations"][0]["physicalLocation"]["region"]
    lines = (ROOT / "specs/invite_specs/client_invites/published.yaml").read_text("utf-8").splitlines()
    assert lines[region["startLine"] - 1].strip() == "token:"


def test_what_is_waived_is_suppressed_in_sarif() -> None:
    [run] = json.loads(report.FILES["report.sarif"](BROKEN))["runs"]
    [waived] = [result for result in run["results"] if "suppressions" in result]
    assert waived["ruleId"] == "client-invites.409.other-case"


def test_no_markup_control_or_command_of_a_server_gets_through() -> None:
    assert "<script>" not in report.FILES["report.html"](BROKEN)
    assert not re.search(r"^(?!```).*<script>", report.FILES["summary.md"](BROKEN).partition("````")[0], re.MULTILINE)
    assert re.findall(r"^::(\w+)", annotations.render(BROKEN), re.MULTILINE) == ["error"] * 3 + ["warning"] * 2
    for render in FORMATS.values():
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f]", render(BROKEN))


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_terminal_needs_no_more_than_80_columns_but_for_what_cannot_be_broken(run: Run) -> None:
    for line in terminal.render(run).splitlines():
        assert len(line) <= terminal.WIDTH, line


def test_colour_adds_nothing_but_colour() -> None:
    coloured = terminal.render(BROKEN, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == terminal.render(BROKEN)


def words(command: str) -> list[str]:
    """The arguments as a shell takes them."""
    shell = f"ADMIN_KEY='k k'; RANDOM=1; show() {{ printf '%s\\0' \"$@\"; }}; show {command}"
    return subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=True).stdout.split("\0")


def test_a_curl_that_is_broken_over_lines_is_the_same_command() -> None:
    violated = terminal.shell(EXCHANGE.curl)
    assert "\\\n" in violated
    assert words(violated) == words(EXCHANGE.curl)


def test_each_failure_ends_with_its_remedy() -> None:
    blocks = re.split(r"^\d+\. ", terminal.render(BROKEN), flags=re.MULTILINE)[1:]
    assert len(blocks) == 3
    assert all(re.search(r"^   remedy    Look for", block, re.MULTILINE) for block in blocks)


def test_the_level_that_decides_is_named() -> None:
    assert conclusion(replace(CONFORMANT, level=Level.SHOULD)).startswith("CONFORMANT: 3 MUST and SHOULD requirements ")


def test_a_single_requirement_is_told_in_the_singular() -> None:
    run = replace(BROKEN, results=(Result(STATUS, Verdict.FAIL),))
    assert conclusion(run) == "NOT CONFORMANT: 1 of 1 MUST requirement is not kept."


def test_a_run_that_came_to_no_end_says_so() -> None:
    run = replace(CONFORMANT, results=(), conformance=Conformance.ERROR)
    assert conclusion(run) == "ERROR: the run came to no end."

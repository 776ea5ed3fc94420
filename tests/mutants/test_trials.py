"""A tree with one module and its test, and what becomes of a few mutants of it."""

import subprocess
import tomllib
from pathlib import Path

import pytest
from mutants.mirror import mirror_of
from mutants.mutant import Mutant
from mutants.report import render
from mutants.trials import trials
from mutants.workspace import BaselineError, Outcome, Workspace

MODULE = "mock/invite_mock/state/moment.py"
SOURCE = """\
import time


def later(now: int, by: int) -> int:
    if by == 1:
        time.sleep(60)
    return now + by
"""
TEST = """\
from invite_mock.state.moment import later


def test_later() -> None:
    assert later(0, 2) == 2
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        MODULE: SOURCE,
        "mock/invite_mock/__init__.py": "",
        "tests/mock/state/test_moment.py": TEST,
        "pytest.ini": "[pytest]\nmarkers = slow\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    return tmp_path


def mutant(was: str, becomes: str) -> Mutant:
    return Mutant(MODULE, "by hand", 7, SOURCE, SOURCE.replace(was, becomes))


MUTANTS = {
    mutant("now + by", "now - by"): Outcome.KILLED,
    mutant("import time", "import times"): Outcome.IMPORT_ERROR,
    mutant("now + by", "by - now"): Outcome.SURVIVED,
    mutant("now + by", "now - 2"): Outcome.KILLED,
}


@pytest.mark.slow
def test_each_mutant_is_tried_by_itself(root: Path) -> None:
    tests = {MODULE: mirror_of(MODULE, root, {})}
    found = [(mutant, trial.outcome) for mutant, trial in trials(root, list(MUTANTS), tests, workers=2)]
    assert found == list(MUTANTS.items())
    assert (root / MODULE).read_text("utf-8") == SOURCE


@pytest.mark.slow
def test_a_mutant_that_hangs_is_killed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    workspace = Workspace(root, tmp_path_factory.mktemp("copy"))
    trial = workspace.attempt(mutant("by == 1", "by != 1"), ["tests"], timeout=3)
    assert trial.outcome is Outcome.TIMEOUT
    assert workspace.baseline(["tests"]) < 60


@pytest.mark.slow
def test_tests_that_fail_without_a_mutant_are_told(root: Path) -> None:
    (root / "tests/mock/state/test_moment.py").write_text(TEST.replace("== 2", "== 3"), "utf-8")
    with pytest.raises(BaselineError, match=r"tests/mock/state.*fail: \S+::test_later"):
        list(trials(root, list(MUTANTS), {MODULE: ("tests/mock/state",)}, workers=1))


def test_a_module_has_the_tests_that_mirror_it(root: Path) -> None:
    assert mirror_of(MODULE, root, {}) == ("tests/mock/state/test_moment.py", "tests/mock/state")
    assert mirror_of("mock/invite_mock/state/world.py", root, {}) == ("tests/mock/state",)
    assert mirror_of("mock/invite_mock/http/routes.py", root, {}) == ("tests/mock",)


def test_what_else_tests_a_module_comes_after_its_mirror(root: Path) -> None:
    more = {
        "mock/invite_mock/*/moment.py": ["tests/specs"],
        "mock/*/*/*.py": ["tests", "tests/specs"],
        "specs/*": ["x"],
    }
    mirror = ("tests/mock/state/test_moment.py", "tests/mock/state")
    assert mirror_of(MODULE, root, more) == (*mirror, "tests/specs", "tests")


def test_the_configuration_names_modules_and_tests_that_are_there() -> None:
    tree = Path(__file__).parents[2]
    configuration = tomllib.loads(Path(__file__).with_name("mutants.toml").read_text("utf-8"))
    for pattern in (*configuration["sources"], *configuration["tests"]):
        assert list(tree.glob(pattern)), pattern
    for path in [one for paths in configuration["tests"].values() for one in paths]:
        assert (tree / path).exists(), path
    for survivor in configuration.get("survivor", []):
        assert survivor.keys() == {"module", "was", "becomes", "reason"}
        assert (tree / survivor["module"]).is_file()


def test_the_report_lists_survivors_with_their_reasons() -> None:
    reasons = [
        {"module": MODULE, "was": "return now + by", "becomes": "return by - now", "reason": "now is 0"},
        {"module": MODULE, "was": "return 0", "becomes": "return 1", "reason": "gone"},
    ]
    assert render(list(MUTANTS.items()), 6, reasons) == (
        "4 mutants of seed 6: 2 killed, 1 killed at import, 1 survived. Score: 75.0 %.\n"
        "\n"
        "mock/invite_mock/state/moment.py:7  by hand\n"
        "  -     return now + by\n"
        "  +     return by - now\n"
        "  reason: now is 0\n"
        "\n"
        "Not in this sample: mock/invite_mock/state/moment.py: return 0\n"
    )

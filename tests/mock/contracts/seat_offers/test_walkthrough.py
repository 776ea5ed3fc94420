"""CONTRIBUTING.md shows what stands in seat-offers, and what the command writes for it."""

import re
from pathlib import Path

from invite_mock.rule_draft import rules
from invite_specs import contract
from third_contract.installed import third_contract

ROOT = Path(__file__).parents[4]
SECTION = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("\n## A contract\n")[2].partition("\n## ")[0]


def test_each_excerpt_of_the_walkthrough_is_real() -> None:
    with third_contract():
        draft = rules("seat-offers", contract("seat-offers").operations)
    folders = [ROOT / "tests" / "third_contract" / package for package in ("invite_specs", "invite_mock")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".yaml"}]
    real = [draft, *(path.read_text("utf-8") for path in files)]
    excerpts = re.findall(r"```(?:python|yaml)\n(.*?)```", SECTION, re.DOTALL)
    assert len(excerpts) >= 6
    assert [one for one in excerpts if not any(one in text for text in real)] == []

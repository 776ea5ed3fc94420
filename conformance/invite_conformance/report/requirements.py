"""Requirements as a terminal shows them, without a run."""

import textwrap
from collections.abc import Iterable

from invite_conformance.report.terminal import WIDTH
from invite_conformance.report.words import cited, place
from invite_conformance.result import Requirement

_MOST = 12
"""The most lines of the published document that are shown."""


def listed(requirements: Iterable[Requirement]) -> str:
    """Id, level, sentence, citation and states of each."""
    return "".join(
        f"{one.id}  {one.level.upper()}\n"
        f"{_fill(one.sentence)}\n"
        f"{_fill(', needs '.join(filter(None, (cited(one), ', '.join(one.states)))))}\n\n"
        for one in requirements
    )


def explained(one: Requirement) -> str:
    """One requirement with the lines of its source, how it is checked and the remedy."""
    parts = [f"{one.id}  {one.level.upper()}", _fill(one.sentence), "", f"Source: {cited(one)}"]
    if one.source:
        parts.append(_fill(f'"{one.source}"'))
    found = place(one)
    if found:
        lines = one.document.read_text("utf-8").splitlines()
        parts += ["", *(f"{number:>6}  {line}" for number, line in enumerate(_block(lines[found[1] - 1 :]), found[1]))]
    parts += ["", "How it is checked:", _fill(one.method)]
    if one.states:
        parts += ["", "States that the target file must give:", _fill(", ".join(one.states))]
    parts += ["", "Remedy:", _fill(one.remedy)]
    return "\n".join(parts) + "\n"


def _block(lines: list[str]) -> list[str]:
    """The first line and those that belong to it: YAML's are indented deeper."""
    depth = _depth(lines[0])
    end = next((index for index, line in enumerate(lines) if index and line and _depth(line) <= depth), len(lines))
    return lines[: min(end, _MOST)]


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip())


def _fill(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)

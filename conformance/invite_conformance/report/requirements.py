"""Requirements as a terminal shows them, without a run."""

import textwrap
from collections.abc import Iterable

from invite_specs import contract

from invite_conformance.report.terminal import WIDTH
from invite_conformance.report.words import cited, place
from invite_conformance.result import Requirement

_AROUND = 3
"""The lines of the published document that are shown from the one that is cited."""


def listed(requirements: Iterable[Requirement]) -> str:
    """Id, level, sentence, citation and states of each."""
    return "".join(
        f"{one.id}  {one.level.upper()}\n"
        f"{_fill(one.sentence)}\n"
        f"{_fill(', needs '.join(filter(None, (cited(one), ', '.join(one.states)))))}\n\n"
        for one in requirements
    )


def explained(one: Requirement) -> str:
    """One requirement with the lines of its source, how it is checked and how to mend a server."""
    parts = [f"{one.id}  {one.level.upper()}", _fill(one.sentence), "", f"Source: {cited(one)}"]
    if one.source:
        parts.append(_fill(f'"{one.source}"'))
    found = place(one)
    if found:
        lines = contract(one.contract).published_path.read_text("utf-8").splitlines()
        parts += ["", *(f"  {number:>4}  {lines[number - 1]}" for number in _shown(found[1], len(lines)))]
    parts += ["", "How it is checked:", _fill(one.method)]
    if one.states:
        parts += ["", "States that the target file must give:", _fill(", ".join(one.states))]
    parts += ["", "How to mend a server:", _fill(one.remedy)]
    return "\n".join(parts) + "\n"


def _shown(line: int, count: int) -> range:
    return range(line, min(line + _AROUND, count + 1))


def _fill(text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent="  ", subsequent_indent="  ")

"""report.html: one file that a person reads, offline, in the dark and in the light, on a phone and on a desk."""

import re

import jinja2
from markupsafe import Markup, escape

from invite_conformance.report.text import printable, sentence, short
from invite_conformance.report.words import (
    ORDER,
    about_commands,
    calls,
    cited,
    conclusion,
    counted,
    decides,
    entries,
    explained,
    extent,
    ordered,
    rate,
    tally,
    undocumented,
    why,
)
from invite_conformance.result import Run, Verdict

_TEXT = 4000
"""The most characters of a text that are shown."""


def _marked(text: str) -> Markup:
    """Escaped text with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


def _shown(text: str) -> str:
    return short(text, _TEXT)


def _printable(value: object) -> object:
    """What the template puts into the page."""
    if isinstance(value, Markup):
        return Markup(printable(value))  # noqa: S704  # it is markup already
    return printable(value) if isinstance(value, str) else value


_PAGE = jinja2.Environment(
    loader=jinja2.PackageLoader("invite_conformance", "report"),
    autoescape=True,
    finalize=_printable,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_PAGE.filters |= {
    "marked": _marked,
    "calls": calls,
    "cited": cited,
    "sentence": sentence,
    "shown": _shown,
    "rate": rate,
    "counted": counted,
    "why": why,
}


def render(run: Run) -> str:
    """The run as a page."""
    word, _, rest = conclusion(run).partition(": ")
    return _PAGE.get_template("report.html.jinja").render(
        run=run,
        word=word,
        lead=sentence(rest),
        tally=tally(run),
        undocumented=undocumented(run),
        causes=[(cause, extent(run, number)) for number, cause in enumerate(run.causes, 1)],
        explained=explained(run),
        about_commands=about_commands(run),
        order=ORDER,
        entries=entries(run),
        blocked=[result for result in run.results if result.verdict is Verdict.BLOCKED],
        results=ordered(run),
        deciding={result.requirement.id for result in run.results if decides(result.requirement, run)},
    )

"""report.html: one file that a person reads, offline, in the dark and in the light, on a phone and on a desk."""

import re

import jinja2
from markupsafe import Markup, escape

from invite_conformance.report.words import (
    ORDER,
    about_commands,
    cited,
    conclusion,
    counted,
    decides,
    ordered,
    printable,
    rate,
    tally,
    why,
)
from invite_conformance.result import Run, Verdict


def _marked(text: str) -> Markup:
    """Escaped text with what stands between backticks as code."""
    return Markup(re.sub("`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704  # escaped before


_PAGE = jinja2.Environment(
    loader=jinja2.PackageLoader("invite_conformance", "report"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_PAGE.filters |= {
    "marked": _marked,
    "cited": cited,
    "printable": printable,
    "rate": rate,
    "counted": counted,
    "why": why,
}


def render(run: Run) -> str:
    """The run as a page."""
    word, _, sentence = conclusion(run).partition(": ")
    return _PAGE.get_template("report.html.jinja").render(
        run=run,
        word=word,
        sentence=sentence[:1].upper() + sentence[1:],
        tally=tally(run),
        about_commands=about_commands(run),
        order=ORDER,
        shown=[result for result in ordered(run) if result.failures or result.verdict is Verdict.ERROR],
        blocked=[result for result in run.results if result.verdict is Verdict.BLOCKED],
        results=ordered(run),
        deciding={result.requirement.id for result in run.results if decides(result.requirement, run)},
    )

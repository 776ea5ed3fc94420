"""The reports of a run: one module for each format, each a function from a run to text; `write` creates the files."""

from pathlib import Path

from invite_conformance.report import html, json_report, junit, sarif, summary
from invite_conformance.result import Run

FILES = {
    "junit.xml": junit.render,
    "report.json": json_report.render,
    "report.html": html.render,
    "report.sarif": sarif.render,
    "summary.md": summary.render,
}


BODIES = "bodies"
"""The folder beside the reports of request bodies that are too long for a command."""


def write(run: Run, folder: Path) -> None:
    """Write every report into a folder, which is created if it does not exist. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, render in FILES.items():
        (folder / name).write_text(render(run), "utf-8")
    if run.bodies:
        (folder / BODIES).mkdir(exist_ok=True)
    for name, body in run.bodies.items():
        (folder / BODIES / name).write_bytes(body)

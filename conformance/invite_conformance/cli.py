"""The command `invite-conformance`: init, list, explain, run.

1. 0 conformant · 1 not conformant · 2 usage, target file or suite error, target unreachable · 3 incomplete.
2. A run that would check nothing is a usage error.
3. A usage error goes to standard error and gives the valid choices.
4. A crash of the suite is no verdict on the target, and its traceback has no secret in it.
5. The heading comes before the first request; progress goes to standard error, without a terminal in lines.
"""

import argparse
import os
import re
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from invite_specs import OpenapiError

from invite_conformance import report
from invite_conformance.judging import catalogue
from invite_conformance.judging.catalogue import contract_names, document_catalogue
from invite_conformance.plan import MODES, Plan
from invite_conformance.report import annotations, requirements, summary, terminal
from invite_conformance.report.text import inert, printable
from invite_conformance.result import Level, Requirement, Run
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import catalogue_of, document_template, load_target, template

_NO_VERDICT = 2
_BETWEEN_LINES = 10.0
"""Seconds between two lines of progress where there is no terminal."""


class CommandError(Exception):
    """A command that could not be carried out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    # A server may send characters that the encoding of the terminal does not have.
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # text streams, unless a test put others
    options = _parser().parse_args(arguments)
    try:
        return int(options.command(options))
    except (CommandError, OpenapiError, TargetError) as error:
        for line in str(error).splitlines():
            print(inert(printable(f"invite-conformance: {line}")), file=sys.stderr)
        return _NO_VERDICT
    except KeyboardInterrupt:
        print("invite-conformance: interrupted: there is no verdict and no report", file=sys.stderr)
        return _NO_VERDICT
    except BrokenPipeError:
        # Such as `invite-conformance list | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="invite-conformance",
        description="Checks any implementation of the invite contracts over HTTP, sentence by sentence.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = commands.add_parser("init", help="print a commented target file to fill in")
    init.set_defaults(command=_init)
    init.add_argument(
        "contract", metavar="CONTRACT", nargs="?", choices=contract_names(), help=_one_of(contract_names())
    )
    _openapi(init)

    list_ = commands.add_parser("list", help="the catalogue: every requirement with level, sentence, source and states")
    list_.set_defaults(command=_list)
    list_.add_argument("--contract", metavar="NAME", choices=contract_names(), help=_one_of(contract_names()))
    _openapi(list_)
    _level(list_, "only those of this level and the more binding ones", default=Level.NOTE)

    explain = commands.add_parser("explain", help="one requirement: its source, how it is checked, and the remedy")
    explain.set_defaults(command=_explain)
    explain.add_argument("id", metavar="ID")

    run = commands.add_parser(
        "run",
        help="check a server",
        description="Check a server.",
        epilog="exit codes: 0 conformant, 1 not conformant, 2 usage, target file or suite error, or the target "
        "cannot be reached, 3 incomplete: no violation was found, but not everything was checked",
    )
    run.set_defaults(command=_run)
    run.add_argument("--target", type=Path, default=Path("target.yaml"), metavar="FILE", help="default: %(default)s")
    run.add_argument("--base-url", metavar="URL", help="instead of the target file's")
    run.add_argument("--only", nargs="+", action="extend", metavar="ID", help="check these requirements only")
    _level(run, "the least binding level that decides conformance", default=Level.MUST)
    run.add_argument(
        "--mode",
        choices=MODES,
        default="full",
        help="read-only sends nothing that could create, safe nothing heavy or simultaneous (default: %(default)s)",
    )
    run.add_argument("--seed", type=int, metavar="N", help="repeat the run that named this seed")
    run.add_argument(
        "--time-box",
        type=_seconds,
        metavar="TIME",
        help="how long generated requests, and sequences of them, may each take, such as 500ms or 2m (default: 20s)",
    )
    run.add_argument("--report", type=Path, metavar="DIR", help=f"write {', '.join(report.FILES)} into DIR")
    run.add_argument("--quiet", action="store_true", help="print the conclusion, and what it refers to")
    run.add_argument(
        "--i-may-write-to-this-target", action="store_true", help="needed for a server that is not on this machine"
    )
    return parser


def _openapi(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--openapi", type=Path, metavar="FILE", help="an OpenAPI document of your own instead")


def _one_of(choices: Iterable[str]) -> str:
    return f"one of {', '.join(choices)}"


def _level(parser: argparse.ArgumentParser, text: str, default: Level) -> None:
    parser.add_argument(
        "--level", type=str, choices=[str(one) for one in Level], default=default, help=f"{text} (default: %(default)s)"
    )


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s|m|)", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; give a number with ms, s or m, such as 20s")
    return float(match[1]) * {"ms": 0.001, "m": 60}.get(match[2], 1)


def _init(options: argparse.Namespace) -> int:
    if (options.contract is None) == (options.openapi is None):
        raise CommandError(f"give a contract, {_one_of(contract_names())}, or --openapi FILE")
    sys.stdout.write(document_template(options.openapi) if options.openapi else template(options.contract))
    return 0


def _list(options: argparse.Namespace) -> int:
    levels = list(Level)[: list(Level).index(Level(options.level)) + 1]
    if options.openapi:
        found = [document_catalogue(options.openapi)]
    else:
        found = [catalogue.catalogue(name) for name in ([options.contract] if options.contract else contract_names())]
    for every in found:
        sys.stdout.write(requirements.listed([one for one in every.requirements if one.level in levels]))
    return 0


def _explain(options: argparse.Namespace) -> int:
    every = [one for name in contract_names() for one in catalogue.catalogue(name).requirements]
    [found] = _chosen([options.id], every)
    sys.stdout.write(requirements.explained(found))
    return 0


def _chosen(ids: Iterable[str], every: Sequence[Requirement]) -> list[Requirement]:
    """The requirements of those ids. Raises CommandError, with the nearest ids if any, for one that is unknown."""
    known = {one.id: one for one in every}
    for given in ids:
        if given not in known:
            raise CommandError(catalogue.unknown(given, [*known]))
    return [known[given] for given in ids]


def _run(options: argparse.Namespace) -> int:
    target = load_target(options.target, os.environ, options.base_url)
    target.permit(options.mode, options.i_may_write_to_this_target)
    every = catalogue_of(target).requirements
    only = _chosen(options.only or [], every)
    if options.report is not None:
        with _writing(options.report):
            options.report.mkdir(parents=True, exist_ok=True)
    plan = Plan.chosen(
        only=[one.id for one in only],
        level=Level(options.level),
        mode=options.mode,
        seed=options.seed,
        time_box=options.time_box,
        bodies=options.report and options.report / report.BODIES,
    )
    if not options.quiet:
        sys.stdout.write(terminal.heading(target, plan))
        sys.stdout.flush()
    found = _found(target, plan, None if options.quiet else _Progress())
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    show = terminal.last if options.quiet else terminal.body
    sys.stdout.write(show(found, colour=colour))
    if os.environ.get("GITHUB_ACTIONS") == "true":
        _annotate(found)
    if options.report is not None:
        with _writing(options.report):
            report.write(found, options.report)
        print(f"Reports: {options.report}")
    return found.conformance.exit_code


def _found(target: Target, plan: Plan, progress: "_Progress | None") -> Run:
    # The other commands answer at once without all that a run needs.
    from invite_conformance.run import check  # noqa: PLC0415  # see above

    try:
        return check(target, plan, progress)
    except TargetError:
        raise
    except Exception as error:
        trace = Redaction(target.secrets, target.redact).text(traceback.format_exc())
        raise CommandError(
            f"the suite crashed; that says nothing about the target. Please report it:\n{trace}"
        ) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"--report {folder}: {error.strerror}; give a folder that can be written") from error


class _Progress:
    """Shows on standard error how far a run is: in one line on a terminal, gone at the end, and else in lines."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._next = 0.0

    def __call__(self, done: int, total: int, requirement: str) -> None:
        """Show that so many requirements are checked, and which is next."""
        if self._terminal:
            line = f"{done}/{total} {requirement}"[: terminal.WIDTH - 1] if done < total else ""
            sys.stderr.write(f"\r{line:<{terminal.WIDTH - 1}}\r" + line)
        elif done < total and time.monotonic() >= self._next:
            self._next = time.monotonic() + _BETWEEN_LINES
            sys.stderr.write(f"{done} of {total} requirements checked; next is {requirement}\n")
        sys.stderr.flush()


def _annotate(run: Run) -> None:
    sys.stdout.write(annotations.render(run))
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if path:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(summary.render(run))

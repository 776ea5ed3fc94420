"""The command `invite-mock`."""

import argparse
import gc
import io
import os
import sys
import textwrap
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

import orjson
from invite_specs import OpenapiError, OverlayError, contract_names, load_contracts

from invite_mock.http.validation import unsupported
from invite_mock.settings import Settings, Tls, UsageError
from invite_mock.state import life_cycle

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 for a usage error, which is reported in one line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0].startswith("-") and given[0] not in {"-h", "--help", "--version"}):
        given.insert(0, "serve")
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a character gets a question mark.
        sys.stdout.reconfigure(errors="replace")
    try:
        options = _parser().parse_args(given)
        code = int(options.run(options))
        sys.stdout.flush()
    except UsageError as error:
        print(f"invite-mock: {error}", file=sys.stderr)
        return _USAGE_ERROR
    except BrokenPipeError:
        # The reader has closed the pipe; Python would fail again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 0
    return code


class _Parser(argparse.ArgumentParser):
    """Reports errors in one line, like any other usage error."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="invite-mock",
        description="A stateful mock server of the invite contracts. Without a command it serves.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {version('invite-contracts')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="serve the mock (the default)", description="Serve the mock.")
    serve.set_defaults(run=_serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument(
        "--port", type=int, default=4010, help="port to listen on, 0 for a free one (default: %(default)s)"
    )
    serve.add_argument(
        "--store",
        default="memory:",
        metavar="URL",
        help="where state is stored: memory: or sqlite:///path.db, which survives a restart (default: %(default)s)",
    )
    serve.add_argument("--world", type=Path, metavar="FILE", help="contents of a new world (see: invite-mock world)")
    serve.add_argument(
        "--rng-seed",
        type=int,
        metavar="N",
        help="fix ids, tokens and the clock's start: the same requests to contracts give the same answers",
    )
    serve.add_argument(
        "--overlay",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="an OpenAPI Overlay to apply to the contracts that it fits; can be repeated",
    )
    serve.add_argument(
        "--contract",
        action="append",
        default=[],
        metavar="NAME",
        help=f"serve only this contract; can be repeated (known: {', '.join(contract_names())})",
    )
    serve.add_argument(
        "--openapi",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="serve this OpenAPI 3.0 or 3.1 document instead of the contracts, or beside those of --contract; can be"
        " repeated",
    )
    serve.add_argument(
        "--control-token", metavar="TOKEN", help="what callers of /_mock send as `Authorization: Bearer TOKEN`"
    )
    serve.add_argument("--no-control", action="store_true", help="serve no control API")
    serve.add_argument("--cert", type=Path, metavar="FILE", help="serve HTTPS with this certificate (PEM); needs --key")
    serve.add_argument("--key", type=Path, metavar="FILE", help="the certificate's private key (PEM)")
    serve.add_argument(
        "--log-format",
        choices=["text", "json"],
        default="text",
        help="how the line of each request is printed (default: %(default)s)",
    )
    serve.add_argument("--no-journal", action="store_true", help="keep no journal of requests")
    volume = serve.add_mutually_exclusive_group()
    volume.add_argument("--quiet", action="store_true", help="print nothing but errors")
    volume.add_argument(
        "--verbose", action="store_true", help="list every documented answer and example that is not sent, and why"
    )

    contracts_ = commands.add_parser(
        "contracts", help="list contracts, operations, documented answers and every assumption"
    )
    contracts_.set_defaults(run=_contracts)
    contracts_.add_argument("--overlay", type=Path, action="append", default=[], metavar="FILE", help="as for serve")

    world = commands.add_parser("world", help="print the default world as YAML, to edit and use with serve --world")
    world.set_defaults(run=_world)
    world.add_argument("--schema", action="store_true", help="print the JSON Schema of a world file instead")

    cycle = commands.add_parser("life-cycle", help="draw the life cycle of an invite as a Mermaid diagram")
    cycle.set_defaults(run=_life_cycle)
    return parser


def _serve(options: argparse.Namespace) -> int:
    settings = Settings(
        host=options.host,
        port=options.port,
        store=options.store,
        world=options.world,
        rng_seed=options.rng_seed,
        overlays=tuple(options.overlay),
        contracts=tuple(dict.fromkeys(options.contract)) or (() if options.openapi else contract_names()),
        openapi=tuple(dict.fromkeys(options.openapi)),
        control=not options.no_control,
        control_token=options.control_token,
        tls=_tls(options.cert, options.key),
        journal=not options.no_journal,
        lines=None if options.quiet else options.log_format,
    )
    # What is created until it serves lives as long as the process: no collection would find anything (see `serve`).
    gc.disable()
    try:
        # The other commands start faster without everything that a server needs.
        from invite_mock.server import serve  # noqa: PLC0415  # see above

        return serve(settings, quiet=options.quiet, verbose=options.verbose)
    finally:
        gc.enable()


def _tls(cert: Path | None, key: Path | None) -> Tls | None:
    if cert is None and key is None:
        return None
    if cert is None or key is None:
        missing, given = ("--cert", "--key") if cert is None else ("--key", "--cert")
        raise UsageError(f"{given} needs {missing} FILE too")
    return Tls(cert, key)


def _contracts(options: argparse.Namespace) -> int:
    try:
        found = load_contracts(contract_names(), options.overlay, unsupported)
    except (OpenapiError, OverlayError) as error:
        raise UsageError(str(error)) from error
    for contract in found:
        print(contract.name)
        for operation in contract.operations:
            print(f"  {operation.method} {operation.path}")
            for response in operation.responses:
                text = " · ".join(line for line in response.definition.get("description", "").splitlines() if line)
                _print_wrapped(f"    {response.status}  ", text)
        print("  Assumptions")
        for one in contract.assumptions:
            _print_wrapped("    ", f"{one.id} ({one.path.name}:{one.line})")
            _print_wrapped("      ", one.reason)
            _print_wrapped("      ", f"Source: {one.source}")
        print()
    return 0


def _print_wrapped(start: str, text: str) -> None:
    indent = " " * len(start)
    print(textwrap.fill(text, 80, initial_indent=start, subsequent_indent=indent, break_long_words=False))


def _world(options: argparse.Namespace) -> int:
    # The other commands start faster without these.
    from invite_mock.http.service import load_service  # noqa: PLC0415  # see above
    from invite_mock.state import world_file  # noqa: PLC0415  # as above

    contents = [load_service(name).contents for name in contract_names()]
    if options.schema:
        sys.stdout.write(orjson.dumps(world_file.schema(contents), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        sys.stdout.write(world_file.default_text(contents))
    return 0


def _life_cycle(_options: argparse.Namespace) -> int:
    sys.stdout.write(life_cycle.diagram())
    return 0

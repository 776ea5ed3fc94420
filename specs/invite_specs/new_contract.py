"""A new contract's folder in one of the packages, for the commands that `make contract` runs.

1. Nothing is overwritten, and a folder is written whole or not at all.
"""

import argparse
import keyword
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from invite_specs.contract import Contract, UnknownContractError, contract, contract_in
from invite_specs.openapi_file import OpenapiError
from invite_specs.overlay import OverlayError


class NewContractError(ValueError):
    """Why nothing was written; the message is one line, and says what to do."""


class Written(NamedTuple):
    """What was written."""

    folder: Path
    files: Mapping[str, str]
    """What each file is, by its name."""
    left: Sequence[str]
    """What is left to do, in order."""

    def __str__(self) -> str:
        width = max(map(len, self.files))
        here = Path.cwd()
        folder = self.folder.relative_to(here) if self.folder.is_relative_to(here) else self.folder
        lines = [f"Wrote {folder}/", *(f"  {name:{width}}  {what}" for name, what in self.files.items())]
        return "\n".join([*lines, "Left to do:", *(f"  - {one}" for one in self.left)]) + "\n"


def folder_of(package: Iterable[str], name: str, into: Path | None) -> Path:
    """The folder of a contract in a package of contracts, whose folders are given, or below `into`.

    Raises NewContractError if there is one.
    """
    own = Path(next(iter(package)))
    folder = (own if into is None else into.resolve() / Path(*own.parts[-2:])) / name.replace("-", "_")
    if folder.exists():
        raise NewContractError(f"{folder} exists; delete it, or choose another name")
    return folder


def found_contract(name: str, into: Path | None) -> Contract:
    """The contract that was written before, below `into` or among those that are known. Raises NewContractError."""
    try:
        folder = into and into / "invite_specs" / "contracts" / name.replace("-", "_")
        return contract_in(folder) if folder and (folder / "published.yaml").exists() else contract(name)
    except UnknownContractError as error:
        raise NewContractError(f"{error.args[0]}; write its specs first: python -m invite_specs.scaffold") from error
    except (OpenapiError, OverlayError) as error:
        raise NewContractError(str(error)) from error


def check_name(name: str) -> None:
    """Raise NewContractError for a name that neither a contract nor its packages can have."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise NewContractError(f"the name {name!r} is not of lower-case words with hyphens, such as seat-offers")
    if keyword.iskeyword(name):
        raise NewContractError(f"the name {name!r} is a keyword of Python; add a word, such as {name}-api")


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write the files of a new folder. Raises NewContractError, and leaves nothing, where that fails."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".", dir=folder.parent) as temporary:
            draft = Path(temporary) / folder.name
            draft.mkdir()
            for name, content in files.items():
                (draft / name).write_bytes(content.encode() if isinstance(content, str) else content)
            draft.rename(folder)
    except OSError as error:
        raise NewContractError(f"{folder} cannot be written: {error.strerror}") from error


def command(program: str, description: str) -> argparse.ArgumentParser:
    """The options that the commands have in common."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=description)
    parser.add_argument("name", metavar="NAME", help="the contract's name: lower-case words with hyphens")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="write to FOLDER/PACKAGE/contracts/NAME; the contract is found there if FOLDER is on PYTHONPATH",
    )
    return parser


def run(
    parser: argparse.ArgumentParser,
    scaffold: Callable[[argparse.Namespace], Written],
    arguments: Sequence[str] | None,
) -> int:
    """Run a command; the exit code is 0, or 2 where nothing was written."""
    options = parser.parse_args(arguments)
    try:
        check_name(options.name)
        print(scaffold(options))
    except NewContractError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0

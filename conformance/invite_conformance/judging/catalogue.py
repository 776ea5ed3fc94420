"""The requirements of a contract: those that its document says, and those that are written in its folder.

1. A contract's written requirements are `contracts/<contract>/requirements.yaml`; nothing lists the contracts. The
   others are derived from its document (see `derived`); `derived` in that file overrides what one says, by its id.
   Written ones can stand in a group, for which is said once what they share; how they are checked, their checks say.
2. Ids are unique. A derived one begins with its operation. A citation is a JSON Pointer that exists in the published
   document, or an RFC section.
"""

import contextlib
import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property
from pathlib import Path

from invite_specs import (
    Contract,
    Document,
    YamlFile,
    contract,
    contract_folders,
    document_contract,
    json_pointer,
    resolve,
    resolves,
    segments,
)

from invite_conformance import contracts
from invite_conformance.judging.derived.derivation import Derivation
from invite_conformance.judging.derived.responses import Documented
from invite_conformance.judging.registry import Checks, registered
from invite_conformance.result import Level, Requirement

_MEMBERS = {"id", "level", "states", "citation", "sentence", "source", "method", "remedy"}
_OPTIONAL = {"states", "source"}
_RFC = re.compile(r"RFC \d+( section [\d.]+)?")


class CatalogueError(ValueError):
    """An invalid entry of requirements.yaml; the message names file and line."""


class Catalogue:
    """The requirements of one contract, and the checks that judge them.

    Raises CatalogueError for an invalid entry of its requirements.yaml.
    """

    def __init__(self, contract: Contract, written: YamlFile | None) -> None:
        self.contract = contract
        self._written = written
        states = written.data.get("operations", {}) if written else {}
        self._check_operations(states)
        self._derivation = Derivation(contract, states, self._registered)
        self.requirements: tuple[Requirement, ...] = tuple(map(self._placed, (*self._own(), *self._derived())))
        """The written ones in the order of their file, then the derived ones in that of the document."""

    @cached_property
    def checks(self) -> Checks:
        """The registered checks, then the derived ones."""
        own, derived = self._registered(), self._derivation
        return Checks(
            self.contract.name,
            passive=[*own.passive, *derived.passive],
            aggregate=own.aggregate,
            active=[*own.active, *derived.active()],
            calls=own.calls,
            restore=own.restore,
        )

    @property
    def documented(self) -> Mapping[tuple[str, str], Documented]:
        """What is documented for each status, by operation and status."""
        return self._derivation.documented

    def _registered(self) -> Checks:
        return registered(self.contract.name) if self._written else Checks(self.contract.name)

    def _placed(self, one: Requirement) -> Requirement:
        """A requirement with the place of what it cites, and the words that stand there unless it quotes others."""
        line = None
        if one.citation.startswith("/"):
            # What stands in another file has no line in the document's own.
            with contextlib.suppress(LookupError):
                line = self.contract.line(one.citation)
        source = one.source or _quoted(self.contract.published, one.citation)
        return replace(one, document=self.contract.published_path, line=line, source=source)

    def _own(self) -> Iterator[Requirement]:
        known: set[str] = set()
        for pointer, given in _entries(self._written.data, "") if self._written else ():
            method = {} if "method" in given else {"method": self._method(given)}
            entry = given | method
            violation = self._violation(entry) or (
                f"the id {entry['id']} is given twice" if entry["id"] in known else None
            )
            if violation:
                raise _error(self._written, pointer, violation)
            known.add(entry["id"])
            yield _requirement(self.contract.name, entry)

    def _method(self, entry: Document) -> str:
        return self._registered().method(f"{self.contract.name}.{entry.get('id')}")

    def _derived(self) -> Iterator[Requirement]:
        overrides = self._written.data.get("derived", {}) if self._written else {}
        derived = {one.id: one for one in self._derivation.requirements}
        for slug, entry in overrides.items():
            full = f"{self.contract.name}.{slug}"
            where = f"/derived{json_pointer([slug])}"
            if full not in derived:
                raise _error(self._written, where, unknown(full, [*derived]))
            whole = {name: getattr(derived[full], name) for name in _MEMBERS} | entry
            violation = self._violation(whole)
            if violation:
                raise _error(self._written, where, violation)
            derived[full] = replace(_requirement(self.contract.name, whole), id=full)
        yield from derived.values()

    def _check_operations(self, states: Mapping[str, Document]) -> None:
        known = [one.id for one in self.contract.operations]
        for name in states:
            if name not in known:
                said = f"there is no operation {name!r}; there are {', '.join(known)}"
                raise _error(self._written, f"/operations{json_pointer([name])}", said)

    def _violation(self, entry: dict[str, Document]) -> str | None:
        unfit = sorted((_MEMBERS ^ set(entry)) - _OPTIONAL)
        if unfit:
            return f"{unfit[0]} is missing or unknown; a requirement has {', '.join(sorted(_MEMBERS))}"
        if entry["level"] not in set(Level):
            return f"the level {entry['level']!r} is none of {', '.join(Level)}"
        citation: str = entry["citation"]
        if not citation.startswith("/"):
            return None if _RFC.fullmatch(citation) else f"{citation!r} is neither a JSON Pointer nor an RFC section"
        if not resolves(self.contract.published, citation):
            return f"the published document has nothing at {citation}"
        return None


def contract_names() -> tuple[str, ...]:
    """The contracts that the suite can check, sorted."""
    return tuple(_folders())


def contract_folder(contract_name: str) -> Path:
    """The folder of a contract in the suite. Raises LookupError for an unknown one."""
    if contract_name not in _folders():
        raise LookupError(f"unknown contract {contract_name!r}; there are {', '.join(_folders())}")
    return _folders()[contract_name]


def _folders() -> dict[str, Path]:
    return contract_folders(contracts.__path__, "requirements.yaml")


@cache
def catalogue(contract_name: str) -> Catalogue:
    """The catalogue of a contract. Raises LookupError for an unknown one, CatalogueError for an invalid requirement."""
    written = YamlFile(contract_folder(contract_name) / "requirements.yaml")
    return Catalogue(contract(contract_name), written)


@cache
def document_catalogue(path: Path) -> Catalogue:
    """The catalogue of a document alone: what is derived from it. Raises OpenapiError."""
    return Catalogue(document_contract(path), None)


def requirement(requirement_id: str) -> Requirement:
    """The requirement of that full id. Raises LookupError, with the ids that contain it, for an unknown one."""
    every = [one for name in contract_names() for one in catalogue(name).requirements]
    for one in every:
        if one.id == requirement_id:
            return one
    raise LookupError(unknown(requirement_id, [one.id for one in every]))


def unknown(given: str, known: Sequence[str]) -> str:
    """What to say about an id that is none of the known ones: the nearest of them, if any is near."""
    near = [one for one in known if given in one] or difflib.get_close_matches(given, known)
    choices = f"did you mean {' or '.join(near)}?" if near else "`invite-conformance list` prints them all"
    return f"unknown requirement {given!r}; {choices}"


def _entries(group: Document, pointer: str) -> Iterator[tuple[str, Document]]:
    """The requirements of a file or a group, each with its JSON Pointer and with what its group says of all."""
    for index, entry in enumerate(group.get("requirements", ())):
        where = f"{pointer}/requirements/{index}"
        if "requirements" not in entry:
            yield where, entry
            continue
        shared = {name: value for name, value in entry.items() if name != "requirements"}
        yield from ((one, shared | own) for one, own in _entries(entry, where))


def _quoted(document: Document, citation: str) -> str:
    """What stands at a citation: a text, a value with its name, or the description there; empty where there is none."""
    found = resolve(document, citation) if citation.startswith("/") else None
    text = found.get("description") if isinstance(found, dict) else found
    if isinstance(text, bool | int | float):
        return f"{segments(citation)[-1]}: {json.dumps(text)}"
    return " ".join(text.split()) if isinstance(text, str) else ""


def _error(file: YamlFile | None, pointer: str, violation: str) -> CatalogueError:
    return CatalogueError(f"{file.path}:{file.line(pointer)}: {violation}" if file else violation)


def _requirement(contract_name: str, entry: dict[str, Document]) -> Requirement:
    return Requirement(
        id=f"{contract_name}.{entry['id']}",
        contract=contract_name,
        level=Level(entry["level"]),
        sentence=entry["sentence"],
        citation=entry["citation"],
        method=entry["method"],
        remedy=entry["remedy"],
        states=tuple(entry.get("states", ())),
        source=entry.get("source", ""),
    )

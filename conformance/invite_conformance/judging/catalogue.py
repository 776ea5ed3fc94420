"""The requirements of a contract, read from its folder.

1. A contract's requirements are `contracts/<contract>/requirements.yaml`; nothing lists the contracts. Those that every
   contract has are `common_requirements.yaml`, in which the document fills in what differs.
2. Ids are unique, and a citation is a JSON Pointer that exists in the published document, or an RFC section.
"""

import difflib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from invite_specs import Document, YamlFile, contract, json_pointer, operations, resolve

from invite_conformance.result import Level, Requirement

_CONTRACTS = Path(__file__).parent.parent / "contracts"
_COMMON = Path(__file__).with_name("common_requirements.yaml")
_MEMBERS = {"id", "level", "states", "citation", "sentence", "source", "method", "remedy"}
_OPTIONAL = {"states", "source"}
_RFC = re.compile(r"RFC \d+( section [\d.]+)?")


class CatalogueError(ValueError):
    """An invalid entry of requirements.yaml; the message names file and line."""


def contract_names() -> tuple[str, ...]:
    """The contracts that the suite can check, sorted."""
    return tuple(sorted(path.parent.name.replace("_", "-") for path in _CONTRACTS.glob("*/requirements.yaml")))


@cache
def catalogue(contract_name: str) -> tuple[Requirement, ...]:
    """The requirements of a contract, in the order of its file, then the common ones.

    Raises LookupError for an unknown contract and CatalogueError for an invalid requirement.
    """
    if contract_name not in contract_names():
        raise LookupError(f"unknown contract {contract_name!r}; there are {', '.join(contract_names())}")
    own = YamlFile(_CONTRACTS / contract_name.replace("-", "_") / "requirements.yaml")
    published = contract(contract_name).published
    common = YamlFile(_COMMON)
    entries = [(own, index, entry) for index, entry in enumerate(own.data["requirements"])]
    shared = {"states": own.data["common"]["states"]}
    for index, entry in enumerate(common.data["requirements"]):
        entries.append((common, index, shared | _filled_in(entry, published)))
    found: dict[str, Requirement] = {}
    for file, index, entry in entries:
        violation = _violation(entry, published)
        requirement = None if violation else _requirement(contract_name, entry)
        if requirement and requirement.id in found:
            violation = f"the id {entry['id']} is given twice"
        if requirement is None or violation:
            raise CatalogueError(f"{file.path}:{file.line(f'/requirements/{index}')}: {violation}")
        found[requirement.id] = requirement
    return tuple(found.values())


def requirement(requirement_id: str) -> Requirement:
    """The requirement of that full id. Raises LookupError, with the ids that contain it, for an unknown one."""
    every = [one for name in contract_names() for one in catalogue(name)]
    for one in every:
        if one.id == requirement_id:
            return one
    raise LookupError(unknown(requirement_id, [one.id for one in every]))


def unknown(given: str, known: Sequence[str]) -> str:
    """What to say about an id that is none of the known ones: the nearest of them, if any is near."""
    near = [one for one in known if given in one] or difflib.get_close_matches(given, known)
    choices = f"did you mean {' or '.join(near)}?" if near else "`invite-conformance list` prints them all"
    return f"unknown requirement {given!r}; {choices}"


def line(requirement: Requirement) -> int | None:
    """The line of the published document that a requirement cites, from 1; None for an RFC."""
    if not requirement.citation.startswith("/"):
        return None
    return contract(requirement.contract).line(requirement.citation)


def _filled_in(entry: dict[str, str], published: Document) -> dict[str, str]:
    """An entry of the common requirements, with what the document says of its operation."""
    (operation,) = operations(published)
    pointer = json_pointer(["paths", operation.path, operation.method.lower(), "responses"])
    statuses = ", ".join(map(str, operation.statuses))
    return {name: text.replace("{responses}", pointer).replace("{statuses}", statuses) for name, text in entry.items()}


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


def _violation(entry: dict[str, Document], published: Document) -> str | None:
    unfit = sorted((_MEMBERS ^ set(entry)) - _OPTIONAL)
    if unfit:
        return f"{unfit[0]} is missing or unknown; a requirement has {', '.join(sorted(_MEMBERS))}"
    if entry["level"] not in set(Level):
        return f"the level {entry['level']!r} is none of {', '.join(Level)}"
    citation: str = entry["citation"]
    if not citation.startswith("/"):
        return None if _RFC.fullmatch(citation) else f"{citation!r} is neither a JSON Pointer nor an RFC section"
    try:
        resolve(published, citation)
    except LookupError:
        return f"the published document has nothing at {citation}"
    return None

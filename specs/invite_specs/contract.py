"""A contract: one published API as its publisher gives it, and the same with our assumptions applied.

1. `published` holds what the publisher published and nothing else.
2. `assumed` is `published` with the contract's own overlay applied, then the user's.
3. A contract is a folder in `contracts/` that contains `published.yaml` and `assumptions.yaml`; nothing registers it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from invite_specs.overlay import Assumption, Overlay, OverlayError
from invite_specs.pointer import json_pointer, resolve
from invite_specs.yaml_file import Document, Json, YamlFile

_HERE = Path(__file__).parent
_CONTRACTS = _HERE / "contracts"
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

Unfit = Callable[[dict[str, Document]], str | None]
"""Returns why a document cannot be used, as the words after its contract's name; None if it can."""


class UnknownContractError(LookupError):
    """There is no contract of that name; the message lists the known names."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path, in a document."""

    method: str
    """In capitals, as HTTP writes it."""
    path: str
    """The path template, as the document writes it."""
    definition: dict[str, Document]
    """The OpenAPI Operation Object."""

    @property
    def id(self) -> str:
        """The operationId; empty where the document gives none."""
        return str(self.definition.get("operationId", ""))

    @property
    def statuses(self) -> tuple[int, ...]:
        """The documented statuses, in ascending order."""
        return tuple(sorted(int(status) for status in self.definition.get("responses", {}) if status.isdecimal()))


class Contract:
    """One contract, without the user's overlays until `overlay` adds them."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._published = YamlFile(folder / "published.yaml")
        self._overlays = [Overlay(folder / "assumptions.yaml")]
        self.assumed: dict[str, Document] = self._overlays[0].apply(self.published)
        """The published document with every assumption applied."""

    def overlay(self, overlay: Overlay, unfit: Unfit | None = None) -> None:
        """Add a user's overlay to the assumed document.

        Raises OverlayError, and changes nothing, if it does not apply, leaves no valid OpenAPI 3.1 document or other
        operations than there were, or if `unfit` says that what it leaves cannot be used.
        """
        document = overlay.apply(self.assumed)
        if self._unusable(document, unfit) is not None:
            self._raise_for_action(overlay, unfit)
        self.assumed = document
        self._overlays.append(overlay)

    def _raise_for_action(self, overlay: Overlay, unfit: Unfit | None) -> None:
        document = self.assumed
        for index in range(len(overlay.actions)):
            document = overlay.apply_action(index, document)
            reason = self._unusable(document, unfit)
            if reason is not None:
                raise overlay.error(index, f"with it {self.name} {reason}")

    def _unusable(self, document: dict[str, Document], unfit: Unfit | None) -> str | None:
        """Why a document cannot replace the assumed one, as the words after the contract's name."""
        invalid = next(_dead_references(document, ""), None) or _violation(document)
        if invalid is not None:
            return f"is not a valid OpenAPI 3.1 document: {invalid}"
        before, after = (
            {f"{one.method} {one.path} (operationId {one.id!r})": None for one in operations(each)}
            for each in (self.assumed, document)
        )
        changed = [f"lacks {name}" for name in before if name not in after]
        changed += [f"has {name}" for name in after if name not in before]
        if changed:
            rule = "an overlay may change what an operation says, and add, rename or remove none"
            return f"{' and '.join(changed)}; {rule}"
        return unfit(document) if unfit else None

    @property
    def published(self) -> dict[str, Document]:
        """The document as its publisher gives it."""
        data: dict[str, Document] = self._published.data
        return data

    @property
    def published_path(self) -> Path:
        """The file of the published document."""
        return self._published.path

    def line(self, pointer: str) -> int:
        """The line of `published_path`, from 1, where a JSON Pointer leads. Raises LookupError if nowhere."""
        return self._published.line(pointer)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every assumption, the contract's own first, then those of the user's overlays."""
        return tuple(assumption for overlay in self._overlays for assumption in overlay.assumptions())

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the assumed document."""
        return operations(self.assumed)


def operations(document: Document) -> tuple[Operation, ...]:
    """The operations of an OpenAPI document, in its order."""
    return tuple(
        Operation(method.upper(), path, definition)
        for path, item in document.get("paths", {}).items()
        if path.startswith("/")
        for method, definition in item.items()
        if method in _METHODS
    )


def mock_control() -> dict[str, Document]:
    """The OpenAPI document of the mock's own control API."""
    document: dict[str, Document] = YamlFile(_HERE / "mock_control.yaml").data
    return document


def contract_names() -> tuple[str, ...]:
    """The names of all contracts, sorted."""
    return tuple(sorted(path.parent.name.replace("_", "-") for path in _CONTRACTS.glob("*/published.yaml")))


def contract(name: str) -> Contract:
    """The contract of that name. Raises UnknownContractError for an unknown one."""
    if name not in contract_names():
        raise UnknownContractError(f"unknown contract {name!r}; there are {', '.join(contract_names())}")
    return Contract(name, _CONTRACTS / name.replace("-", "_"))


def contracts(names: Sequence[str], overlays: Sequence[Path] = (), unfit: Unfit | None = None) -> tuple[Contract, ...]:
    """The contracts of those names, each with those of the user's overlays that fit it.

    An overlay names no contract, so it is tried on each: it belongs to every one in which all its targets match.
    Raises UnknownContractError for an unknown name, and OverlayError for an overlay that fits none of them (the error
    of the contract that took the most of its actions) or that leaves one unusable (see `Contract.overlay`).
    """
    found = tuple(contract(name) for name in names)
    for path in overlays:
        overlay = Overlay(path)
        refusals = []
        for one in found:
            try:
                overlay.apply(one.assumed)
            except OverlayError as error:
                refusals.append(error)
            else:
                # It fits, so it is meant for this contract: what it makes unusable there is an error.
                one.overlay(overlay, unfit)
        if len(refusals) == len(found):
            raise max(refusals, key=lambda error: error.action)
    return found


def _dead_references(value: Json, where: str, root: Json = None) -> Iterator[str]:
    """The references that resolve to nothing in the document itself; other documents are not fetched."""
    root = value if root is None else root
    if isinstance(value, list):
        for index, member in enumerate(value):
            yield from _dead_references(member, f"{where}/{index}", root)
    if not isinstance(value, dict):
        return
    for key, member in value.items():
        if key == "$ref" and isinstance(member, str):
            reason = _end(root, member)
            if reason is not None:
                yield f"at {where or '/'}: the $ref {member!r} {reason}"
        else:
            yield from _dead_references(member, where + json_pointer([key]), root)


def _end(document: Document, reference: str) -> str | None:
    """Why a reference does not resolve to a value, directly or through others; None if it does."""
    seen: set[str] = set()
    while reference not in seen:
        seen.add(reference)
        if not reference.startswith("#/"):
            return "leads to nothing in the document"
        try:
            value = resolve(document, unquote(reference[1:]))
        except LookupError:
            return "leads to nothing in the document"
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return None
        reference = value["$ref"]
    return "leads back to itself"


def _violation(document: dict[str, Document]) -> str | None:
    """The first reason why the document is not valid OpenAPI 3.1, with its JSON Pointer; None if it is valid."""
    # Importing it takes longer than the rest of the start, and only a user's overlay needs it: a test validates the
    # documents that we ship.
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415  # see above

    paths = document.get("paths")
    if isinstance(paths, dict):
        # The validator mistakes an extension among the paths for a path.
        document = {**document, "paths": {path: item for path, item in paths.items() if not path.startswith("x-")}}
    error = next(iter(OpenAPIV31SpecValidator(document).iter_errors()), None)
    if error is None:
        return None
    return f"at {json_pointer(error.absolute_path) or '/'}: {str(error.message).splitlines()[0][:300]}"

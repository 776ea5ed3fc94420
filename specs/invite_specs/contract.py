"""A contract: one published API as its publisher gives it, and the same with our assumptions applied.

1. `published` holds what the publisher published and nothing else.
2. `assumed` is `published` with the contract's own overlay applied, then the user's.
3. A contract of ours is a folder in `contracts/` that contains `published.yaml`, and `assumptions.yaml` if anything had
   to be decided; nothing registers it. Any other OpenAPI document is a contract too (`document_contract`).
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from invite_specs import contracts
from invite_specs.names import unique
from invite_specs.openapi import Operation, operations
from invite_specs.openapi_file import OpenapiFile
from invite_specs.overlay import Assumption, Overlay, OverlayError
from invite_specs.pointer import json_pointer, resolve, resolves, segments
from invite_specs.validity import invalidity, unusable
from invite_specs.yaml_file import Document, Json, YamlFile

_HERE = Path(__file__).parent

Unfit = Callable[[dict[str, Document]], str | None]
"""Returns why a document cannot be used, as the words after its contract's name; None if it can."""


class UnknownContractError(LookupError):
    """There is no contract of that name; the message lists the known names."""


class Contract:
    """One contract: its published document, and the overlay that is its own.

    It is without the user's overlays until `overlay` adds them. Raises OpenapiError for a file that is no OpenAPI
    document, and OverlayError for an overlay that cannot be applied.
    """

    def __init__(self, name: str, published: Path, own: Path | None = None) -> None:
        self.name = name
        self._file = OpenapiFile(published)
        self.assumed: dict[str, Document] = self._file.document
        """The published document with every assumption applied."""
        self._applied: list[tuple[Overlay, dict[str, Document]]] = []
        if own is not None:
            self._apply(Overlay(own))

    def _apply(self, overlay: Overlay) -> None:
        self.assumed = overlay.apply(self.assumed)
        self._applied.append((overlay, self.assumed))

    def overlay(self, overlay: Overlay, unfit: Unfit | None = None) -> None:
        """Add a user's overlay to the assumed document.

        Raises OverlayError, and changes nothing, if it does not apply, leaves no valid OpenAPI 3.1 document where
        there was one, or other operations than there were, or if `unfit` says that what it leaves cannot be used.
        """
        if self._unusable(overlay.apply(self.assumed), unfit) is not None:
            self._raise_for_action(overlay, unfit)
        self._apply(overlay)

    def _raise_for_action(self, overlay: Overlay, unfit: Unfit | None) -> None:
        document = self.assumed
        for index in range(len(overlay.actions)):
            document = overlay.apply_action(index, document)
            reason = self._unusable(document, unfit)
            if reason is not None:
                raise overlay.error(index, f"with it {self.name} {reason}")

    def _unusable(self, document: dict[str, Document], unfit: Unfit | None) -> str | None:
        """Why a document cannot replace the assumed one, as the words after the contract's name."""
        invalid = invalidity(document)
        # What was not valid before is the publisher's.
        if invalid is not None and invalidity(self.assumed) is None:
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
        """The document as its publisher gives it, self-contained and in the form of OpenAPI 3.1."""
        return self._file.document

    @property
    def published_path(self) -> Path:
        """The file of the published document."""
        return self._file.path

    @property
    def other_files(self) -> list[str]:
        """What the published document's references name beside its file."""
        return self._file.other_files

    def line(self, pointer: str) -> int:
        """The line of `published_path`, from 1, where a JSON Pointer into `published` leads.

        Raises LookupError if it leads nowhere in that file: to a part of another file, or to nothing.
        """
        return self._file.line(pointer)

    @property
    def unusable(self) -> dict[str, str]:
        """Why each operation of the assumed document that cannot be used cannot; see `invite_specs.unusable`."""
        return unusable(self.assumed, self._file.unresolved)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every assumption, the contract's own first, then those of the user's overlays."""
        return tuple(assumption for overlay, _ in self._applied for assumption in overlay.assumptions())

    def assumption_at(self, pointer: str, item: Json = None) -> str | None:
        """The assumption that says what the assumed document has at a JSON Pointer; None if the publisher says it.

        `item` is the element that matters, where the pointer leads to a list. What a user's overlay says without an
        `x-assumption` is named by the overlay's file. Raises LookupError for a pointer that leads nowhere.
        """
        value = resolve(self.assumed, pointer) if item is None else item
        if _says(self.published, pointer, value):
            return None
        overlay, document = next(one for one in self._applied if _says(one[1], pointer, value))
        parts = segments(pointer)
        for length in range(len(parts) - 1, -1, -1):
            parent = json_pointer(parts[:length])
            note = resolve(document, parent)
            if isinstance(note, dict) and "x-assumption" in note:
                return str(note["x-assumption"]["id"])
            # What the publisher has, the overlay has not added: a note further up is about something else.
            if resolves(self.published, parent):
                break
        return overlay.file.path.name

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations of the assumed document, also those that are unusable."""
        return operations(self.assumed)

    @property
    def published_operations(self) -> tuple[Operation, ...]:
        """The operations as the published document describes them, with the ids of the assumed one."""
        ids = {(one.method, one.path): one.id for one in self.operations}
        return tuple(replace(one, id=ids[one.method, one.path]) for one in operations(self.published))


def _says(document: Document, pointer: str, value: Json) -> bool:
    """Whether a document has that value at a JSON Pointer, or a list with it, or any object."""
    if not resolves(document, pointer):
        return False
    found = resolve(document, pointer)
    return found == value or isinstance(found, dict) or (isinstance(found, list) and value in found)


def mock_control() -> dict[str, Document]:
    """The OpenAPI document of the mock's own control API."""
    document: dict[str, Document] = YamlFile(_HERE / "mock_control.yaml").data
    return document


def contract_names() -> tuple[str, ...]:
    """The names of all contracts, sorted."""
    return tuple(contract_folders(contracts.__path__, "published.yaml"))


def contract_folders(package: Iterable[str], file: str) -> dict[str, Path]:
    """The folders of contracts in a package's folders, by the contract's name, sorted: those that contain the file."""
    found = (path.parent for folder in package for path in Path(folder).glob(f"*/{file}"))
    return {path.name.replace("_", "-"): path for path in sorted(found, key=lambda path: path.name)}


def contract(name: str) -> Contract:
    """The contract of that name. Raises UnknownContractError for an unknown one."""
    folders = contract_folders(contracts.__path__, "published.yaml")
    if name not in folders:
        raise UnknownContractError(f"unknown contract {name!r}; there are {', '.join(folders)}")
    return contract_in(folders[name])


def contract_in(folder: Path) -> Contract:
    """The contract whose folder that is."""
    own = folder / "assumptions.yaml"
    return Contract(folder.name.replace("_", "-"), folder / "published.yaml", own if own.exists() else None)


def document_contract(path: Path, name: str | None = None) -> Contract:
    """A document that nobody here wrote, as a contract without assumptions of ours.

    Its name is the file's without the suffix, in lower case and with hyphens. Raises OpenapiError for a file that is
    no OpenAPI 3.0 or 3.1 document.
    """
    return Contract(name or _slug(path), path)


def _slug(path: Path) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", path.stem.lower())) or "document"


def load_contracts(
    names: Sequence[str],
    overlays: Sequence[Path] = (),
    unfit: Unfit | None = None,
    documents: Sequence[Path] = (),
) -> tuple[Contract, ...]:
    """The contracts of those names and documents, each with those of the user's overlays that fit it.

    A document whose name is taken, by another or by a contract of ours, has a number after it.

    An overlay names no contract, so it is tried on each: it belongs to every one in which all its targets match.
    Raises UnknownContractError for an unknown name, OpenapiError as `document_contract` does, and OverlayError for an
    overlay that fits none of them (the error of the contract that took the most of its actions) or that leaves one
    unusable (see `Contract.overlay`).
    """
    found = [contract(name) for name in names]
    taken = set(contract_names())
    found += [document_contract(path, unique(_slug(path), taken)) for path in documents]
    for path in overlays:
        _overlay(found, Overlay(path), unfit)
    return tuple(found)


def _overlay(found: Sequence[Contract], overlay: Overlay, unfit: Unfit | None) -> None:
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

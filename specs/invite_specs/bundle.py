"""One self-contained OpenAPI 3.1 document out of a file and the files that its references name.

1. A reference is a `$ref` where the standard has an object that it may stand for (`grammar`); all else is data.
2. What is in another file is placed among the components, and referred to there. Every JSON Pointer into the root file
   stays valid.
3. Where the standard has no `$ref` (`paths`, an operation, `properties`), the one that is there is replaced by what it
   names, because readers of OpenAPI do not follow it.
4. Nothing is fetched. What cannot be found is left as a reference, named from the root file's folder, with a reason.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from invite_specs.grammar import SECTIONS, Kind, fits, is_list, members
from invite_specs.names import unique
from invite_specs.pointer import json_pointer, resolve, resolves
from invite_specs.upgrade import admit_null_in_one_of, correct, upgrade
from invite_specs.yaml_file import Document, YamlError


class _Place(NamedTuple):
    """Where a reference leads: a JSON Pointer in a file, which is named from the root file's folder."""

    file: str
    pointer: str

    def __str__(self) -> str:
        return self.file + (f"#{self.pointer}" if self.pointer else "")


class Bundle:
    """The document at a path, changed in place, with what other files add to it. `read` gives a file's content."""

    def __init__(self, path: Path, document: dict[str, Document], read: Callable[[Path], Document]) -> None:
        self.document = document
        self.unresolved: dict[str, str] = {}
        """Why a reference that is left in the document leads nowhere, by its `$ref`."""
        self._root = path
        self._read = read
        self._files: dict[str, Document] = {path.name: document}
        """By name, what each holds, or the error of one that cannot be read."""
        self._placed: dict[tuple[_Place, Kind], str] = {}
        self._named_from_root: set[int] = set()
        self._seen: set[tuple[int, Kind]] = set()
        self._pending: list[tuple[Document, Kind, str]] = []
        self._first: list[tuple[Document, Kind, str]] = []
        """What is pending and may contain the components: they are complete before anything is placed among them."""
        self._run()

    @property
    def other_files(self) -> list[str]:
        """What references name beside the document: files, and addresses, which are not fetched."""
        addresses = [one for one in self.unresolved if not one.startswith("#") and one not in self._files]
        return [*(name for name in self._files if name != self._root.name), *addresses]

    def _run(self) -> None:
        old = str(self.document["openapi"]).startswith("3.0")
        if old:
            self.document["openapi"] = "3.1.0"
        one_ofs: list[dict[str, Document]] = []
        self._push(self.document, "OpenAPI", self._root.name)
        while self._first or self._pending:
            value, kind, file = (self._first or self._pending).pop()
            if isinstance(value, dict):
                _merge(value)
                if isinstance(value.get("$ref"), str):
                    if kind in SECTIONS and (kind != "PathItem" or len(value) == 1):
                        self._refer(value, kind, file)
                    else:
                        file = self._replace(value, kind, file)
                if kind == "Schema":
                    correct(value)
                if old:
                    one_ofs += upgrade(value, kind)
                self._refer_by_discriminator(value, kind, file)
            self._push_members(value, kind, file)
        for schema in one_ofs:
            admit_null_in_one_of(schema, self.document)

    def _push(self, value: Document, kind: Kind, file: str) -> None:
        # Each object once, as it is changed in place; YAML's aliases and this class make the same one stand twice.
        if fits(value, kind) and not isinstance(value, bool) and (id(value), kind) not in self._seen:
            self._seen.add((id(value), kind))
            (self._pending if kind in SECTIONS else self._first).append((value, kind, file))

    def _push_members(self, value: Document, kind: Kind, file: str) -> None:
        for name, member, its_kind in tuple(members(value, kind)):
            if member is None:
                # A key without a value, as YAML easily has.
                value[name] = [] if is_list(its_kind) else {}
            self._push(value[name], its_kind, file)

    def _refer(self, value: dict[str, Document], kind: Kind, file: str) -> None:
        """Make a reference one within the document, or one that is named from the root file's folder."""
        reference = value["$ref"]
        self._named_from_root.add(id(value))
        place = self._place(reference, file)
        if place is None:
            return
        found = self._find(place)
        if place.file == self._root.name:
            if not reference.startswith("#"):
                value["$ref"] = "#" + quote(place.pointer)
            self._push(found, kind, place.file)
        elif found is None:
            value["$ref"] = str(place)
        else:
            value["$ref"] = self._component(place, found, kind)

    def _replace(self, value: dict[str, Document], kind: Kind, file: str) -> str:
        """Replace a reference by what it names, keeping what stands beside it; gives the file of that."""
        before: set[_Place] = set()
        while isinstance(reference := value.get("$ref"), str):
            place = self._place(reference, file)
            found = self._find(place) if place else None
            if place is None or not isinstance(found, dict) or place in before or _contains(found, value):
                if isinstance(found, dict):
                    self.unresolved[str(place)] = "it stands in what it refers to; refer to something else"
                elif found is not None:
                    self.unresolved[str(place)] = "it refers to no object; refer to one"
                value["$ref"] = str(place or reference)
                break
            before.add(place)
            del value["$ref"]
            self._push_members(value, kind, file)
            own = dict(value)
            value.clear()
            value.update(found | own)
            file = self._root.name if id(found) in self._named_from_root else place.file
        self._named_from_root.add(id(value))
        return file

    def _refer_by_discriminator(self, value: dict[str, Document], kind: Kind, file: str) -> None:
        """Do the same for the schemas that a discriminator names (OpenAPI 3.1 section 4.8.25)."""
        discriminator: Document = value.get("discriminator") if kind == "Schema" else None
        mapping: Document = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        if not isinstance(mapping, dict):
            return
        for name, text in mapping.items():
            # All else is the name of a component.
            if isinstance(text, str) and re.search(r"[/#]|\.(json|ya?ml)$", text):
                reference = {"$ref": text}
                self._refer(reference, "Schema", file)
                mapping[name] = reference["$ref"]

    def _place(self, reference: str, file: str) -> _Place | None:
        """Where a reference in a file leads; None, with the reason, if to nothing that is read."""
        address, _, fragment = reference.partition("#")
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address):
            self.unresolved[reference] = "nothing is fetched; save it as a file beside this one and refer to that"
            return None
        folder = os.path.dirname(file)  # noqa: PTH120  # pathlib cannot take `..` out of a path without following links
        name = os.path.normpath(os.path.join(folder, unquote(address))) if address else file  # noqa: PTH118  # as above
        return _Place(name, unquote(fragment))

    def _find(self, place: _Place) -> Document:
        """What stands at a place; None, with the reason, where nothing does."""
        if place.file not in self._files:
            try:
                self._files[place.file] = self._read(self._root.parent / place.file)
            except YamlError as error:
                self._files[place.file] = error
        content = self._files[place.file]
        if isinstance(content, YamlError):
            self.unresolved[str(place)] = str(content)
        elif resolves(content, place.pointer):
            return resolve(content, place.pointer)
        return None

    def _component(self, place: _Place, value: Document, kind: Kind) -> str:
        """The `$ref` to a value of another file, which is placed among the components."""
        if (place, kind) not in self._placed:
            section = self._section(SECTIONS[kind])
            # Names of components are of these characters (OpenAPI 3.1 section 4.8.7.1).
            name = unique(re.sub(r"[^A-Za-z0-9._-]+", "_", str(place)).strip("._"), set(section))
            section[name] = value
            self._placed[place, kind] = "#" + json_pointer(["components", SECTIONS[kind], name])
            self._push(value, kind, place.file)
        return self._placed[place, kind]

    def _section(self, name: str) -> dict[str, Document]:
        components: Document = self.document.setdefault("components", {})
        if not isinstance(components.get(name), dict):
            components[name] = {}
        section: dict[str, Document] = components[name]
        return section


def _merge(value: dict[str, Document]) -> None:
    """Follow the merge key of YAML 1.1, which 1.2 has not: other readers of OpenAPI do, so that documents use it."""
    while "<<" in value:
        merged = value.pop("<<")
        for one in merged if isinstance(merged, list) else [merged]:
            for name, member in one.items() if isinstance(one, dict) else ():
                value.setdefault(name, member)


def _contains(value: Document, part: Document) -> bool:
    """Whether an object is another, or stands in it."""
    pending, seen = [value], set()
    while pending:
        one = pending.pop()
        if one is part:
            return True
        if isinstance(one, dict | list) and id(one) not in seen:
            seen.add(id(one))
            pending += one.values() if isinstance(one, dict) else one
    return False

"""Documents that tests write, and what is read of them."""

from pathlib import Path

from invite_specs import (
    Contract,
    Document,
    document_contract,
    follow,
    json_pointer,
    resolve,
)

HEAD = "openapi: 3.1.0\ninfo: {title: Pets, version: v1}\n"


def written(folder: Path, **files: str) -> Path:
    """Write files by stem; the path of the first."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(files))}.yaml"


def loaded(folder: Path, **files: str) -> Contract:
    return document_contract(written(folder, **files))


def schema_of(found: Contract, name: str = "Pet") -> Document:
    return found.published["components"]["schemas"][name]


def at(document: Document, *path: str | int) -> Document:
    """What is at a path, with the references on the way followed."""
    pointer = follow(document, "")
    for part in path:
        pointer = follow(document, pointer + json_pointer([part]))
    return resolve(document, pointer)

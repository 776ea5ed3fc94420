"""World documents: what a world holds at first, as YAML for people and as JSON for the control API.

Each contract reads members of its own; the schema is made of theirs.
"""

from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path

import jsonschema_rs
from invite_specs import Document, YamlError, YamlFile, json_pointer

from invite_mock.schema_errors import explain
from invite_mock.state.contents import Contents
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.world import MAIN
from invite_mock.state.world_document_error import WorldDocumentError
from invite_mock.state.worlds import Worlds


def schema(contents: Iterable[Contents]) -> Document:
    """The JSON Schema (Draft 2020-12) of a world document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "World document of invite-mock",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: part for one in contents for name, part in one.schema.items()},
    }


def default(contents: Iterable[Contents]) -> Document:
    """The default world."""
    return {name: part for one in contents for name, part in (one.default.data or {}).items()}


def default_text(contents: Iterable[Contents]) -> str:
    """The default world as the YAML that people write."""
    return "\n".join(one.default.text for one in contents)


def check(document: Document, contents: Iterable[Contents]) -> None:
    """Validate a document against the schema. Raises WorldDocumentError for the first violation."""
    whole = schema(contents)
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    for error in validator.iter_errors(document):
        raise WorldDocumentError(json_pointer(error.instance_path), explain(error, whole).message)


def read(path: Path, contents: Mapping[str, Contents], seed: int | None = None) -> Document:
    """The document in a YAML file, for worlds of that seed.

    Raises WorldDocumentError, whose text names file, line and reason.
    """
    try:
        file = YamlFile(path)
    except YamlError as error:
        raise WorldDocumentError("", str(error)) from error
    try:
        check(file.data, contents.values())
        # A trial world, so that a document that contradicts itself is refused now.
        with closing(open_store("memory:")) as store, store.transaction():
            Worlds(store, contents, file.data, seed).create(MAIN)
    except WorldDocumentError as error:
        where = f"{path}:{file.line(error.pointer)}: {error.pointer or '/'}"
        raise WorldDocumentError(error.pointer, f"{where}: {error.reason}") from error
    return file.data

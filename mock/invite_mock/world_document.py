"""World documents: what a world holds at first, as YAML for people and as JSON for the control API.

Each service reads members of its own; the schema is theirs put together.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import jsonschema_rs
from invite_specs import Document, YamlError, YamlFile, json_pointer

from invite_mock.service import Service
from invite_mock.sqlite import open_store
from invite_mock.validation import in_words
from invite_mock.world import MAIN, Worlds


class WorldDocumentError(ValueError):
    """A world document that cannot be used: `pointer` leads to the place in it, `reason` says why."""

    def __init__(self, pointer: str, reason: str) -> None:
        super().__init__(reason)
        self.pointer = pointer
        self.reason = reason


def schema(services: Iterable[Service]) -> Document:
    """The JSON Schema (Draft 2020-12) of a world document."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "World document of invite-mock",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: part for service in services for name, part in service.world_schema.items()},
    }


def default(services: Iterable[Service]) -> Document:
    """The default world."""
    return {name: part for service in services for name, part in service.world_document.items()}


def default_text(services: Iterable[Service]) -> str:
    """The default world as the YAML that people write."""
    return "\n".join(service.world_text for service in services)


def check(document: Document, services: Iterable[Service]) -> None:
    """Measure a document against the schema. Raises WorldDocumentError for the first violation."""
    validator = jsonschema_rs.Draft202012Validator(schema(services), validate_formats=True)
    for error in validator.iter_errors(document):
        raise WorldDocumentError(json_pointer(error.instance_path), in_words(error))


def read(path: Path, services: Sequence[Service], seed: int | None = None) -> Document:
    """The document in a YAML file, for worlds of that seed.

    Raises WorldDocumentError, whose text names file, line and reason.
    """
    try:
        file = YamlFile(path)
    except YamlError as error:
        raise WorldDocumentError("", str(error)) from error
    try:
        check(file.data, services)
        # A world made of it and thrown away: so a document that contradicts itself is found now.
        Worlds(open_store("memory:"), tuple(services), file.data, seed).open(MAIN)
    except WorldDocumentError as error:
        where = f"{path}:{file.line(error.pointer)}: {error.pointer or '/'}"
        raise WorldDocumentError(error.pointer, f"{where}: {error.reason}") from error
    return file.data

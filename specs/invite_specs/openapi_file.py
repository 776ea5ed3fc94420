"""An OpenAPI document as a file has it, 3.0 or 3.1, YAML or JSON; its content is one self-contained 3.1 document.

What is not valid in it is not refused here: real documents have small faults (see `validity`).
"""

from pathlib import Path

from invite_specs.bundle import Bundle
from invite_specs.json_file import JsonFile
from invite_specs.yaml_file import Document, YamlError, YamlFile, text_of


class OpenapiError(ValueError):
    """A file that is not an OpenAPI 3.0 or 3.1 document; the message names file, reason and what to do."""


class OpenapiFile:
    """One OpenAPI document with all that it refers to. Raises OpenapiError if the file holds none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = _read(path)
        except YamlError as error:
            raise OpenapiError(str(error)) from error
        _check(path, self._file.data)
        bundle = Bundle(path, self._file.data, lambda other: _read(other).data)
        self.document: dict[str, Document] = bundle.document
        """The document in the form of OpenAPI 3.1; a JSON Pointer into the file is one into it too."""
        self.other_files = bundle.other_files
        """What references name beside the file."""
        self.unresolved = bundle.unresolved
        """Why a reference that the document still has leads nowhere, by its `$ref`, where that cannot be seen in it."""

    def line(self, pointer: str) -> int:
        """The line of the file, from 1, where a JSON Pointer leads. Raises LookupError if it leads nowhere in it."""
        return self._file.line(pointer)


def _read(path: Path) -> YamlFile | JsonFile:
    """A JSON file, or a YAML file, by what it says: names are not to be relied on."""
    text = text_of(path)
    if text.lstrip().startswith("{"):
        try:
            return JsonFile(path, text)
        except YamlError:
            # It may be YAML in its flow style, unless its name says that it is JSON.
            if path.suffix == ".json":
                raise
    return YamlFile(path)


def _check(path: Path, document: Document) -> None:
    """Raise OpenapiError for what is no OpenAPI 3.0 or 3.1 document at all."""
    what = "an OpenAPI 3.0 or 3.1 document is needed"
    if not isinstance(document, dict):
        raise OpenapiError(f"{path}: this is not an object, and so no OpenAPI document; {what}")
    if "swagger" in document:
        version = document["swagger"]
        raise OpenapiError(f"{path}: this is Swagger {version}; {what}; converters to 3.0 are widely available")
    version = document.get("openapi")
    if version is None:
        raise OpenapiError(f"{path}: this has no member `openapi`; {what}")
    if not str(version).startswith(("3.0", "3.1")):
        raise OpenapiError(f"{path}: this is OpenAPI {version}; {what}")
    if "paths" not in document and "webhooks" not in document:
        raise OpenapiError(f"{path}: this has no `paths` and no `webhooks`; {what}")
    for name in ("paths", "webhooks", "components"):
        if not isinstance(document.get(name) or {}, dict):
            raise OpenapiError(f"{path}: `{name}` must be an object; {what}")

"""What is not valid in an OpenAPI document: as a whole, and what makes single operations unusable."""

from collections.abc import Iterator, Mapping
from copy import deepcopy

from invite_specs.grammar import METHODS, SECTIONS, Kind, fits, is_list, members
from invite_specs.openapi import DanglingReferenceError, follow, operations, path_item
from invite_specs.pointer import json_pointer, resolve, resolves
from invite_specs.yaml_file import Document


class Faults:
    """Finds references that lead nowhere, and values that are not of the type that the standard wants there.

    `unresolved` says more about references that lead nowhere, by their `$ref`.
    """

    def __init__(self, document: Document, unresolved: Mapping[str, str] | None = None) -> None:
        self._document = document
        self._unresolved = unresolved or {}
        self._ends: dict[str, str] = {}
        self._valid: set[tuple[int, Kind]] = set()

    def first(self, pointer: str, kind: Kind) -> str | None:
        """The first fault in what is at a JSON Pointer, and in what that refers to; None if there is none."""
        seen: set[tuple[int, Kind]] = set()
        fault = next(self._found(pointer, kind, seen), None)
        if fault is None:
            self._valid |= seen
        return fault

    def _found(self, start: str, its_kind: Kind, seen: set[tuple[int, Kind]]) -> Iterator[str]:
        pending = [(start, resolve(self._document, start), its_kind)]
        while pending:
            pointer, value, kind = pending.pop()
            key = id(value), kind
            if key in seen or key in self._valid:
                continue
            seen.add(key)
            if not fits(value, kind):
                yield f"at {pointer or '/'}: this must be {'a list' if is_list(kind) else 'an object'}"
                continue
            reference = value.get("$ref") if isinstance(value, dict) else None
            if isinstance(reference, str):
                try:
                    end = self._end(pointer, reference, kind)
                except LookupError as error:
                    yield f"at {pointer}: {error}"
                    continue
                pending.append((end, resolve(self._document, end), kind))
            pending += reversed([(pointer + json_pointer([name]), *rest) for name, *rest in members(value, kind)])

    def _end(self, pointer: str, reference: str, kind: Kind) -> str:
        if reference not in self._ends:
            try:
                self._ends[reference] = follow(self._document, pointer)
            except DanglingReferenceError as error:
                reason = self._unresolved.get(error.reference, "correct it, or add what it names")
                raise LookupError(f"{error}: {reason}") from None
        if kind not in SECTIONS:
            raise LookupError(f"the $ref {reference!r} stands where OpenAPI has none")
        return self._ends[reference]


def unusable(document: Document, unresolved: Mapping[str, str] | None = None) -> dict[str, str]:
    """Why each operation that cannot be used cannot: the first fault in it, or in what it refers to.

    By the operation's id; by its path, or by method and path, where there is no object that describes it. For
    `unresolved` see Faults.
    """
    faults = Faults(document, unresolved)
    found: dict[str, str | None] = {}
    paths = document.get("paths") or {}
    for path in paths if isinstance(paths, dict) else ():
        where = json_pointer(["paths", path])
        if not path.startswith("/"):
            continue
        item = path_item(document, path)
        if item is None:
            found[path] = faults.first(where, "PathItem")
            continue
        for method in METHODS:
            if not isinstance(resolve(document, item).get(method, {}), dict):
                found[f"{method.upper()} {path}"] = faults.first(f"{item}/{method}", "Operation")
    for one in operations(document):
        shared = f"{one.pointer.rpartition('/')[0]}/parameters"
        fault = faults.first(one.pointer, "Operation")
        if fault is None and resolves(document, shared):
            fault = faults.first(shared, "[Parameter]")
        found[one.id] = fault
    return {name: fault for name, fault in found.items() if fault is not None}


def invalidity(document: dict[str, Document]) -> str | None:
    """The first reason why a document is not valid OpenAPI 3.1, with its JSON Pointer; None if it is valid."""
    return Faults(document).first("", "OpenAPI") or _violation(document)


def _violation(document: dict[str, Document]) -> str | None:
    """The first violation of the schema of OpenAPI 3.1."""
    # Importing it takes longer than the rest of the start, and only a user's overlay needs it: a test validates the
    # documents that we ship.
    from openapi_spec_validator import OpenAPIV31SpecValidator  # noqa: PLC0415  # see above

    document = _for_the_validator(document)
    error = next(iter(OpenAPIV31SpecValidator(document).iter_errors()), None)
    if error is None:
        return None
    return f"at {json_pointer(error.absolute_path) or '/'}: {str(error.message).splitlines()[0][:300]}"


def _for_the_validator(document: dict[str, Document]) -> dict[str, Document]:
    """A copy without what the validator mistakes: extensions for paths, and a `$ref` in a default for a reference.

    It would fetch that.
    """
    copied = deepcopy(document)
    pending: list[tuple[Document, Kind]] = [(copied, "OpenAPI")]
    while pending:
        value, kind = pending.pop()
        if kind == "Paths":
            for name in [name for name in value if name.startswith("x-")]:
                del value[name]
        elif kind == "Schema" and isinstance(value, dict) and "$ref" in str(value.get("default")):
            del value["default"]
        pending += [(member, its_kind) for _, member, its_kind in members(value, kind)]
    return copied

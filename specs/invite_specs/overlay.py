"""OpenAPI Overlay 1.0: a list of actions, each a target (RFC 9535 JSONPath) and what to merge there or remove.

1. A target that matches nothing is an error: an assumption about a sentence that no longer exists must not be ignored.
2. What an overlay adds carries `x-assumption: {id, reason}`; one object carries at most one.
"""

import copy
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import jsonpath

from invite_specs.yaml_file import Document, Json, YamlError, YamlFile

_PATHS = jsonpath.JSONPathEnvironment(strict=True)


class OverlayError(ValueError):
    """An overlay that cannot be applied; the message names file, line, action and reason."""

    def __init__(self, message: str, action: int = -1) -> None:
        super().__init__(message)
        self.action = action
        """The index of the action that failed; -1 if the file is no overlay at all."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One thing that we decided because the publisher is silent."""

    id: str
    reason: str
    source: str
    """The sentence of the publisher, or the convention, behind it."""
    target: str
    """The overlay action's JSONPath."""
    path: Path
    line: int
    """The line of the action in `path`, from 1."""


class Overlay:
    """An overlay file. Raises OverlayError, with file and line, if it is not one (Overlay 1.0.0 section 4.4)."""

    def __init__(self, path: Path) -> None:
        try:
            self.file = YamlFile(path)
        except YamlError as error:
            raise OverlayError(str(error)) from error
        document = self.file.data
        if not isinstance(document, dict) or not str(document.get("overlay", "")).startswith("1."):
            raise self._error(
                "",
                "this is not an OpenAPI Overlay 1.x document: it must have `overlay: 1.0.0`, `info` and `actions`",
            )
        info = document.get("info")
        if not isinstance(info, dict) or not {"title", "version"} <= info.keys():
            raise self._error("", "`info` must be an object with `title` and `version`")
        actions = document.get("actions")
        if not isinstance(actions, list) or not actions:
            raise self._error("", "`actions` must be a list of at least one action")
        self.actions: list[dict[str, Document]] = actions
        for index, action in enumerate(actions):
            self._check(index, action)
        self._own = {str(note.get("id", "")) for note in _notes(actions)}

    def _check(self, index: int, action: Document) -> None:
        if not isinstance(action, dict) or not isinstance(action.get("target"), str):
            raise self.error(index, "it needs a `target`, a JSONPath such as $.info")
        unknown = [key for key in action if key not in _ACTION_MEMBERS and not key.startswith("x-")]
        if unknown:
            raise self.error(index, f"unknown member `{unknown[0]}`; an action has {', '.join(_ACTION_MEMBERS)}")
        if action.get("remove") is not True and "update" not in action:
            raise self.error(index, "it needs `update`, or `remove: true`")

    def _error(self, pointer: str, reason: str, action: int = -1) -> OverlayError:
        return OverlayError(f"{self.file.path}:{self.file.line(pointer)}: {reason}", action)

    def error(self, index: int, reason: str) -> OverlayError:
        """An error that names file, line and action (by its index from 0)."""
        action = self.actions[index]
        target = action.get("target") if isinstance(action, dict) else None
        named = f"action {index + 1}" + (f" (target {target})" if target else "")
        return self._error(f"/actions/{index}", f"{named}: {reason}", index)

    def assumptions(self) -> Iterator[Assumption]:
        """The assumptions of the overlay's actions, in order."""
        for index, action in enumerate(self.actions):
            for note in _notes(action):
                yield Assumption(
                    id=str(note.get("id", "")),
                    reason=" ".join(str(note.get("reason", "")).split()),
                    source=" ".join(str(note.get("source", "")).split()),
                    target=action["target"],
                    path=self.file.path,
                    line=self.file.line(f"/actions/{index}"),
                )

    def apply(self, document: dict[str, Document]) -> dict[str, Document]:
        """The document with every action applied in order; raises as `apply_action` does."""
        result = copy.deepcopy(document)
        for index in range(len(self.actions)):
            self._apply_in_place(index, result)
        return result

    def apply_action(self, index: int, document: dict[str, Document]) -> dict[str, Document]:
        """The document with one action applied; the one given stays as it is.

        Raises OverlayError, with file, line and action, for a target that is no JSONPath or matches nothing, an
        update of something that cannot hold it, and a second assumption on one object.
        """
        result = copy.deepcopy(document)
        self._apply_in_place(index, result)
        return result

    def _apply_in_place(self, index: int, document: dict[str, Document]) -> None:
        try:
            self._apply(document, self.actions[index], self._own)
        except (jsonpath.JSONPathError, _ActionError) as error:
            raise self.error(index, str(error).splitlines()[0]) from error

    @staticmethod
    def _apply(document: dict[str, Document], action: dict[str, Document], own: AbstractSet[str]) -> None:
        matches = list(_PATHS.finditer(action["target"], document))
        if not matches:
            raise _ActionError("the target matches nothing in the document")
        # In reverse, so that removing an element of a list does not shift the remaining matches.
        for match in reversed(matches):
            parent: Document = match.parent.obj if match.parent else None
            if action.get("remove") is True:
                if parent is None:
                    raise _ActionError("the whole document cannot be removed")
                del parent[match.parts[-1]]
            elif isinstance(match.obj, dict) and isinstance(action["update"], dict):
                _merge(match.obj, action["update"], own)
            elif isinstance(match.obj, list):
                match.obj.append(copy.deepcopy(action["update"]))
            else:
                raise _ActionError("the target must be an object (with an object as `update`) or an array")


_ACTION_MEMBERS = ("target", "description", "update", "remove")


class _ActionError(Exception):
    """Why one action cannot be applied."""


def _merge(into: dict[str, Document], update: dict[str, Document], own: AbstractSet[str]) -> None:
    """Merge as Overlay 1.0.0 section 4.4.3 says: objects by member, arrays appended, all else replaced.

    `own` are the ids of the overlay's own assumptions: one must not replace another; those of other overlays it may.
    """
    for key, value in update.items():
        known = into.get(key)
        if key == "x-assumption":
            if known is not None and known != value and known.get("id") in own:
                raise _ActionError(
                    f"the object already carries the assumption {known['id']!r}; choose a target of its own"
                )
            into[key] = copy.deepcopy(value)
        elif isinstance(known, dict) and isinstance(value, dict):
            _merge(known, value, own)
        elif isinstance(known, list) and isinstance(value, list):
            known.extend(copy.deepcopy(value))
        else:
            into[key] = copy.deepcopy(value)


def _notes(value: Json) -> Iterator[dict[str, Json]]:
    if isinstance(value, dict):
        for key, member in value.items():
            if key == "x-assumption" and isinstance(member, dict):
                yield member
            else:
                yield from _notes(member)
    elif isinstance(value, list):
        for member in value:
            yield from _notes(member)

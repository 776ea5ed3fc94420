"""YAML read safely and strictly, as JSON values, with the line of every value.

1. Safe loading only: no tag creates an object, and the text passes through no template engine.
2. The data is JSON: keys are strings, a date stays a string, and so do `on` and `no`.
3. A key given twice is an error; the last value does not win silently.
"""

import re
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from invite_specs.pointer import segments

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
"""A value that JSON can hold."""

Document = Any
"""An OpenAPI document, an overlay or a schema, or a part of one: JSON whose shape the format's own standard gives.

It is read by keys from the standard (`document["paths"][path]["post"]`), after a validator has accepted it. Typed as
Json, each step would need a check that repeats the validator's.
"""

_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A YAML file that cannot be read; the message names file and line."""


_TAGS = tuple(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "seq", "map"))
"""The tags of JSON values."""


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]  # the C loader is there or not, at run time
    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except YamlError:
            raise
        except (ValueError, LookupError) as error:
            where = f"{node.start_mark.name}:{node.start_mark.line + 1}"
            raise YamlError(f"{where}: {node.value!r} is no {node.tag.rpartition(':')[2]}") from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Json]:
        mapping: dict[str, Json] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            line = key_node.start_mark.line + 1
            if isinstance(key, (list, dict)) or key is None:
                raise YamlError(f"{key_node.start_mark.name}:{line}: a key must be a string")
            text = key_node.value if not isinstance(key, str) else key
            if text in mapping:
                raise YamlError(f"{key_node.start_mark.name}:{line}: the key {text!r} is given twice")
            mapping[text] = self.construct_object(value_node, deep=deep)
        return mapping


def _json_map(loader: Any, node: yaml.Node) -> dict[str, Json]:
    if not isinstance(node, yaml.MappingNode):
        raise YamlError(f"{node.start_mark.name}:{node.start_mark.line + 1}: this is no map")
    return loader.construct_mapping(node, deep=True)  # type: ignore[no-any-return]  # PyYAML's loaders are untyped


def _no_json(_loader: Any, node: yaml.Node) -> Json:
    where = f"{node.start_mark.name}:{node.start_mark.line + 1}"
    raise YamlError(
        f"{where}: the tag {node.tag} creates a value that JSON cannot represent; write the value without it"
    )


_Loader.yaml_constructors = {
    tag: constructor for tag, constructor in _SafeLoader.yaml_constructors.items() if tag in _TAGS
}
_Loader.add_constructor("tag:yaml.org,2002:map", _json_map)
_Loader.add_constructor(None, _no_json)
# YAML 1.2's core schema instead of 1.1's: `on`, `yes` and dates are strings (YAML 1.2.2 section 10.3.2).
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag.rpartition(":")[2] not in {"timestamp", "bool", "merge", "value"}
    ]
    for first, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


def text_of(path: Path) -> str:
    """The text of a UTF-8 file, without a byte order mark. Raises YamlError if it cannot be read, or is not UTF-8."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise YamlError(f"{path}: cannot be read: {reason}") from error


class YamlFile:
    """One YAML file: `data` is its content, `line(pointer)` the line of a value.

    Raises YamlError, with file and line, if the file cannot be read, is not UTF-8 or is no YAML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = text_of(path)
        try:
            self.data: Document = self._load()
        except YamlError as error:
            raise YamlError(str(error).replace("<unicode string>", str(path), 1)) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise YamlError(f"{path}:{line}: {error.problem or error.context}") from error
        except (yaml.YAMLError, RecursionError, ValueError) as error:
            raise YamlError(f"{path}: {error}") from error

    def _load(self) -> Document:
        loader = _Loader(self.text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()

    @cached_property
    def _root(self) -> yaml.Node | None:
        return yaml.compose(self.text, Loader=_SafeLoader)

    def line(self, pointer: str) -> int:
        """The line, from 1, on which the value at a JSON Pointer is named, or else begins.

        Raises LookupError if the pointer leads nowhere.
        """
        node, line = self._root, 1
        for part in segments(pointer):
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == part:
                        node, line = value, key.start_mark.line + 1
                        break
                else:
                    raise LookupError(f"{self.path} has nothing at {pointer}")
            elif isinstance(node, yaml.SequenceNode) and part.isdecimal() and int(part) < len(node.value):
                node = node.value[int(part)]
                line = node.start_mark.line + 1
            else:
                raise LookupError(f"{self.path} has nothing at {pointer}")
        return line

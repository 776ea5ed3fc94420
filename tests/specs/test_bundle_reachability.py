"""What can be reached through references in any set of files can be reached in the bundle."""

import json
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invite_specs import (
    Document,
    follow,
    json_pointer,
    resolve,
)
from invite_specs.bundle import Bundle

FILES = ["root.yaml", "one.yaml", "sub/two.yaml"]


NAMES = ["A", "b c", "d/e", "~f"]


@st.composite
def references(draw: st.DrawFn, file: str) -> Document:
    """A reference from a file to a schema of any file, or to a property of it."""
    target = draw(st.sampled_from(FILES))
    up = "../" if file.startswith("sub/") else ""
    name = draw(st.sampled_from(NAMES))
    section = "/components/schemas" if target == "root.yaml" else ""
    place = section + json_pointer([name, *draw(st.sampled_from([[], ["properties", "p"]]))])
    return {"$ref": ("" if target == file else up + target) + "#" + quote(place)}


@st.composite
def schemas(draw: st.DrawFn, file: str) -> Document:
    title = {"title": f"{file} {draw(st.integers(0, 99))}"}
    inner = references(file) | st.just(title)
    return {**title, "properties": {name: draw(inner) for name in ("p", "q")}}


@st.composite
def file_sets(draw: st.DrawFn) -> dict[str, Document]:
    return {file: {name: draw(schemas(file)) for name in NAMES} for file in FILES}


def end(files: dict[str, Document], file: str, value: Document) -> tuple[str, Document] | None:
    """The file and value at the end of the references in the files as they are; None for a circle."""
    for _ in range(20):
        if "$ref" not in value:
            return file, value
        address, _, fragment = value["$ref"].partition("#")
        file = address.removeprefix("../") or file
        pointer = fragment.replace("%20", " ").replace("%7E", "~")
        value = resolve(files[file], pointer)
    return None


@given(file_sets())
def test_what_can_be_reached_in_the_files_can_be_reached_in_the_bundle(content: dict[str, Document]) -> None:
    def files() -> dict[str, Document]:
        copy: dict[str, Document] = json.loads(json.dumps(content))
        root = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": copy["root.yaml"]}}
        return copy | {"root.yaml": root}

    original, read = files(), files()
    bundle = Bundle(Path("root.yaml"), read["root.yaml"], lambda path: read[str(path)])
    assert bundle.unresolved == {}
    document = json.loads(json.dumps(bundle.document))
    assert set(original["root.yaml"]["components"]["schemas"]) <= set(document["components"]["schemas"])
    pending = [("root.yaml", original["root.yaml"]["components"]["schemas"][name], name) for name in NAMES]
    walk = [(file, value, json_pointer(["components", "schemas", name])) for file, value, name in pending]
    seen = set()
    while walk:
        file, value, pointer = walk.pop()
        expected = end(original, file, value)
        if expected is None:
            with pytest.raises(LookupError, match="leads back to itself"):
                follow(document, pointer)
            continue
        file, value = expected
        pointer = follow(document, pointer)
        found = resolve(document, pointer)
        assert found["title"] == value["title"]
        if (id(value), pointer) not in seen:
            seen.add((id(value), pointer))
            walk += [(file, one, f"{pointer}/properties/{name}") for name, one in value.get("properties", {}).items()]

"""A document in JSON, and the lines of what stands in it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invite_specs import (
    Document,
    OpenapiError,
    document_contract,
    json_pointer,
    resolve,
)
from invite_specs.json_file import JsonFile


def test_a_json_document_is_read_with_its_lines(tmp_path: Path) -> None:
    text = (
        '\ufeff{\n "openapi": "3.1.0",\n "paths": {\n  "/a~b": {"get": {}},\n\t"/c":\n   {"get": {"tags": [1,\n2]}}}\n}'
    )
    path = tmp_path / "pets.json"
    path.write_text(text, "utf-8")
    found = document_contract(path)
    assert [one.path for one in found.operations] == ["/a~b", "/c"]
    lines = {pointer: found.line(pointer) for pointer in ("", "/openapi", "/paths/~1a~0b/get", "/paths/~1c/get/tags/1")}
    assert lines == {"": 1, "/openapi": 2, "/paths/~1a~0b/get": 4, "/paths/~1c/get/tags/1": 7}
    for pointer in ("/nowhere", "/openapi/x", "/paths/~1c/get/tags/2"):
        with pytest.raises(LookupError, match=re.escape(f"has nothing at {pointer}")):
            found.line(pointer)


def test_json_and_yaml_are_told_by_the_text_and_an_error_has_its_line(tmp_path: Path) -> None:
    flow = tmp_path / "flow.yaml"
    flow.write_text("{openapi: 3.1.0,\npaths: {}}", "utf-8")
    assert document_contract(flow).line("/paths") == 2
    broken = tmp_path / "broken.json"
    broken.write_text('{"openapi": "3.1.0",\n"paths": }', "utf-8")
    with pytest.raises(OpenapiError, match=r"broken\.json:2: this is not JSON: Expecting value"):
        document_contract(broken)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(JSON.filter(lambda value: isinstance(value, dict | list)))
def test_every_value_of_a_json_file_has_the_line_where_it_is_named(value: Document) -> None:
    text = json.dumps(value, indent=1)
    file = JsonFile(Path("x.json"), text)
    lines = text.split("\n")
    pending = [("", value)]
    while pending:
        pointer, one = pending.pop()
        if pointer and isinstance(resolve(value, pointer.rpartition("/")[0]), dict):
            name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            assert lines[file.line(pointer) - 1].strip().startswith(json.dumps(name) + ":")
        inner = one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ()
        pending += [(pointer + json_pointer([name]), member) for name, member in inner]

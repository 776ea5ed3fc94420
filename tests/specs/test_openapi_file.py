"""Any OpenAPI document as a contract: of several files, of 3.0, in JSON, and with faults."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from invite_specs import (
    Contract,
    Document,
    OpenapiError,
    contract_names,
    document_contract,
    follow,
    json_pointer,
    load_contracts,
    resolve,
)
from invite_specs.bundle import Bundle
from invite_specs.json_file import JsonFile
from openapi_spec_validator import OpenAPIV31SpecValidator

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


PETS = (
    HEAD
    + """paths:
  /pets:
    $ref: paths/pets.yaml
  /pets/{id}:
    get:
      operationId: getPet
      parameters: [{$ref: 'parts.yaml#/parameters/Id'}]
      responses:
        '200': {$ref: './parts.yaml#/responses/Pet'}
        '404': {$ref: '#/components/responses/Problem'}
components:
  responses:
    Problem: {description: Not found}
  schemas:
    Name: {type: string}
"""
)
PATHS = """get:
  operationId: listPets
  responses:
    '200':
      description: The pets
      content: {application/json: {schema: {type: array, items: {$ref: ../parts.yaml#/schemas/Pet}}}}
    '404': {$ref: '../pets.yaml#/components/responses/Problem'}
"""
PARTS = """parameters:
  Id: {name: id, in: path, required: true, schema: {$ref: '#/schemas/Id'}}
responses:
  Pet: {description: A pet, content: {application/json: {schema: {$ref: '#/schemas/Pet'}}}}
schemas:
  Id: {type: integer}
  Pet:
    properties:
      id: {$ref: '#/schemas/Id'}
      name: {$ref: 'pets.yaml#/components/schemas/Name'}
      tree: {$ref: tree.yaml}
"""
TREE = """properties:
  children: {type: array, items: {$ref: '#'}}
  pet: {$ref: 'parts.yaml#/schemas/Pet'}
"""


@pytest.fixture
def pets(tmp_path: Path) -> Contract:
    (tmp_path / "paths").mkdir()
    written(tmp_path / "paths", pets=PATHS)
    return loaded(tmp_path, pets=PETS, parts=PARTS, tree=TREE)


def test_a_document_of_several_files_is_one_that_is_valid_and_refers_to_itself_only(pets: Contract) -> None:
    assert pets.unusable == {}
    assert list(OpenAPIV31SpecValidator(pets.published).iter_errors()) == []
    references = re.findall(r'"\$ref": "(.*?)"', json.dumps(pets.published))
    assert len(references) == 13
    assert all(reference.startswith("#/components/") for reference in references)
    assert [(one.id, one.method, one.path) for one in pets.operations] == [
        ("listPets", "GET", "/pets"),
        ("getPet", "GET", "/pets/{id}"),
    ]


def test_references_lead_through_other_files_and_back_also_in_circles(pets: Contract) -> None:
    document = pets.published
    pet = at(document, "paths", "/pets/{id}", "get", "responses", "200", "content", "application/json", "schema")
    assert at(pet | document, "properties", "id") == {"type": "integer"}
    assert at(pet | document, "properties", "name") is schema_of(pets, "Name")
    assert at(pet | document, "properties", "tree", "properties", "pet") is pet
    tree = at(pet | document, "properties", "tree")
    assert at(tree | document, "properties", "children", "items") is tree
    listed = at(document, "paths", "/pets", "get", "responses", "200", "content", "application/json", "schema", "items")
    assert listed is pet
    assert pets.operations[1].parameters[0].schema == "/components/parameters/parts.yaml_parameters_Id/schema"


def test_pointers_into_the_root_file_stay_valid_and_have_a_line(pets: Contract) -> None:
    assert pets.line("/components/schemas/Name/type") == PETS.splitlines().index("    Name: {type: string}") + 1
    with pytest.raises(LookupError):
        pets.line("/components/parameters/parts.yaml_parameters_Id")


def test_what_only_looks_like_a_reference_is_data(tmp_path: Path) -> None:
    text = """paths: {}
components:
  schemas:
    Pet:
      properties: {$ref: {type: string}}
      example: {$ref: nowhere.yaml}
      examples: [{$ref: nowhere.yaml}]
      default: {$ref: nowhere.yaml}
      const: {$ref: nowhere.yaml}
      enum: [{$ref: nowhere.yaml}]
  examples:
    Pet: {value: {$ref: nowhere.yaml}}
  responses:
    Pet: {description: A pet, content: {application/json: {example: {$ref: nowhere.yaml}}}}
x-ours: {$ref: nowhere.yaml}
"""
    found = loaded(tmp_path, pets=HEAD + text)
    assert str(found.published).count("{'$ref': 'nowhere.yaml'}") == 8
    assert found.published["components"]["schemas"]["Pet"]["properties"] == {"$ref": {"type": "string"}}
    overlay = tmp_path / "ours.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: [{target: $.info, update: {x-ours: 1}}]", "utf-8"
    )
    [assumed] = load_contracts([], [overlay], documents=[found.published_path])
    assert assumed.assumed["info"]["x-ours"] == 1


def test_a_reference_where_openapi_has_none_is_replaced_by_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    written(
        tmp_path / "parts",
        paths="/pets: {get: {$ref: 'get.yaml'}, parameters: [{$ref: 'get.yaml#/x-page'}]}\n",
        get="x-page: {name: page, in: query}\nresponses: {'200': {$ref: answer.yaml}}\n",
        answer="description: Pets\n",
        schemas="Pet: {$ref: pet.yaml}\n",
        pet="properties: {$ref: '#/x-more'}\nx-more: {name: {type: string}}\n",
    )
    text = "paths: {$ref: parts/paths.yaml}\ncomponents: {schemas: {$ref: parts/schemas.yaml}}\n"
    found = loaded(tmp_path, pets=HEAD + text)
    [operation] = found.operations
    assert found.unusable == {}
    assert operation.response(200).definition == {"description": "Pets"}  # type: ignore[union-attr]  # else it fails
    assert [one.name for one in operation.parameters] == ["page"]
    assert at(found.published, "components", "schemas", "Pet", "properties") == {"name": {"type": "string"}}
    json.dumps(found.published)


def test_a_path_that_is_in_another_file_keeps_what_stands_beside_the_reference(tmp_path: Path) -> None:
    text = "paths: {/pets: {$ref: path.yaml, parameters: [{name: here, in: query}]}}\n"
    path = "get: {operationId: listPets, responses: {}, parameters: [{name: there, in: query}]}\nparameters: []\n"
    [operation] = loaded(tmp_path, pets=HEAD + text, path=path).operations
    assert [one.name for one in operation.parameters] == ["here", "there"]


@pytest.mark.parametrize("circle", ["a.yaml#/properties", "pets.yaml#/components/schemas/Pet/properties"])
def test_a_replaced_reference_that_leads_back_is_reported_and_ends(tmp_path: Path, circle: str) -> None:
    text = """paths:
  /pets: {post: {responses: {}, requestBody: {content: {text/x: {schema: {$ref: '#/components/schemas/Pet'}}}}}}
components: {schemas: {Pet: {properties: {child: {properties: {$ref: 'a.yaml#/properties'}}}}}}
"""
    found = loaded(tmp_path, pets=HEAD + text, a=f"properties: {{$ref: '{circle}'}}\n")
    json.dumps(found.published)
    assert list(found.unusable) == ["post-pets"]


FAULTY = """paths:
  /file: {get: {responses: {'200': {$ref: 'no.yaml#/Pet'}}}}
  /place: {get: {responses: {'200': {$ref: 'parts.yaml#/Nobody'}}}}
  /deep: {get: {responses: {'200': {$ref: 'parts.yaml#/Deep'}}}}
  /own: {get: {responses: {'200': {$ref: '#/components/responses/Nobody'}}}}
  /net: {get: {responses: {'200': {$ref: 'https://example.com/x.yaml#/Pet'}}}}
  /circle: {get: {responses: {'200': {$ref: '#/components/responses/Circle'}}}}
  /path: {$ref: 'no.yaml'}
  /list: {get: [], put: {responses: {'200': []}}}
  /shared: {parameters: [{$ref: '#/components/parameters/Nobody'}], get: {responses: {}}}
  /good: {get: {responses: {'200': {description: Good}}}}
  /empty:
  /text: none
components: {responses: {Circle: {$ref: '#/components/responses/Circle'}}}
"""


def test_what_an_operation_cannot_be_used_for_is_said_by_operation(tmp_path: Path) -> None:
    parts = "Deep: {description: d, content: {text/x: {schema: {items: {$ref: '#/Nobody'}}}}}\n"
    found = loaded(tmp_path, pets=HEAD + FAULTY, parts=parts)
    missing = f"leads to nothing in the document: {tmp_path}/no.yaml: cannot be read: No such file or directory"
    nothing = "leads to nothing in the document: correct it, or add what it names"
    answer = "at /paths/~1{}/get/responses/200: the $ref"
    assert found.unusable == {
        "get-file": f"{answer.format('file')} 'no.yaml#/Pet' {missing}",
        "get-place": f"{answer.format('place')} 'parts.yaml#/Nobody' {nothing}",
        "get-deep": "at /components/responses/parts.yaml_Deep/content/text~1x/schema/items: "
        f"the $ref 'parts.yaml#/Nobody' {nothing}",
        "get-own": f"{answer.format('own')} '#/components/responses/Nobody' {nothing}",
        "get-net": f"{answer.format('net')} 'https://example.com/x.yaml#/Pet' leads to nothing in the document: "
        "nothing is fetched; save it as a file beside this one and refer to that",
        "get-circle": f"{answer.format('circle')} '#/components/responses/Circle' leads back to itself: "
        "correct it, or add what it names",
        "/path": f"at /paths/~1path: the $ref 'no.yaml' {missing}",
        "GET /list": "at /paths/~1list/get: this must be an object",
        "put-list": "at /paths/~1list/put/responses/200: this must be an object",
        "get-shared": "at /paths/~1shared/parameters/0: the $ref '#/components/parameters/Nobody' " + nothing,
        "/text": "at /paths/~1text: this must be an object",
    }
    assert [one.id for one in found.operations if one.id not in found.unusable] == ["get-good"]


def test_an_overlay_may_correct_what_makes_an_operation_unusable(tmp_path: Path) -> None:
    overlay = written(
        tmp_path,
        ours="overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $.components.responses\n    update: {Nobody: {description: Nobody}}\n",
    )
    [found] = load_contracts([], [overlay], documents=[written(tmp_path, pets=HEAD + FAULTY)])
    assert "get-own" not in found.unusable
    assert "get-net" in found.unusable


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[1]", "this is not an object"),
        ("swagger: '2.0'\npaths: {}", "this is Swagger 2.0; an OpenAPI 3.0 or 3.1 document is needed"),
        ("paths: {}", "this has no member `openapi`"),
        ("openapi: 3.2.0\npaths: {}", "this is OpenAPI 3.2.0"),
        ("openapi: 3.1.0", "this has no `paths` and no `webhooks`"),
        ("openapi: 3.1.0\npaths: [1]", "`paths` must be an object"),
        ("openapi: 3.1.0\npaths: [", ":3: "),
        ('{"openapi": "3.1.0", "paths": {}, "paths": {}}', "the key 'paths' is given twice"),
    ],
)
def test_what_is_no_openapi_document_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    path = written(tmp_path, pets=text)
    with pytest.raises(OpenapiError, match=re.escape(reason)) as raised:
        document_contract(path)
    assert str(raised.value).startswith(str(path))
    with pytest.raises(OpenapiError, match="cannot be read"):
        document_contract(tmp_path / "nothing.yaml")


OLD = """openapi: 3.0.3
info: {title: Pets, version: v1}
paths: {}
components:
  schemas:
    Text: {type: string, nullable: true, example: a}
    Choice: {type: string, nullable: true, enum: [a, b]}
    Some: {nullable: true, anyOf: [{type: string}, {type: integer}]}
    One: {nullable: true, oneOf: [{$ref: '#/components/schemas/Choice'}, {type: integer}]}
    Other: {nullable: true, oneOf: [{type: string}, {type: integer}]}
    Every: {nullable: true, allOf: [{$ref: '#/components/schemas/Plain'}, {type: string, oneOf: [{minLength: 2}]}]}
    Beside: {$ref: '#/components/schemas/Plain', nullable: true, maxLength: 1, description: Beside}
    Plain: {type: string, nullable: false}
    Between: {type: integer, minimum: 1, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false}
    Open: {type: integer, exclusiveMinimum: true}
    File: {type: string, format: binary}
    Bytes: {type: string, format: byte}
    Named: {type: object, properties: {nullable: {type: boolean}, example: {type: string, nullable: true}}}
"""


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("Text", [None, "a"], [1]),
        ("Choice", [None, "a"], ["c"]),
        ("Some", [None, "a", 1], [1.5]),
        ("One", [None, "a", 1], ["c"]),
        ("Other", [None, "a", 1], [1.5]),
        ("Every", [None, "ab"], ["a", 1]),
        ("Beside", ["ab"], [None]),
        ("Plain", ["a"], [None]),
        ("Between", [2, 9], [1, 10]),
        ("Open", [1], []),
        ("Named", [{"nullable": True, "example": None}], [{"nullable": None}]),
    ],
)
def test_a_schema_of_3_0_means_the_same_in_3_1(
    tmp_path: Path, name: str, valid: list[Document], invalid: list[Document]
) -> None:
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    document = loaded(tmp_path, pets=OLD).published
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    validator = jsonschema_rs.Draft202012Validator({**document, "$ref": f"#/components/schemas/{name}"})
    assert [validator.is_valid(value) for value in valid] == [True] * len(valid)
    assert [validator.is_valid(value) for value in invalid] == [False] * len(invalid)


def test_examples_and_files_of_3_0_are_said_as_in_3_1(tmp_path: Path) -> None:
    found = loaded(tmp_path, pets=OLD)
    assert found.published["openapi"] == "3.1.0"
    assert schema_of(found, "Text")["examples"] == ["a"]
    assert schema_of(found, "File")["contentMediaType"] == "application/octet-stream"
    assert schema_of(found, "Bytes")["contentEncoding"] == "base64"
    assert schema_of(found, "Beside") == {"$ref": "#/components/schemas/Plain", "description": "Beside"}


def test_schemas_of_a_3_0_document_s_other_files_are_upgraded_too(tmp_path: Path) -> None:
    text = OLD.replace("    Plain: {type: string", "    Far: {$ref: 'pet.yaml'}\n    Plain: {type: string")
    found = loaded(tmp_path, pets=text, pet="type: string\nnullable: true\n")
    assert at(found.published, "components", "schemas", "Far")["type"] == ["string", "null"]


def test_old_drafts_in_a_3_1_document_are_corrected_and_no_dialect_is_fetched(tmp_path: Path) -> None:
    schema = "{$schema: 'http://json-schema.org/draft-04/schema#', maximum: 9, exclusiveMaximum: true, nullable: true}"
    found = loaded(tmp_path, pets=HEAD + f"paths: {{}}\ncomponents: {{schemas: {{Pet: {schema}}}}}\n")
    assert schema_of(found) == {"maximum": 9, "exclusiveMaximum": 9, "nullable": True}


def test_a_brace_that_begins_no_quantifier_is_escaped_as_validators_want_it(tmp_path: Path) -> None:
    pattern = r"^{a{2}}[{]\\p{L}\\{b{1,}$"
    found = loaded(tmp_path, pets=HEAD + f'paths: {{}}\ncomponents: {{schemas: {{Pet: {{pattern: "{pattern}"}}}}}}\n')
    assert schema_of(found)["pattern"] == r"^\{a{2}}[\{]\p{L}\{b{1,}$"


def test_a_document_of_3_1_stays_as_it_is(tmp_path: Path) -> None:
    text = "paths: {}\ncomponents: {schemas: {Pet: {$ref: '#/components/schemas/Pet', example: 1, maxLength: 2}}}\n"
    found = loaded(tmp_path, pets=HEAD + text)
    assert schema_of(found) == {"$ref": "#/components/schemas/Pet", "example": 1, "maxLength": 2}


def test_a_discriminator_s_schemas_in_other_files_are_bundled_and_names_stay_names(tmp_path: Path) -> None:
    text = "paths: {}\ncomponents: {schemas: {Pet: {discriminator: {mapping: {cat: cat.yaml, dog: Dog}}}}}\n"
    found = loaded(tmp_path, pets=HEAD + text, cat="title: Cat\n")
    assert schema_of(found)["discriminator"]["mapping"] == {"cat": "#/components/schemas/cat.yaml", "dog": "Dog"}
    assert schema_of(found, "cat.yaml") == {"title": "Cat"}


def test_a_merge_key_is_followed(tmp_path: Path) -> None:
    text = """paths: {}
x-base: &base {type: object, title: Base}
x-more: &more {<<: *base, description: More}
components:
  schemas:
    Pet: {<<: [{title: Pet}, *more], properties: {<<: {name: {type: string}}, age: {type: integer}}}
"""
    assert schema_of(loaded(tmp_path, pets=HEAD + text)) == {
        "title": "Pet",
        "type": "object",
        "description": "More",
        "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    }


def test_operation_ids_are_unique(tmp_path: Path) -> None:
    text = """paths:
  /a: {get: {operationId: same}, put: {operationId: other}}
  /a/{b}: {get: {operationId: same}, post: {}}
  /a/b: {post: {}}
"""
    found = loaded(tmp_path, pets=HEAD + text)
    assert [one.id for one in found.operations] == ["same-get-a", "other", "same-get-a-b", "post-a-b", "post-a-b-2"]
    assert found.published_operations == found.operations


def test_a_document_contract_has_no_assumptions_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "Pet Store_v1.yaml"
    path.write_text(HEAD + "paths: {/pets: {get: {}}}\n", "utf-8")
    found = document_contract(path)
    assert (found.name, found.published_path, found.assumptions) == ("pet-store-v1", path, ())
    assert found.assumed == found.published
    assert found.assumption_at("/paths/~1pets/get") is None
    assert document_contract(path, "shop").name == "shop"


def test_documents_and_contracts_of_one_name_are_told_apart(tmp_path: Path) -> None:
    taken = contract_names()[0]
    paths = [tmp_path / "a" / f"{taken}.yaml", tmp_path / "b" / f"{taken}.yaml"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(HEAD + "paths: {}\n", "utf-8")
    assert [one.name for one in load_contracts([taken], documents=paths)] == [taken, f"{taken}-2", f"{taken}-3"]


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


def test_a_file_that_is_referred_to_twice_is_read_once() -> None:
    asked = []

    def read(other: Path) -> Document:
        asked.append(other)
        return {"x": {}, "y": {}}

    pets: Document = {"X": {"$ref": "b.yaml#/x"}, "Y": {"$ref": "./b.yaml#/y"}}
    Bundle(Path("pets.yaml"), {"openapi": "3.1.0", "components": {"schemas": pets}}, read)
    assert asked == [Path("b.yaml")]


def test_names_among_the_components_that_are_taken_are_left_alone(tmp_path: Path) -> None:
    text = "paths: {/pets: {$ref: path.yaml}}\ncomponents: {schemas: {$ref: schemas.yaml}}\n"
    path = "get: {responses: {'200': {description: d, content: {text/x: {schema: {$ref: pet.yaml}}}}}}\n"
    found = loaded(tmp_path, pets=HEAD + text, path=path, schemas="pet.yaml: {title: Taken}\n", pet="title: Pet\n")
    assert found.published["components"]["schemas"] == {"pet.yaml": {"title": "Taken"}, "pet.yaml-2": {"title": "Pet"}}
    answer = at(found.published, "paths", "/pets", "get", "responses", "200", "content", "text/x", "schema")
    assert answer == {"title": "Pet"}

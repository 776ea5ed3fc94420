"""Several files are made one document."""

import json
import re
from pathlib import Path

import pytest
import yaml
from invite_specs import (
    Contract,
    Document,
    YamlFile,
    load_contracts,
)
from invite_specs.bundle import Bundle
from openapi_spec_validator import OpenAPIV31SpecValidator
from specs.documents import HEAD, at, loaded, schema_of, written

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


def test_a_file_that_is_referred_to_twice_is_read_once() -> None:
    asked = []

    def read(other: Path) -> Document:
        asked.append(other)
        return {"x": {}, "y": {}}

    pets: Document = {"X": {"$ref": "b.yaml#/x"}, "Y": {"$ref": "./b.yaml#/y"}}
    Bundle(Path("pets.yaml"), {"openapi": "3.1.0", "components": {"schemas": pets}}, read)
    assert asked == [Path("b.yaml")]


@pytest.mark.parametrize(
    "users",
    [
        "components: {schemas: {$ref: schemas.yaml}}\npaths: {/pets: {$ref: path.yaml}}\n",
        "components: {schemas: {$ref: schemas.yaml}, pathItems: {Pets: {$ref: path.yaml}}}\npaths: {}\n",
    ],
    ids=["of a path", "of another component"],
)
def test_names_among_the_components_that_are_taken_are_left_alone(tmp_path: Path, users: str) -> None:
    path = "get: {responses: {'200': {description: d, content: {text/x: {schema: {$ref: pet.yaml}}}}}}\n"
    found = loaded(tmp_path, pets=HEAD + users, path=path, schemas="pet.yaml: {title: Taken}\n", pet="title: Pet\n")
    assert found.published["components"]["schemas"] == {"pet.yaml": {"title": "Taken"}, "pet.yaml-2": {"title": "Pet"}}
    components = found.published["components"]
    path_item = {**found.published["paths"], **components.get("pathItems", {})}["Pets" if "Pets" in users else "/pets"]
    document = {**found.published, "paths": {"/pets": path_item}}
    answer = at(document, "paths", "/pets", "get", "responses", "200", "content", "text/x", "schema")
    assert answer == {"title": "Pet"}


@pytest.mark.parametrize("order", [("/alone", "/beside"), ("/beside", "/alone")])
@pytest.mark.parametrize("own", ["", ", description: Own"])
@pytest.mark.parametrize("address", ["there.yaml", "gone.yaml"])
def test_a_reference_is_resolved_from_its_own_file_whichever_of_its_users_is_first(
    tmp_path: Path, order: tuple[str, str], own: str, address: str
) -> None:
    users = {"/alone": "{$ref: 'sub/one.yaml#/a'}", "/beside": "{$ref: 'sub/one.yaml#/a', summary: Beside}"}
    (tmp_path / "sub").mkdir()
    written(tmp_path / "sub", one=f"a: {{$ref: {address}{own}}}\n", there="get: {operationId: there}\n")
    text = HEAD + "paths:\n" + "".join(f"  {path}: {users[path]}\n" for path in order)
    document = yaml.safe_load(text)
    bundle = Bundle(tmp_path / "pets.yaml", document, lambda path: YamlFile(path).data)
    assert set(bundle.unresolved) == (set() if address == "there.yaml" else {"sub/gone.yaml"})
    for path in order:
        item = at(document, "paths", path) if address == "there.yaml" else {}
        assert item.get("get", {}).get("operationId") == ("there" if item else None)
    assert document["paths"]["/beside"]["summary"] == "Beside"


def test_a_reference_within_the_root_file_stays_as_it_is_written(tmp_path: Path) -> None:
    text = """paths: {}
x-parts:
  Far: {$ref: far.yaml}
components:
  schemas:
    Pet(1): {title: Pet}
    Own: {$ref: '#/components/schemas/Pet(1)'}
    Named: {$ref: 'pets.yaml#/components/schemas/Pet(1)'}
    Part: {$ref: '#/x-parts/Far'}
"""
    found = loaded(tmp_path, pets=HEAD + text, far="title: Far\nproperties: {pet: {$ref: 'pets.yaml#/x-parts/Far'}}\n")
    assert schema_of(found, "Own") == {"$ref": "#/components/schemas/Pet(1)"}
    assert schema_of(found, "Named") == {"$ref": "#/components/schemas/Pet%281%29"}
    assert schema_of(found, "Part") == {"$ref": "#/x-parts/Far"}
    # What stands under no keyword of OpenAPI is bundled where something refers to it.
    assert found.published["x-parts"]["Far"] == {"$ref": "#/components/schemas/far.yaml"}
    assert schema_of(found, "far.yaml")["properties"]["pet"] == {"$ref": "#/x-parts/Far"}
    assert at(found.published, "components", "schemas", "Named") == {"title": "Pet"}

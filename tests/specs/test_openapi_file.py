"""Any OpenAPI document as a contract: what cannot be used is said, names are unique."""

import re
from pathlib import Path

import pytest
from invite_specs import (
    OpenapiError,
    contract_names,
    document_contract,
    load_contracts,
)
from specs.documents import HEAD, loaded, written

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

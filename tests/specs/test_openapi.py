"""What an operation takes and answers, wherever the document says it."""

from copy import deepcopy

import pytest
from invite_specs import Document, follow, operations

DOCUMENT: Document = {
    "openapi": "3.1.0",
    "info": {"title": "Sites", "version": "1"},
    "paths": {
        "/sites/{site}": {
            "parameters": [{"$ref": "#/components/parameters/Site"}, {"name": "page", "in": "query"}],
            "get": {
                "operationId": "getSite",
                "parameters": [{"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"$ref": "#/components/responses/Site"},
                    "4XX": {"description": "Refused"},
                    "default": {"description": "Anything else", "x-note": "none"},
                    "x-note": {},
                },
            },
            "delete": {"responses": {"204": {"description": "Deleted"}}},
        },
        "/aliases/{site}": {"$ref": "#/components/pathItems/Alias"},
        "x-paths": {"get": {}},
    },
    "components": {
        "parameters": {"Site": {"name": "site", "in": "path", "required": True, "schema": {"type": "integer"}}},
        "requestBodies": {"Site": {"required": True, "content": {"application/json": {"schema": {}}}}},
        "responses": {
            "Site": {
                "description": "A site",
                "headers": {"ETag": {"$ref": "#/components/headers/Tag"}},
                "content": {
                    "application/json": {
                        "schema": {"type": "object"},
                        "examples": {"one": {"$ref": "#/components/examples/One"}, "far": {"externalValue": "x"}},
                    },
                    "text/plain": {"example": "a site"},
                },
            }
        },
        "headers": {"Tag": {"schema": {"type": "string"}}},
        "examples": {"One": {"value": {"id": 1}}},
        "pathItems": {
            "Alias": {
                "put": {
                    "operationId": "putAlias",
                    "requestBody": {"$ref": "#/components/requestBodies/Site"},
                    "responses": {},
                }
            }
        },
    },
}
GET, DELETE, PUT = operations(DOCUMENT)


def test_every_method_of_every_path_is_an_operation_also_behind_a_reference() -> None:
    assert [(one.method, one.path) for one in (GET, DELETE, PUT)] == [
        ("GET", "/sites/{site}"),
        ("DELETE", "/sites/{site}"),
        ("PUT", "/aliases/{site}"),
    ]


def test_an_operation_without_an_operation_id_is_named_by_method_and_path() -> None:
    assert (GET.id, DELETE.id) == ("getSite", "delete-sites-site")


def test_parameters_of_the_path_belong_to_the_operation_unless_it_says_otherwise() -> None:
    assert [(one.name, one.place, one.required, one.schema) for one in GET.parameters] == [
        ("site", "path", True, "/components/parameters/Site/schema"),
        ("page", "query", True, "/paths/~1sites~1{site}/get/parameters/0/schema"),
    ]
    assert [(one.name, one.required, one.schema is None) for one in DELETE.parameters] == [
        ("site", True, False),
        ("page", False, True),
    ]


def test_a_status_is_documented_by_itself_by_its_class_or_by_default() -> None:
    found = {status: one and one.status for status in (200, 404, 500) for one in (GET.response(status),)}
    assert found == {200: "200", 404: "4XX", 500: "default"}
    assert DELETE.response(200) is None
    assert GET.statuses == (200,)


def test_content_headers_and_examples_are_found_at_the_end_of_their_references() -> None:
    response = GET.response(200)
    assert response is not None
    where = "/components/responses/Site/content"
    assert response.content == {"application/json": f"{where}/application~1json/schema", "text/plain": None}
    assert response.headers == {"ETag": "/components/headers/Tag"}
    assert response.examples("application/json") == {"one": {"id": 1}}
    assert response.examples("text/plain") == {"example": "a site"}


def test_a_body_is_the_one_referred_to_or_none() -> None:
    assert PUT.body is not None
    assert PUT.body.pointer == "/components/requestBodies/Site"
    assert PUT.body.definition["required"] is True
    assert GET.body is None


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("#/components/responses/Nothing", "leads to nothing in the document"),
        ("other.yaml#/x", "leads to nothing in the document"),
        ("#/paths/~1sites~1{site}/get/responses/200", "leads back to itself"),
    ],
)
def test_a_reference_that_does_not_end_at_a_value_is_an_error(reference: str, reason: str) -> None:
    document = deepcopy(DOCUMENT)
    where = "/paths/~1sites~1{site}/get/responses/200"
    document["paths"]["/sites/{site}"]["get"]["responses"]["200"] = {"$ref": reference}
    with pytest.raises(LookupError, match=reason):
        follow(document, where)

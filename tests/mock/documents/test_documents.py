"""OpenAPI documents served as they are."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from invite_mock.apis import NothingServedError
from invite_mock.app import Mock
from invite_mock.server import banner, shortcomings
from invite_mock.settings import Settings
from invite_specs import Json, document_contract
from mock.conftest import ACME, ADMIN
from mock.in_process import InProcess, mock_in_process
from mock.oracle import Oracle

SHOP = Path(__file__).parent / "shop.yaml"
SETTINGS = Settings(contracts=(), openapi=(SHOP,), rng_seed=1)


@pytest.fixture(scope="module")
def shop_oracle() -> Oracle:
    return Oracle(document_contract(SHOP).assumed)


@pytest.fixture
def shop(shop_oracle: Oracle) -> Iterator[InProcess]:
    with mock_in_process(shop_oracle, SETTINGS) as caller:
        yield caller


def test_an_answer_without_an_example_is_made_from_its_schema(shop: InProcess) -> None:
    received = shop.send("GET", "/items")
    assert (received.status, received.outcome, received.headers["x-total"]) == (200, "natural", "3")
    assert received.json
    assert all(isinstance(one["name"], str) and one["name"] != "string" for one in received.json)


def test_the_same_request_gets_the_same_answer_and_another_seed_another(shop: InProcess, shop_oracle: Oracle) -> None:
    first, second, other = (shop.send("GET", path).content for path in ("/items/7", "/@a/items/7", "/items/8"))
    assert first == second != other
    with mock_in_process(shop_oracle, replace(SETTINGS, rng_seed=2)) as reseeded:
        assert reseeded.send("GET", "/items/7").content != first


def test_a_documented_example_that_fits_is_answered_and_one_that_does_not_is_not(shop: InProcess) -> None:
    body: Json = {"name": "Lamp"}
    assert shop.send("POST", "/items", body).json == {"id": 1, "name": "Lamp"}
    chair = shop.send("POST", "/items", body, {"Prefer": "example=chair"})
    assert (chair.status, chair.json["name"], chair.outcome) == (201, "Chair", "forced")
    unfit = shop.send("POST", "/items", body, {"Prefer": "example=unfit"}, documented=False)
    assert (unfit.status, "It documents 201: lamp, chair" in unfit.json["detail"]) == (400, True)


def test_a_malformed_request_is_refused_as_documented_with_every_violation(shop: InProcess) -> None:
    received = shop.send("GET", "/items?ids=1,x&limit=99", headers={"X-Shop": "west"})
    assert received.status == 400
    assert len(received.json["errors"]) == 3
    for said in (
        'ids: "x" is not of the type integer',
        "limit: 99 is greater",
        'X-Shop: "west" is none of north, south',
    ):
        assert said in received.json["message"]
    assert "status" not in received.json or received.json["status"] == 400


def test_where_the_documented_body_has_no_room_a_header_field_says_what_is_wrong(shop: InProcess) -> None:
    received = shop.send("POST", "/items", {"name": 7})
    assert (received.status, list(received.json)) == (422, ["code"])
    assert received.headers["mock-detail"] == "/name: 7 is not of the type string"
    received = shop.send("GET", "/items/zero")
    assert (received.status, received.content) == (400, b"")
    assert received.headers["mock-detail"] == 'the path parameter id: "zero" is not of the type integer'


def test_a_refusal_that_no_value_fits_has_the_documented_status_and_media_type(shop: InProcess) -> None:
    received = shop.send("GET", "/contradiction?limit=many", documented=False)
    assert (received.status, received.headers["content-type"]) == (400, "application/json")
    assert received.json["errors"][0]["message"] == 'the query parameter limit: "many" is not of the type integer'


def test_a_text_that_is_no_json_is_sent_as_it_is_given_or_made(shop: InProcess) -> None:
    for path, media_type, content in (
        ("/xml-example", "application/xml", b"<item/>"),
        ("/count", "text/plain", b"7\n"),
    ):
        # openapi-core reads XML as elements, which no schema of JSON describes.
        received = shop.send("GET", path, documented=False)
        assert (received.status, received.headers["content-type"], received.content) == (200, media_type, content)


def test_where_no_refusal_is_documented_it_is_problem_details(shop: InProcess) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert shop.send("PUT", "/items/1", b"name=Lamp", form).status == 204
    received = shop.send("PUT", "/items/1", b"nom=Lampe", form, documented=False)
    assert (received.status, received.headers["content-type"]) == (400, "application/problem+json")
    assert [one["pointer"] for one in received.json["errors"]] == ["/name"]


def test_every_method_is_served_and_a_literal_path_before_a_template(shop: InProcess) -> None:
    assert (shop.send("DELETE", "/items/1").status, shop.send("HEAD", "/items/1").status) == (204, 200)
    assert shop.send("GET", "/items/mine").content == b"mine"
    assert shop.send("PATCH", "/items/1").headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"
    assert shop.send("OPTIONS", "/items").headers["allow"] == "GET, HEAD, OPTIONS, POST"


def test_an_answer_is_in_the_media_type_that_the_request_accepts(shop: InProcess) -> None:
    for accept, media_type in (
        ("text/csv", "text/csv"),
        ("*/*", "application/json"),
        ("image/png", "application/json"),
    ):
        assert shop.send("GET", "/items", headers={"Accept": accept}).headers["content-type"] == media_type
    assert shop.send("GET", "/items", headers={"Accept": "text/csv;q=0.9, application/json;q=0.1"}).content[:2] == b"id"


@pytest.mark.parametrize(
    ("path", "code", "method_status"),
    [("/items/1", "405", 405), ("/items/1", "304", 304), ("/items", "422", 422), ("/items/1", "404", 404)],
)
def test_a_link_asks_the_method_that_documents_the_code(
    shop: InProcess, path: str, code: str, method_status: int
) -> None:
    # What the oracle knows of the path is what GET documents.
    received = shop.send("GET", f"{path}?__code={code}", documented=code in {"304", "404"})
    assert (received.status, received.outcome) == (method_status, "forced")
    if code == "405":
        assert received.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_a_path_of_the_mock_s_own_pages_is_the_page_for_browsers_only(shop: InProcess) -> None:
    assert shop.send("GET", "/docs", headers={"Accept": "*/*"}).json == {"docs": True}
    assert b"<!doctype html>" in shop.send("GET", "/", headers={"Accept": "text/html"}).content


def test_what_cannot_be_served_is_named_and_the_rest_is_served(shop: InProcess) -> None:
    said = shortcomings(shop.served)
    assert said == [
        "shop: GET /tree: 200 application/json: no value was found that fits the schema at /components/schemas/Tree",
        "shop: GET /xml: 200 application/xml: only JSON and text are made from a schema; "
        "an example that is a text is sent",
        "shop: 2 documented examples and answers are not sent, since nothing fits their schemas; --verbose lists them",
    ]
    assert shortcomings(shop.served, verbose=True)[-2:] == [
        "shop: POST /items: 201 application/json: the example unfit does not fit its schema",
        "shop: GET /contradiction: 400 application/json: no value was found that fits the schema at "
        "/paths/~1contradiction/get/responses/400/content/application~1json/schema",
    ]
    assert "invite-mock serves shop on" in banner(shop.served)
    assert shop.send("GET", "/_mock/health").json["contracts"] == ["shop"]


def test_documents_are_served_beside_contracts_and_the_first_has_a_path(tmp_path: Path, shop_oracle: Oracle) -> None:
    other = tmp_path / "shop.yaml"
    other.write_text(
        "{openapi: 3.1.0, info: {title: t, version: v}, paths: {'/items/{x}': {get: {}}, /new: {get: {}}}}",
        "utf-8",
    )
    settings = Settings(contracts=("client-invites",), openapi=(SHOP, other, tmp_path / "none.yaml"), rng_seed=1)
    with mock_in_process(shop_oracle, settings) as caller:
        body: Json = {"email": "a@acme.example", "role": "Member"}
        assert caller.send("POST", f"/clients/{ACME}/invites", body, ADMIN).status == 201
        assert caller.send("GET", "/items/7").json["id"]
        said = shortcomings(caller.served)
        assert f"{tmp_path / 'none.yaml'}: cannot be read: No such file or directory" in said
        assert (
            "shop-2: GET /items/{x}: another document, or an operation before it, has the same method and path" in said
        )
        assert caller.send("GET", "/new", documented=False).status == 200


def test_where_nothing_is_left_to_serve_the_mock_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(NothingServedError, match=r"none\.yaml: cannot be read: No such file or directory"):
        Mock(Settings(contracts=(), openapi=(tmp_path / "none.yaml",)))


def test_the_page_of_a_document_has_an_example_for_each_operation(shop: InProcess) -> None:
    document = shop.send("GET", "/docs/shop/openapi.json").json
    assert document["components"]["parameters"]["Id"]["example"] >= 1
    body = document["components"]["requestBodies"]["Item"]["content"]["application/json"]
    assert isinstance(body["example"]["name"], str)
    assert shop.send("GET", "/docs/shop").status == 200
    assert b"GET /items/{id}" in shop.send("GET", "/", headers={"Accept": "text/html"}).content

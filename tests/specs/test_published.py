"""The published documents say what the publishers' pages say, and nothing else."""

import json
import re
from pathlib import Path

import pytest
from invite_specs import Document, contract, contract_names
from openapi_spec_validator import OpenAPIV31SpecValidator

PAGES = Path(__file__).parents[3] / "shared" / "contracts"
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the publishers' pages are not beside this repository")
FAMILY = contract("family-invites").published
POST = FAMILY["paths"]["/v1/families/{id}/invite"]["post"]
SCHEMAS = FAMILY["components"]["schemas"]


@pytest.mark.parametrize("name", contract_names())
def test_both_documents_of_a_contract_are_valid_openapi(name: str) -> None:
    for document in (contract(name).published, contract(name).assumed):
        assert document["openapi"].startswith("3.1.")
        assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


@needs_pages
def test_client_invites_is_the_fenced_block_of_the_page_unchanged() -> None:
    page = (PAGES / "client-invites.page.md").read_text("utf-8")
    fenced = re.search(r"^````yaml[^\n]*\n(.*?)^````", page, re.DOTALL | re.MULTILINE)
    assert fenced is not None
    assert contract("client-invites").published_path.read_text("utf-8") == fenced[1]


def attributes(page: str) -> list[tuple[str, str, bool, str]]:
    """The page's lists of attributes: name, type, whether it is required, description."""
    found = re.findall(
        r"^ *• (\w+) ([a-z\[\]]+(?:\(date-time\))?(?: \| null)?)( Required)?\n\n +(.+)$", page, re.MULTILINE
    )
    return [(name, kind, bool(required), text) for name, kind, required, text in found]


def as_schema(kind: str) -> dict[str, Document]:
    """A type as the page writes it, in JSON Schema."""
    base, _, null = kind.partition(" | ")
    if base == "array[string]":
        return {"type": "array", "items": {"type": "string"}}
    schema: dict[str, Document] = {"type": base.removesuffix("(date-time)")}
    if base.endswith("(date-time)"):
        schema["format"] = "date-time"
    if null:
        schema["type"] = [schema["type"], "null"]
    return schema


@needs_pages
def test_every_attribute_of_the_family_page_is_in_the_document() -> None:
    page = (PAGES / "family-invites.page.txt").read_text("utf-8")
    parts = re.split(r"^(?=Body\n|  • \d{3} )", page, flags=re.MULTILINE)
    sections = {re.sub(r"\W+", " ", part).split()[0]: attributes(part) for part in parts[1:]}
    for section, name in {
        "Body": "InviteFamilyRequest",
        "403": "Error",
        "404": "Error",
        "200": "FamilyInvitation",
    }.items():
        listed, schema = sections[section], SCHEMAS[name]
        assert [one[0] for one in listed] == list(schema["properties"]), section
        assert [one[0] for one in listed if one[2]] == schema.get("required", []), section
        for attribute, kind, _, text in listed:
            property_ = schema["properties"][attribute]
            assert property_.items() >= as_schema(kind).items(), attribute
            assert property_["description"] == text
    path_parameter = attributes(parts[0])
    assert path_parameter == [("id", "string", True, "Family id")]
    assert (
        POST["parameters"][0] | {"name": "id", "in": "path", "required": True, "description": "Family id"}
        == (POST["parameters"][0])
    )


@needs_pages
def test_the_examples_of_the_family_page_are_in_the_document() -> None:
    page = (PAGES / "family-invites.page.txt").read_text("utf-8")
    examples = re.findall(
        r"^(Request examples|Response examples \((\d{3})\))\n(\{.*?^\})", page, re.DOTALL | re.MULTILINE
    )
    assert [status for _, status, _ in examples] == ["", "403", "404", "200"]
    for _, status, text in examples:
        content = POST["responses"][status]["content"] if status else POST["requestBody"]["content"]
        assert content["application/json"]["examples"]["published"]["value"] == json.loads(text)


@needs_pages
def test_the_family_page_s_statuses_and_their_words_are_in_the_document() -> None:
    page = (PAGES / "family-invites.page.txt").read_text("utf-8")
    listed = re.findall(r"^  • (\d{3}) (\S+)\n\n    (.+)$", page, re.MULTILINE)
    assert [
        (status, list(POST["responses"][status]["content"]), POST["responses"][status]["description"])
        for status, _, _ in listed
    ] == [(status, [media], text) for status, media, text in listed]
    assert {status for status, _, _ in listed} == set(POST["responses"])
    assert POST["summary"] in page
    assert POST["requestBody"]["description"] in page


def test_members_that_are_easily_confused_in_the_family_document() -> None:
    assert "required" not in POST["requestBody"]
    assert "required" not in SCHEMAS["InviteFamilyRequest"]
    request, answer = SCHEMAS["InviteFamilyRequest"]["properties"], SCHEMAS["FamilyInvitation"]
    for name in ("firstname", "lastname"):
        assert request[name]["type"] == "string"
        assert answer["properties"][name]["type"] == ["string", "null"]
    assert answer["properties"]["expiresAt"]["type"] == ["string", "null"]
    assert "expiresAt" not in answer["required"]
    assert SCHEMAS["Error"]["properties"]["statusCode"]["type"] == "number"
    assert SCHEMAS["Error"]["properties"]["exception"]["type"] == "object"
    assert answer["properties"]["type"]["enum"] == ["staff_invitation", "family_invitation"]

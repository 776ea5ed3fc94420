"""Assumptions: overlays that say what they assume and why, and leave the published document as it is."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invite_specs import (
    Document,
    OverlayError,
    UnknownContractError,
    YamlFile,
    contract,
    contract_names,
    json_pointer,
    load_contracts,
    resolve,
)
from invite_specs.overlay import Overlay
from invite_specs.yaml_file import YamlError

SPECS = Path(__file__).parents[2] / "specs" / "invite_specs"


def overlay_of(name: str) -> Path:
    return contract(name).published_path.with_name("assumptions.yaml")


WITH_ASSUMPTIONS = [name for name in contract_names() if overlay_of(name).exists()]


@pytest.mark.parametrize("name", WITH_ASSUMPTIONS)
def test_every_assumption_has_an_id_a_reason_a_source_and_a_line(name: str) -> None:
    found = contract(name)
    ids = [one.id for one in found.assumptions]
    assert len(ids) == len(set(ids)) > 0
    lines = overlay_of(name).read_text("utf-8").splitlines()
    for one in found.assumptions:
        assert one.reason.endswith(".")
        assert one.source
        assert f"target: {one.target}" in lines[one.line - 1]


@pytest.mark.parametrize("name", WITH_ASSUMPTIONS)
def test_every_action_carries_an_assumption(name: str) -> None:
    actions = YamlFile(overlay_of(name)).data["actions"]
    assert [action["target"] for action in actions if "x-assumption" not in str(action["update"])] == []


@pytest.mark.parametrize("name", contract_names())
def test_the_assumed_document_still_says_all_that_was_published(name: str) -> None:
    def missing(published: Document, assumed: Document, where: str) -> list[str]:
        if isinstance(published, dict):
            return [
                path
                for key, value in published.items()
                for path in (missing(value, assumed[key], f"{where}/{key}") if key in assumed else [f"{where}/{key}"])
            ]
        return [] if published == assumed else [where]

    # A parameter is an object in a list; what was added to it is an example and the note.
    found = [
        path for path in missing(contract(name).published, contract(name).assumed, "") if "/parameters" not in path
    ]
    assert found == []


@pytest.mark.parametrize("name", contract_names())
def test_every_documented_example_fits_its_schema(name: str) -> None:
    components = contract(name).assumed.get("components", {})
    for operation in contract(name).operations:
        for body in (operation.body, *operation.responses):
            for media_type, schema in body.content.items() if body is not None else ():
                where = {"$ref": f"#{quote(schema or '')}"}
                whole = {**where, "components": components, "paths": contract(name).assumed["paths"]}
                validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
                for value in body.examples(media_type).values() if body is not None else ():
                    validator.validate(value)


def test_each_body_of_the_contracts_that_are_ours_has_an_example() -> None:
    for name in ("client-invites", "family-invites"):
        [operation] = contract(name).operations
        assert operation.body is not None
        for body in (operation.body, *operation.responses):
            assert all(body.examples(media_type) for media_type in body.content)


def test_a_line_is_where_the_pointer_leads() -> None:
    found = contract("client-invites")
    lines = found.published_path.read_text("utf-8").splitlines()
    pointer = "/paths/~1clients~1{clientId}~1invites/post/responses/409/description"
    assert "description: >-" in lines[found.line(pointer) - 1]
    assert lines[found.line("/components/schemas/ClientRole/enum/2") - 1].strip() == "- Support"
    with pytest.raises(LookupError):
        found.line("/components/schemas/Nobody")


def test_an_unknown_contract_is_reported_with_the_known_names() -> None:
    known = ", ".join(contract_names())
    with pytest.raises(UnknownContractError, match=f"unknown contract 'nope'; there are {known}"):
        contract("nope")


EMAIL = "/components/schemas/CreateClientInviteRequest/properties/email"
POST = "/paths/~1clients~1{clientId}~1invites/post"


@pytest.mark.parametrize(
    ("pointer", "assumption"),
    [
        (f"{EMAIL}/type", None),
        (f"{EMAIL}/format", "email-format"),
        ("/components/schemas/CreateClientInviteRequest/required", None),
        ("/components/schemas/ClientRole/enum", None),
        (f"{POST}/requestBody/content", None),
        (f"{POST}/requestBody/required", None),
        (f"{POST}/parameters/0/schema/format", None),
        (f"{POST}/parameters/0/example", "example-client"),
        (f"{POST}/responses/405/headers/Allow/required", "method-not-allowed"),
        (f"{POST}/operationId", "operation-id-and-security"),
    ],
)
def test_what_the_publisher_does_not_say_is_said_by_an_assumption(pointer: str, assumption: str | None) -> None:
    assert contract("client-invites").assumption_at(pointer) == assumption


def test_what_a_user_s_overlay_says_is_named_by_its_assumption_or_its_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.yaml"
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $.paths['/clients/{clientId}/invites'].post.parameters\n"
        "    update: {name: x-tenant, in: header, required: true, schema: {type: integer}}\n"
        "  - target: $.components.schemas.CreateClientInviteRequest.properties.email\n"
        "    update: {pattern: x, x-assumption: {id: ours, reason: Why.}}\n"
        "  - target: $.components.schemas.CreateClientInviteRequest.required\n    update: note\n",
        "utf-8",
    )
    [found] = load_contracts(["client-invites"], [path])
    assert found.assumption_at(f"{POST}/parameters/1/required") == "ours.yaml"
    assert found.assumption_at(f"{POST}/parameters/1/schema/type") == "ours.yaml"
    assert found.assumption_at(f"{EMAIL}/pattern") == "ours"
    assert found.assumption_at(f"{EMAIL}/format") == "email-format"
    required = "/components/schemas/CreateClientInviteRequest/required"
    assert found.assumption_at(required, "email") is None
    assert found.assumption_at(required, "note") == "ours.yaml"
    with pytest.raises(LookupError):
        found.assumption_at("/nowhere")


KEYS = st.text(st.sampled_from("abc~/0 1é"), max_size=4)
DOCUMENTS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)


def places(document: Document, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Document]]:
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [(path, document), *(place for key, value in inner for place in places(value, (*path, key)))]


@given(DOCUMENTS)
def test_a_pointer_resolves_to_the_place_from_which_it_was_made(document: Document) -> None:
    for path, value in places(document):
        assert resolve(document, json_pointer(path)) is value


def overlay(folder: Path, text: str) -> Overlay:
    path = folder / "overlay.yaml"
    path.write_text(f"overlay: 1.0.0\ninfo: {{title: t, version: v}}\nactions:\n{text}", "utf-8")
    return Overlay(path)


def test_objects_are_merged_arrays_appended_and_the_rest_replaced(tmp_path: Path) -> None:
    document = {"a": {"b": 1, "list": [1]}, "c": [1]}
    actions = "  - target: $.a\n    update: {b: 2, list: [2], d: {e: 1}}\n  - target: $.c\n    update: 2\n"
    assert overlay(tmp_path, actions).apply(document) == {"a": {"b": 2, "list": [1, 2], "d": {"e": 1}}, "c": [1, 2]}
    assert document == {"a": {"b": 1, "list": [1]}, "c": [1]}


def test_all_matches_of_a_target_are_removed(tmp_path: Path) -> None:
    document = {"list": [{"x": 1}, {"y": 1}, {"x": 2}]}
    made = overlay(tmp_path, "  - target: $.list[?@.x]\n    remove: true\n").apply(document)
    assert made == {"list": [{"y": 1}]}


@pytest.mark.parametrize(
    ("actions", "reason"),
    [
        ("  - target: $\n    remove: true\n", "the whole document cannot be removed"),
        ("  - target: $.a.b\n    update: {c: 1}\n", "the target must be an object"),
        ("  - target: $.z\n    update: {c: 1}\n", "the target matches nothing in the document"),
        (
            "  - {target: $.a, updates: {}}\n",
            "unknown member `updates`; an action has target, description, update, remove",
        ),
        (
            "  - target: $.a\n    update: {x-assumption: {id: one}}\n"
            "  - target: $.a\n    update: {x-assumption: {id: two}}\n",
            "the object already carries the assumption 'one'; choose a target of its own",
        ),
    ],
)
def test_an_action_that_cannot_be_applied_is_reported_with_line_and_reason(
    tmp_path: Path, actions: str, reason: str
) -> None:
    with pytest.raises(OverlayError) as raised:
        overlay(tmp_path, actions).apply({"a": {"b": 1}})
    assert reason in str(raised.value)
    assert f"overlay.yaml:{actions[: actions.rindex('target')].count(chr(10)) + 4}: action" in str(raised.value)


def test_an_overlay_belongs_to_the_contracts_that_it_fits(tmp_path: Path) -> None:
    path = tmp_path / "both.yaml"
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: $.info\n    update: {x-ours: true}\n",
        "utf-8",
    )
    assert all(one.assumed["info"]["x-ours"] for one in load_contracts(contract_names(), [path]))
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $.components.schemas.Error\n    update: {x-ours: 1}\n",
        "utf-8",
    )
    client, family = load_contracts(["client-invites", "family-invites"], [path])
    assert "x-ours" not in str(client.assumed)
    assert family.assumed["components"]["schemas"]["Error"]["x-ours"] == 1


def test_the_error_of_an_overlay_that_fits_nowhere_is_that_of_the_nearest_contract(tmp_path: Path) -> None:
    path = tmp_path / "near.yaml"
    path.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
        "  - target: $.components.schemas.Error\n    update: {}\n"
        "  - target: $.components.schemas.Eror\n    update: {}\n",
        "utf-8",
    )
    with pytest.raises(OverlayError, match=r"near.yaml:6: action 2 \(target \$.components.schemas.Eror\)"):
        load_contracts(["client-invites", "family-invites"], [path])


def load(folder: Path, text: str) -> Document:
    path = folder / "file.yaml"
    path.write_text(text, "utf-8")
    return YamlFile(path).data


def test_yaml_is_read_as_what_json_can_hold(tmp_path: Path) -> None:
    text = "on: no\n200: 2025-05-04T09:42:00Z\nyes: [true, null, 1.5, '7']\nanchored: &a {x: 1}\nalias: *a\n"
    assert load(tmp_path, text) == {
        "on": "no",
        "200": "2025-05-04T09:42:00Z",
        "yes": [True, None, 1.5, "7"],
        "anchored": {"x": 1},
        "alias": {"x": 1},
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb:\n  c: 1\n  c: 2\n", ":4: the key 'c' is given twice"),
        ("a: !!python/object/apply:os.system [true]\n", ":1: the tag tag:yaml.org,2002:python/object/apply:os.system"),
        ("a:\n  b: !!binary aGk=\n", ":2: the tag tag:yaml.org,2002:binary creates a value that JSON cannot represent"),
        ("a: !!timestamp 2026-01-01\n", ":1: the tag tag:yaml.org,2002:timestamp creates"),
        ("a: !!set {b, c}\n", ":1: the tag tag:yaml.org,2002:set creates"),
        ("a: !ours {b: c}\n", ":1: the tag !ours creates"),
        ("a: 1\nb: !!int soon\n", ":2: 'soon' is no int"),
        ("a: 1\nb: !!bool soon\n", ":2: 'soon' is no bool"),
        ("a: 1\nb: !!map soon\n", ":2: this is no map"),
        ("a: 1\nb: !!seq soon\n", ":2: expected a sequence node"),
        ("a: &a [*a]\n", ":1: "),
        ("a: [\n", ":2: "),
        ("? [a]\n: b\n", ":1: a key must be a string"),
        ("a: {{ 7 * 7 }}\n", ":1: a key must be a string"),
    ],
)
def test_unsafe_or_ambiguous_yaml_is_reported_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(YamlError) as raised:
        load(tmp_path, text)
    assert f"file.yaml{said}" in str(raised.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[]",
            "overlay.yaml:1: this is not an OpenAPI Overlay 1.x document: it must have `overlay: 1.0.0`, `info` and",
        ),
        ("overlay: 2.0.0\ninfo: {title: t, version: v}\nactions: [{}]\n", "this is not an OpenAPI Overlay 1.x"),
        ("overlay: 1.0.0\ninfo: {title: t}\nactions: [{}]\n", "`info` must be an object with `title` and `version`"),
        ("overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: []\n", "`actions` must be a list of at least one"),
        ("overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: [{}]\n", ":3: action 1: it needs a `target`, a JSON"),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: [{target: $}]\n",
            ":3: action 1 (target $): it needs `update`, or `remove: true`",
        ),
        ("a: [\n", "overlay.yaml:2: "),
    ],
)
def test_what_is_no_overlay_is_reported_with_line_and_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(OverlayError) as raised:
        Overlay(path)
    assert said in str(raised.value)


def test_a_file_that_cannot_be_read_is_reported_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(YamlError, match=r"nowhere.yaml: cannot be read: No such file or directory$"):
        YamlFile(tmp_path / "nowhere.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"a: \xe9\n")
    with pytest.raises(YamlError, match=r"latin.yaml: cannot be read: 'utf-8' codec can't decode byte 0xe9"):
        YamlFile(path)


def test_an_overlay_that_makes_a_document_unusable_changes_nothing(tmp_path: Path) -> None:
    made = overlay(tmp_path, "  - target: $.info\n    update: {x-one: 1}\n  - target: $.info\n    update: {x-two: 2}\n")
    one = contract("client-invites")
    before = one.assumed
    with pytest.raises(OverlayError, match=r":6: action 2 \(target \$\.info\): with it client-invites has x-two"):
        one.overlay(made, lambda document: "has x-two" if "x-two" in document["info"] else None)
    assert one.assumed is before
    one.overlay(made, lambda _: None)
    assert one.assumed["info"]["x-two"] == 2


@pytest.mark.parametrize("pointer", ["/list/2", "/list/x", "/list/-", "/text/0", "/other", "/map/c"])
def test_a_pointer_that_leads_nowhere_has_no_line(tmp_path: Path, pointer: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("list: [a, b]\ntext: word\nmap: {b: 1}\n", "utf-8")
    assert YamlFile(path).line("/list/1") == 1
    with pytest.raises(LookupError, match=f"has nothing at {pointer}$"):
        YamlFile(path).line(pointer)

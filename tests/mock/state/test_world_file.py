"""World documents: what is accepted from a file or the control API, and what is reported about the rest."""

from pathlib import Path
from typing import Any

import pytest
from invite_mock.state import world_file
from invite_mock.state.world import MAIN
from invite_mock.state.world_document_error import WorldDocumentError
from mock.state.conftest import CONTENTS, NewWorlds

ACME = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def test_the_schema_and_the_default_world_are_made_of_every_contract_s() -> None:
    schema = world_file.schema(CONTENTS.values())
    assert {"clients", "companies", "families"} <= set(schema["properties"])
    assert schema["additionalProperties"] is False
    default = world_file.default(CONTENTS.values())
    world_file.check(default, CONTENTS.values())
    assert {"clients", "companies", "families"} <= set(default)


def test_the_default_world_s_text_is_the_default_world(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text(world_file.default_text(CONTENTS.values()), "utf-8")
    assert world_file.read(path, CONTENTS) == world_file.default(CONTENTS.values())


@pytest.mark.parametrize(
    ("document", "pointer", "reason"),
    [
        ([], "", "is not of the type object"),
        ({"planets": []}, "", "'planets' was unexpected"),
        ({"clients": [{"id": "x"}]}, "/clients/0/id", '"x" is not in the format uuid'),
        ({"families": [{"id": "f"}]}, "/families/0", "the member company is required"),
    ],
)
def test_a_document_that_violates_the_schema_is_refused_with_its_place(
    document: Any, pointer: str, reason: str
) -> None:
    with pytest.raises(WorldDocumentError) as raised:
        world_file.check(document, CONTENTS.values())
    assert raised.value.pointer == pointer
    assert reason in raised.value.reason


def test_a_file_that_contradicts_itself_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    path.write_text("companies:\n  - {id: a}\n  - {id: a}\n", "utf-8")
    with pytest.raises(WorldDocumentError) as raised:
        world_file.read(path, CONTENTS)
    assert str(raised.value) == f"{path}:3: /companies/1: the company a is given twice"
    assert raised.value.pointer == "/companies/1"


def test_a_file_is_tried_with_the_seed_of_its_worlds(tmp_path: Path) -> None:
    path = tmp_path / "my.yaml"
    # 2,025 years before the seeded clock's 2026 there is a date; 2,040 years before there is none.
    text = "clients:\n  - id: {}\n    invites: [{{email: a@b.example, role: Owner, sentAgo: P{}Y}}]\n"
    path.write_text(text.format(ACME, 2025), "utf-8")
    assert world_file.read(path, CONTENTS, seed=7)["clients"][0]["id"] == ACME
    path.write_text(text.format(ACME, 2040), "utf-8")
    with pytest.raises(WorldDocumentError, match=f"{path}:3: /clients/0/invites/0/sentAgo: 'P2040Y' is not"):
        world_file.read(path, CONTENTS, seed=7)


@pytest.mark.parametrize(
    ("entry", "times"),
    [
        ({}, ("2026-01-01T09:00:00.000Z", "2026-01-08T09:00:00.000Z")),
        ({"sentAgo": "P8D"}, ("2025-12-24T09:00:00.000Z", "2025-12-31T09:00:00.000Z")),
        ({"createdAt": "2025-01-01T00:00:00Z"}, ("2025-01-01T00:00:00.000Z", "2025-01-08T00:00:00.000Z")),
        (
            {"createdAt": "2025-01-01T00:00:00Z", "sentAgo": "P1D"},
            ("2025-01-01T00:00:00.000Z", "2025-01-08T00:00:00.000Z"),
        ),
        ({"expiresAt": "2030-01-01T00:00:00Z"}, ("2026-01-01T09:00:00.000Z", "2030-01-01T00:00:00.000Z")),
    ],
)
def test_an_invite_s_times_are_relative_to_the_world_s_clock_or_absolute(
    new_worlds: NewWorlds, entry: dict[str, str], times: tuple[str, str]
) -> None:
    invites = [{"email": "a@b.example", "role": "Owner", "status": "revoked", **entry}]
    found = new_worlds({"clients": [{"id": ACME, "invites": invites}]}, seed=7)
    [exported] = found.export(found.open(MAIN))["clients"][0]["invites"]
    assert (exported["createdAt"], exported["expiresAt"]) == times
    assert (exported["email"], exported["status"]) == ("a@b.example", "revoked")


def test_an_invite_without_a_status_is_outstanding(new_worlds: NewWorlds) -> None:
    invites = [{"email": "a@b.example", "role": "Owner"}]
    found = new_worlds({"clients": [{"id": ACME, "invites": invites}]}, seed=7)
    [exported] = found.export(found.open(MAIN))["clients"][0]["invites"]
    assert exported["status"] == "outstanding"

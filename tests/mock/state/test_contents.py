"""What a contract declares of a world: documents are read, written and described by the declaration."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from invite_mock.state import clock, world_file
from invite_mock.state.contents import Contents
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.store import WorldRow
from invite_mock.state.world import MAIN, World
from invite_mock.state.world_document_error import WorldDocumentError
from invite_mock.state.worlds import SEEDED_START, Worlds
from invite_specs import Document, YamlFile
from mock.offers import DEFAULT, OFFERED, OFFERS, TEAMS
from mock.state.conftest import CONTENTS

Values = st.SearchStrategy[Any]
EMAILS = st.sampled_from(["ann@a.example", "Ann@A.example", "bob@b.example", "eve@c.example"])
ROLES = st.sampled_from(["Member", "Developer", "Support", "Admin", "Owner"])
TIMES: dict[str, Values] = {
    "status": st.sampled_from(["outstanding", "accepted", "revoked", "expired"]),
    "sentAgo": st.sampled_from(["PT0S", "P3DT1H", "P8D", "P1Y"]),
    "createdAt": st.sampled_from(["2025-12-31T09:00:00+02:00", "2001-02-03T04:05:06.789Z"]),
    "expiresAt": st.just("2030-01-01T00:00:00Z"),
}
KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1)
UUIDS = st.uuids().map(str)


def objects(required: dict[str, Values], **optional: Values) -> Values:
    return st.fixed_dictionaries(required, optional=optional)


def some(values: Values) -> Values:
    return st.lists(values, max_size=3)


PERSON: dict[str, Values] = {"email": EMAILS, "role": ROLES}
CLIENTS = objects(
    {"id": UUIDS},
    name=st.text(),
    members=some(objects(PERSON, id=UUIDS, key=KEYS)),
    invites=some(objects(PERSON, id=UUIDS, invitedBy=UUIDS, **TIMES)),
)
NAMES: dict[str, Values] = {"firstname": st.text(), "lastname": st.text()}
FAMILIES = objects(
    {"id": st.text(min_size=1), "company": st.sampled_from(["co_1", "co_2"])},
    contact=objects({}, email=EMAILS, **NAMES),
    invites=some(objects({"email": EMAILS}, **NAMES, **TIMES)),
)
DOCUMENTS = objects(
    {},
    clients=some(CLIENTS),
    companies=st.just([{"id": "co_1", "anonymous": True}, {"id": "co_2"}]),
    families=some(FAMILIES),
)


@contextmanager
def populated(document: Document) -> Iterator[tuple[Worlds, World]]:
    """A seeded world that begins with that document."""
    with closing(open_store("memory:")) as store, store.transaction():
        worlds = Worlds(store, CONTENTS, document, seed=7)
        world = worlds.create(MAIN)
        assert world is not None
        yield worlds, world


def held(world: World) -> dict[str, object]:
    """All that the store holds of a world."""
    found: dict[str, object] = {"invites": world.store.invites(world.name)}
    for name, contents in CONTENTS.items():
        part = ContractWorld(world, name)
        found |= {f"{name} {kind.name}": part.entities(kind) for kind in contents.kinds}
    return found


@settings(deadline=None)
@given(document=DOCUMENTS)
def test_what_is_exported_makes_the_same_world(document: Document) -> None:
    world_file.check(document, CONTENTS.values())
    try:
        with populated(document) as (worlds, world):
            exported, before = worlds.export(world), held(world)
    except WorldDocumentError:
        reject()
    world_file.check(exported, CONTENTS.values())
    with populated(exported) as (worlds, world):
        assert worlds.export(world) == exported
        assert held(world) == before


@pytest.fixture
def seats(tmp_path: Path) -> Contents:
    path = tmp_path / "world.yaml"
    path.write_text(DEFAULT, "utf-8")
    return Contents((TEAMS,), OFFERS, YamlFile(path), lambda _world, invite: {"id": invite.id})


@pytest.fixture
def world() -> Iterator[ContractWorld]:
    with closing(open_store("memory:")) as store, store.transaction():
        row = WorldRow("w", None, None, frozen_at=SEEDED_START)
        store.put_world(row)
        yield ContractWorld(World(store, row), "seats")


def test_a_schema_follows_from_the_declaration(seats: Contents) -> None:
    items = seats.schema["teams"]["items"]
    assert (items["required"], items["properties"]["id"]) == (["id"], {"type": "integer"})
    invite = items["properties"]["invites"]["items"]
    assert invite["required"] == ["heldBy"]
    assert set(invite["properties"]) == {"heldBy", "row", "id", "status", "sentAgo", "createdAt", "expiresAt"}
    assert invite["properties"]["status"]["enum"] == ["outstanding", "accepted", "revoked", "expired"]
    assert "By default P1D" in invite["properties"]["expiresAt"]["description"]
    jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": seats.schema})


def test_an_invite_without_email_is_read_and_written(seats: Contents, world: ContractWorld) -> None:
    seats.populate(world, seats.default.data)
    eve, old = world.invites()
    assert (eve.id, eve.subject, eve.email, eve.data) == (
        OFFERED,
        "7/eve",
        None,
        {"team": "7", "held_by": "eve", "row": 1},
    )
    teams: Any = seats.export(world)["teams"]
    [exported] = teams
    assert [set(one) for one in exported["invites"]] == [
        {"id", "heldBy", "row", "status", "createdAt", "expiresAt"}
    ] * 2
    assert exported["invites"][0]["createdAt"] == clock.to_text(SEEDED_START)
    assert old.created_at == SEEDED_START - 2 * clock.DAY


def test_two_outstanding_invites_of_a_subject_are_refused_with_their_place(
    seats: Contents, world: ContractWorld
) -> None:
    document = {"teams": [{"id": 7, "invites": [{"heldBy": "eve"}, {"heldBy": "eve"}]}]}
    with pytest.raises(WorldDocumentError, match="7/eve has another outstanding invite") as raised:
        seats.populate(world, document)
    assert raised.value.pointer == "/teams/0/invites/1"


def test_invites_may_be_a_list_of_the_document_itself(seats: Contents, world: ContractWorld) -> None:
    alone = replace(OFFERS, within=None)
    contents = replace(seats, kinds=(), invites=alone)
    contents.populate(world, {"invites": [{"team": "9", "heldBy": "eve"}]})
    assert list(contents.schema) == ["invites"]
    invites: Any = contents.export(world)["invites"]
    [exported] = invites
    assert (exported["team"], exported["heldBy"]) == ("9", "eve")


def test_an_expired_invite_stays_where_its_contract_lists_them(seats: Contents, world: ContractWorld) -> None:
    seats.populate(world, seats.default.data)
    again = OFFERS.new(world, OFFERS.terms("7", "old"))
    assert OFFERS.add(world, again)
    eve, old, new = world.invites()
    assert (old.data["held_by"], world.status(old), new) == ("old", "expired", again)
    exported = seats.export(world)
    store = open_store("memory:")
    with closing(store), store.transaction():
        store.put_world(WorldRow("copy", None, None, frozen_at=SEEDED_START))
        copy = ContractWorld(World(store, WorldRow("copy", None, None, frozen_at=SEEDED_START)), "seats")
        seats.populate(copy, exported)
        assert copy.invites() == [one._replace(token_hash=None) for one in (eve, old, new)]


def test_a_contract_without_invites_has_entities_only(seats: Contents, world: ContractWorld) -> None:
    contents = replace(seats, invites=None)
    assert list(contents.schema["teams"]["items"]["properties"]) == ["id"]
    contents.populate(world, {"teams": [{"id": 9}]})
    assert contents.export(world) == {"teams": [{"id": 9}]}
    assert contents.actions == {}


def test_a_move_has_the_names_of_the_life_cycle_and_of_the_contract(seats: Contents, world: ContractWorld) -> None:
    seats.populate(world, seats.default.data)
    eve, _ = world.invites()
    assert list(OFFERS.actions) == ["accept", "revoke", "expire", "cancel", "take"]
    cancelled = OFFERS.move(world, eve, "cancel")
    assert cancelled is not None
    assert world.invite(eve.id) == cancelled
    assert OFFERS.move(world, cancelled, "revoke") is None
    with pytest.raises(KeyError):
        OFFERS.move(world, eve, "explode")

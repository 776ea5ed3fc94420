"""The ids of entities that a world document gives none."""

from dataclasses import dataclass
from typing import Annotated

import pytest
from invite_mock.state.kind import Kind
from invite_mock.state.members import Ids
from mock.offers import TEAMS

IDS = Ids({}, new=lambda draw, label: draw(label, 4).hex(), default=lambda within, own: f"{within}: {own}")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a team."""

    id: Annotated[str, IDS]
    team: str
    name: str | None = None


PLACES = Kind("places", "place", Place, key=lambda place: f"{place.team}/{place.name or ''}", within=TEAMS)


@pytest.mark.parametrize(
    ("entry", "id_"),
    [({"name": "door"}, "7: door"), ({}, "7: place 3"), ({"id": "p1", "name": "door"}, "p1")],
    ids=["by its key", "by its number", "its own"],
)
def test_an_entity_without_an_id_has_one_of_its_key_or_else_of_its_number(entry: dict[str, str], id_: str) -> None:
    assert PLACES.read(entry, "7", 3) == Place(id_, "7", entry.get("name"))

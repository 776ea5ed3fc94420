"""Which ids resemble that of a family and are not it."""

import re
from pathlib import Path

import pytest
from conformance.contracts.family_invites.serving import FAMILIES, Recording, result, serving
from conformance.listener import Request
from conformance.offers import STATES
from conformance.reference_families import COMPANY, Family
from invite_conformance.result import Verdict


class Uuids(Recording):
    """Families have UUIDs, which are the same in capitals."""

    def __init__(self) -> None:
        super().__init__()
        ids = {f"fam-{name}": f"00000000-0000-4000-8000-0000000000{n}f" for n, name in enumerate(("one", "two"))}
        self.families = {ids.get(old, old): family for old, family in self.families.items()}
        for new, family in self.families.items():
            family.id = new
        self.offered = {name: ids.get(family, family) for name, family in STATES[FAMILIES].items()}

    def family(self, request: Request) -> Family | None:
        return self.families.get(self.family_id(request).lower())


def test_a_uuid_in_capitals_is_the_same_family(tmp_path: Path) -> None:
    server = Uuids()
    with serving(server, tmp_path) as judged:
        found = judged(states=server.offered)
    assert result(found, "404.folded-id").verdict is Verdict.PASS
    assert f"{server.offered['family']} " in {family for family, _ in server.asked}


@pytest.mark.parametrize(
    ("family", "tried"), [("1042", ["1042*", "1042x", "1042%"]), ("fml_7", ["fml_7*", "fml_7x", "fml_7%"])]
)
def test_no_number_that_may_be_another_family_is_tried(tmp_path: Path, family: str, tried: list[str]) -> None:
    server = Recording()
    server.families[family] = Family(family, COMPANY)
    with serving(server, tmp_path) as judged:
        found = judged(states={**STATES[FAMILIES], "family": family})
    assert result(found, "404.similar-id").verdict is Verdict.PASS
    digits = re.compile(r"(?:fml_)?[0-9].*")
    others = {asked for asked, _ in server.asked if digits.fullmatch(asked)} - {family, f"{family} ", family.swapcase()}
    assert others == set(tried)

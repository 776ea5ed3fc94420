"""A contract can stand outside the packages."""

from invite_specs import contract, contract_names
from third_contract.installed import third_contract


def test_a_contract_outside_the_packages_is_found_while_it_is_on_their_path() -> None:
    before = contract_names()
    with third_contract():
        assert set(contract_names()) == {*before, "seat-offers"}
        assert [one.id for one in contract("seat-offers").operations] == ["listOffers", "createOffer", "cancelOffer"]
    assert contract_names() == before

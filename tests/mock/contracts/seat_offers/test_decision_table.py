"""seat-offers: what answers what, in the order of the decision table."""

from collections.abc import Iterator
from typing import Any

import pytest
from invite_mock.settings import Settings
from invite_specs import contract
from mock.in_process import InProcess, mock_in_process
from mock.oracle import Oracle
from third_contract.installed import third_contract

OFFERS = "/teams/7/offers"
OPEN = f"{OFFERS}/3fa85f64-5717-4562-b3fc-2c963f66afa6"
UNKNOWN = f"{OFFERS}/00000000-0000-4000-8000-000000000000"
CONTROL = "/_mock/worlds/main"


@pytest.fixture(scope="module")
def offers_oracle() -> Iterator[Oracle]:
    with third_contract():
        yield Oracle()


@pytest.fixture
def mock(offers_oracle: Oracle) -> Iterator[InProcess]:
    """A mock of all contracts, whose clock stands still."""
    with mock_in_process(offers_oracle, Settings(rng_seed=1)) as caller:
        yield caller


def held(mock: InProcess, query: str = "") -> list[tuple[str, str]]:
    return [(one["heldBy"], one["status"]) for one in mock.send("GET", f"{OFFERS}{query}").json["offers"]]


def error(mock: InProcess, method: str, path: str, body: Any = None) -> tuple[int, str]:
    received = mock.send(method, path, body)
    return received.status, received.json["error"]["code"]


def test_the_default_world_has_an_offer_of_each_kind(mock: InProcess) -> None:
    assert held(mock) == [("Lapsed Lena", "lapsed"), ("Open Olga", "open"), ("Taken Tom", "taken")]
    assert mock.send("GET", "/teams/8/offers").json == {"offers": [], "page": 1, "total": 0}


@pytest.mark.parametrize(
    ("status", "found"),
    [("open", ["Open Olga"]), ("taken", ["Taken Tom"]), ("lapsed", ["Lapsed Lena"]), ("cancelled", [])],
)
def test_offers_are_listed_by_status(mock: InProcess, status: str, found: list[str]) -> None:
    assert held(mock, f"?status={status}") == [(name, status) for name in found]


def test_offers_are_listed_by_page_with_the_number_of_all(mock: InProcess) -> None:
    pages = [mock.send("GET", f"{OFFERS}?pageSize=2&page={number}").json for number in (1, 2, 3)]
    assert [(one["page"], one["total"], len(one["offers"])) for one in pages] == [(1, 3, 2), (2, 3, 1), (3, 3, 0)]
    assert mock.send("GET", f"{OFFERS}?page=99999999999999999999").json["offers"] == []


def test_an_offer_is_created_with_its_path_and_is_open_for_a_day(mock: InProcess) -> None:
    created = mock.send("POST", OFFERS, {"heldBy": "Ann Archer"})
    offer = created.json
    assert (created.status, created.headers["location"]) == (201, f"{OFFERS}/{offer['id']}")
    assert (
        offer
        | {
            "heldBy": "Ann Archer",
            "row": 1,
            "status": "open",
            "createdAt": "2026-01-01T09:00:00.000Z",
            "lapsesAt": "2026-01-02T09:00:00.000Z",
        }
        == offer
    )
    assert held(mock)[-1] == ("Ann Archer", "open")
    location = mock.send("POST", f"/@other{OFFERS}", {"heldBy": "Ann Archer"}).headers["location"]
    assert mock.send("DELETE", location).status == 204


def test_a_second_open_offer_to_a_person_in_a_team_is_a_conflict(mock: InProcess) -> None:
    assert error(mock, "POST", OFFERS, {"heldBy": "Open Olga", "row": 9}) == (409, "already_offered")
    assert len(held(mock)) == 3
    for team, name in ((8, "Open Olga"), (7, "open olga"), (7, "Lapsed Lena"), (7, "Taken Tom")):
        assert mock.send("POST", f"/teams/{team}/offers", {"heldBy": name}).status == 201
    assert held(mock)[0] == ("Lapsed Lena", "lapsed")
    assert held(mock)[-2:] == [("Lapsed Lena", "open"), ("Taken Tom", "open")]


@pytest.mark.parametrize(
    ("method", "path", "body"), [("GET", "/teams/9/offers", None), ("POST", "/teams/9/offers", {"heldBy": "x"})]
)
def test_an_unknown_team_is_not_found(mock: InProcess, method: str, path: str, body: Any) -> None:
    assert error(mock, method, path, body) == (404, "not_found")


def test_an_open_offer_is_cancelled_once(mock: InProcess) -> None:
    assert mock.send("DELETE", OPEN).status == 204
    assert held(mock, "?status=cancelled") == [("Open Olga", "cancelled")]
    assert error(mock, "DELETE", OPEN) == (409, "not_open")
    assert mock.send("POST", OFFERS, {"heldBy": "Open Olga"}).status == 201


@pytest.mark.parametrize("path", [UNKNOWN, OPEN.replace("/7/", "/8/"), OPEN.replace("/7/", "/9/")])
def test_an_offer_that_the_team_has_not_is_not_found(mock: InProcess, path: str) -> None:
    assert error(mock, "DELETE", path) == (404, "not_found")
    assert held(mock, "?status=open") == [("Open Olga", "open")]


def test_an_offer_lapses_by_the_clock_of_the_world(mock: InProcess) -> None:
    mock.send("POST", f"{CONTROL}/clock/advance", {"by": "PT23H59M59S"})
    assert held(mock, "?status=open") == [("Open Olga", "open")]
    mock.send("POST", f"{CONTROL}/clock/advance", {"by": "PT1S"})
    assert held(mock, "?status=lapsed") == [("Lapsed Lena", "lapsed"), ("Open Olga", "lapsed")]
    assert error(mock, "DELETE", OPEN) == (409, "not_open")


@pytest.mark.parametrize(("action", "status"), [("take", "taken"), ("cancel", "cancelled"), ("expire", "lapsed")])
def test_the_control_api_moves_an_offer_by_the_contract_s_words(mock: InProcess, action: str, status: str) -> None:
    path = f"{CONTROL}/invites/{OPEN.rpartition('/')[2]}/{action}"
    assert mock.send("POST", path).status == 200
    assert held(mock)[1] == ("Open Olga", status)


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("GET", f"{OFFERS}?status=lost&page=0&pageSize=101", None, ["status: ", "page: 0", "pageSize: 101"]),
        ("POST", "/teams/x/offers", {"heldBy": "", "row": 41}, ["teamId: ", "/heldBy: ", "/row: 41"]),
        ("DELETE", f"{OFFERS}/x", None, ["offerId: "]),
    ],
)
def test_a_malformed_request_is_refused_with_every_violation(
    mock: InProcess, method: str, path: str, body: Any, said: list[str]
) -> None:
    received = mock.send(method, path, body)
    assert (received.status, received.json["error"]["code"]) == (400, "invalid")
    assert all(one in received.json["error"]["message"] for one in said)
    assert len(received.json["errors"]) == len(said)


@pytest.mark.parametrize(
    ("example", "request_"),
    [
        ("unknown", ("GET", "/teams/9/offers", None)),
        ("offered", ("POST", OFFERS, {"heldBy": "Open Olga"})),
        ("closed", ("DELETE", OPEN, None)),
    ],
)
def test_an_example_has_the_code_that_the_mock_answers(
    mock: InProcess, example: str, request_: tuple[str, str, Any]
) -> None:
    if example == "closed":
        mock.send("DELETE", OPEN)
    examples = {
        name: value
        for operation in contract("seat-offers").operations
        for response in operation.responses
        for media_type in response.content
        for name, value in response.examples(media_type).items()
    }
    documented: Any = examples[example]
    assert error(mock, *request_)[1] == documented["error"]["code"]


def test_any_documented_answer_can_be_asked_for(mock: InProcess) -> None:
    for operation in contract("seat-offers").operations:
        path = operation.path.replace("{teamId}", "7").replace("{offerId}", UNKNOWN.rpartition("/")[2])
        for status in operation.statuses:
            received = mock.send(operation.method, path, {"heldBy": "x"}, {"Prefer": f"code={status}"})
            assert (received.status, received.outcome) == (status, "forced")


def test_a_page_shows_a_request_to_each_operation_that_succeeds(mock: InProcess) -> None:
    document = mock.send("GET", "/docs/seat-offers/openapi.json").json
    assert document["components"]["parameters"]["TeamId"]["example"] == 7
    assert "seat-offers" in mock.send("GET", "/").content.decode()

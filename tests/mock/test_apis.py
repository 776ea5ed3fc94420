"""What a mock serves where something cannot be loaded: it is named, and the rest is served."""

from collections.abc import Callable
from typing import Any

import pytest
from invite_mock import apis
from invite_mock.http.rule import UnservedOperationError
from invite_mock.http.service import load_service
from invite_mock.server import shortcomings
from invite_mock.settings import Settings
from invite_specs import contract_names
from mock.conftest import INVITES
from mock.in_process import mock_in_process
from mock.oracle import Oracle

BROKEN = "family-invites"


def failing(function: Callable[..., Any], name_of: Callable[[Any], str], error: Exception) -> Callable[..., Any]:
    """The function, which fails for the contract BROKEN."""

    def fail(first: Any, *others: Any) -> Any:
        if name_of(first) == BROKEN:
            raise error
        return function(first, *others)

    return fail


@pytest.mark.parametrize("where", ["load_service", "contract", "specification"])
def test_a_contract_that_cannot_be_loaded_is_named_and_the_others_are_served(
    monkeypatch: pytest.MonkeyPatch, oracle: Oracle, where: str
) -> None:
    cases: dict[str, tuple[Exception, Callable[[Any], str]]] = {
        "load_service": (ModuleNotFoundError("No module named 'x'"), str),
        "contract": (LookupError("published.yaml:7: this is no map"), str),
        "specification": (UnservedOperationError("the mock has no handler for GET /x"), lambda one: str(one.name)),
    }
    error, name_of = cases[where]
    function = load_service if where == "load_service" else getattr(apis, where)
    monkeypatch.setattr(apis, where, failing(function, name_of, error))
    with mock_in_process(oracle) as caller:
        assert shortcomings(caller.served) == [f"{BROKEN} is not served: {error}"]
        assert caller.send("OPTIONS", INVITES).status == 204
        assert caller.send("POST", "/v1/families/x/invite").status == 404
        assert caller.send("GET", "/_mock/health").json["contracts"] == [
            name for name in contract_names() if name != BROKEN
        ]
    with (
        pytest.raises(apis.NothingServedError, match=f"{BROKEN} is not served: {error}"),
        mock_in_process(oracle, Settings(contracts=(BROKEN,))),
    ):
        pass

"""Stock schemathesis, which `make proof` shows beside the suite, runs over the servers of the published contracts."""

import pytest
from conformance.bank import bank
from conformance.stock import compared


@pytest.mark.slow
def test_stock_schemathesis_runs_over_faulty_and_correct_servers() -> None:
    with bank() as servers:
        faulty, correct = compared(servers, 90)
    assert faulty[0] == "faulty servers, one in 90"
    assert int(faulty[1]) > 1
    assert int(correct[1]) > 0

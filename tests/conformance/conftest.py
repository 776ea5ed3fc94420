"""The servers of the tests, in one process for all tests of a worker."""

from collections.abc import Iterator

import pytest
from conformance.bank import Bank
from conformance.bank import bank as servers


@pytest.fixture(scope="session")
def bank() -> Iterator[Bank]:
    with servers() as running:
        yield running

"""To which exchanges of an operation a check applies."""

from collections.abc import Callable

from invite_conformance.http.exchange import Exchange

TOLERATED = (401, 405, 413, 415, 429)
"""Statuses that a document need not list: they belong to whatever stands before the operation."""


def answered(operation: str, *statuses: int) -> Callable[[Exchange], bool]:
    """Applies to responses of the operation with one of the statuses."""

    def applies(exchange: Exchange) -> bool:
        call = exchange.call
        return call.operation == operation and not exchange.elsewhere and exchange.status in statuses

    return applies


def answered_object(operation: str, *statuses: int) -> Callable[[Exchange], bool]:
    """As `answered`, and the body is a JSON text."""
    applies = answered(operation, *statuses)
    return lambda exchange: applies(exchange) and exchange.json.well_formed

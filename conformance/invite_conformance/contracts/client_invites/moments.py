"""Requirements 201.*: the moments of an invite, compared with each other and with the response's `Date`."""

from datetime import datetime, timedelta

from invite_conformance.contracts.client_invites.calls import created
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.findings import Violation
from invite_conformance.judging.moments import date, moment
from invite_conformance.judging.registry import passive

_NEAR = timedelta(minutes=5)
"""How far the clocks of a server and of what writes its `Date` may differ."""


def lifetime(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    """When an invite is created and when it expires; None for what is no moment."""
    return moment(exchange.text("createdAt")), moment(exchange.text("expiresAt"))


@passive("201.expires-after-created", lambda exchange: created(exchange) and None not in lifetime(exchange))
def _expires_after_created(exchange: Exchange) -> Violation | None:
    created, expires = lifetime(exchange)
    if created and expires and created < expires:
        return None
    return Violation(
        "`createdAt` before `expiresAt`",
        f"`createdAt` {exchange.object['createdAt']}, `expiresAt` {exchange.object['expiresAt']}",
    )


@passive("201.created-now", lambda exchange: created(exchange) and None not in _created_and_date(exchange))
def _created_now(exchange: Exchange) -> Violation | None:
    created, answered = _created_and_date(exchange)
    if created and answered and abs(created - answered) <= _NEAR:
        return None
    return Violation("`createdAt` within minutes of `Date`", _shown(exchange, "createdAt"))


@passive("201.not-expired", lambda exchange: created(exchange) and None not in _expiry_and_date(exchange))
def _not_expired(exchange: Exchange) -> Violation | None:
    expires, answered = _expiry_and_date(exchange)
    if expires and answered and answered - _NEAR < expires:
        return None
    return Violation("`expiresAt` after `Date`", _shown(exchange, "expiresAt"))


def _created_and_date(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    return lifetime(exchange)[0], date(exchange)


def _expiry_and_date(exchange: Exchange) -> tuple[datetime | None, datetime | None]:
    return lifetime(exchange)[1], date(exchange)


def _shown(exchange: Exchange, name: str) -> str:
    return f"`{name}` {exchange.object[name]}, `Date` {exchange.response.header('date')}"

"""An early invite is a conflict until it expires."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from conformance.judging.in_process import context
from conformance.offers import STATES
from invite_conformance.contracts.client_invites.conflicts import an_early_invite_again
from invite_conformance.http.request import Request
from invite_conformance.http.response import Response

LIFETIME = timedelta(hours=1)


@pytest.mark.parametrize(("later", "satisfied"), [(LIFETIME, True), (LIFETIME - timedelta(seconds=1), False)])
def test_an_invite_may_be_sent_again_when_it_expired(later: timedelta, satisfied: bool) -> None:
    now = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def serve(request: Request) -> Response:
        nonlocal now
        assert request.body is not None
        invite = {"createdAt": now.isoformat(), "expiresAt": (now + LIFETIME).isoformat()}
        now += later
        return Response(201, (), json.dumps(invite | json.loads(request.body)).encode(), 0.0)

    of = context(serve, states=STATES["client-invites"])
    an_early_invite_again(of)
    (finding,) = of.findings.of("client-invites.409.later")
    assert (finding.violation is None) == satisfied
    assert finding.exchange is not None
    assert len(finding.exchange.records) == 2

"""Bodies that schemathesis makes up: whatever fits is accepted, and nothing that is wrongly typed."""

from invite_conformance.contracts.family_invites.calls import JSON_TYPE, contact, invite, invited
from invite_conformance.engines.generation import Case, explore
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active


@active("body.subsets", "typed.not-accepted", "malformed-json", engine="generation", heavy=True)
def bodies_made_up(context: CheckContext) -> None:
    """Invite a family whose contact is known with valid and invalid bodies of all kinds."""
    invited(context, contact(context))

    def call(case: Case) -> Call:
        return invite(context, case.body, writes=case.valid is not False, headers=JSON_TYPE)

    def judge(case: Case, exchange: Exchange) -> None:
        # `{}` and no body are matters of their own, and a 5xx is that of `server-error`.
        if case.valid and exchange.call.given and exchange.status < 500:
            context.expect("body.subsets", exchange, 200)
        elif case.valid is False:
            keywords = {violation.keyword for violation in case.violations}
            if keywords == {"type"}:
                context.judge("typed.not-accepted", not 200 <= exchange.status < 300, "no 2xx", exchange)
            elif keywords == {"syntax"} and exchange.status < 500:
                context.judge("malformed-json", exchange.status >= 400, "400", exchange)

    explore(context, call, judge)

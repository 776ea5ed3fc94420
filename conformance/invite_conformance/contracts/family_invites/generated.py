"""Bodies that schemathesis generates: whatever is valid is accepted, and nothing that is wrongly typed."""

from invite_conformance.contracts.family_invites.calls import invite, invited
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.contracts.family_invites.malformed import malformed_requirement, typed_requirement
from invite_conformance.engines.generation import Case, explore
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_REQUIREMENTS = ("body.subsets", "typed.not-accepted", "malformed-json")


@active(*_REQUIREMENTS, engine="generation", heavy=True)
def generated_bodies(context: CheckContext) -> None:
    """Invite a family whose contact is known with valid and invalid bodies of all kinds."""
    invited(context, contact(context))

    def call(case: Case) -> Call:
        return invite(context, case.body)

    def judge(case: Case, exchange: Exchange) -> None:
        # `{}` and no body have requirements of their own, and a 5xx is judged by `server-error`.
        if case.valid and exchange.call.given and exchange.status < 500:
            context.expect("body.subsets", exchange, 200)
        elif case.valid is False:
            keywords = {violation.keyword for violation in case.violations}
            if keywords == {"type"}:
                requirement = typed_requirement(exchange.call.given)
                context.judge(requirement, not 200 <= exchange.status < 300, "no 2xx", exchange)
            elif keywords == {"syntax"} and exchange.status < 500:
                requirement = malformed_requirement(exchange.call.body or b"")
                context.judge(requirement, exchange.status >= 400, "400", exchange)

    explore(context, call, judge)

"""Requirements body.*: what may be left out."""

from itertools import combinations

from invite_conformance.contracts.family_invites.calls import invite, invited
from invite_conformance.contracts.family_invites.contacts import MEMBERS, contact
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active


@active("body.absent")
def no_body(context: CheckContext) -> None:
    """Invite a family whose contact is known with no body."""
    first = invited(context, contact(context))
    context.expect("body.absent", context.send(invite(context), first), 200)


@active("body.empty-object")
def an_empty_object(context: CheckContext) -> None:
    """Invite a family whose contact is known with {}."""
    first = invited(context, contact(context))
    context.expect("body.empty-object", context.send(invite(context, {}), first), 200)


@active("body.subsets")
def each_subset(context: CheckContext) -> None:
    """Invite a family whose contact is known with each proper subset of the members."""
    first = invited(context, contact(context))
    for size in (1, 2):
        for names in combinations(MEMBERS, size):
            given = contact(context)
            exchange = context.send(invite(context, {name: given[name] for name in names}), first)
            context.expect("body.subsets", exchange, 200)

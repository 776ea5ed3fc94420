"""Requirements 404.similar-id and 404.folded-id: ids that resemble a family's and are not it."""

import re
import uuid
from collections.abc import Iterable

from invite_conformance.contracts.family_invites.calls import invite, unknown_family
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active
from invite_conformance.target.states import Blocked


@active("404.similar-id")
def ids_that_match_in_part(context: CheckContext) -> None:
    """Use parts of a family's id, longer ones, and patterns that it matches."""
    family: str = context.states.get("family")
    alike = [f"{family}x", f"{family}%", f"{family}*"]
    # What ends with a number, or is one, may be the id of another family.
    alike += [family[:-1], f"{family[:-1]}_"] if family[-1].isalpha() else []
    unprefixed = re.split("[_-]", family, maxsplit=1)[-1]
    alike += [unprefixed] if unprefixed != family and not unprefixed.isdecimal() else []
    _judge_unknown(context, "404.similar-id", alike)


@active("404.folded-id")
def ids_that_are_written_otherwise(context: CheckContext) -> None:
    """Use a family's id with a space after it, and in other letters; a UUID may be written in capitals."""
    family: str = context.states.get("family")
    alike = [f"{family} "]
    alike += [] if _is_uuid(family) or family.swapcase() == family else [family.swapcase()]
    _judge_unknown(context, "404.folded-id", alike)


def _judge_unknown(context: CheckContext, requirement: str, families: Iterable[str]) -> None:
    """Judge that none of the ids is that of a family. Raises Blocked where any id is."""
    unknown = context.send(invite(context, contact(context), unknown_family(context), refused_for="unknown_family"))
    if unknown.succeeded:
        raise Blocked(f"it needs a refusal, and an unknown family was answered with {unknown.response.status_line}")
    for family in families:
        exchange = context.send(invite(context, contact(context), family, valid=None))
        received = f"{exchange.response.status_line} for the id {family!r}"
        context.judge(requirement, not exchange.succeeded, "404", exchange, received)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True

"""The contacts that checks send, and how those of another run are recognised.

1. A contact is new each time: its email has the run's id in it, and its names have letters that stand for it.
2. Names are made of letters only, since a correct server may refuse digits.
"""

import re

from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext

FIRST, LAST = "Harriet", "Porter"
MEMBERS = ("email", "firstname", "lastname")
_LETTERS = 4
"""Letters of a name that stand for the run."""
_EMAIL = re.compile(r"[a-z]-([0-9a-f]{8})-[0-9]+", re.IGNORECASE)
_NAME = re.compile(rf"(?:{FIRST}|{LAST})([a-z]{{{_LETTERS}}})[a-z]+", re.IGNORECASE)

_NOTICE = (
    "Another run of the suite invites the same family at the same time: whether the family keeps its contact was not "
    "judged from then on. Give each run families of its own."
)


def contact(context: CheckContext, first: str = FIRST, last: str = LAST) -> dict[str, str]:
    """A contact that was never sent before: `email`, `firstname` and `lastname`."""
    email = context.fresh_email("family")
    number = int(email.partition("@")[0].rpartition("-")[2])
    mark = _run_letters(context.run_id) + _letters(number)
    return {"email": email, "firstname": first + mark, "lastname": last + mark}


def is_answered(exchange: Exchange, name: str, value: str) -> bool:
    """Whether a member of the response is that text; the case of letters may differ."""
    return str(exchange.object.get(name)).lower() == value.lower()


def from_another_run(context: CheckContext, exchange: Exchange) -> bool:
    """Whether a response has a contact that another run of the suite made, earlier or at the same time."""
    for name in MEMBERS:
        pattern, own = (_EMAIL, context.run_id) if name == "email" else (_NAME, _run_letters(context.run_id))
        found = pattern.search(exchange.text(name) or "")
        if found and found[1].lower() != own:
            return True
    return False


def set_by_another_run(context: CheckContext, exchange: Exchange) -> bool:
    """Whether another run of the suite may have changed what this run set before, which is said in a notice.

    Once it was seen, what this run does not know may be from that run too.
    """
    if from_another_run(context, exchange):
        context.findings.notice(_NOTICE)
    return _NOTICE in context.findings.notices


def _run_letters(run_id: str) -> str:
    """The letters that stand for a run's id."""
    return _letters(int(run_id, 16))[-_LETTERS:].rjust(_LETTERS, "a")


def _letters(number: int) -> str:
    """A number from 0 in small letters, as digits to the base of 26."""
    quotient, digit = divmod(number, 26)
    return (_letters(quotient) if quotient else "") + chr(ord("a") + digit)

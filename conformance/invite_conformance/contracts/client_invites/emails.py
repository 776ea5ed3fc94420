"""Requirements 409.similar-email and 409.folded-email: emails that resemble each other and are different people's."""

from collections.abc import Sequence

from invite_conformance.contracts.client_invites.calls import post
from invite_conformance.http.exchange import Exchange
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_DIFFERENT: tuple[tuple[str, ...], ...] = (
    # What `_` and `%` of LIKE, `.` of a regular expression and `*` match: in the stored email, then in the new one.
    ("{}_b", "{}xb", "{}b"),
    ("{}xb", "{}_b"),
    ("{}.b", "{}xb"),
    ("{}xb", "{}.b"),
    ("{}%", "{}*", "{}ann"),
    ("{}ann", "{}%", "{}*"),
    # One within the other, and one beginning for both.
    ("{}", "{}a", "jo{}"),
    ("jo{}", "{}a", "{}"),
    ("{}-the-same-beginning-1", "{}-the-same-beginning-2"),
)
_FOLDED: tuple[tuple[str, ...], ...] = (
    ("{}.b", "{}b"),
    ("{}", "{}+b", "{}+c"),
    # An accent, the case folding of Unicode, and compatibility normalisation (NFKC).
    ("{}é", "{}e", "{}ß", "{}ss", "{}\N{FULLWIDTH LATIN SMALL LETTER A}", "{}a"),
)
"""What some providers and databases take for the same, and the document does not."""


@active("409.similar-email")
def different_emails(context: CheckContext) -> None:
    """Invite addresses of which one matches the other as a pattern, contains it, or has the same beginning.

    In both orders; a server may refuse an unusual one with 400.
    """
    _invite_each(context, "409.similar-email", _DIFFERENT)


@active("409.folded-email")
def emails_that_some_fold(context: CheckContext) -> None:
    """Invite addresses that differ in a dot, a tag, or a letter that normalisation replaces."""
    _invite_each(context, "409.folded-email", _FOLDED)


def _invite_each(context: CheckContext, requirement: str, groups: Sequence[Sequence[str]]) -> None:
    for group in groups:
        own, _, domain = context.fresh_email("like").partition("@")
        sent: list[Exchange] = []
        for local in group:
            # A server may refuse an unusual email; what follows shows nothing about one that is not invited.
            body = {"email": f"{local.format(own)}@{domain}", "role": "Member"}
            exchange = context.send(post(context, body, valid=None), *sent)
            if sent:
                context.judge(requirement, exchange.status != 409, "201", exchange)
            sent += [exchange] if exchange.succeeded else []

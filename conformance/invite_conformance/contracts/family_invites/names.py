"""The names that people have: each is answered as it was given, if it is accepted.

The requirements 200.*-as-given, 200.non-ascii and 200.compatibility-characters judge the responses. A correct server
may refuse a name that it finds unusual.
"""

from collections.abc import Iterable

from invite_conformance.contracts.family_invites.calls import invite
from invite_conformance.contracts.family_invites.contacts import contact
from invite_conformance.judging.context import CheckContext
from invite_conformance.judging.registry import active

_OUTSIDE_ASCII = (
    ("Zoë", "Nuñez-Ångström"),
    ("Łukasz", "Băsescu"),
    ("София", "Ёлкина"),
    ("桜子", "渡辺"),
    ("Ravi 🙂", "नारायण"),
)
_COMPATIBILITY = (("Soﬁa", "Ｐｏｒｔｅｒ"), ("Anna", "Smith²"))  # noqa: RUF001  # what is tested
_IN_ASCII = (
    ("Mary Ann", "de la Cruz"),
    ("D'Arcy", "O'Brien"),
    ("Ann & Kim", "McGonagall-St. John"),
    ("Wilhelminafriederikealexandraelisabethann", "Wolfeschlegelsteinhausenbergerdorffwelch"),
)


def _invite_each(context: CheckContext, names: Iterable[tuple[str, str]]) -> None:
    for first, last in names:
        body = {**contact(context), "firstname": first, "lastname": last}
        context.send(invite(context, body, valid=None))


@active()
def names_outside_ascii(context: CheckContext) -> None:
    """Set names with accents, of other scripts and with an emoji."""
    _invite_each(context, _OUTSIDE_ASCII)


@active()
def names_with_compatibility_characters(context: CheckContext) -> None:
    """Set names with a ligature, with wide letters and with a superscript."""
    _invite_each(context, _COMPATIBILITY)


@active()
def names_in_ascii(context: CheckContext) -> None:
    """Set names of several words, with marks, with capitals inside, and of 40 letters."""
    _invite_each(context, _IN_ASCII)

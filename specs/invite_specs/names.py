"""Names that are unique."""

from itertools import chain, count


def unique(name: str, taken: set[str]) -> str:
    """A name, with a number after it if it is taken; it is taken from then on."""
    numbered = chain([name], (f"{name}-{number}" for number in count(2)))
    found = next(one for one in numbered if one not in taken)
    taken.add(found)
    return found

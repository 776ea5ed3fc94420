"""Which tests a module has: tests/ mirrors the source roots."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath


def mirror_of(module: str, root: Path, more: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The paths of a module's tests, the nearest first, so that a mutant is found soon.

    For mock/invite_mock/state/clock.py: tests/mock/state/test_clock.py if it is there, then the folder tests/mock/state
    or the nearest one above it. `more` are patterns of modules and the paths that come after that: of each pattern that
    fits, in their order.
    """
    path = PurePosixPath(module)
    part, _package, *folders = path.parts[:-1]
    folder = Path("tests", part, *folders)
    nearest = folder / f"test_{path.name}"
    while not (root / folder).is_dir():
        folder = folder.parent
    mirror = [*([str(nearest)] if (root / nearest).is_file() else []), str(folder)]
    return tuple(
        dict.fromkeys(mirror + [one for pattern, paths in more.items() if path.match(pattern) for one in paths])
    )

"""One server of family-invites, and what the suite says of it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from conformance.bank import DIRECTED
from conformance.listener import Answer, Request, listening
from conformance.offers import target_file
from conformance.reference_families import FamilyInvites
from invite_conformance.result import Result, Run
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target

FAMILIES = "family-invites"


CONTACT = {"email": "ona.one@families.example", "firstname": "Ona", "lastname": "One"}


SetUp = Callable[..., Run]


class Recording(FamilyInvites):
    """Remembers which families were asked for, and every body."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[str, bytes]] = []

    def before(self, request: Request) -> Answer | None:
        self.asked.append((self.family_id(request), request.body))
        return None


@contextmanager
def serving(server: FamilyInvites, folder: Path) -> Iterator[SetUp]:
    """Runs the suite against one server; what is given goes into the target file, or is an option of the run."""
    with listening({"server": lambda: server}) as listener:

        def judged(engines: Collection[str] = DIRECTED, mode: str = "full", **more: Any) -> Run:
            path = target_file(folder / "target.yaml", FAMILIES, f"{listener.url}/server", **more)
            return run(load_target(path, {}), engines=engines, seed=1, mode=mode)

        yield judged


def result(found: Run, requirement: str) -> Result:
    [one] = [one for one in found.results if one.requirement.id == f"{FAMILIES}.{requirement}"]
    return one

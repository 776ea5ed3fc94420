"""Worlds in a store in memory, without a server."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from invite_mock.http.service import load_service
from invite_mock.state import world_file
from invite_mock.state.contents import Contents
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.worlds import Worlds
from invite_specs import Document, contract_names

CONTENTS: dict[str, Contents] = {name: load_service(name).contents for name in contract_names()}
NewWorlds = Callable[..., Worlds]


@pytest.fixture
def new_worlds() -> Iterator[NewWorlds]:
    """Makes the worlds of a new store, inside a transaction that lasts for the test."""
    with ExitStack() as stack:

        def make(document: Document = None, seed: int | None = None, most: int = 100) -> Worlds:
            store = stack.enter_context(closing(open_store("memory:")))
            stack.enter_context(store.transaction())
            default = world_file.default(CONTENTS.values()) if document is None else document
            return Worlds(store, CONTENTS, default, seed, most)

        yield make

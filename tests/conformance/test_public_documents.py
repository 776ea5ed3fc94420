"""The suite against the mock over documents that nobody here wrote, unmodified: only what is named here is violated."""

import json
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import uvicorn
from invite_conformance.judging.catalogue import document_catalogue
from invite_conformance.result import Conformance, Run, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target
from invite_mock.apis import NothingServedError
from invite_mock.app import Mock
from invite_mock.settings import Settings
from invite_specs import document_contract
from specs.public_documents import EXAMPLES, LARGE, documents

pytestmark = pytest.mark.slow

VIOLATED = {
    # No final answer has an informational status, so the mock names these operations at start and answers 404.
    "http-status-codes": {f"get-status-{status}.statuses.documented" for status in (100, 101, 102, 103)},
    # The schemas in the `oneOf` of this 400 differ in `default` only: no value fits exactly one of them.
    "readme-legacy": {"createVersion.400.body"},
}


@contextmanager
def served(path: Path) -> Iterator[str]:
    """The base URL of a mock of the document, in a thread of its own. Raises NothingServedError."""
    listener = socket.create_server(("127.0.0.1", 0))
    servers: list[uvicorn.Server] = []
    failures: list[NothingServedError] = []
    loaded = Event()

    def serve() -> None:
        # SQLite wants to be used in the thread that opened it.
        try:
            mock = Mock(Settings(contracts=(), openapi=(path,), rng_seed=1))
        except NothingServedError as error:
            failures.append(error)
            return
        finally:
            loaded.set()
        config = uvicorn.Config(mock.app, lifespan="off", ws="none", log_level="critical")
        servers.append(uvicorn.Server(config))
        servers[0].run(sockets=[listener])
        mock.store.close()

    thread = Thread(target=serve)
    thread.start()
    try:
        loaded.wait()
        if failures:
            raise failures[0]
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        for one in servers:
            one.should_exit = True
        thread.join()
        listener.close()


def checked(path: Path, url: str, only: Collection[str] = ()) -> Run:
    """A bounded run: each directed check once."""
    target = path.with_name("target.json")
    target.write_text(json.dumps({"openapi": str(path), "base_url": url, "rate_limit": 10_000, "states": {}}))
    return run(load_target(target, {}), seed=1, engines={"directed"}, only=only)


def violated(found: Run) -> set[str]:
    prefix = f"{found.contract}."
    amiss = [one for one in found.results if one.verdict in {Verdict.FAIL, Verdict.ERROR}]
    assert [(one.requirement.id, one.reason) for one in amiss if one.verdict is Verdict.ERROR] == []
    return {one.requirement.id.removeprefix(prefix) for one in amiss}


def test_every_small_document_is_satisfied_by_the_mock_of_it(tmp_path: Path) -> None:
    paths = [*documents(EXAMPLES, tmp_path, ".json"), *documents(EXAMPLES, tmp_path, ".yaml")]
    read = []
    for path in [one for one in paths if one.relative_to(tmp_path).parts[1].startswith("3.")]:
        document = document_contract(path).published
        # Most are there as JSON and as YAML.
        if document in read:
            continue
        read.append(document)
        try:
            with served(path) as url:
                found = checked(path, url)
        except NothingServedError:
            assert document_contract(path).operations == ()
            continue
        assert (path.name, violated(found)) == (path.name, VIOLATED.get(path.stem, set()))
        assert found.requests
        for one in found.results:
            assert one.verdict is not Verdict.BLOCKED or one.reason
        if path.stem not in VIOLATED:
            assert found.conformance in {Conformance.CONFORMANT, Conformance.INCOMPLETE}
    assert len(read) > 55


def test_twenty_operations_of_a_large_document_are_satisfied_by_the_mock_of_it(tmp_path: Path) -> None:
    [path] = documents(LARGE, tmp_path, "/api.github.com.json")
    operations = document_contract(path).operations[::60][:20]
    prefixes = tuple(f"{document_contract(path).name}.{one.id}." for one in operations)
    only = {one.id for one in document_catalogue(path).requirements if one.id.startswith(prefixes)}
    with served(path) as url:
        found = checked(path, url, only)
    assert violated(found) == set()
    assert {one.requirement.id for one in found.results if one.verdict is not Verdict.SKIP} == only

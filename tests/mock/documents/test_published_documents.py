"""Documents that nobody here wrote, unmodified: each operation is called, and each answer fits.

The oracle is jsonschema, which the mock does not use.
"""

import asyncio
import gc
import json
import re
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import jsonschema
import pytest
from invite_mock.apis import NothingServedError
from invite_mock.app import Mock
from invite_mock.documents.document import ServedDocument
from invite_mock.settings import Settings
from invite_specs import Document, Json, Operation, Response
from mock.in_process import InProcess
from mock.oracle import Oracle, Received
from specs.public_documents import EXAMPLES, LARGE, documents

pytestmark = pytest.mark.slow


_FORMATS = jsonschema.FormatChecker()


@_FORMATS.checks("uri")
def _is_uri(value: object) -> bool:
    """What jsonschema itself validates only with more packages."""
    return not isinstance(value, str) or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:\S*$", value) is not None


class Fit:
    """Whether values fit the schemas of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._validators: dict[str, jsonschema.Draft202012Validator] = {}

    def __call__(self, pointer: str, value: Json) -> bool:
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema.Draft202012Validator(
                {**self._document, "$ref": f"#{quote(pointer)}"},
                format_checker=_FORMATS,
            )
        return self._validators[pointer].is_valid(value)


class Trial:
    """Calls every operation of one document, and keeps what is wrong."""

    def __init__(self, mock: Mock, oracle: Oracle) -> None:
        self._caller = InProcess(mock, oracle)
        self._served: ServedDocument = mock.apis.documents[0]
        self._fits = Fit(self._served.contract.assumed)
        self.wrong: list[str] = []
        self.counts: Counter[str] = Counter()

    async def run(self) -> None:
        for operation in self._served.operations:
            name = f"{operation.method} {operation.path}"
            natural = await self._send(operation)
            self.counts["operations"] += 1
            if operation.body is not None and self._served.examples.content(operation) is None:
                self.counts["operations without a body that fits"] += 1
            elif "mock-detail" in natural.headers or self._is_refusal(operation, natural):
                self.wrong.append(f"{name}: its example request is refused: {natural.content[:300]!r}")
            self._validate(name, operation, natural)
            for status in operation.statuses:
                forced = await self._send(operation, f"code={status}")
                self.counts["statuses"] += 1
                if "preference-applied" in forced.headers and forced.status == status:
                    self._validate(f"{name} {status}", operation, forced)
                elif not self._is_said(name, status):
                    self.wrong.append(f"{name}: {status} cannot be asked for: {forced.content[:300]!r}")
            for response in operation.responses:
                await self._try_examples(name, operation, response)

    def _is_refusal(self, operation: Operation, received: Received) -> bool:
        success = min((one for one in operation.statuses if 200 <= one < 400), default=received.status)
        return received.status >= 400 > success

    async def _try_examples(self, name: str, operation: Operation, response: Response) -> None:
        for media_type, schema in response.content.items():
            for key, value in response.examples(media_type).items():
                if not media_type.endswith("json") or not response.status.isdecimal() or response.status == "204":
                    continue
                fits = schema is None or self._fits(schema, value)
                received = await self._send(operation, f'code={response.status}, example="{key}"', media_type)
                forced = "preference-applied" in received.headers and received.status == int(response.status)
                is_json = received.headers.get("content-type", "").endswith("json")
                answered = forced and is_json and json.loads(received.content) == value
                self.counts["examples that fit" if fits else "examples that do not fit"] += 1
                if fits != answered:
                    self.wrong.append(f"{name} {response.status} {media_type} {key}: fits {fits}, answered {answered}")

    def _is_said(self, name: str, status: int) -> bool:
        return any(one.startswith(f"{name}: {status}") for one in self._served.unsent)

    async def _send(self, operation: Operation, prefer: str | None = None, accept: str = "*/*") -> Received:
        request = self._served.examples.request(operation)
        headers = {"Accept": accept, **request.headers, **({"Prefer": prefer} if prefer else {})}
        body = request.body.encode() if request.body is not None else b""
        received = await self._caller.exchange(request.method, request.target, body, headers, documented=False)
        assert received is not None
        return received

    def _validate(self, name: str, operation: Operation, received: Received) -> None:
        response = operation.response(received.status)
        if response is None or operation.method == "HEAD":
            return
        given = received.headers.get("content-type", "")
        documented = {media.partition(";")[0].strip().lower(): schema for media, schema in response.content.items()}
        if not response.content or received.status in {204, 304}:
            if received.content:
                self.wrong.append(f"{name}: it has a body, and none is documented")
            return
        bare = given.partition(";")[0].strip().lower()
        schema = next(
            (documented[one] for one in (bare, f"{bare.split('/')[0]}/*", "*/*") if one in documented), "none"
        )
        if schema == "none":
            self.wrong.append(f"{name}: {given} is not documented")
        elif bare.endswith("json") and schema is not None and not self._fits(schema, json.loads(received.content)):
            self.wrong.append(f"{name}: {received.content[:300]!r} does not fit {schema}")


def tried(path: Path, oracle: Oracle) -> Trial | None:
    """The trial of one document; None for one without operations."""
    try:
        mock = Mock(Settings(contracts=(), openapi=(path,), rng_seed=1))
    except NothingServedError:
        return None
    try:
        trial = Trial(mock, oracle)
        asyncio.run(trial.run())
    finally:
        mock.store.close()
    return trial


def small(folder: Path) -> list[Path]:
    """The documents of OpenAPI 3 in the package of examples."""
    paths = [*documents(EXAMPLES, folder, ".json"), *documents(EXAMPLES, folder, ".yaml")]
    return [one for one in paths if one.relative_to(folder).parts[1].startswith("3.")]


def large(folder: Path) -> Path:
    """The document of GitHub's API, with some 1,200 operations."""
    [found] = documents(LARGE, folder, "/api.github.com.json")
    return found


def summary(trials: Iterable[Trial]) -> Counter[str]:
    return sum((one.counts for one in trials), Counter())


def test_every_small_document_is_served_as_it_says(tmp_path: Path, oracle: Oracle) -> None:
    paths = small(tmp_path)
    trials = {path: trial for path in paths if (trial := tried(path, oracle)) is not None}
    assert [f"{path.name}: {one}" for path, trial in trials.items() for one in trial.wrong] == []
    print(len(paths), len(trials), summary(trials.values()))
    assert len(trials) > 100


def test_the_large_document_is_served_as_it_says(tmp_path: Path, oracle: Oracle) -> None:
    trial = tried(large(tmp_path), oracle)
    assert trial is not None
    assert trial.wrong == []
    print(trial.counts)


def test_the_large_document_starts_and_answers_in_time(tmp_path: Path, oracle: Oracle) -> None:
    path = large(tmp_path)
    # As the command does.
    gc.disable()
    try:
        # The processor's time: other programs on the machine do not count.
        before = time.process_time()
        mock = Mock(Settings(contracts=(), openapi=(path,)))
        started = time.process_time()
        assert InProcess(mock, oracle).send("GET", "/zen", documented=False).status == 200
        answered = time.process_time()
        mock.store.close()
    finally:
        gc.enable()
    print(started - before, answered - started)
    assert started - before < 5
    assert answered - started < 0.05

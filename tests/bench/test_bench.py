import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from . import invite
from .subject import Running, subjects


@pytest.fixture(scope="module", params=["mock", "stock", "bare"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("bench")
    (subject,) = (one for one in subjects(folder) if one.name == request.param)
    # Its first answer is a 201, or it does not start.
    with subject.start() as started:
        yield started


def test_each_server_creates_what_the_bench_asks_for(running: Running) -> None:
    status, body = running.post(invite.TEMPLATE % "tests" % 1)
    assert status == 201
    assert set(json.loads(body)) == set(invite.ANSWER)


def test_the_answers_that_are_compared_are_of_one_size(running: Running) -> None:
    _, body = running.post(invite.TEMPLATE % "tests" % 2)
    # Stock connexion writes JSON with blanks and a line's end.
    assert len(json.dumps(json.loads(body))) == len(json.dumps(invite.ANSWER))


def test_only_the_mock_remembers(running: Running) -> None:
    statuses = [running.post(invite.TEMPLATE % "tests" % 3)[0] for _ in range(2)]
    assert statuses == ([201, 409] if running.name == "mock" else [201, 201])


def test_both_validators_are_at_work(running: Running) -> None:
    status, _ = running.post('{"email":"no-email","role":"Developer"}')
    assert status == (201 if running.name == "bare" else 400)

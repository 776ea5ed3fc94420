"""A mock in a process of its own, and callers that validate every answer with the oracle."""

import http.client
import itertools
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from urllib.parse import urlsplit

import pytest
from invite_specs import Document
from mock.oracle import Oracle, Received

ACME = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
GLOBEX = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
ADMIN = {"x-dolfin-api-key": "acme-admin-key"}
INVITES = f"/clients/{ACME}/invites"
PAGE = {"Origin": "https://app.example"}
PREFLIGHT = PAGE | {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type, prefer, x-dolfin-api-key",
}
_numbers = itertools.count()


class Caller:
    """Speaks HTTP with one mock, in one world, and rejects every answer that the documents do not allow."""

    def __init__(self, connection: http.client.HTTPConnection, oracle: Oracle, world: str = "") -> None:
        self.world = world
        self._prefix = f"/@{world}" if world else ""
        self._oracle = oracle
        self._connection = connection

    def send(
        self,
        method: str,
        path: str,
        body: Document | bytes = None,
        headers: dict[str, str] | None = None,
        *,
        chunked: bool = False,
    ) -> Received:
        """One exchange; `body` is sent as it is if it is bytes, else as JSON, and not at all if it is None."""
        headers = dict(headers or {})
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        if content is not None and not isinstance(body, bytes):
            headers.setdefault("Content-Type", "application/json")
        target = path if path.startswith("/_mock") else self._prefix + path
        self._connection.request(
            method,
            target,
            iter([content[:5], content[5:]]) if chunked and content else content,
            headers,
            encode_chunked=chunked,
        )
        response = self._connection.getresponse()
        received = Received(
            response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        )
        self._oracle.check(method, path.split("?", maxsplit=1)[0], received)
        return received

    def invite(self, email: str = "new@acme.example", role: str = "Member", **headers: str) -> Received:
        """Invite an email address to Acme, as its Admin."""
        return self.send("POST", INVITES, {"email": email, "role": role}, ADMIN | headers)

    def invite_family(self, family: str, body: Document | bytes = None) -> Received:
        return self.send("POST", f"/v1/families/{family}/invite", body)

    def control(self, method: str, path: str, body: Document = None) -> Received:
        """Ask the control API about this caller's world; `path` is what follows its name."""
        return self.send(method, f"/_mock/worlds/{self.world or 'main'}{path}", body)

    def state(self) -> Document:
        """The contents of the world."""
        return self.control("GET", "").json["state"]

    def in_world(self, name: str) -> "Caller":
        """A caller of the same mock in another world, by the same connection."""
        return Caller(self._connection, self._oracle, name)


@contextmanager
def calling(base_url: str, oracle: Oracle) -> Iterator[Caller]:
    with closing(http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=30)) as connection:
        yield Caller(connection, oracle)


@contextmanager
def running(*options: str) -> Iterator[str]:
    """A mock with those options in a process of its own; gives its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        address = re.search(r"https?://\S+", first)
        assert address, first + process.stdout.read()
        yield address[0]
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture(scope="session")
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture(scope="session")
def base_url() -> Iterator[str]:
    """The base URL of a mock that all tests of a process share, each in a world of its own."""
    with running() as address:
        yield address


@pytest.fixture
def world_name() -> str:
    return f"test-{os.getpid()}-{next(_numbers)}"


@pytest.fixture
def caller(base_url: str, oracle: Oracle, world_name: str) -> Iterator[Caller]:
    """A caller in a new world with a frozen clock."""
    with calling(base_url, oracle) as main:
        found = main.in_world(world_name)
        assert found.send("POST", "/_mock/worlds", {"name": world_name}).status == 201
        assert found.control("PATCH", "/clock", {"frozen": True}).status == 200
        yield found


@pytest.fixture
def mock_with(oracle: Oracle) -> Callable[..., AbstractContextManager[Caller]]:
    """Starts a mock with options of the test's own."""

    @contextmanager
    def start(*options: str) -> Iterator[Caller]:
        with running(*options) as address, calling(address, oracle) as caller:
            yield caller

    return start

"""schemathesis against the running mock: all checks, both contracts, ten seeds; openapi-core validates each answer."""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from invite_specs import contract
from mock.conftest import ADMIN, Caller
from mock.oracle import Oracle, Received
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

SEEDS = range(1, 11)
NAMES = ["client-invites", "family-invites"]
FITS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


def generated(count: int) -> settings:
    return settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))


@dataclass(frozen=True)
class World:
    """A world of the mock, as schemathesis sees it; the oracle validates every answer."""

    caller: Caller
    base_url: str
    oracle: Oracle
    session: requests.Session

    def document(self, name: str) -> str:
        """The address of a contract's assumed document, whose server is this world."""
        return f"{self.base_url}/@{self.caller.world}/docs/{name}/openapi.json"

    def operation(self, name: str) -> Any:
        """The contract's operation, as schemathesis reads it from the mock."""
        [path] = contract(name).assumed["paths"]
        return schemathesis.openapi.from_url(self.document(name))[path]["POST"]

    def judge(self, response: Response) -> int:
        """The status of an answer that the oracle accepts."""
        headers = {name: values[0] for name, values in response.headers.items()}
        return self.judge_exchange(
            str(response.request.method), str(response.request.url), response.status_code, headers, response.content
        )

    def judge_exchange(self, method: str, url: str, status: int, headers: dict[str, str], content: bytes) -> int:
        path = urlsplit(url).path.removeprefix(f"/@{self.caller.world}")
        headers = {name.lower(): value for name, value in headers.items()}
        self.oracle.check(method, path, Received(status, headers, content))
        return status


@pytest.fixture
def world(caller: Caller, base_url: str, oracle: Oracle) -> Iterator[World]:
    with requests.Session() as session:
        session.headers.update(ADMIN)
        yield World(caller, base_url, oracle, session)


@pytest.mark.parametrize("name", NAMES)
def test_the_command_finds_no_failure_with_all_its_phases(world: World, tmp_path: Path, name: str) -> None:
    har = tmp_path / "report.har"
    [(header, key)] = ADMIN.items()
    result = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("run", world.document(name), "--header", f"{header}: {key}", "--output-sanitize", "false"),
            *("--checks", "all", "--seed", "1", "--max-examples", "25", "--phases", "examples,coverage,fuzzing"),
            *("--report", "har", "--report-har-path", har, "--report-preserve-bytes"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=tmp_path,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    seen = set()
    for entry in json.loads(har.read_text("utf-8"))["log"]["entries"]:
        request, response = entry["request"], entry["response"]
        content = response["content"].get("text", "")
        raw = base64.b64decode(content) if response["content"].get("encoding") == "base64" else content.encode()
        headers = {header["name"]: header["value"] for header in response["headers"]}
        seen.add(world.judge_exchange(request["method"], request["url"], response["status"], headers, raw))
    assert seen >= ({201} if name == "client-invites" else {200, 404}) | {400, 405}


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_generated_requests_find_no_failure_with_all_checks(
    world: World, name: str, number: int, mode: GenerationMode
) -> None:
    @seed(number)
    @generated(15)
    @given(case=world.operation(name).as_strategy(generation_mode=mode))
    def explore(case: Any) -> None:
        world.judge(case.call_and_validate(session=world.session))

    explore()


@pytest.mark.parametrize(
    ("name", "status"), [(name, status) for name in NAMES for status in contract(name).operations[0].statuses]
)
def test_every_documented_status_is_seen_and_fits(world: World, name: str, status: int) -> None:
    @generated(3)
    @given(case=world.operation(name).as_strategy())
    def force(case: Any) -> None:
        response = case.call(session=world.session, headers={"Prefer": f"code={status}"})
        assert world.judge(response) == status
        case.validate_response(response, checks=FITS)

    force()

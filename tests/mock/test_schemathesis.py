"""schemathesis against the running mock: all checks, both contracts, ten seeds; openapi-core looks too."""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from invite_specs import contract
from mock.conftest import Caller
from mock.oracle import Oracle, Received

SEEDS = range(1, 11)
NAMES = ["client-invites", "family-invites"]
KEY = "x-dolfin-api-key: acme-admin-key"


@dataclass(frozen=True)
class Stock:
    """`schemathesis run` against a caller's world; the oracle looks at every answer that it got."""

    caller: Caller
    base_url: str
    oracle: Oracle
    folder: Path

    def statuses(self, name: str, *options: str) -> set[int]:
        """Run it on one contract, without a failure; gives the statuses that were seen."""
        exchanges = self._run(name, *options)
        for method, path, received in exchanges:
            self.oracle.check(method, path, received)
        return {received.status for _, _, received in exchanges}

    def _run(self, name: str, *options: str) -> list[tuple[str, str, Received]]:
        har = self.folder / "report.har"
        result = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                "run",
                f"{self.base_url}/@{self.caller.world}/docs/{name}/openapi.json",
                *("--header", KEY),
                *("--report", "har", "--report-har-path", har, "--report-preserve-bytes", "--output-sanitize", "false"),
                *options,
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=self.folder,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        exchanges = []
        for entry in json.loads(har.read_text("utf-8"))["log"]["entries"]:
            request, response = entry["request"], entry["response"]
            content = response["content"].get("text", "")
            raw = base64.b64decode(content) if response["content"].get("encoding") == "base64" else content.encode()
            headers = {header["name"].lower(): header["value"] for header in response["headers"]}
            path = urlsplit(request["url"]).path.removeprefix(f"/@{self.caller.world}")
            exchanges.append((request["method"], path, Received(response["status"], headers, raw)))
        return exchanges


@pytest.fixture
def stock(caller: Caller, base_url: str, oracle: Oracle, tmp_path: Path) -> Stock:
    return Stock(caller, base_url, oracle, tmp_path)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", NAMES)
def test_schemathesis_finds_no_failure_and_openapi_core_agrees(stock: Stock, name: str, seed: int) -> None:
    # The coverage phase walks every constraint and method, the same with every seed, and takes the longest.
    phases = "examples,coverage,fuzzing" if seed == SEEDS[0] else "examples,fuzzing"
    seen = stock.statuses(name, "--checks", "all", "--max-examples", "25", "--seed", str(seed), "--phases", phases)
    success = {201} if name == "client-invites" else {200, 404}
    assert seen >= success | ({400, 405} if seed == SEEDS[0] else set())


@pytest.mark.parametrize(
    ("name", "status"), [(name, status) for name in NAMES for status in contract(name).operations[0].statuses]
)
def test_every_documented_status_is_seen_and_fits(stock: Stock, name: str, status: int) -> None:
    fits = "status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance"
    forced = ("--header", f"Prefer: code={status}", "--phases", "examples")
    assert stock.statuses(name, *forced, "--checks", fits) == {status}

"""Stock schemathesis over the same servers, for comparison.

It is given what it cannot know, the key and an existing id, and used with its defaults otherwise.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from conformance.bank import Bank
from conformance.faulty import FAULTS
from conformance.reference_clients import CLIENT, FAMILY_KEY
from conformance.variants import VARIANTS
from invite_specs import contract

OPTIONS = ("--max-examples", "20", "--seed", "1")
HEAD = ("", "servers", "a failure shown", "another than for the reference server", "test cases a run", "seconds a run")
_PLAIN = {"client-invites": "correct-client-plain", "family-invites": "correct-family-plain"}
_HEADER = {"client-invites": "authorization: Bearer key-of-the-admin", "family-invites": f"x-school-key: {FAMILY_KEY}"}
_ID = {"client-invites": CLIENT, "family-invites": "fam-one"}


@dataclass(frozen=True)
class Outcome:
    """What one run of schemathesis said."""

    failures: frozenset[str]
    """The codes of its failures."""
    cases: int
    seconds: float


def compared(servers: Bank, every: int) -> Iterator[tuple[str, ...]]:
    """Rows for faulty and for correct servers of the published contracts, one in so many of them."""
    contracts = {
        **{name: fault.contract for name, fault in FAULTS.items()},
        **{n: v.contract for n, v in VARIANTS.items()},
    }
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:

        def run(name: str) -> Outcome:
            return _run(Path(folder), contracts[name], name, servers.fresh(name))

        reference = {one: run(name).failures for one, name in _PLAIN.items()}
        for title, servers_ in (("faulty servers", FAULTS), ("correct servers", VARIANTS)):
            names = [name for name in servers_ if contracts[name] in _PLAIN][::every]
            found = list(pool.map(run, names))
            other = [one for one, name in zip(found, names, strict=True) if one.failures - reference[contracts[name]]]
            yield (
                f"{title}, one in {every}",
                str(len(found)),
                str(sum(bool(one.failures) for one in found)),
                str(len(other)),
                f"{sum(one.cases for one in found) / len(found):.0f}",
                f"{sum(one.seconds for one in found) / len(found):.1f}",
            )


def _run(folder: Path, name: str, server: str, base_url: str) -> Outcome:
    document = contract(name).published
    for item in document["paths"].values():
        item["post"]["parameters"][0]["schema"] = {"const": _ID[name]}
    schema, report = folder / f"{name}.json", folder / f"{server}.json"
    schema.write_text(json.dumps(document), "utf-8")
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(schema), "--url", base_url, "--no-color", *OPTIONS]
    command += ["-H", _HEADER[name], "--report", "json", "--report-json-path", str(report)]
    begun = time.monotonic()
    subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    said = json.loads(report.read_text("utf-8"))
    failures = frozenset(f"{one['code']} {one['title']}" for one in said["failures"])
    return Outcome(failures, said["test_cases"]["generated"], time.monotonic() - begun)

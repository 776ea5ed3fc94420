"""Puts load on a server, by wrk where it is installed, else by locust."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import invite
from .subject import ROOT

CONNECTIONS = 16
_HERE = Path(__file__).parent
_LOCUST = ROOT / ".venv-bench" / "bin" / "python"


class LoadError(RuntimeError):
    """A load generator that is not there or does not work, or an answer that is no 201."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one run of the generator saw."""

    requests: int
    seconds: float
    p50: float
    """Milliseconds, as `p99`."""
    p99: float
    bad: int
    """Answers other than 201, and requests without an answer."""

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


class Wrk:
    """wrk: one thread is enough for these servers, and leaves the other core to them."""

    name = "wrk"

    def run(self, port: int, seconds: int, letters: str) -> Load:
        headers = [part for name, value in invite.HEADERS.items() for part in ("-H", f"{name}: {value}")]
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(_HERE / "invites.lua"), *headers]
        command += [f"http://127.0.0.1:{port}{invite.PATH}", "--", invite.TEMPLATE % letters]
        output = _output(command, {})
        return Load(**json.loads(output.splitlines()[-1]))


class Locust:
    """locust: written in Python, so that against a fast server it measures itself; the run says so."""

    name = "locust"

    def run(self, port: int, seconds: int, letters: str) -> Load:
        request = {"path": invite.PATH, "headers": invite.HEADERS, "template": invite.TEMPLATE % letters}
        command = [str(_LOCUST), "-m", "locust", "-f", str(_HERE / "locustfile.py"), "--headless", "--json"]
        command += ["--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
        command += ["-u", str(CONNECTIONS), "-r", str(CONNECTIONS), "-t", f"{seconds}s"]
        output = _output([*command, "--host", f"http://127.0.0.1:{port}"], {"BENCH_REQUEST": json.dumps(request)})
        (found,) = json.loads(output)
        times = {float(milliseconds): count for milliseconds, count in found["response_times"].items()}
        return Load(
            requests=found["num_requests"],
            seconds=found["last_request_timestamp"] - found["start_time"],
            p50=_percentile(times, 0.5),
            p99=_percentile(times, 0.99),
            bad=found["num_failures"],
        )


def generator(name: str | None) -> Wrk | Locust:
    """The load generator of that name, or the best that is installed. Raises LoadError if it is not there."""
    if name in {None, "wrk"} and shutil.which("wrk"):
        return Wrk()
    if name in {None, "locust"} and _LOCUST.exists():
        return Locust()
    raise LoadError("no load generator: install wrk, or run `make bench`, which installs locust where wrk is missing")


def _output(command: Sequence[str], environment: dict[str, str]) -> str:
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LoadError(f"{' '.join(command[:3])} ended with code {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _percentile(times: dict[float, Any], part: float) -> float:
    left = part * sum(times.values())
    for milliseconds, count in sorted(times.items()):
        left -= count
        if left <= 0:
            return milliseconds
    return 0.0

"""No secret is in anything that a run writes, prints or logs: keys, tokens that were answered, configured fields."""

import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from conformance.listener import Answer, Implementation, Request, listening
from conformance.offers import STATES, target_file
from conformance.reference_clients import ClientInvites
from invite_conformance import cli

ENVIRONMENT = "canary-of-the-environment-5d1f"
HEADER = "canary-of-a-header-77ab"
FIELD = "canary-of-a-field-c0de"
CLIENT = "client-invites"


class Telltale(ClientInvites):
    """Answers with all that it knows: what it was sent, the tokens of others, a field that is confidential."""

    keys = {**ClientInvites.keys, ENVIRONMENT: ClientInvites.keys["key-of-the-admin"]}  # noqa: RUF012  # as the honest

    def __init__(self, issued: set[str]) -> None:
        self.issued = issued
        super().__init__()

    def token(self) -> str:
        token = super().token()
        self.issued.add(token)
        return token

    def success(self, document: dict[str, object], request: Request) -> dict[str, object]:
        del request
        return document | {"passport": FIELD, "role": "member"}

    def refusal(self, document: dict[str, object], request: Request) -> dict[str, object]:
        detail = f"{document['title']}: {dict(request.headers)} {request.body!r}"
        known = self.invites.get(self.slot(self.client(request), str(self.members(request).get("email")), ""), {})
        return document | {"status": "no", "detail": detail, "passport": FIELD, "outstanding": known}


class Crashing(Telltale):
    """Answers some requests with a page that shows the request, as a debugger would, and no JSON."""

    def after(self, answer: Answer, request: Request) -> Answer:
        page = f"<pre>Traceback {request.headers} {answer.body().decode()}</pre>".encode()
        return replace(answer, status=500, raw=page, media_type="text/html") if self.count % 3 == 0 else answer


@pytest.fixture
def serving() -> Iterator[Callable[[type[Telltale]], tuple[str, set[str]]]]:
    """Serves a class; gives its address and the tokens that it answers."""
    issued: set[str] = set()
    makers: Mapping[str, Callable[[], Implementation]] = {
        maker.__name__: lambda maker=maker: maker(issued)  # type: ignore[misc]  # mypy cannot type a lambda's default
        for maker in (Telltale, Crashing)
    }
    with listening(makers) as listener:
        yield lambda maker: (f"{listener.url}/{maker.__name__}", issued)


def target(folder: Path, base_url: str) -> Path:
    states = STATES[CLIENT] | {"admin": {"headers": {"authorization": "Bearer ${ADMIN_KEY}"}}}
    return target_file(
        folder / "target.yaml", CLIENT, base_url, headers={"x-tenant": HEADER}, states=states, redact=["passport"]
    )


def assert_none_in(texts: Mapping[str, str], canaries: set[str]) -> None:
    assert len(canaries) > 10
    leaks = [
        (where, text[max(text.find(c) - 80, 0) :][:160]) for where, text in texts.items() for c in canaries if c in text
    ]
    assert not leaks, leaks[:3]


@pytest.mark.parametrize("maker", [Telltale, Crashing])
def test_no_secret_is_in_reports_output_or_log(  # noqa: PLR0913, PLR0917  # each is a fixture
    maker: type[Telltale],
    serving: Callable[[type[Telltale]], tuple[str, set[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    base_url, issued = serving(maker)
    monkeypatch.setenv("ADMIN_KEY", ENVIRONMENT)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "step.md"))
    caplog.set_level(logging.DEBUG)
    reports = tmp_path / "reports"
    code = cli.main(
        [
            "run",
            "--target",
            str(target(tmp_path, base_url)),
            "--report",
            str(reports),
            "--time-box",
            "1s",
            "--seed",
            "1",
        ]
    )
    assert code == 1
    out, err = capfd.readouterr()
    files = {
        str(path): path.read_text("utf-8") for path in [*reports.rglob("*"), tmp_path / "step.md"] if path.is_file()
    }
    assert len(files) >= 6
    assert_none_in({"out": out, "err": err, "log": caplog.text, **files}, {ENVIRONMENT, HEADER, FIELD, *issued})


def test_no_secret_is_in_what_plain_pytest_writes(
    serving: Callable[[type[Telltale]], tuple[str, set[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base_url, issued = serving(Telltale)
    monkeypatch.setenv("ADMIN_KEY", ENVIRONMENT)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--pyargs",
        "invite_conformance",
        "-p",
        "no:cacheprovider",
        "-k",
        "not race",
    ]
    command += ["--invite-target", str(target(tmp_path, base_url)), "--junitxml", "junit.xml", "-vv", "--showlocals"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    assert "failed" in done.stdout, done.stdout + done.stderr
    texts = {"out": done.stdout, "err": done.stderr, "junit": (tmp_path / "junit.xml").read_text("utf-8")}
    assert_none_in(texts, {ENVIRONMENT, HEADER, FIELD, *issued})

"""No secret is in anything that a run writes, prints or logs: keys, tokens of responses, configured fields."""

import base64
import html
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote, unquote_plus, urlencode

import pytest
from conformance.bank import DIRECTED
from conformance.listener import Answer, Implementation, Request, listening
from conformance.offers import STATES, target_file
from conformance.reference_clients import ClientInvites
from invite_conformance import cli
from invite_conformance.http.exchange import Exchange
from invite_conformance.http.log import Log
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target

ENVIRONMENT = "canary-of-the-environment-5d1f"
HEADER = "canary-of-a-header-77ab"
FIELD = "canary-of-a-field-c0de"
CLIENT = "client-invites"


class Leaking(ClientInvites):
    """Answers with all that it knows: what it was sent, the tokens of others, a field that is confidential."""

    keys = {**ClientInvites.keys, ENVIRONMENT: ClientInvites.keys["key-of-the-admin"]}  # noqa: RUF012  # as in the parent

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


class Crashing(Leaking):
    """Answers some requests with a page that shows the request, as a debugger would, and no JSON."""

    def after(self, answer: Answer, request: Request) -> Answer:
        page = f"<pre>Traceback {request.headers} {answer.body().decode()}</pre>".encode()
        return replace(answer, status=500, raw=page, media_type="text/html") if self.count % 3 == 0 else answer


class Elsewhere(Leaking):
    """Carries each new token in one place other than `token`, the next in each response."""

    def token(self) -> str:
        # One kind may stand in a path as it is, the other changes in every encoding.
        return super().token()[:20] + ("a1" if self.count % 2 else '/+ ü&"a1')

    def success(self, document: dict[str, object], request: Request) -> dict[str, object]:
        del request
        token = str(document["token"])
        self.issued.add(token)
        return document | {"token": None, "role": "member", "_token": token} | _carrying(token, self.count // 2)

    def after(self, answer: Answer, request: Request) -> Answer:
        del request
        if answer.status != 201:
            return answer
        token = answer.document.pop("_token")
        form = urlencode({"token": token, "role": "Member"}).encode()
        encoded = quote(token, safe="")
        carrying = [
            replace(answer, headers={"Location": f"https://portal.example/accept?token={encoded}"}),
            replace(answer, headers={"X-Invite-Token": encoded}),
            replace(answer, headers={"Link": f"<https://portal.example/?token={encoded}>; rel=accept"}),
            replace(answer, headers={"X-Debug": base64.b64encode(f"token={encoded}".encode()).decode()}),
            replace(answer, raw=form, media_type="application/x-www-form-urlencoded"),
        ]
        if encoded == token:
            carrying.append(replace(answer, headers={"Location": f"/accept/{token}"}))
        return carrying[self.count // 2 % len(carrying)]


def _carrying(token: str, number: int) -> dict[str, object]:
    """A member that carries a token, the next for each number."""
    encoded = quote(token, safe="")
    members: list[dict[str, object]] = [
        {"inviteUrl": f"https://portal.example/accept?token={encoded}"},
        {"inviteUrl": f"/accept#token={quote_plus(token)}"},
        {"event": json.dumps({"type": "invited", "token": token})},
        {"event": json.dumps({"payload": json.dumps({"inviteToken": token})})},
        {"link": f"https://portal.example/login?next={quote(f'/accept?token={encoded}', safe='')}"},
        {"mail": f"<a href='https://portal.example/?token={html.escape(encoded)}'>accept</a>"},
        {"tokens": [token]},
    ]
    return members[number % len(members)]


@pytest.fixture
def serving() -> Iterator[Callable[[type[Leaking]], tuple[str, set[str]]]]:
    """Serves a class; gives its address and the tokens that it answers."""
    issued: set[str] = set()
    makers: Mapping[str, Callable[[], Implementation]] = {
        maker.__name__: lambda maker=maker: maker(issued)  # type: ignore[misc]  # mypy cannot type a lambda's default
        for maker in (Leaking, Crashing, Elsewhere)
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


@pytest.mark.parametrize("maker", [Leaking, Crashing, Elsewhere])
def test_no_secret_is_in_reports_output_or_log(  # noqa: PLR0913, PLR0917  # each is a fixture
    maker: type[Leaking],
    serving: Callable[[type[Leaking]], tuple[str, set[str]]],
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


@pytest.mark.parametrize("maker", [Leaking, Crashing, Elsewhere])
def test_no_secret_is_in_any_exchange_that_a_report_might_show(
    maker: type[Leaking],
    serving: Callable[[type[Leaking]], tuple[str, set[str]]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base_url, issued = serving(maker)
    records: list[str] = []
    add = Log.add

    def recording(log: Log, exchange: Exchange) -> None:
        records.append(str(exchange.record))
        add(log, exchange)

    monkeypatch.setattr(Log, "add", recording)
    run(load_target(target(tmp_path, base_url), {"ADMIN_KEY": ENVIRONMENT}), engines=DIRECTED, seed=1)
    assert len(records) > 100
    canaries = {ENVIRONMENT, HEADER, FIELD, *issued}
    assert_none_in({str(number): unescaped for number, unescaped in enumerate(map(decoded, records))}, canaries)


def decoded(text: str) -> str:
    """The text with what a reader could make of it."""
    return f"{text} {unquote_plus(text)} {unquote(unquote(text))} {html.unescape(text)}" + text.replace("\\", "")


@pytest.mark.slow
def test_no_secret_is_in_what_plain_pytest_writes(
    serving: Callable[[type[Leaking]], tuple[str, set[str]]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base_url, issued = serving(Leaking)
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

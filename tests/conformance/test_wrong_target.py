"""A user in trouble: a wrong URL, key, id, domain or certificate is one cause, said first, after a few calls."""

import re
import ssl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import trustme
from conformance.bank import DIRECTED, Bank
from conformance.http.raw_server import Peer, serving
from conformance.listener import Answer, Implementation, Listener, Request, listening
from conformance.offers import STATES, target_file
from conformance.vacuous import Vacuous
from invite_conformance import cli
from invite_conformance.result import Conformance, Run, Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target

CLIENT, FAMILY = "client-invites", "family-invites"
TOKEN = "abcdef-0123456789"  # noqa: S105  # of a test
FOREIGN: dict[str, tuple[Answer, str]] = {
    "wrong-prefix": (
        Answer(404, media_type="text/html", raw=b"<h1>404</h1>"),
        "every response was 404 Not Found text/html: is base_url right?",
    ),
    "gateway": (
        Answer(404, {"message": "no Route matched"}),
        "every response was 404 Not Found application/json: are base_url and the ids under `states` right?",
    ),
    "login": (
        Answer(302, media_type="text/html", headers={"Location": f"https://sso.example/login?token={TOKEN}"}),
        "every response was 302 Found text/html to https://sso.example/login?token=[redacted]: is base_url right?",
    ),
    "maintenance": (
        Answer(503, media_type="text/html", raw=b"<h1>Back soon</h1>"),
        "every response was 503 Service Unavailable text/html: is the server up, and is base_url right?",
    ),
    "frontend": (
        Answer(200, media_type="text/html", raw=b"<div id=app></div>"),
        "every response was 200 OK text/html: is base_url right?",
    ),
    "firewall": (
        Answer(403, media_type="text/html", raw=b"<h1>Blocked</h1>"),
        "every response was 403 Forbidden text/html: is base_url right?",
    ),
    "unauthorized": (
        Answer(401, {"message": "Unauthorized"}),
        "every valid call as `admin` was answered 401 Unauthorized: are the headers of `states.admin` right?",
    ),
}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    makers: Mapping[str, Callable[[], Implementation]] = {
        name: lambda answer=answer: Vacuous(lambda _: answer)  # type: ignore[misc]  # mypy cannot type its default
        for name, (answer, _) in FOREIGN.items()
    }
    with listening(makers) as listener:
        yield listener


def checked(folder: Path, contract: str, base_url: str, **more: Any) -> Run:
    """A run of the directed checks; `more` goes into the target file."""
    mode = more.pop("mode", "full")
    env = more.pop("env", {})
    path = target_file(folder / "target.yaml", contract, base_url, **more)
    return run(load_target(path, env), engines=DIRECTED, seed=1, mode=mode)


@pytest.mark.parametrize("mode", ["full", "read-only"])
@pytest.mark.parametrize("name", sorted(FOREIGN.keys() - {"gateway", "unauthorized"}))
@pytest.mark.parametrize("contract", [CLIENT, FAMILY])
def test_a_url_of_something_else_is_one_cause_after_a_few_calls(
    listener: Listener, tmp_path: Path, contract: str, name: str, mode: str
) -> None:
    found = checked(tmp_path, contract, f"{listener.url}/{name}", mode=mode)
    assert found.conformance is Conformance.ERROR
    assert found.requests <= 6
    [cause] = found.causes
    assert cause.text == FOREIGN[name][1]
    errors = [one.requirement.id for one in found.results if one.verdict is Verdict.ERROR]
    assert list(cause.requirements) == errors
    assert len(errors) > 15
    assert {one.verdict for one in found.results} <= {Verdict.ERROR, Verdict.SKIP, Verdict.BLOCKED}


@pytest.mark.parametrize("name", ["gateway", "unauthorized"])
def test_a_gateway_that_answers_json_is_recognised_too(listener: Listener, tmp_path: Path, name: str) -> None:
    found = checked(tmp_path, CLIENT, f"{listener.url}/{name}")
    assert (found.conformance, [one.text for one in found.causes]) == (Conformance.ERROR, [FOREIGN[name][1]])
    assert found.requests <= 12


def test_the_conclusion_of_the_command_is_the_cause(
    listener: Listener, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = target_file(tmp_path / "target.yaml", CLIENT, f"{listener.url}/login")
    assert cli.main(["run", "--target", str(path)]) == 2
    out = " ".join(capsys.readouterr().out.split())
    assert f"ERROR: {FOREIGN['login'][1]} Exit code 2." in out
    assert "Cause: every response was 302 Found" in out
    assert out.index("Cause: ") < out.index("MUST ")
    assert TOKEN not in out
    assert "client-invites.201.status" not in out.replace("next is client-invites.201.status", "")


def test_a_wrong_key_is_named(bank: Bank, tmp_path: Path) -> None:
    states = STATES[CLIENT] | {"admin": {"headers": {"authorization": "Bearer ${ADMIN_KEY}"}}}
    env = {"ADMIN_KEY": "not-the-key-of-the-admin"}
    found = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), states=states, env=env)
    assert found.conformance is Conformance.NOT_CONFORMANT
    [cause] = found.causes
    assert cause.text == "every valid call as `admin` was answered 403 Forbidden: is ADMIN_KEY right?"
    assert {"client-invites.201.status", "client-invites.createClientInvite.request.email.missing"} <= {
        *cause.requirements
    }
    failed = {one.requirement.id for one in found.results if one.verdict is Verdict.FAIL}
    assert {*cause.requirements} <= {one.requirement.id for one in found.results if one.failures}
    assert len(failed - {*cause.requirements}) <= 2


def test_a_wrong_id_that_every_caller_calls_is_named_beside_their_keys(bank: Bank, tmp_path: Path) -> None:
    callers = {one: {"headers": {"authorization": f"Bearer ${{{one.upper()}_KEY}}"}} for one in ("admin", "owner")}
    states = STATES[CLIENT] | callers | {"client": "5e0c8a52-6d0f-4d7e-9a51-2f6a1f0f6f09"}
    env = {"ADMIN_KEY": "key-of-the-admin", "OWNER_KEY": "key-of-the-owner"}
    [cause] = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), states=states, env=env).causes
    assert cause.text == (
        "every valid call as `admin` and as `owner` was answered 403 Forbidden: are ADMIN_KEY, OWNER_KEY and "
        "`states.client` right?"
    )
    assert {"client-invites.201.status", "client-invites.owner.allowed"} <= {*cause.requirements}


def test_several_keys_of_one_caller_are_all_named(bank: Bank, tmp_path: Path) -> None:
    headers = {"authorization": "Bearer ${ADMIN_KEY}", "x-gateway-key": "${GATEWAY_KEY}"}
    states, env = STATES[CLIENT] | {"admin": {"headers": headers}}, {"ADMIN_KEY": "wrong-key", "GATEWAY_KEY": "other"}
    [cause] = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), states=states, env=env).causes
    assert cause.text.endswith("403 Forbidden: are ADMIN_KEY and GATEWAY_KEY right?")


def test_a_key_that_the_file_holds_itself_is_named_by_its_place(bank: Bank, tmp_path: Path) -> None:
    states = STATES[CLIENT] | {"admin": {"headers": {"authorization": "Bearer wrong"}}}
    [cause] = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), states=states).causes
    assert cause.text.endswith("403 Forbidden: are the headers of `states.admin` right?")


def test_a_wrong_key_of_every_caller_is_named(bank: Bank, tmp_path: Path) -> None:
    headers, env = {"x-school-key": "${SCHOOL_KEY}"}, {"SCHOOL_KEY": "wrong-key"}
    [cause] = checked(tmp_path, FAMILY, bank.fresh("correct-family-plain"), headers=headers, env=env).causes
    assert cause.text == "every valid call was answered 403 Forbidden: is SCHOOL_KEY right?"


def test_a_domain_that_the_server_refuses_is_named(tmp_path: Path) -> None:
    class Picky(Vacuous):
        def reply(self, request: Request) -> Answer:
            known = b'"known@' in request.body or b"{" not in request.body
            problem = {"title": "ClientInvite.InvalidEmail", "status": 400}
            return Answer(403 if known else 400, problem, "application/problem+json")

    with listening({"picky": lambda: Picky(lambda _: Answer(400))}) as listener:
        found = checked(tmp_path, CLIENT, f"{listener.url}/picky", email_domain="nowhere.example")
    assert [one.text for one in found.causes] == [
        "every valid call with an address @nowhere.example was answered 400 Bad Request: does the server accept such "
        f"addresses? If not, give another `email_domain` in {tmp_path}/target.yaml"
    ]


def test_an_unknown_family_is_named(bank: Bank, tmp_path: Path) -> None:
    states = {"family": "fam-typo", "foreign_family": "fam-foreign"}
    found = checked(tmp_path, FAMILY, bank.fresh("correct-family-plain"), states=states)
    [cause] = found.causes
    assert cause.text.endswith("404 Not Found application/json: are base_url and the ids under `states` right?")
    assert found.requests <= 6


def test_a_family_that_is_not_foreign_is_questioned_and_its_failure_is_not_hidden(bank: Bank, tmp_path: Path) -> None:
    found = checked(tmp_path, FAMILY, bank.fresh("family-foreign-invited"))
    doubted = [one for one in found.notices if "`states.foreign_family`" in one]
    assert doubted == [
        "The server accepts every call that it must refuse because of `states.foreign_family`. If the server is right, "
        f"`states.foreign_family` in {tmp_path}/target.yaml is not what it should be."
    ]
    assert found.causes == ()


def test_a_header_of_the_file_that_is_not_sent_is_said(bank: Bank, tmp_path: Path) -> None:
    found = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), headers={"Authorization": "Bearer gateway"})
    [notice] = [one for one in found.notices if "was not sent" in one]
    assert notice.startswith(f"`headers.Authorization` of {tmp_path}/target.yaml was not sent: the states have headers")
    found = checked(tmp_path, CLIENT, bank.fresh("correct-client-plain"), headers={"x-tenant": "acme"})
    assert not [one for one in found.notices if "was not sent" in one]


def test_a_self_signed_server_names_ca_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(tls)
    with serving(Peer.request, tls=tls) as server:
        path = target_file(tmp_path / "target.yaml", CLIENT, server.url)
        assert cli.main(["run", "--target", str(path), "--quiet"]) == 2
    out = " ".join(capsys.readouterr().out.split())
    assert re.search(r"ERROR: [^(]* is not accepted", out)
    assert "(no response to 3 calls in a row, the last one POST /clients/" in out
    assert "ca_file" in out


def test_a_mix_up_of_http_and_https_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refuses_what_is_no_http(peer: Peer) -> None:
        peer.sock.recv(65536)
        peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with serving(refuses_what_is_no_http) as server:
        path = target_file(tmp_path / "target.yaml", CLIENT, server.url.replace("http:", "https:"))
        assert cli.main(["run", "--target", str(path), "--quiet"]) == 2
    assert "begin base_url with http (no response to 3 calls" in " ".join(capsys.readouterr().out.split())


def test_a_time_out_names_the_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(Peer.closed) as server:
        path = target_file(tmp_path / "target.yaml", CLIENT, server.url, timeout=0.2)
        assert cli.main(["run", "--target", str(path)]) == 2
    out = " ".join(capsys.readouterr().out.split())
    cause = (
        "no whole response within 0.2 s (nothing had arrived); are host and port of base_url right, and is `timeout` "
        "long enough? (no response to 3 calls in a row, the last one POST "
        "/clients/5e0c8a52-6d0f-4d7e-9a51-2f6a1f0f6f01/invites)"
    )
    assert f"Cause: {cause} It explains" in out
    assert f"ERROR: {cause[:80]}" in out
    assert re.search(r"Run \w+: 3 requests in ", out)
    assert out.count(cause) == 1


def test_a_certificate_file_that_cannot_be_used_is_a_usage_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    path = target_file(tmp_path / "target.yaml", CLIENT, "https://127.0.0.1:1", ca_file="ca.pem")
    assert cli.main(["run", "--target", str(path), "--quiet"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert said.startswith(f"invite-conformance: {path}: ca_file: ")
    assert "suite" not in said

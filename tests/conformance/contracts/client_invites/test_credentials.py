"""Which part of a caller's headers is a credential, and how it is changed."""

import base64
from collections.abc import Mapping
from pathlib import Path

import pytest
from conformance.bank import Bank
from conformance.listener import Answer, Request, listening
from conformance.offers import STATES, target_file
from conformance.reference_clients import ClientInvites
from invite_conformance.contracts.client_invites.credentials import SIMILAR, changed, similar
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.context import CheckContext
from invite_conformance.plan import Plan
from invite_conformance.result import Verdict
from invite_conformance.run import context_for, run
from invite_conformance.target.states import Blocked
from invite_conformance.target.target import Target
from invite_conformance.target.target_file import load_target

GATEWAY = "gw=e8f1c9b2a7"


def context(admin: Mapping[str, str], **states: object) -> CheckContext:
    offered = {"admin": {"headers": admin}, "client": STATES["client-invites"]["client"], **states}
    return context_for(
        Target("client-invites", "http://127.0.0.1:1", states=offered, path=Path("t.yaml")),
        Plan(),
        catalogue("client-invites"),
    )


def replaced(of: CheckContext) -> Mapping[str, str]:
    found = changed(of, lambda _: "nobody")
    assert found is not None
    return found.headers


def test_the_last_word_of_a_header_is_the_secret() -> None:
    assert replaced(context({"Authorization": "Bearer abc"})) == {"Authorization": "Bearer nobody"}
    assert replaced(context({"x-api-key": "abc"})) == {"x-api-key": "nobody"}


def test_the_password_of_basic_credentials_is_the_secret() -> None:
    given = base64.b64encode(b"admin:secret=").decode()
    expected = base64.b64encode(b"admin:nobody").decode()
    assert replaced(context({"Authorization": f"Basic {given}"})) == {"Authorization": f"Basic {expected}"}


def test_each_cookie_has_a_secret_of_its_own() -> None:
    found = replaced(context({"Cookie": "session=abc; theme=dark"}))
    assert found == {"Cookie": "session=nobody; theme=nobody"}


def test_what_a_caller_without_rights_sends_too_is_no_credential() -> None:
    admin = {"Cookie": f"{GATEWAY}; session=abc", "x-tenant": "acme", "x-role": "admin"}
    others = {
        "anonymous": {"headers": {"cookie": GATEWAY}},
        "not_admin": [{"headers": {"x-tenant": "acme", "x-role": "member"}}],
    }
    expected = {"Cookie": f"{GATEWAY}; session=nobody", "x-tenant": "acme", "x-role": "nobody"}
    assert replaced(context(admin, **others)) == expected


def test_an_admin_without_credentials_blocks_the_check() -> None:
    with pytest.raises(Blocked, match="no credential"):
        replaced(context({"x-tenant": "acme"}, anonymous={"headers": {"X-Tenant": "acme"}}))


def test_similar_secrets_differ_from_the_secret() -> None:
    secret = "Kq7-aB3xYz90"  # noqa: S105  # it is nobody's
    of = context({"x-api-key": secret})
    found = {by.headers["x-api-key"] for change in SIMILAR.values() if (by := similar(of, change))}
    assert len(found) == len(SIMILAR)
    assert secret not in found


def test_the_digits_of_a_hexadecimal_secret_have_no_case() -> None:
    of = context({"x-api-key": "3fa85f64-5717-4562-b3fc-2c963f66afa6"})
    assert similar(of, SIMILAR["in the other case"]) is None


@pytest.mark.parametrize("secret", ["abc", base64.b64encode(b"\xff\xfe").decode()])
def test_basic_credentials_that_are_not_encoded_are_one_secret(secret: str) -> None:
    assert replaced(context({"Authorization": f"Basic {secret}"})) == {"Authorization": "Basic nobody"}


PATTERN = SIMILAR["with a pattern's `_` for its last character"]


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Kq7aB3xYz9w",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Kq7aB3xYz9A",
        base64.urlsafe_b64encode(b"\x00" * 15 + b"\xff").decode().rstrip("="),
        base64.b64encode(b"\x00" * 16).decode(),
    ],
    ids=["web-token", "web-token-with-other-bits", "base64url", "base64-with-padding"],
)
def test_a_change_that_a_decoder_may_not_notice_is_not_made(secret: str) -> None:
    assert similar(context({"Authorization": f"Bearer {secret}"}), PATTERN) is None


@pytest.mark.parametrize("secret", ["AAAAAAAAAAAAAAAAAAAAAA", "key-of-the-admin", "key.of-the-admin"])
def test_a_change_of_the_bytes_is_made(secret: str) -> None:
    found = similar(context({"Authorization": f"Bearer {secret}"}), PATTERN)
    assert found is not None
    assert found.headers == {"Authorization": f"Bearer {secret[:-1]}_"}


def test_what_follows_padding_is_not_changed() -> None:
    of = context({"Authorization": f"Bearer {base64.b64encode(bytes(16)).decode()}"})
    for words in ("followed by more characters", "in a list with another", "without its last character"):
        assert similar(of, SIMILAR[words]) is None
    assert similar(of, SIMILAR["without its first character"]) is not None


def test_a_part_of_a_secret_is_as_secret() -> None:
    of = context({"x-api-key": "Kq7-aB3xYz90"})
    for change in SIMILAR.values():
        assert similar(of, change) is not None
    shown = of.findings.redaction.text("Kq7-aB3xYz9 q7-aB3xYz90 kQ7-Ab3XyZ90 Kq7-aB3xYz9_")
    assert shown == "[redacted] [redacted] [redacted] [redacted]"


class BehindGateway(ClientInvites):
    """Answers 502 to requests without the gateway's cookie; who calls is what `authorization` says."""

    def before(self, request: Request) -> Answer | None:
        if request.headers.get("cookie") != GATEWAY:
            return Answer(502, None, "text/html", raw=b"<h1>Bad Gateway</h1>")
        return None


def test_the_cookie_of_a_gateway_is_sent_with_unknown_credentials(tmp_path: Path) -> None:
    states = {**STATES["client-invites"], "anonymous": {"headers": {"cookie": GATEWAY}}}
    for name in ("admin", "owner"):
        states[name] = {"headers": {**states[name]["headers"], "cookie": GATEWAY}}
    with listening({"gateway": BehindGateway}) as listener:
        path = target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/gateway", states=states)
        only = [f"client-invites.403.{one}" for one in ("unknown-caller", "similar-caller", "anonymous")]
        found = run(
            load_target(path, {}), only=[*only, "client-invites.createClientInvite.server-error"], engines={"directed"}
        )
    verdicts = {one.requirement.id: one.verdict for one in found.results if one.requirement.id in only}
    assert verdicts == dict.fromkeys(only, Verdict.PASS)


def test_the_callers_of_the_target_file_are_named(bank: Bank, tmp_path: Path) -> None:
    path = target_file(tmp_path / "target.yaml", "client-invites", bank.fresh("correct-client-plain"))
    text = path.read_text("utf-8").replace("Bearer key-of-the-admin", "Bearer key-of-nobody")
    path.write_text(text, "utf-8")
    found = run(load_target(path, {}), engines={"directed"})
    assert any("every valid call as `admin` was answered 403" in cause.text for cause in found.causes)

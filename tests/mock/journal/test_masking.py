"""No secret is in a line, the journal, the archive, the stream or the store's file: canaries prove it."""

import http.client
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from invite_mock.journal.masking import MASK, Masking, is_secret, mask, mask_members, mask_query, mask_text
from invite_specs import Json
from mock.conftest import ADMIN, INVITES, calling
from mock.oracle import Oracle

IN_QUERY = "canary-in-query-1"
IN_BODY = "canary-in-body-2"
IN_BROKEN = "canary-in-broken-json-3"
IN_FORM = "canary-in-form-4"
IN_HEADER = "canary/in header-5"
IN_COOKIE = "canary-in-cookie-6"
UNKNOWN = "canary-unknown-key-7"
NESTED = "canary-nested-8"


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_shown_anywhere(oracle: Oracle, tmp_path: Path, form: str) -> None:
    path = tmp_path / "canaries.db"
    command = [sys.executable, "-m", "invite_mock", "serve", "--port", "0", "--log-format", form]
    command += ["--store", f"sqlite:///{path}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    address = process.stdout.readline().split()[-1]
    shown: list[str] = []
    with calling(address, oracle) as caller:
        token = caller.invite("ann@acme.example").json["token"]
        json_body = {"email": "ben@acme.example", "role": "Member"}
        caller.send("POST", f"{INVITES}?token={IN_QUERY}&again={IN_QUERY}", json_body, ADMIN)
        caller.send("POST", INVITES, json_body | {"apiKey": IN_BODY, "note": f"it is {IN_BODY}"}, ADMIN)
        caller.send("POST", INVITES, json_body | {"secret": {"value": [NESTED]}, "role": NESTED}, ADMIN)
        caller.send("POST", INVITES, f'{{"password": "{IN_BROKEN}",'.encode(), ADMIN)
        caller.send("POST", INVITES, f"a=b&token={IN_FORM}".encode(), ADMIN)
        caller.send("POST", INVITES, json_body, {"x-dolfin-api-key": UNKNOWN, "X-Copy": UNKNOWN})
        caller.send("POST", INVITES, {"email": UNKNOWN, "role": UNKNOWN}, ADMIN | {"X-Other-Token": UNKNOWN})
        # The key of an Admin where no key belongs.
        caller.send("POST", INVITES, {"email": "acme-admin-key", "role": "acme-admin-key"}, ADMIN)
        caller.send("POST", f"/clients/{ADMIN['x-dolfin-api-key']}/invites", json_body, ADMIN)
        caller.send("GET", "/acme-admin-key", headers=ADMIN | {"Authorization": f"Bearer {IN_HEADER}"})
        caller.send("GET", "/x", headers={"Cookie": f"a={IN_COOKIE}"})
        # The token of an earlier answer, which nothing in these requests calls one.
        caller.send("GET", f"/accept/{token}")
        caller.send("GET", "/x", headers={"Referer": f"http://app.example/accept?t={token}", "X-Debug": f"<{token}>"})
        caller.send("POST", INVITES, {"email": token, "role": "Member", "note": f"\n{token}"}, ADMIN)
        caller.invite(f"{token}")
        listed = caller.control("GET", "/requests?limit=1000")
        assert len(listed.json["requests"]) == 16
        shown += [listed.content.decode(), caller.control("GET", "/requests.har").content.decode()]
        for one in listed.json["requests"]:
            asked: dict[str, Any] = {"match": {"status": 418}, "times": {"atLeast": 1}}
            shown.append(caller.control("GET", f"/requests/{one['id']}").content.decode())
            shown.append(caller.control("POST", "/requests/verify", asked).content.decode())
        shown.append(streamed(address, len(listed.json["requests"])))
        stored = b"".join(one.read_bytes() for one in tmp_path.iterdir()).decode("latin-1")
    process.terminate()
    lines, _ = process.communicate(timeout=30)
    assert lines.count("natural") + lines.count("unmatched") >= 16
    secrets = [token, IN_QUERY, IN_BODY, NESTED, IN_BROKEN, IN_FORM, UNKNOWN, IN_HEADER, IN_COOKIE]
    secrets += ["canary%2Fin", json.dumps(IN_HEADER)[1:-1]]
    for secret in secrets:
        for one in [*shown, lines, stored]:
            assert secret.lower() not in one.lower(), secret
    for one in [*shown, lines]:
        assert "acme-admin-key" not in one
    # The store has the keys of its members, and nowhere else: their row, and the one by which a key is looked up.
    journal = stored.replace('"key":"acme-admin-key"', "")
    assert all(f'"{name}": "acme-admin-key"' not in journal for name in ("value", "role", "email"))


def streamed(address: str, count: int) -> str:
    """The stream of events from the beginning, until so many requests have come."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", "/_mock/worlds/main/events", headers={"Last-Event-ID": "0"})
    response = connection.getresponse()
    found = ""
    while found.count("event: request") < count:
        found += response.readline().decode()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("token", True),
        ("accessToken", True),
        ("access_token", True),
        ("X-Access-Token", True),
        ("apiKey", True),
        ("api_key", True),
        ("x-dolfin-api-key", True),
        ("clientSecret", True),
        ("password", True),
        ("tokens", False),
        ("tokenCount", False),
        ("monkey", False),
        ("key", False),
        ("secretary", False),
    ],
)
def test_a_name_says_whether_its_value_is_secret(name: str, secret: bool) -> None:
    assert is_secret(name) == secret


TOKEN = "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5XwYvMhKtZoU"  # noqa: S105  # of the form only


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (TOKEN, MASK),
        (f"/accept/{TOKEN}", f"/accept/{MASK}"),
        (f"?t={TOKEN}&a=b", f"?t={MASK}&a=b"),
        (f"{TOKEN}x", f"{TOKEN}x"),
        (TOKEN[1:], TOKEN[1:]),
        # Of the same length.
        ("a-slug-of-forty-three-characters-and-hyphens", "a-slug-of-forty-three-characters-and-hyphens"),
        ("f" * 43, "f" * 43),
    ],
)
def test_what_has_the_form_of_a_token_is_masked(text: str, masked: str) -> None:
    assert mask(text, []) == masked


def test_a_short_secret_is_masked_only_where_it_stands() -> None:
    masking = Masking()
    assert masking.secrets([("x-token", "abc")], "", []) == []
    assert masking.header_fields([("x-token", "abc"), ("x-other", "abc")], []) == [
        ("x-token", MASK),
        ("x-other", "abc"),
    ]


def test_the_fields_of_a_security_scheme_are_secret() -> None:
    assert Masking({"x-who"}).is_secret_field("X-Who")
    assert not Masking().is_secret_field("X-Who")


@pytest.mark.parametrize(
    ("value", "masked"),
    [
        ({"token": "a"}, {"token": MASK}),
        ({"token": 7}, {"token": MASK}),
        ({"token": None}, {"token": None}),
        ({"token": True}, {"token": True}),
        ({"a": [{"token": "a", "b": "c"}]}, {"a": [{"token": MASK, "b": "c"}]}),
        ({"secret": {"value": ["a"]}}, {"secret": {"value": [MASK]}}),
        ("token", "token"),
    ],
)
def test_secret_members_are_masked(value: Json, masked: Json) -> None:
    assert mask_members(value) == masked


@pytest.mark.parametrize(
    ("query", "masked"),
    [
        ("token=abc", "token=***"),
        ("a=b&access%5Ftoken=abc&token", "a=b&access%5Ftoken=***&token"),
        ("a=b&&c=d=e", "a=b&&c=d=e"),
    ],
)
def test_secret_parameters_are_masked(query: str, masked: str) -> None:
    assert mask_query(query) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('{"token": "abc",', '{"token": "***",'),
        ("token=abc&a=b", "token=***&a=b"),
        ("api_key: abc", "api_key: ***"),
        ("no token here", "no token here"),
    ],
)
def test_what_follows_a_secret_name_is_masked_in_a_text(text: str, masked: str) -> None:
    assert mask_text(text, []) == masked

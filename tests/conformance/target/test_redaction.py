"""Secrets are hidden however a server writes them, and nothing else is."""

import base64
import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from invite_conformance.http.json_text import read_json
from invite_conformance.target.redaction import Redaction

KEY = 'k"y of/the ädmin&co'
TOKEN = "0BkzW7yq3VxJ+T9c/fRd"  # noqa: S105  # of a test

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": json.dumps,
    "json, not ascii": lambda value: json.dumps(value, ensure_ascii=False),
    "json with an escaped slash": lambda value: json.dumps(value).replace("/", "\\/"),
    "json in json": lambda value: json.dumps(json.dumps({"x": value})),
    "json, all escaped": lambda value: "".join(f"\\u{ord(one):04X}" for one in value),
    "bytes of Python": lambda value: "".join(f"\\x{ord(one):02x}" for one in value),
    "url": lambda value: quote(value, safe=""),
    "url in small letters": lambda value: quote(value, safe="").lower() if value == KEY else quote(value, safe=""),
    "url, all escaped": lambda value: "".join(f"%{byte:02x}" for byte in value.encode()),
    "url in a url": lambda value: quote(quote(value, safe=""), safe=""),
    "form": quote_plus,
    "html": html.escape,
    "html, all escaped": lambda value: "".join(f"&#x{ord(one):x};" for one in value),
    "html, decimal": lambda value: "".join(f"&#{ord(one)};" for one in value),
    "json in html": lambda value: html.escape(json.dumps(value)),
    "utf-16": "\0".join,
    "base64": lambda value: base64.b64encode(value.encode()).decode(),
    "base64 for urls": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
    "basic credentials": lambda value: "Basic " + base64.b64encode(f"me:{value}".encode()).decode(),
    "within base64": lambda value: base64.b64encode(f'{{"some": "{value}", "more": 1}}'.encode()).decode(),
    "base64 behind a path": lambda value: "/accept/" + base64.b64encode(f"id={value}".encode()).decode(),
}


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
def test_a_secret_is_replaced_in_every_encoding(encoding: Callable[[str], str]) -> None:
    redaction = Redaction({"KEY": KEY})
    redaction.learn([], json.dumps({"token": TOKEN}).encode())
    for value, shown in ((KEY, "$KEY"), (TOKEN, "[redacted]")):
        text = redaction.text(f"<{encoding(value)}>")
        assert shown in text
        # No part of four characters is left, however it is read.
        assert not [value[start : start + 4] for start in range(len(value) - 3) if value[start : start + 4] in text]
        assert text.startswith("<")
        assert encoding(value) not in text


def test_what_is_around_a_secret_stays() -> None:
    redaction = Redaction({"KEY": "ab/c+d=e"})
    for text in (r"ab\/c+d=e", r"ab/c\u002Bd=e", r"ab\u002fc+d\u003De"):
        assert redaction.text(f'{{"link": "https:\\/\\/x/{text}"}}') == r'{"link": "https:\/\/x/$KEY"}'


def test_a_secret_in_surrogate_pairs_is_found() -> None:
    redaction = Redaction({"KEY": "key-\U0001f511-of-the-admin"})
    assert redaction.text(r"before key-\ud83d\udd11-of-the-admin behind") == "before $KEY behind"


def test_a_secret_that_cannot_be_located_takes_the_whole_text_with_it() -> None:
    assert Redaction({"KEY": "key-of-the-admin"}).text(r"before k\u0000ey-of-the-admin behind") == "$KEY"


CARRIED = {
    "a member": ([], b'{"items": [{"token": "s3cret-token"}]}'),
    "a member whose name ends so": ([], b'{"inviteToken": "s3cret-token"}'),
    "members of a list": ([], b'{"tokens": ["other", "s3cret-token"]}'),
    "json in json": ([], json.dumps({"detail": json.dumps({"token": "s3cret-token"})}).encode()),
    "json in json in json": ([], json.dumps([json.dumps([json.dumps({"token": "s3cret-token"})])]).encode()),
    "json that is cut short": ([], b'{"token": "s3cret-token", "email'),
    "json in a page": ([], b"<pre>{&quot;token&quot;: &quot;s3cret-token&quot;}</pre>"),
    "another notation": ([], b"Invite {'token': 's3cret-token'}"),
    "a form": ([], b"token=s3cret-token&role=Member"),
    "a query in a member": ([], b'{"inviteUrl": "https://x.example/accept?token=s3cret-token&a=b"}'),
    "a fragment in a member": ([], b'{"inviteUrl": "https://x.example/accept#token=s3cret-token"}'),
    "a query in a query": ([], b'{"inviteUrl": "https://x.example/login?next=%2Faccept%3Ftoken%3Ds3cret-token"}'),
    "a path in a member": ([], b'{"inviteUrl": "/accept/s3cret-token"}'),
    "Location's query": ([("location", "/accept?token=s3cret-token")], b""),
    "Location's path": ([("location", "https://x.example/accept/s3cret-token")], b""),
    "Link": ([("link", "</accept/s3cret-token>; rel=accept")], b""),
    "a header of its own": ([("x-invite-token", "s3cret-token")], b""),
    "xml": ([], b"<invite><token type='x'>s3cret-token</token></invite>"),
    "a field of a page": ([], b'<input type="hidden" name="token" value="s3cret-token">'),
}


@pytest.mark.parametrize(("headers", "body"), CARRIED.values(), ids=CARRIED)
def test_a_token_is_learned_wherever_a_response_carries_it(headers: list[tuple[str, str]], body: bytes) -> None:
    token = "s3cret-token-0BkzW7yq"  # noqa: S105  # of a test
    redaction = Redaction({})
    redaction.learn(
        [(n, v.replace("s3cret-token", token)) for n, v in headers], body.replace(b"s3cret-token", token.encode())
    )
    assert redaction.text(f"see {token}") == "see [redacted]"
    assert token not in redaction.text(body.replace(b"s3cret-token", token.encode()).decode())


def test_a_token_with_a_space_is_no_sentence() -> None:
    redaction = Redaction({})
    redaction.learn([], b'{"tokens": ["a1b2c3 d4e5"], "secret": "is required"}')
    assert redaction.text("a1b2c3 d4e5 is required") == "[redacted] is required"


def test_a_response_is_read_as_deep_as_json_can_be_read() -> None:
    # From Python 3.12 the parser nests deeper than functions do.
    bodies = (b"[" * depth + b'{"token": "a1b2c3d4e5"}' + b"]" * depth for depth in range(5000, 0, -50))
    deepest = next(body for body in bodies if read_json(body).well_formed)
    redaction = Redaction({})
    redaction.learn([], deepest)
    assert redaction.text("a1b2c3d4e5") == "[redacted]"


def test_ids_and_words_are_no_secrets() -> None:
    redaction = Redaction({})
    headers = [("location", "/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites/01ARZ3NDEKTSV4RRFFQ69G5FAV")]
    body = {
        "id": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
        "type": "https://example.com/problems/already-invited",
        "instance": "/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites",
        "errors": {"token": ["it must not be given"]},
        "token": None,
    }
    redaction.learn(headers, json.dumps(body).encode())
    text = json.dumps([body, headers])
    assert redaction.text(text) == text


def test_what_the_run_sent_is_no_secret() -> None:
    redaction = Redaction({})
    redaction.learn(
        [],
        b'{"token": "invite-r7f3-1@invite-conformance.example"}',
        '{"email": "invite-r7f3-1@invite-conformance.example"}',
    )
    assert (
        redaction.text("to invite-r7f3-1@invite-conformance.example") == "to invite-r7f3-1@invite-conformance.example"
    )


@pytest.mark.parametrize("value", ["null", "true", "false", '""'])
def test_a_member_that_holds_no_secret_is_shown(value: str) -> None:
    redaction = Redaction({})
    for text in (f'{{"token": {value}, "id": "x"}}', json.dumps(f'{{"token": {value}}}')):
        redaction.learn([], text.encode())
        assert redaction.text(text) == text


def test_a_named_member_is_replaced_even_in_a_text_that_is_no_json() -> None:
    redaction = Redaction({}, ["pin"])
    assert redaction.text('{"token": "ab", "pin": 12, "x": 1') == '{"token": "[redacted]", "pin": [redacted], "x": 1'
    assert redaction.text('{"token": "cut in the mid') == '{"token": "[redacted]"'
    assert redaction.text(r'"{\"pin\": \"a b\", \"x\": 1}"') == r'"{\"pin\": \"[redacted]\", \"x\": 1}"'


def test_a_configured_member_is_hidden_elsewhere_too_though_it_has_spaces() -> None:
    redaction = Redaction({}, ["invitedBy"])
    redaction.learn([], b'{"invitedBy": {"name": "Ada of Lovelace"}}')
    assert redaction.text("invited by Ada of Lovelace") == "invited by [redacted]"


def test_of_a_secret_at_the_cut_of_a_long_text_no_part_is_left() -> None:
    redaction = Redaction({"KEY": "abcdefghij"})
    for limit in range(95, 112):
        assert "abc" not in redaction.excerpt("." * 100 + "abcdefghij" + "." * 1000, limit)
        assert "abc" not in redaction.excerpt("." * 100 + "%61bcdefghij" + "." * 1000, limit)
    assert redaction.excerpt("x" * 100, 50) == "x" * 50 + " … (100 characters)"
    assert redaction.excerpt("x" * 50, 50) == "x" * 50
    assert re.fullmatch(r"(\$KEY)+[$KEY]* … \(10000 characters\)", redaction.excerpt("abcdefghij" * 1000, 400))


def test_cookies_and_credentials_are_replaced_though_nobody_named_them() -> None:
    shown = Redaction({"KEY": "abcdef"}).headers([("set-cookie", "id=1"), ("authorization", "Bearer abcdef")])
    assert shown == {"set-cookie": "[redacted]", "authorization": "Bearer $KEY"}


def test_credentials_are_hidden_without_their_scheme_too() -> None:
    redaction = Redaction({"ADMIN_AUTHORIZATION": "Bearer abcdef"})
    assert redaction.text("Bearer abcdef is unknown: abcdef") == "$ADMIN_AUTHORIZATION is unknown: [redacted]"


def test_a_short_secret_is_hidden_where_it_is_a_word_of_a_header() -> None:
    redaction = Redaction({"KEY": "ab1"})
    shown = redaction.headers([("x-key", "ab1"), ("authorization", "Bearer ab1"), ("x-other", "cab12")])
    assert shown == {"x-key": "$KEY", "authorization": "Bearer $KEY", "x-other": "cab12"}


def test_a_variable_is_set_apart_from_what_follows_and_from_what_a_text_says_of_its_own_accord() -> None:
    redaction = Redaction({"KEY": "abcdef", "KEYS": "uvwxyz"})
    assert redaction.text("abcdef, abcdefg, uvwxyz, uvwxyz_") == "$KEY, ${KEY}g, $KEYS, ${KEYS}_"
    assert redaction.text("$KEY ${KEY} $KEYS $KEYED $HOME") == r"\u0024KEY \u0024{KEY} \u0024KEYS $KEYED $HOME"
    assert redaction.headers([("x-key", "abcdef"), ("x-other", "$KEY")]) == {"x-key": "$KEY", "x-other": r"\u0024KEY"}

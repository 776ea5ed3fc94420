import base64

from invite_conformance.http.record import record
from invite_conformance.http.exchange import Call
from invite_conformance.http.response import Response
from invite_conformance.target.redaction import Redaction

KEY = 'k"y of/the admin'


def test_a_secret_is_replaced_in_every_encoding() -> None:
    redaction = Redaction({"KEY": KEY})
    encoded = [KEY, r"k\"y of/the admin", "k%22y%20of%2Fthe%20admin", "k%22y+of%2Fthe+admin"]
    encoded.append(base64.b64encode(KEY.encode()).decode())
    assert [redaction.text(f"<{one}>") for one in encoded] == ["<$KEY>"] * len(encoded)


def test_a_token_is_replaced_wherever_it_turns_up_again() -> None:
    redaction = Redaction({})
    redaction.learn([], b'{"items": [{"token": "s3cret-token"}]}')
    assert redaction.text("see s3cret-token") == "see [redacted]"


def test_a_named_member_is_replaced_even_in_a_text_that_is_no_json() -> None:
    redaction = Redaction({}, ["pin"])
    assert redaction.text('{"token": "ab", "pin": 12, "x": 1') == '{"token": "[redacted]", "pin": "[redacted]", "x": 1'
    assert redaction.text('{"token": "cut in the mid') == '{"token": "[redacted]"'


def test_cookies_and_credentials_are_replaced_though_nobody_named_them() -> None:
    shown = Redaction({"KEY": "abcdef"}).headers([("set-cookie", "id=1"), ("authorization", "Bearer abcdef")])
    assert shown == {"set-cookie": "[redacted]", "authorization": "Bearer $KEY"}


def test_a_record_and_its_command_have_the_variable_in_place_of_the_secret() -> None:
    call = Call("POST", "/x", {"x-key": "abcdef"}, b'{"email": "abcdef@a.example"}')
    written = record(call, Response(201, (), b"abcdef", 0.1), "http://h/x", Redaction({"KEY": "abcdef"}))
    assert written.request_headers == {"x-key": "$KEY"}
    assert written.body == b'{"email": "$KEY@a.example"}'
    assert written.response_body == "$KEY"
    assert "abcdef" not in written.curl
    assert '"$KEY"' in written.curl


def test_a_secret_is_found_however_its_characters_are_escaped() -> None:
    redaction = Redaction({"KEY": "ab/c+d=e"})
    for text in (r"ab\/c+d=e", r"ab/c\u002Bd=e", r"ab\u002fc+d\u003De"):
        assert redaction.text(f'{{"link": "https:\\/\\/x/{text}"}}') == r'{"link": "https:\/\/x/$KEY"}'


def test_a_short_secret_is_hidden_where_it_is_a_word_of_a_header() -> None:
    redaction = Redaction({"KEY": "ab1"})
    shown = redaction.headers([("x-key", "ab1"), ("authorization", "Bearer ab1"), ("x-other", "cab12")])
    assert shown == {"x-key": "$KEY", "authorization": "Bearer $KEY", "x-other": "cab12"}

import base64

from invite_conformance.http.curl import describe
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


def test_curl_sends_the_same_request_with_the_variable_in_place_of_the_secret() -> None:
    call = Call(
        "POST", "/x", {"x-key": "abcdef", "content-type": "application/json"}, b'{"email": "o\'neil@a.example"}'
    )
    exchange = describe(call, Response(201, (), b"{}", 0.1), "http://h/x", Redaction({"KEY": "abcdef"}))
    assert exchange.curl == (
        "curl -sS -i -X POST http://h/x -H \"x-key: $KEY\" -H 'content-type: application/json' "
        '--data-binary \'{"email": "o\'"\'"\'neil@a.example"}\''
    )


def test_curl_of_bytes_that_no_terminal_shows_goes_through_printf() -> None:
    exchange = describe(Call("POST", "/x", {}, b"\xff\x00"), None, "http://h/x", Redaction({}))
    assert exchange.curl == "printf '\\377\\000' | curl -sS -i -X POST http://h/x --data-binary @-"


def test_a_secret_is_found_however_its_characters_are_escaped() -> None:
    redaction = Redaction({"KEY": "ab/c+d=e"})
    for text in (r"ab\/c+d=e", r"ab/c\u002Bd=e", r"ab\u002fc+d\u003De"):
        assert redaction.text(f'{{"link": "https:\\/\\/x/{text}"}}') == r'{"link": "https:\/\/x/$KEY"}'


def test_a_short_secret_is_hidden_where_it_is_a_word_of_a_header() -> None:
    redaction = Redaction({"KEY": "ab1"})
    shown = redaction.headers([("x-key", "ab1"), ("authorization", "Bearer ab1"), ("x-other", "cab12")])
    assert shown == {"x-key": "$KEY", "authorization": "Bearer $KEY", "x-other": "cab12"}

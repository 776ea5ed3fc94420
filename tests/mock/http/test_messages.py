"""Answers as ASGI messages, and header fields as a mapping."""

import asyncio
from typing import Any

import pytest
from invite_mock.http.messages import Answer, header_fields


def sent(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of an answer."""
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    asyncio.run(answer.send(send))
    start, body = messages
    return start["status"], {name.decode(): value.decode("latin-1") for name, value in start["headers"]}, body["body"]


@pytest.mark.parametrize(
    ("answer", "headers", "body"),
    [
        (
            Answer(200, {"a": "Zoë"}),
            {"content-type": "application/json", "content-length": "13"},
            b'{"a":"Zo\xc3\xab"}\n',
        ),
        (Answer(404), {"content-length": "0"}, b""),
        (Answer(204), {}, b""),
        (
            Answer(400, [], media_type="application/problem+json", headers={"x-note": "é"}),
            {"x-note": "é", "content-type": "application/problem+json", "content-length": "3"},
            b"[]\n",
        ),
    ],
)
def test_an_answer_says_how_long_its_body_is(answer: Answer, headers: dict[str, str], body: bytes) -> None:
    status, found, content = sent(answer)
    assert (status, content) == (answer.status, body)
    assert found == headers


def test_the_values_of_a_repeated_header_are_a_list() -> None:
    fields = [(b"a", b"1"), (b"b", b"\xe9"), (b"a", b"2")]
    assert header_fields(fields) == {"a": "1, 2", "b": "é"}
    assert header_fields(fields[:2]) == {"a": "1", "b": "é"}

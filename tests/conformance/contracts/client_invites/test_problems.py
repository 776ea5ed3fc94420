"""What is recognised as a stack trace in an error."""

import json

import pytest
from conformance.judging.test_hostile_responses import exchange
from invite_conformance.judging.catalogue import catalogue

TRACES = {
    "python": 'Traceback (most recent call last):\n  File "/srv/app.py", line 3, in create\n    raise Conflict\n',
    "node": "Error: conflict\n    at create (/srv/app/invites.js:12:11)\n    at next (/srv/app/router.js:1:2)",
    "java": "java.lang.IllegalStateException: no\n\tat com.acme.Invites.create(Invites.java:42)",
    "c#": "System.Exception: no\r\n   at Acme.Invites.Create(String email) in C:\\src\\Invites.cs:line 12",
    "go": "goroutine 12 [running]:\nmain.create(0xc0000b2000)\n\t/srv/main.go:31 +0x1d",
    "php": "#0 /var/www/invites.php(12): create()\n#1 {main}",
}
NO_TRACES = (
    "The email is missing or malformed.",
    "Look at /srv/invites for help: at 12:30 we were there.",
    "Meet us\nat noon, 12:30.",
    "at clients/5e0c8a52/invites",
)


def violated(text: str) -> bool:
    (check,) = [one for one in catalogue("client-invites").checks.passive if one.requirement.endswith("no-stack-trace")]
    bodies = (json.dumps({"title": "Conflict", "errors": [{"stack": text}]}).encode(), text.encode())
    found = {check.judge(exchange("client-invites", 409, body)) is not None for body in bodies}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("language", TRACES)
def test_a_stack_trace_is_recognised_in_json_and_in_text(language: str) -> None:
    assert violated(TRACES[language])


@pytest.mark.parametrize("text", NO_TRACES)
def test_other_text_is_none(text: str) -> None:
    assert not violated(text)

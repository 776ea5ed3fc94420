"""No response, whatever is in it, makes a check raise: neither passive nor aggregate checks, nor other validators."""

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from conformance.judging.derived.documents import document, operation_of
from invite_conformance.http.exchange import Call, Exchange, Origin
from invite_conformance.http.response import Response
from invite_conformance.judging.catalogue import catalogue
from invite_conformance.judging.derived.derived import Source
from invite_conformance.judging.derived.responses import Documented, response_requirements
from invite_conformance.judging.derived.schemas import Schemas
from invite_conformance.judging.second_opinions import SecondOpinions
from invite_conformance.result import ExchangeRecord
from invite_specs import Document, contract

UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
REQUESTS: dict[str, dict[str, str]] = {
    "client-invites": {"email": "ann@acme.example", "role": "Member"},
    "family-invites": {"email": "ann@acme.example", "firstname": "Łucja", "lastname": "Lee"},
}
DATES = ("Thu, 01 Jan 2026 09:00:00 GMT", "\x00", "Thu, 99 Foo 0000 99:99:99 XYZ")
SENT: tuple[dict[str, str], ...] = ({}, {"firstname": "Ann"}, {"lastname": "Lee²"}, {"firstname": "\ud800"})
"""What is sent in place of some members of the request, one after the other."""
PARAMS = {"clientId": UUID, "id": "fam-one"}
SUCCESSES: dict[str, dict[str, Document]] = {
    "client-invites": {
        "token": "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5",
        "id": UUID,
        "clientId": UUID,
        "email": "ann@acme.example",
        "role": "Member",
        "createdAt": "2026-01-01T09:00:00Z",
        "expiresAt": "2026-01-08T09:00:00Z",
        "invitedBy": None,
    },
    "family-invites": {
        "id": "lnk_1",
        "type": "family_invitation",
        "companyId": "co_1",
        "entityId": "fam-one",
        "email": "ann@acme.example",
        "firstname": "Ann",
        "lastname": "Lee",
        "expiresAt": "2026-01-08T09:00:00Z",
    },
}
ERRORS: dict[str, dict[str, Document]] = {
    "client-invites": {
        "type": "about:blank",
        "title": "Member.Forbidden",
        "status": 403,
        "detail": "No.",
        "instance": "/requests/1",
    },
    "family-invites": {"statusCode": 403, "messages": ["No."], "exception": {}},
}
_DIGITS = "9" * 5_000
_DEEP = "[" * 900 + "]" * 900
VALUES = (
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "-1e400",
    "1e-400",
    "0.1",
    "1" + "0" * 400,
    "1.0",
    _DIGITS,
    f'"{_DIGITS}"',
    '"NaN"',
    '"²"',
    '""',
    '" "',
    '"\\ud800"',
    '"\\u0000"',
    '"\\ud83d\\ude42"',
    '"\u202eabc"',
    '"<script>"',
    f'"{"x" * 100_000}"',
    "[]",
    "{}",
    "[null]",
    '{"token": {"token": []}}',
    '["\\udfff"]',
    _DEEP,
    '"2026-01-01T09:00:00"',
    '"0000-00-00T00:00:00Z"',
    '"9999-12-31T23:59:60+23:59"',
    '"10000-01-01T00:00:00Z"',
)
BODIES = (
    b"",
    b"\xff\xfe",
    b"\xef\xbb\xbf{}",
    b"NaN",
    b'{"a": 1, "a": 2}',
    b'"\\ud800"',
    b'{"\\ud800": 1}',
    b"[" * 100_000,
    b'{"a":' * 5_000,
    b"1e400",
    _DIGITS.encode(),
    b"<html>",
    b"null",
    b"[]",
    b"{}",
    b"\x00",
    b"{} trailing",
)
TYPES = (
    "application/json",
    "application/problem+json",
    "application/json; charset=\xff",
    "application/json; charset",
    ";;;",
    "text/html",
    "",
    "\x00/\u00fc",
    "+json",
)
STATUSES = (200, 201, 204, 299, 302, 400, 403, 404, 409, 418, 429, 500, 599)


def exchange(
    name: str, status: int, body: bytes, media_type: str = "application/json", *, valid: bool | None = True
) -> Exchange:
    (operation,) = contract(name).operations
    call = Call(
        method=operation.method,
        path=operation.path,
        headers={"content-type": "application/json"},
        body=json.dumps(REQUESTS[name]).encode(),
        operation=operation.id,
        params=PARAMS,
        valid=valid,
    )
    headers = (("content-type", media_type), ("location", "::"), ("retry-after", "²"))
    record = ExchangeRecord("POST", "", {}, None, status, {}, "", 0.0)
    return Exchange(call, Response(status, headers, body, 0.0), record, Origin("check"))


@cache
def hostile(name: str) -> tuple[Exchange, ...]:
    """Built once, so that each body is read as JSON once."""
    return tuple(_hostile(name))


def _hostile(name: str) -> Iterator[Exchange]:
    for one, sent, date in zip(responses(name), itertools.cycle(SENT), itertools.cycle(DATES), strict=False):
        call = replace(one.call, body=json.dumps(REQUESTS[name] | sent).encode())
        response = replace(one.response, headers=(*one.response.headers, ("date", date)))
        yield replace(one, call=call, response=response)


def responses(name: str) -> Iterator[Exchange]:
    refusals = tuple(status for one in contract(name).published_operations for status in one.statuses if status >= 400)
    for whole, statuses in ((SUCCESSES[name], (200, 201)), (ERRORS[name], refusals)):
        for number, (member, value) in enumerate(itertools.product(whole, VALUES)):
            body = json.dumps(whole | {member: "@"}).replace('"@"', value).encode("utf-8", "surrogatepass")
            # Each value with the first status; with the others some, since they share their checks.
            for status in statuses if number % 5 == 0 else statuses[:1]:
                yield exchange(name, status, body, "application/json" if status < 300 else "application/problem+json")
    for status, body in itertools.product(STATUSES, BODIES):
        yield exchange(name, status, body)
    for status, media_type in itertools.product(STATUSES, TYPES):
        yield exchange(name, status, json.dumps(SUCCESSES[name]).encode(), media_type, valid=None)
        yield exchange(name, status, json.dumps(ERRORS[name]).encode(), media_type, valid=False)


@pytest.mark.parametrize("name", SUCCESSES)
def test_no_response_makes_a_passive_check_raise(name: str) -> None:
    exchanges = hostile(name)
    assert len(exchanges) > 500
    for check in catalogue(name).checks.passive:
        judged = [check.judge(one) for one in exchanges if check.applies(one)]
        assert judged, f"{check.requirement} applies to none of them"


@pytest.mark.parametrize("name", SUCCESSES)
def test_each_derived_requirement_on_a_response_is_violated_by_one_of_them(name: str) -> None:
    """So that it is judged, and not only applied."""
    documented = catalogue(name).documented
    judging = {
        f"{name}.{operation}.{one.slug(path)}" for (operation, _), one in documented.items() for path in one.members
    }
    checks = [check for check in catalogue(name).checks.passive if check.requirement in judging]
    assert len(checks) == len(judging)
    for check in checks:
        assert any(check.judge(one) for one in hostile(name) if check.applies(one)), check.requirement


NESTED: Document = {
    "type": "object",
    "required": ["all"],
    "properties": {
        "id": {"type": "string", "format": "uuid"},
        "all": {"type": "array", "items": {"$ref": "#/components/schemas/Nested"}},
        "status": {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": "^a+$"}]},
    },
}


@pytest.mark.parametrize("status", ["201", "2XX", "default"])
def test_no_response_makes_the_checks_of_a_nested_schema_raise(status: str) -> None:
    content = {name: {"schema": {"$ref": "#/components/schemas/Nested"}} for name in TYPES[:2]}
    responses = {status: {"description": "It", "content": content}}
    described = document(responses=responses, schemas={"Nested": NESTED})
    operation = operation_of(described)
    (one,) = operation.responses
    derived = [*response_requirements(Documented(operation, one, Schemas(described)), Source("x", operation.id))]
    assert len(derived) == 6
    bodies = [value.encode("utf-8", "surrogatepass") for value in VALUES]
    whole = [b'{"id": %b, "all": [{"all": %b}, %b], "status": %b}' % ((value,) * 4) for value in bodies]
    for body, media_type in itertools.product((*bodies, *whole, *BODIES), TYPES):
        made = exchange("client-invites", 201, body, media_type)
        hostile_one = replace(made, call=replace(made.call, operation=operation.id))
        for check in filter(None, (requirement.passive for requirement in derived)):
            if check.applies(hostile_one):
                check.judge(hostile_one)


@pytest.mark.parametrize("name", SUCCESSES)
def test_no_responses_make_an_aggregate_check_raise(name: str) -> None:
    exchanges = hostile(name)
    for check in catalogue(name).checks.aggregate:
        check.judge(exchanges)
        for pair in itertools.pairwise(exchanges[::7]):
            check.judge(pair)


@pytest.mark.parametrize("name", SUCCESSES)
def test_other_validators_have_an_opinion_or_none_and_never_raise(name: str) -> None:
    opinions = SecondOpinions(contract(name), catalogue(name).documented)
    for one in itertools.islice(hostile(name), 0, None, 5):
        assert list(opinions.disagreements(one.call, one.response, [])) is not None

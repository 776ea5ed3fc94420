"""Runs of every conformance and every verdict, written by hand for the tests of the reports."""

from dataclasses import replace

from invite_conformance.result import (
    Cause,
    Conformance,
    ExchangeRecord,
    Failure,
    Level,
    Requirement,
    Result,
    Run,
    Verdict,
)
from invite_specs import contract

PUBLISHED = contract("client-invites")
OPERATION = "POST /clients/{clientId}/invites"
URL = "http://127.0.0.1:4010/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites"
POST = "/paths/~1clients~1{clientId}~1invites/post"


def requirement(name: str, level: Level, sentence: str, citation: str, **more: str | tuple[str, ...]) -> Requirement:
    return Requirement(
        id=f"client-invites.{name}",
        contract="client-invites",
        level=level,
        sentence=sentence,
        citation=citation,
        method="A fresh email is invited twice with the same body.",
        remedy="Look for an outstanding invite of the same client and email before one is made, in one statement.",
        document=PUBLISHED.published_path,
        line=PUBLISHED.line(citation) if citation.startswith("/") else None,
        **more,  # type: ignore[arg-type]  # source and states, each of its own type
    )


STATUS = requirement(
    "201.status",
    Level.MUST,
    "A valid create by an Admin for an email that nobody has yet is answered with exactly 201.",
    f"{POST}/responses/201",
    states=("admin", "client"),
    source="Created",
)
TOKEN = requirement(
    "createClientInvite.201.token",
    Level.MUST,
    "The invite answered carries `token`, a string.",
    "/components/schemas/ClientInviteWithTokenResponse/properties/token",
)
ALREADY = requirement(
    "409.already-invited",
    Level.MUST,
    "A second invite of one email to one client, while the first is outstanding, is answered with 409.",
    f"{POST}/responses/409",
    source="ClientInvite.AlreadyInvited — an outstanding invite already exists for this email",
)
FOREIGN = requirement(
    "403.other-client",
    Level.MUST,
    "The Admin of another client is answered with 403.",
    f"{POST}/responses/403",
    states=("admin", "client", "other_client"),
)
MEDIA = requirement(
    "createClientInvite.400.media-type",
    Level.MUST,
    "Every 4xx is `application/problem+json`.",
    f"{POST}/responses/400/content",
)
STATUS_AS_HTTP = requirement(
    "createClientInvite.400.problem-status",
    Level.SHOULD,
    "The problem's `status` is the HTTP status.",
    "RFC 9457 section 3.1.2",
    source='The "status" member, if present, is only advisory',
)
CASE = requirement(
    "409.other-case", Level.NOTE, "The same email in another case is the same email.", "RFC 5321 section 2.4"
)
RACE = requirement("409.race", Level.SHOULD, "Eight identical creates at once give one 201.", f"{POST}/responses/409")

EXCHANGE = ExchangeRecord(
    method="POST",
    url=URL,
    request_headers={"Content-Type": "application/json", "x-dolfin-api-key": "$ADMIN_KEY"},
    request_body='{"email": "r-51c0ffee-4@a.example", "role": "Owner"}',
    status=201,
    response_headers={"content-type": "application/json; charset=utf-8", "date": "Thu, 01 Jan 2026 09:00:00 GMT"},
    response_body='{"token": "[redacted]", "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "name": "Zoë ☂"}',
    elapsed=0.0123,
    operation=OPERATION,
)
COMMAND = (
    "invite_run_id=$(date +%s | cut -c3-)\n"
    f"curl -sS -i -X POST \\\n  {URL} \\\n"
    "  -H 'content-type: application/json' -H 'x-dolfin-api-key: '\"$ADMIN_KEY\" \\\n"
    """  --data-raw '{"email": "r-'"$invite_run_id"'-4@a.example", "role": "Owner"}'"""
)
HOSTILE = replace(
    EXCHANGE,
    status=500,
    response_headers={"content-type": "text/html"},
    response_body="<!doctype html><script>alert(1)</script>\x1b[31m ]]> \x00 \ud800 \u202e ```\n::error::| `x` &amp; "
    "##[error]##vso[task.complete] " + "long " * 200,
)

_SAMPLE = Run(
    id="r7f3",
    seed=42,
    contract="client-invites",
    target="http://127.0.0.1:4010",
    mode="full",
    level=Level.MUST,
    started="2026-01-01T09:00:00Z",
    seconds=3.21,
    requests=321,
    results=(),
    matrix={OPERATION: {"201": 120, "400": 88, "403": 40, "409": 31, "405": 2}},
    undocumented=("405",),
    reproduce="invite-conformance run --target target.yaml --seed 42 --mode full \\\n  --level must",
)

CONFORMANT = replace(
    _SAMPLE,
    results=(
        Result(STATUS, Verdict.PASS, seconds=0.02),
        Result(TOKEN, Verdict.PASS),
        Result(ALREADY, Verdict.PASS, seconds=0.1),
        Result(
            CASE,
            Verdict.WARN,
            "201",
            (Failure(CASE.id, "409", "201", (EXCHANGE,), command=COMMAND),),
        ),
        Result(RACE, Verdict.SKIP, "mode safe sends no simultaneous requests"),
    ),
    conformance=Conformance.CONFORMANT,
)
VIOLATED = replace(
    _SAMPLE,
    results=(
        Result(STATUS, Verdict.PASS, seconds=0.02),
        Result(
            TOKEN,
            Verdict.FAIL,
            "`token` is null",
            (
                Failure(TOKEN.id, "`token`, a string", "`token` is null", (EXCHANGE,), rate=0.1, command=COMMAND),
                Failure(TOKEN.id, "`token`, a string", "there is no `token`", (EXCHANGE,), command=COMMAND),
            ),
        ),
        Result(
            ALREADY,
            Verdict.FAIL,
            "",
            (
                Failure(
                    ALREADY.id,
                    "409",
                    "500 with a page\x1b[2J\n::warning::of the server",
                    (EXCHANGE, HOSTILE),
                    command=f"{COMMAND}\n{COMMAND.partition(chr(10))[2]}",
                ),
            ),
            seconds=0.4,
        ),
        Result(FOREIGN, Verdict.BLOCKED, "give `other_client` under `states` in the target file"),
        Result(
            MEDIA,
            Verdict.ERROR,
            "the check raised KeyError at invite_conformance.contracts.client_invites.problems:12; please report it",
            exchanges=(HOSTILE,),
            command=COMMAND,
        ),
        Result(
            STATUS_AS_HTTP,
            Verdict.WARN,
            "`status` is 400",
            (
                Failure(
                    STATUS_AS_HTTP.id,
                    "`status` is 403 as the HTTP status is",
                    "`status` is 400",
                    (EXCHANGE,),
                    command=COMMAND,
                ),
            ),
        ),
        Result(
            CASE,
            Verdict.WAIVED,
            "waived until 2027-01-31: emails are compared as they are written until the accounts are merged",
            (Failure(CASE.id, "409", "201", (EXCHANGE,), command=COMMAND),),
        ),
        Result(RACE, Verdict.SKIP, "nothing checks it in mode safe"),
    ),
    matrix={OPERATION: {"201": 120, "400": 88, "403": 0, "409": 31, "500": 1}},
    undocumented=("500",),
    notices=("The waiver of client-invites.409.third-try (target.yaml:61) expired on 2025-12-31: remove it.",),
    conformance=Conformance.NOT_CONFORMANT,
)
INCOMPLETE = replace(
    _SAMPLE,
    results=(
        Result(STATUS, Verdict.BLOCKED, "give `admin` under `states` in the target file"),
        Result(TOKEN, Verdict.BLOCKED, "give `admin` under `states` in the target file"),
        Result(FOREIGN, Verdict.BLOCKED, "give `other_client` under `states` in the target file"),
        Result(MEDIA, Verdict.PASS),
    ),
    matrix={OPERATION: {"201": 12, "400": 8, "403": 0, "409": 3}},
    undocumented=(),
    conformance=Conformance.INCOMPLETE,
)
NO_CONNECTION = (
    "no connection to 127.0.0.1:4010: connection refused; is the server running, and the port right? (no response to 3 "
    "calls in a row, the last one POST /clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites)"
)
UNREACHABLE = replace(
    _SAMPLE,
    results=tuple(Result(one, Verdict.ERROR, NO_CONNECTION) for one in (STATUS, TOKEN, ALREADY)),
    requests=3,
    seconds=0.01,
    matrix={OPERATION: {"201": 0, "400": 0, "403": 0, "409": 0}},
    undocumented=(),
    causes=(Cause(NO_CONNECTION, (STATUS.id, TOKEN.id, ALREADY.id)),),
    conformance=Conformance.ERROR,
)
REFUSED = replace(
    EXCHANGE, status=403, response_headers={"content-type": "application/problem+json"}, response_body="{}"
)
WRONG_KEY = replace(
    _SAMPLE,
    results=(
        Result(STATUS, Verdict.FAIL, "", (Failure(STATUS.id, "201", "403 Forbidden", (REFUSED,), command=COMMAND),)),
        Result(TOKEN, Verdict.BLOCKED, "no response was seen to which it applies"),
        Result(ALREADY, Verdict.FAIL, "", (Failure(ALREADY.id, "409", "403 Forbidden", (REFUSED,), command=COMMAND),)),
        Result(MEDIA, Verdict.FAIL, "", (Failure(MEDIA.id, "a problem", "text/html", (HOSTILE,), command=COMMAND),)),
        Result(FOREIGN, Verdict.PASS),
    ),
    matrix={OPERATION: {"201": 0, "400": 0, "403": 312, "409": 0}},
    undocumented=(),
    causes=(
        Cause("every valid call as `admin` was answered 403 Forbidden: is ADMIN_KEY right?", (STATUS.id, ALREADY.id)),
    ),
    notices=("`headers.Authorization` of target.yaml was not sent: the states have headers of their own.",),
    conformance=Conformance.NOT_CONFORMANT,
)
RUNS = {
    "conformant": CONFORMANT,
    "violated": VIOLATED,
    "incomplete": INCOMPLETE,
    "unreachable": UNREACHABLE,
    "wrong-key": WRONG_KEY,
}

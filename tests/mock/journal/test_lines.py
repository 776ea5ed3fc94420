"""A line for each request: what it says, what it never does to a terminal, and that nobody waits for its reader."""

import fcntl
import json
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import IO

import pytest
from invite_mock.http.messages import Envelope, Trace, Violation
from invite_mock.journal.entry import Exchange
from invite_mock.journal.lines import Lines
from invite_mock.refusal import Refusal
from mock.conftest import ACME, ADMIN, INVITES, Caller, calling
from mock.oracle import Oracle

ESCAPES = "\x1b[2J\x07\x9b31m\u202e\r"
COLOUR = "\x1b["


@contextmanager
def mock_to(stdout: int | IO[bytes], *options: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "invite_mock", "serve", *options]
    given = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | environment
    process = subprocess.Popen(command, stdout=stdout, stderr=subprocess.STDOUT, env=given)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def address_in(banner: bytes) -> str:
    found = re.search(rb"http://[\d.:]+", banner)
    assert found, banner
    return found[0].decode()


def printed(oracle: Oracle, send: Callable[[Caller], object], *options: str) -> list[str]:
    """What follows the banner of a mock that got some requests."""
    with mock_to(subprocess.PIPE, "--port", "0", *options) as process:
        assert process.stdout is not None
        address = address_in(process.stdout.readline())
        with calling(address, oracle) as caller:
            caller.control("PATCH", "/clock", {"frozen": True})
            send(caller)
        process.terminate()
        lines = process.stdout.read().decode().splitlines()
    last = next(number for number in range(len(lines), 0, -1) if lines[number - 1].startswith("  http"))
    return lines[last + 1 :] if last < len(lines) else []


def test_a_line_has_time_world_request_status_duration_and_outcome(oracle: Oracle) -> None:
    def send(caller: Caller) -> None:
        caller.invite("ann@acme.example")
        caller.in_world("other").invite_family("fml_complete")
        caller.send("GET", "/x?a=b")
        caller.invite(Prefer="code=201")

    lines = [one for one in printed(oracle, send) if re.match(r"\d\d:", one)]
    time = r"\d\d:\d\d:\d\d\.\d\d\d"
    expected = [
        rf"{time} main POST {INVITES} 201 \d+\.\d ms natural",
        rf"{time} other POST /v1/families/fml_complete/invite 200 \d+\.\d ms natural",
        rf"{time} main GET /x\?a=b 404 \d+\.\d ms unmatched",
        rf"{time} main POST {INVITES} 201 \d+\.\d ms forced",
    ]
    assert len(lines) == len(expected)
    for line, pattern in zip(lines, expected, strict=True):
        assert re.fullmatch(pattern, line), line


def test_the_reason_of_a_refusal_and_each_violation_are_indented_below(oracle: Oracle) -> None:
    def send(caller: Caller) -> None:
        caller.send("POST", "/clients/x/invites", {"email": "nobody", "role": "Emperor"}, ADMIN)
        caller.invite("owner@acme.example")
        caller.invite_family("fml_none")

    lines = printed(oracle, send)
    lines = lines[next(number for number, one in enumerate(lines) if re.match(r"\d\d:", one)) :]
    assert [one for one in lines if not re.match(r"\d\d:", one)] == [
        "    ClientInvite.InvalidEmail: The email is missing or malformed.",
        '    the path parameter clientId: "x" is not in the format uuid; received "x", expected the format uuid',
        '    /email: "nobody" is not in the format email; received "nobody", expected the format email',
        '    /role: "Emperor" is none of Member, Developer, Support, Admin, Owner; received "Emperor", expected one of'
        " Member, Developer, Support, Admin, Owner",
        "    ClientInvite.AlreadyMember: A user with the email owner@acme.example is already a member of this client.",
        "    Family.NotFound: Not found: there is no such family.",
    ]
    assert [bool(re.match(r"\d\d:", one)) for one in lines] == [True, *[False] * 4, True, False, True, False]


def test_a_line_in_json_has_the_same(oracle: Oracle) -> None:
    ids: list[str] = []

    def send(caller: Caller) -> None:
        ids.append(caller.invite("ann@acme.example").headers["mock-request-id"])
        ids.append(caller.invite("nobody").headers["mock-request-id"])

    found = [json.loads(one) for one in printed(oracle, send, "--log-format", "json") if one.startswith("{")]
    created, refused = found
    assert created.keys() == {"time", "world", "method", "path", "status", "duration", "outcome", "id"}
    assert (created["world"], created["method"], created["path"], created["status"]) == ("main", "POST", INVITES, 201)
    assert (created["outcome"], [created["id"], refused["id"]]) == ("natural", ids)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created["time"])
    assert created["duration"] > 0
    assert refused["code"] == "ClientInvite.InvalidEmail"
    assert refused["reason"] == "The email is missing or malformed."
    assert refused["violations"] == [
        '/email: "nobody" is not in the format email; received "nobody", expected the format email'
    ]


@pytest.mark.parametrize("form", ["text", "json"])
def test_quiet_prints_nothing(oracle: Oracle, form: str) -> None:
    port = free_port()
    with mock_to(subprocess.PIPE, "--quiet", "--log-format", form, "--port", str(port)) as process:
        with calling_when_ready(f"http://127.0.0.1:{port}", oracle, process) as caller:
            caller.invite("nobody")
        process.terminate()
        assert process.communicate(timeout=30)[0] == b""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@contextmanager
def calling_when_ready(address: str, oracle: Oracle, process: "subprocess.Popen[bytes]") -> Iterator[Caller]:
    """A caller of a mock that does not say when it serves."""
    while process.poll() is None:
        try:
            with calling(address, oracle) as caller:
                caller.control("GET", "/clock")
                yield caller
                return
        except ConnectionRefusedError:
            continue
    raise AssertionError(process.communicate()[0])


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True)], ids=str
)
def test_a_terminal_gets_colour_unless_it_is_not_wanted(
    oracle: Oracle, environment: dict[str, str], coloured: bool
) -> None:
    ours, its = pty.openpty()
    with mock_to(its, "--port", "0", **environment):
        os.close(its)
        shown = b""
        while b"\nTry:" not in shown:
            shown += os.read(ours, 65536)
        with calling(address_in(shown), oracle) as caller:
            caller.invite()
            caller.invite()
            caller.send("GET", "/x")
            while shown.count(b"unmatched") < 1:
                shown += os.read(ours, 65536)
    os.close(ours)
    assert (b"\x1b[32m201\x1b[0m" in shown) == coloured
    assert (b"\x1b[33m409\x1b[0m" in shown) == coloured
    assert (COLOUR.encode() in shown) == coloured


def test_what_is_no_terminal_gets_no_colour(oracle: Oracle) -> None:
    assert COLOUR not in "".join(printed(oracle, lambda caller: caller.invite()))


def answers_while_nobody_reads(address: str, oracle: Oracle) -> int:
    """How many of many requests are answered, each of which prints some hundred bytes."""
    with calling(address, oracle) as caller:
        for number in range(400):
            assert caller.send("GET", f"/{'x' * 200}{number}").status == 404
    return 400


def test_a_pipe_that_nobody_reads_does_not_block_the_mock(oracle: Oracle) -> None:
    with mock_to(subprocess.PIPE, "--port", "0") as process:
        assert process.stdout is not None
        fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
        address = address_in(process.stdout.readline())
        count = answers_while_nobody_reads(address, oracle)
        # The pipe is read again: the mock says what is missing, before the next line.
        shown = b""
        with calling(address, oracle) as caller:
            caller.send("GET", "/last")
            while b"GET /last" not in shown:
                shown += os.read(process.stdout.fileno(), 65536)
    missing = sum(int(one) for one in re.findall(rb"(\d+) requests were not printed: nobody read the lines", shown))
    assert missing > 0
    assert missing + shown.count(b"GET /x") == count


def test_a_pipe_that_nobody_reads_does_not_block_what_is_logged(oracle: Oracle) -> None:
    with mock_to(subprocess.PIPE, "--port", "0") as process:
        assert process.stdout is not None
        fcntl.fcntl(process.stdout.fileno(), fcntl.F_SETPIPE_SZ, 4096)
        address = address_in(process.stdout.readline())
        answers_while_nobody_reads(address, oracle)
        # uvicorn logs a warning about what is no HTTP.
        with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30) as connection:
            connection.sendall(b"no HTTP at all\r\n\r\n")
            assert b" 400 " in connection.recv(65536)
        with calling(address, oracle) as caller:
            assert caller.invite().status == 201
        shown = b""
        while b"WARNING: Invalid HTTP request received." not in shown:
            shown += os.read(process.stdout.fileno(), 65536)


def test_a_terminal_that_nobody_reads_does_not_block_the_mock(oracle: Oracle) -> None:
    ours, its = pty.openpty()
    with mock_to(its, "--port", "0") as process:
        os.close(its)
        shown = b""
        while b"\nTry:" not in shown:
            shown += os.read(ours, 65536)
        answers_while_nobody_reads(address_in(shown), oracle)
        process.kill()
    os.close(ours)


def test_a_reader_that_is_gone_fails_no_request(oracle: Oracle) -> None:
    with mock_to(subprocess.PIPE, "--port", "0") as process:
        assert process.stdout is not None
        address = address_in(process.stdout.readline())
        process.stdout.close()
        with calling(address, oracle) as caller:
            for number in range(3):
                assert caller.invite(f"p{number}@acme.example").status == 201
                assert caller.control("GET", "/clock").status == 200
        assert process.poll() is None


def exchange(path: str = INVITES, query: str = "", *, world: str = "main", **trace: object) -> Exchange:
    envelope = Envelope(world, "0123456789abcdef", trace=Trace(**trace))  # type: ignore[arg-type]  # of the tests
    return Exchange("GET", path, query, [], envelope, 1_234_567, 1_700_000_000_000_000)


def shown(exchanges: Sequence[Exchange], form: str) -> str:
    found: list[str] = []
    Lines([], form, found.extend)(exchanges)
    return "".join(found)


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_of_a_request_commands_a_terminal(form: str) -> None:
    violation = Violation("/a", "", None, ESCAPES, ESCAPES, ESCAPES)
    one = exchange(
        f"/{ESCAPES}",
        ESCAPES,
        world=ESCAPES,
        status=400,
        refusal=Refusal("Some.Code", ESCAPES),
        reason=ESCAPES,
        violations=(violation,),
    )
    text = shown([one], form)
    assert text.replace("\n", "").isprintable()
    assert text.count("\n") == (3 if form == "text" else 1)
    if form == "json":
        assert json.loads(text)["path"] == f"/{ESCAPES}?{ESCAPES}"


def test_a_terminal_gets_no_control_character_of_a_path_or_a_value(oracle: Oracle) -> None:
    def send(caller: Caller) -> None:
        caller.send("GET", "/%1B%5B2J%07%C2%9B31m%E2%80%AE")
        caller.send("POST", INVITES, {"email": ESCAPES, "role": ESCAPES}, ADMIN)
        caller.send("POST", f"/clients/{ACME}%0A12:00:00 main/invites".replace(" ", "%20"), {}, ADMIN)

    lines = printed(oracle, send)
    assert all(one.isprintable() for one in lines)
    assert any(r"\x1b[2J\x07\x9b31m\u202e" in one for one in lines)


def test_a_long_text_is_cut_in_a_line_for_people_and_whole_in_one_for_programs() -> None:
    one = exchange("/" + "ä" * 5000, status=404, reason="b" * 5000)
    first, second, _ = shown([one], "text").split("\n")
    assert first.endswith(f" main GET /{'ä' * 299}… 404 1.2 ms natural")
    assert second == f"    {'b' * 300}…"
    line = json.loads(shown([one], "json"))
    assert (len(line["path"]), len(line["reason"])) == (5001, 5000)

"""Exchanges written down, and the commands that send them again."""

import subprocess
from pathlib import Path, PurePath

import pytest
from invite_conformance.http.commands import Commands, described
from invite_conformance.http.exchange import Call, Exchange
from invite_conformance.http.response import Response
from invite_conformance.target.addresses import Addresses
from invite_conformance.target.redaction import Redaction
from invite_conformance.target.target import Target

BASE = "http://127.0.0.1:4010"
CREATED = Response(201, (("content-type", "application/json"),), b"{}", 0.1)


@pytest.fixture
def commands() -> Commands:
    target = Target("client-invites", BASE, secrets={"KEY": "abcdef"})
    return Commands(target, Redaction(target.secrets), Addresses("a.example"))


def exchange(commands: Commands, call: Call, response: Response = CREATED) -> Exchange:
    """The exchange as the client keeps it."""
    record = described(call, response, BASE, commands.redaction)
    return Exchange(call, response, record, fresh=commands.addresses.sent(call.body or b""))


def invite(email: str) -> Call:
    return Call("POST", "/x", {"Accept-Encoding": "gzip"}, f'{{"email": "{email}"}}'.encode())


def sent(command: str, clock: int, folder: Path = Path()) -> list[list[str]]:
    """The arguments and the input of each curl that a shell runs, at a time of the clock in seconds."""
    shell = (
        f"KEY=abcdef; date() {{ echo {clock}; }};"
        "curl() { printf '%s\\0' \"$@\"; [ \"${*: -1}\" = @- ] && cat; printf '\\1'; };"
    )
    done = subprocess.run(["bash", "-c", shell + command], cwd=folder, capture_output=True, check=True)
    return [one.decode("latin-1").split("\0") for one in done.stdout.split(b"\1")[:-1]]


def test_a_record_has_the_variable_in_place_of_the_secret(commands: Commands) -> None:
    call = Call("POST", "/x/abcdef", {"X-Key": "abcdef"}, b'{"email": "abcdef@a.example"}')
    record = exchange(commands, call, Response(201, (("x-key", "abcdef"),), b"abcdef", 0.1)).record
    assert (record.url, record.request_headers) == (f"{BASE}/x/$KEY", {"x-key": "$KEY"})
    assert (record.request_body, record.response_body) == ('{"email": "$KEY@a.example"}', "$KEY")
    assert record.response_headers == {"x-key": "$KEY"}


def test_a_member_that_the_run_sends_is_shown_whatever_its_name(commands: Commands) -> None:
    record = exchange(commands, Call("POST", "/x", {}, b'{"token": "chosen"}'), CREATED).record
    assert record.request_body == '{"token": "chosen"}'


def test_a_long_body_is_cut(commands: Commands) -> None:
    body = b"abcdef" * 10000
    record = exchange(commands, Call("POST", "/x", {}, body), Response(200, (), body, 0.1)).record
    for shown in (record.request_body or "", record.response_body):
        assert len(shown) < 4100
        assert "abcdef" not in shown
    assert record.response_body.endswith(" … (60000 characters)")


def test_a_command_invites_a_new_address_where_the_run_did(commands: Commands) -> None:
    email = commands.addresses.fresh("o'neil")
    first, again = (exchange(commands, invite(email)) for _ in range(2))
    bodies = [sent(commands.of([first]), clock)[0][-2] for clock in (1700000001, 1700000002)]
    assert len({*bodies, f'{{"email": "{email}"}}'}) == 3
    # What was invited before stays what it was.
    assert sent(commands.of([again]), 1700000001)[0][-2] == f'{{"email": "{email}"}}'
    assert "accept-encoding" not in commands.of([first])


def test_the_steps_of_one_failure_invite_the_same_new_address(commands: Commands) -> None:
    email = commands.addresses.fresh("twice")
    steps = [exchange(commands, invite(email)) for _ in range(2)]
    [first, again] = sent(commands.of(steps), 1700000001)
    assert first[-2] == again[-2]
    assert email not in first[-2]


def test_only_the_variables_of_secrets_expand(commands: Commands) -> None:
    body = b'{"a": "abcdef", "b": "$KEY ${KEY} $HOME `id`"}'
    [arguments] = sent(commands.of([exchange(commands, Call("POST", "/x", {}, body))]), 1)
    assert arguments[-2] == r'{"a": "abcdef", "b": "\u0024KEY \u0024{KEY} $HOME `id`"}'


def test_a_body_too_long_for_a_command_is_a_file_that_the_command_names(tmp_path: Path) -> None:
    target = Target("client-invites", BASE)
    commands = Commands(target, Redaction({}), Addresses("a.example"), PurePath("out/bodies"))
    body = bytes(range(2, 256)) * 10 + "".join(chr(0x4E00 + number * 7 % 20000) for number in range(9000)).encode()
    command = commands.of([exchange(commands, Call("POST", "/x", {}, body))])
    [name] = commands.files
    assert f"out/bodies/{name}" in command
    (tmp_path / "out/bodies").mkdir(parents=True)
    (tmp_path / "out/bodies" / name).write_bytes(commands.files[name])
    [arguments] = sent(command, 1, tmp_path)
    assert "\0".join(arguments).encode("latin-1").endswith(body)


def test_a_command_uses_the_files_of_the_target(commands: Commands) -> None:
    target = Target("client-invites", BASE, ca_file=Path("ca.pem"), client_cert=Path("c.pem"), client_key=Path("k.pem"))
    commands = Commands(target, Redaction({}), Addresses("a.example"))
    command = commands.of([exchange(commands, Call("GET", "/x"))])
    for option in ("--cacert ca.pem", "--cert c.pem", "--key k.pem"):
        assert option in command


def test_without_exchanges_there_is_no_command(commands: Commands) -> None:
    assert commands.of([]) == ""

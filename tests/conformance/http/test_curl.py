import base64
import os
import random
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import pytest
from conformance.http.raw_server import serving
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from invite_conformance.http.curl import CurlRequest, CurlWriter, Script

SECRETS = {"ADMIN_KEY": "k'e\"y $HOME `id` %s \\n !!", "KEY": "@päss", "KEY_2": "-two"}
SHELLS = [shell for shell in ("bash", "dash", "zsh") if shutil.which(shell)]
WRITER = CurlWriter(SECRETS)
URL = "http://127.0.0.1:4010/clients/1/invites"


@dataclass(frozen=True)
class Sent:
    """What a curl command would send."""

    method: str
    url: str
    headers: Mapping[str, bytes]
    """By their names in lower case."""
    body: bytes | None
    flags: Sequence[str]


class Bench:
    """A folder with a curl that notes its arguments and its input, and a clock that stands still."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes = folder / "notes"
        stubs = folder / "stubs"
        stubs.mkdir()
        (stubs / "curl").write_text(
            f"""#!/bin/sh
n=0; while [ -e {self._notes}/$n ]; do n=$((n + 1)); done
mkdir -p {self._notes}/$n; cd {self._notes}/$n || exit
printf '%s\\0' "$@" >arguments
for last do :; done
if [ "$last" = @- ]; then cat >input; fi
"""
        )
        (stubs / "date").write_text("#!/bin/sh\necho 1712345678\n")
        for stub in stubs.iterdir():
            stub.chmod(0o755)
        self._path = f"{stubs}:{os.environ['PATH']}"

    def paste(self, shell: str, text: str) -> list[Sent]:
        """What an interactive shell sends when the text is pasted into it."""
        shutil.rmtree(self._notes, ignore_errors=True)
        env = {"PATH": self._path, "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "OTHER": "expanded", **SECRETS}
        options = {"bash": ["--norc", "--noprofile", "-i"], "dash": ["-i"], "zsh": ["-f", "-i"]}[shell]
        done = subprocess.run(
            [shell, *options],
            input=text.encode() + b"\n",
            capture_output=True,
            check=False,  # zsh ends with 127 after a comment
            env=env,
            cwd=self.folder,
            timeout=30,
        )
        assert done.stdout.replace(b"\n", b"") in {b"", b"exit"}, done.stdout
        return list(self._sent())

    def _sent(self) -> Iterator[Sent]:
        for note in sorted(self._notes.glob("*"), key=lambda path: int(path.name)):
            arguments = iter((note / "arguments").read_bytes().split(b"\0")[:-1])
            method, url, body, flags = "", "", None, []
            headers: dict[str, bytes] = {}
            for argument in arguments:
                match argument:
                    case b"-X":
                        method = next(arguments).decode()
                    case b"-H":
                        name, _, value = next(arguments).partition(b":")
                        headers[name.decode().lower()] = value.removeprefix(b" ")
                    case b"--data-raw":
                        body = next(arguments)
                    case b"--data-binary":
                        assert next(arguments) == b"@-"
                        body = (note / "input").read_bytes()
                    case _ if argument.startswith(b"-"):
                        flags.append(argument.decode())
                    case _:
                        url = argument.decode()
            yield Sent(method, url, headers, body, flags)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


def one(bench: Bench, shell: str, script: Script | str) -> Sent:
    [sent] = bench.paste(shell, script if isinstance(script, str) else script.text)
    return sent


def post(body: bytes | None, **headers: str) -> CurlRequest:
    return CurlRequest("POST", URL, {"content-type": "application/json", **headers}, body)


def meant(text: str, encoding: str = "utf-8") -> bytes:
    """What the redacted text stands for: the secrets' values, as the environment has them, in place of their names."""
    names = "|".join(SECRETS)
    literal_and_names = re.split(rf"(\$(?:{names})(?!\w)|\$\{{(?:{names})\}})", text, flags=re.ASCII)
    return b"".join(
        SECRETS[part.strip("${}")].encode() if index % 2 else part.encode(encoding, errors="surrogateescape")
        for index, part in enumerate(literal_and_names)
    )


HOSTILE = [
    "$OTHER",
    "${OTHER}",
    "$ADMIN_KEYRING",
    "$KEY_3",
    "$(touch harm)",
    "`touch harm`",
    "!!",
    "!$",
    "'",
    '"',
    "\\",
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\x1b[2J",
    "@",
    "=ls",
    "~",
    "#",
    ";touch harm;",
    "%s%n",
    "\\c",
    "-",
    "é",
    "👍🏽",
    "\u202e",
    "\u00a0",
    "\udcff",
    "*",
    "{a,b}",
    " ",
]
PLACES = ["$ADMIN_KEY", "${ADMIN_KEY}", "${KEY}", "$KEY_2", "${KEY_2}"]
TEXT = st.lists(
    st.sampled_from(HOSTILE) | st.sampled_from(PLACES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    max_size=8,
).map("".join)
VALUE = st.lists(
    st.sampled_from([one for one in HOSTILE if one.isprintable() and one.isascii()])
    | st.sampled_from(PLACES)
    | st.text(st.characters(min_codepoint=0xA1, max_codepoint=0xFF), max_size=5),
    max_size=8,
).map(lambda parts: "".join(parts).strip(" "))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=TEXT, value=VALUE)
@example(body="", value="")
@example(body="@body", value="$ADMIN_KEY")
@example(body="-n", value="-n")
@example(body="-\0", value="é")
@example(body="=ls", value="=ls")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_pasted_command_sends_what_was_meant(bench: Bench, shell: str, body: str, value: str) -> None:
    script = WRITER.script([post(body.encode(errors="surrogateescape"), **{"x-a": value})])
    assert re.fullmatch(r"[^\x00-\x09\x0b-\x1f\x7f]*", script.text)
    sent = one(bench, shell, script)
    assert (sent.method, sent.url, sent.body) == ("POST", URL, meant(body))
    header = meant(value, "latin-1")  # as the suite writes headers
    assert sent.headers == {"content-type": b"application/json", ("x-a" if value else "x-a;"): header}
    assert not (bench.folder / "harm").exists()


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("body", "pattern"),
    [
        (b'{"email": "' + b"x" * 2_000_000 + b'"}', r"head -c 2000000 /dev/zero \| tr '\\0' x"),
        (b"[" * 50_000 + b"]" * 50_000, r"head -c 50000 /dev/zero \| tr '\\0' '\\133'"),
        (b'{"a":' * 9_000 + b"1" + b"}" * 9_000, r"yes '\{\"a\":' \| head -n 9000 \| tr -d '\\n'"),
        (b"\0" * 5_000, r"head -c 5000 /dev/zero \|"),
        (b"-\\" * 5_000, r"yes '\\-' \| head -n 4999"),
        (b"'" * 5_000 + b"%", r"tr '\\0' '\\047'"),
        (b"$ADMIN_KEY" + b"\xff" * 5_000 + b"$KEY_2", r"tr '\\0' '\\377'"),
        (b"ab\n" * 5_000, r"base64 -d \| gunzip"),
    ],
    ids=["letter", "brackets", "nesting", "nul", "backslash", "quote", "secrets", "lines"],
)
def test_a_long_body_that_repeats_itself_is_generated(bench: Bench, shell: str, body: bytes, pattern: str) -> None:
    script = WRITER.script([post(body)])
    assert re.search(pattern, script.text)
    assert len(script.text) < 1000
    assert script.files == {}
    assert one(bench, shell, script).body == meant(body.decode(errors="surrogateescape"))


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)  # noqa: S311  # the same bytes each time


@pytest.mark.parametrize("shell", SHELLS)
def test_a_long_body_that_does_not_is_compressed(bench: Bench, shell: str) -> None:
    body = b"".join(b'{"number": %d}\n' % number for number in range(1_000))
    script = WRITER.script([post(b"$KEY_2" + body)])
    assert script.files == {}
    assert len(script.text) < 8_500
    assert one(bench, shell, script).body == b"-two" + body


@pytest.mark.parametrize("shell", SHELLS)
def test_a_long_body_is_in_a_file_where_there_is_a_directory(bench: Bench, shell: str) -> None:
    directory = PurePath("it's a report")
    body = noise(50_000)
    script = CurlWriter(SECRETS, directory=directory).script([post(b"${KEY_2}" + body + b"$KEY_2"), post(body)])
    [(name, content)] = script.files.items()
    assert content == body
    assert re.fullmatch(r"body-[0-9a-f]{12}\.bin", name)
    (bench.folder / directory).mkdir(exist_ok=True)
    (bench.folder / directory / name).write_bytes(content)
    assert [sent.body for sent in bench.paste(shell, script.text)] == [b"-two" + body + b"-two", body]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_body_that_is_too_long_is_a_comment_that_says_so(bench: Bench, shell: str) -> None:
    script = WRITER.script([post(b"{}"), post(noise(50_000))])
    assert script.files == {}
    assert "The body of 50000 bytes is too long" in script.text
    # An interactive zsh knows no comments: nothing in one may mean something to a shell.
    assert all(re.fullmatch(r"# [A-Za-z0-9 .,-]+", line) for line in script.text.splitlines())
    assert bench.paste(shell, script.text) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_what_must_be_new_is_new_and_the_same_in_all_steps(bench: Bench, shell: str) -> None:
    fresh = re.compile("0a1b2c3d(?=-(?:1|2)@)")
    first = b'{"email": "o\'neil-0a1b2c3d-1@a.example", "not": "0a1b2c3d-3@"}'
    second = b"\xff0a1b2c3d-2@" + first
    script = WRITER.script([post(first), post(second), post(b"x" * 9_000 + first)], fresh)
    sent = [one.body for one in bench.paste(shell, script.text)]
    new_first = first.replace(b"0a1b2c3d-1", b"12345678-1")
    assert sent == [new_first, b"\xff12345678-2@" + new_first, b"x" * 9_000 + new_first]
    assert script.text.count("date") == 1
    assert "date" not in WRITER.script([post(first)], re.compile("0a1b2c3d(?=-9@)")).text


@pytest.mark.parametrize("shell", SHELLS)
def test_what_curl_would_change_is_left_as_it_is(bench: Bench, shell: str) -> None:
    sent = one(bench, shell, WRITER.script([CurlRequest("POST", URL, {}, b"{}")]))
    assert sent.headers == {"content-type": b""}  # not the form that curl takes data for
    assert one(bench, shell, WRITER.script([CurlRequest("POST", URL, {})])).headers == {"content-length": b"0"}
    assert one(bench, shell, WRITER.script([CurlRequest("GET", URL, {})])).headers == {}
    sent = one(bench, shell, WRITER.script([post(b"x" * 1_000_001)]))
    assert sent.headers["expect"] == b""
    sent = one(bench, shell, WRITER.script([CurlRequest("HEAD", URL + "/../[1]", {"Accept-Encoding": "gzip"})]))
    assert (sent.url, sent.headers) == (URL + "/../[1]", {})
    assert sent.flags == ["-sS", "-i", "--head", "--globoff", "--path-as-is"]


def test_options_are_in_every_command() -> None:
    writer = CurlWriter(options={"--cacert": "my ca.pem"})
    assert writer.script([post(b"{}")] * 2).text.count("--cacert 'my ca.pem'") == 2


def test_lines_are_short_where_words_allow() -> None:
    script = WRITER.script([post(b'{"email": "someone@invite-conformance.example"}', **{"x-key": "$ADMIN_KEY"})])
    assert script.text == (
        "curl -sS -i -X POST http://127.0.0.1:4010/clients/1/invites \\\n"
        "  -H 'content-type: application/json' -H 'x-key: '\"$ADMIN_KEY\" \\\n"
        '  --data-raw \'{"email": "someone@invite-conformance.example"}\''
    )


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize("body", [None, b"", b"{}", b"@x", b"\0\xff", b"x" * 1_500_000, b"ab\n" * 5_000])
def test_curl_itself_sends_what_was_meant(body: bytes | None) -> None:
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    with serving(lambda peer: peer.answer(ok)) as server:
        request = CurlRequest("POST", f"{server.url}/a/../%2e/[b]", {"x-a": "é'", "x-b": "", "accept": "*/*"}, body)
        subprocess.run(
            ["sh", "-c", WRITER.script([request]).text],
            check=True,
            capture_output=True,
            env={"PATH": os.environ["PATH"], "no_proxy": "*"},
        )
        [received] = server.requests
    head, _, content = received.partition(b"\r\n\r\n")
    assert content == (body or b"")
    first, *headers = head.split(b"\r\n")
    assert first == b"POST /a/../%2e/[b] HTTP/1.1"
    assert sorted(line for line in headers if not line.startswith((b"Host:", b"User-Agent:"))) == sorted(
        [b"x-a: \xe9'", b"x-b:", b"accept: */*", b"Content-Length: %d" % len(body or b"")]
    )


def test_a_compressed_body_is_the_same_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    body = b"".join(b'{"number": %d}\n' % number for number in range(1_000))
    monkeypatch.setattr(time, "time", lambda: 1.0)
    first = WRITER.script([post(body)])
    monkeypatch.setattr(time, "time", lambda: 2.0)
    assert WRITER.script([post(body)]) == first


def test_a_compressed_body_has_no_time_in_it() -> None:
    body = b"".join(b'{"number": %d}\n' % number for number in range(1_000))
    [packed] = re.findall(r"[A-Za-z0-9+/]{100,}={0,2}", WRITER.script([post(body)]).text.replace("\n", ""))
    # RFC 1952 section 2.3.1: MTIME 0 means that no time stamp is available.
    assert base64.b64decode(packed)[4:8] == bytes(4)

"""The command invite-mock: what it prints, and how it refuses what cannot be used."""

import contextlib
import os
import re
import socket
import sqlite3
import subprocess
import sys
import textwrap
from importlib.metadata import version
from pathlib import Path

import jsonschema_rs
import orjson
import pytest
from invite_mock.app import Mock
from invite_mock.server import banner
from invite_mock.settings import Settings
from invite_mock.state.life_cycle import diagram
from invite_specs import YamlFile, contract, contract_names
from mock.conftest import ACME, GLOBEX, running

ROOT = Path(__file__).parents[2]
OURS = ("--contract", "client-invites", "--contract", "family-invites")


def invite_mock(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "invite_mock", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "80"} | environment,
    )


def refusal(*arguments: str | Path) -> str:
    """The one line with which the command refuses those arguments."""
    result = invite_mock(*arguments)
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(textwrap.dedent(text), "utf-8")
    return path


def test_the_banner_names_addresses_keys_and_a_curl_that_works() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "--port", "0", *OURS],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        while not lines or not lines[-1].startswith("  -d"):
            lines.append(process.stdout.readline().rstrip("\n"))
        banner = "\n".join(lines)
        command = banner[banner.index("curl ") :].replace("curl -i", "curl -s -o /dev/null -w %{http_code}")
        first, second = (
            subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout for _ in range(2)
        )
        process.terminate()
    assert (first, second) == ("201", "409")
    base = re.search(r"http://127\.0\.0\.1:\d+", banner)
    assert base is not None
    for part in ("/docs/client-invites", "/docs/family-invites", "/_mock", "/@NAME/"):
        assert base[0] + part in banner
    for key in ("acme-owner-key", "acme-member-key", "globex-owner-key"):
        assert key in banner
    assert max(map(len, lines)) <= 80


def test_quiet_prints_nothing() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "--quiet", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        command = f"until curl -sf http://127.0.0.1:{port}/_mock/health; do kill -0 {process.pid} || exit 1; done"
        subprocess.run(["bash", "-c", command], capture_output=True, check=True, timeout=60)
        process.terminate()
        assert process.communicate(timeout=30)[0] == b""


def test_a_document_alone_is_served_and_what_is_not_is_said_on_standard_error(tmp_path: Path) -> None:
    paths = "{/a: {get: {}}, /_mock/a: {get: {}}}"
    path = file(tmp_path, "It.yaml", f"{{openapi: 3.1.0, info: {{title: t, version: v}}, paths: {paths}}}")
    with subprocess.Popen(
        [sys.executable, "-m", "invite_mock", "--openapi", str(path), "--quiet", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        process.terminate()
        assert process.communicate(timeout=30)[0] == ""
    reason = "the mock's control API and its worlds have paths like this"
    assert said == f"invite-mock: it: GET /_mock/a: {reason}\n"
    with running("--openapi", str(path)) as base_url:
        for place, status in (("a", "200"), ("clients", "404")):
            command = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", f"{base_url}/{place}"]
            assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == status


def test_a_port_in_use_is_one_line() -> None:
    with running() as base_url:
        port = base_url.rpartition(":")[2]
        assert refusal("--port", port) == (
            f"invite-mock: cannot listen on 127.0.0.1:{port}: Address already in use; give another --port or --host\n"
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "abc"], "argument --port: invalid int value: 'abc'; see invite-mock serve --help"),
        (["nonsense"], "invalid choice: 'nonsense'"),
        (["--port", "70000"], "--port 70000: give a number from 0 to 65535"),
        (["--host", "no.such.host.invalid", "--no-control"], "--host no.such.host.invalid: "),
        (["--host", "0.0.0.0", "--port", "0"], "give --control-token TOKEN to guard the control API, or --no-control"),
        (["--control-token", "", "--port", "0"], "--control-token: give printable ASCII characters"),
        (["--rng-seed", "-1", "--port", "0"], "--rng-seed -1: give a whole number from 0"),
        (["--contract", "nope", "--port", "0"], f"unknown contract 'nope'; there are {', '.join(contract_names())}"),
        (["--store", "postgres://x", "--port", "0"], "--store postgres://x: give memory: or sqlite:///path.db"),
        (["--store", "sqlite:////nowhere/x.db", "--port", "0"], "/nowhere/x.db cannot be used: unable to open"),
        (["--world", "nowhere.yaml", "--port", "0"], "nowhere.yaml: cannot be read: No such file or directory"),
        (["--openapi", "nowhere.yaml", "--port", "0"], "nowhere.yaml: cannot be read: No such file or directory"),
        (["--overlay", "nowhere.yaml", "--port", "0"], "nowhere.yaml: cannot be read: No such file or directory"),
    ],
)
def test_an_unusable_option_is_reported_in_one_line_that_says_what_to_give(arguments: list[str], said: str) -> None:
    assert said in refusal(*arguments)


def test_a_file_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    path = file(tmp_path, "other.db", "this is no database, and long enough to be taken for none" * 20)
    before = path.read_bytes()
    assert "cannot be used: file is not a database" in refusal("--store", f"sqlite:///{path}", "--port", "0")
    assert path.read_bytes() == before


def test_a_database_of_another_program_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE song (title TEXT)")
    before = path.read_bytes()
    assert "it is not a database of this version of invite-mock" in refusal(
        "--store", f"sqlite:///{path}", "--port", "0"
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clients: [", ":2: "),
        ("clients:\n  - id: x\n", ':2: /clients/0/id: "x" is not in the format uuid'),
        (
            f"clients:\n  - id: {ACME}\n    members:\n      - {{email: a@b.example, role: Emperor}}\n",
            ':4: /clients/0/members/0/role: "Emperor" is none of Member, Developer, Support, Admin, Owner',
        ),
        (
            f"clients:\n  - id: {ACME}\n    invites:\n      - email: a@b.example\n        role: Owner\n"
            "        sentAgo: P9999Y\n",
            ":6: /clients/0/invites/0/sentAgo: 'P9999Y' is not an ISO 8601 duration that leads to a date",
        ),
        (
            f"clients:\n  - id: {ACME}\n    invites:\n      - {{id: {ACME}, email: a@b.example, role: Owner}}\n"
            f"      - {{id: {ACME}, email: b@b.example, role: Owner}}\n",
            f":5: /clients/0/invites/1: another invite has the id {ACME}",
        ),
        ("planets: []\n", ":1: /: Additional properties are not allowed ('planets' was unexpected)"),
        ("clients: []\nclients: []\n", ":2: the key 'clients' is given twice"),
        (
            "companies:\n  - {id: a, anonymous: true}\n  - {id: b, anonymous: true}\n",
            ":3: /companies/1: only one company can be the anonymous caller's",
        ),
        ("families:\n  - id: f\n    company: c\n", ":2: /families/0: there is no company c; add it to `companies`"),
        (
            "clients:\n  - id: 3fa85f64-5717-4562-b3fc-2c963f66afa6\n    members:\n"
            "      - {email: a@b.example, role: Owner, key: k}\n"
            "      - {email: c@d.example, role: Owner, key: k}\n",
            ":5: /clients/0/members/1: the members a@b.example and c@d.example have the same key; give each",
        ),
        (
            "clients:\n  - id: 3fa85f64-5717-4562-b3fc-2c963f66afa6\n    invites:\n"
            "      - {email: a@b.example, role: Owner}\n      - {email: A@b.example, role: Owner}\n",
            ":5: /clients/0/invites/1: A@b.example is a member or has another outstanding invite",
        ),
    ],
)
def test_an_invalid_world_file_is_reported_with_line_and_reason(tmp_path: Path, text: str, said: str) -> None:
    path = file(tmp_path, "my.yaml", text)
    assert f"{path}{said}" in refusal("--world", path, "--port", "0")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: 3.1.0\n", ":1: this is not an OpenAPI Overlay 1.x document"),
        ("overlay: 1.0.0\nactions: [{target: $.info, update: {}}]\n", ":1: `info` must be an object with `title` and"),
        ("overlay: 1.0.0\ninfo: {title: t, version: v}\nactions: []\n", ":1: `actions` must be a list"),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: $.info\n",
            ":4: action 1 (target $.info): it needs `update`",
        ),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: $.nothing\n    update: {}\n",
            ":4: action 1 (target $.nothing): the target matches nothing in the document",
        ),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: info\n    update: {}\n",
            ":4: action 1 (target info): ",
        ),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n  - target: $.info\n    update: {x-a: 1}\n"
            "  - target: $.info\n    update: {title: 7}\n",
            ":6: action 2 (target $.info): with it client-invites is not a valid OpenAPI 3.1 document: at /info/",
        ),
        (
            "overlay: 1.0.0\ninfo: {title: t, version: v}\nactions:\n"
            "  - target: $.paths\n    update:\n      /more:\n        get:\n"
            "          operationId: more\n          responses: {'200': {description: more}}\n",
            ":4: action 1 (target $.paths): with it client-invites has GET /more (operationId 'more'); an overlay may",
        ),
    ],
)
def test_an_invalid_overlay_is_reported_with_line_action_and_reason(tmp_path: Path, text: str, said: str) -> None:
    path = file(tmp_path, "mine.yaml", text)
    assert said in refusal("--overlay", path, "--port", "0", *OURS)


def test_the_printed_world_can_be_edited_and_served(tmp_path: Path) -> None:
    path = file(tmp_path, "my.yaml", invite_mock("world").stdout.replace("acme-admin-key", "my-key"))
    schema = orjson.loads(invite_mock("world", "--schema").stdout)
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(YamlFile(path).data)
    assert "acme-admin-key" not in path.read_text("utf-8")
    with running("--world", str(path)) as base_url:
        page = subprocess.run(["curl", "-s", f"{base_url}/docs"], capture_output=True, text=True, check=True).stdout
    assert "my-key" in page


def test_contracts_lists_operations_answers_and_every_assumption_with_its_reason() -> None:
    text = invite_mock("contracts").stdout
    flat = " ".join(text.split())
    for name in contract_names():
        found = contract(name)
        assert name in text
        for operation in found.operations:
            assert f"{operation.method} {operation.path}" in text
            assert all(f"    {status}  " in text for status in operation.statuses)
        for one in found.assumptions:
            assert one.id in text
            assert " ".join(one.reason.split()) in flat
    assert max(map(len, text.splitlines())) <= 80


def test_the_life_cycle_is_drawn_from_the_table_into_the_documentation() -> None:
    drawn = invite_mock("life-cycle").stdout
    assert drawn == diagram()
    assert f"```mermaid\n{drawn}```" in (ROOT / "ARCHITECTURE.md").read_text("utf-8")


def test_the_version_is_printed() -> None:
    assert invite_mock("--version").stdout == f"invite-mock {version('invite-contracts')}\n"


def test_a_closed_pipe_is_no_error() -> None:
    command = f"set -o pipefail; {sys.executable} -m invite_mock contracts | head -1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert (result.stdout, result.stderr) == (f"{contract_names()[0]}\n", "")


@pytest.mark.parametrize("command", ["contracts", "world"])
def test_a_terminal_that_cannot_show_a_character_is_no_error(command: str) -> None:
    result = invite_mock(command, PYTHONIOENCODING="ascii")
    assert (result.returncode, result.stderr) == (0, "")


def options(folder: Path, world: str = "") -> Settings:
    path = file(folder, "my.yaml", world) if world else None
    return Settings(
        contracts=("client-invites", "family-invites"), store=f"sqlite:///{folder / 'stored.db'}", world=path
    )


def test_the_banner_shows_main_as_it_is_stored_whatever_the_options_say_of_new_worlds(tmp_path: Path) -> None:
    one = "clients:\n  - id: {}\n    members:\n      - {{email: a@b.example, role: Owner, key: {}}}\n"
    first = Mock(options(tmp_path, one.format(ACME, "first-key")))
    first_banner = banner(first)
    first.store.close()
    assert "first-key" in first_banner
    assert "main already" not in first_banner
    second = Mock(options(tmp_path, one.format(GLOBEX, "second-key")))
    second_banner = banner(second)
    second.store.close()
    assert "first-key" in second_banner
    assert f"/clients/{ACME}/invites" in second_banner
    assert "second-key" not in second_banner
    assert "main already; --world and --rng-seed are for new worlds" in second_banner


def test_every_option_is_in_the_readme() -> None:
    options = set(re.findall(r"--[a-z-]+", invite_mock("serve", "--help").stdout)) - {"--help"}
    readme = (ROOT / "README.md").read_text("utf-8")
    assert options
    assert {option for option in options if option not in readme} == set()

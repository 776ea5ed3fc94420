"""Each contract's workflows are valid Arazzo, name what exists, and show on a public runner what they say."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conformance.faulty import FAULTS
from conformance.listener import Answer, Implementation, Request, listening
from conformance.offers import HEADERS, STATES
from conformance.reference_clients import KEYS, MEMBER_EMAIL
from end_to_end.test_install import started
from invite_conformance.judging.catalogue import contract_names as suites
from invite_conformance.judging.catalogue import requirement
from invite_specs import YamlFile, contract, contract_names, follow, operations, resolve
from jsonschema import Draft202012Validator
from specs.public_documents import documents

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MOCK = "http://127.0.0.1:4010"
COMMANDS = re.findall(r"^npx .*(?:\\\n.*)+", README, re.MULTILINE)
# The published JSON Schema of Arazzo 1.0, as another tool carries it.
SCHEMA = "@stoplight/spectral-rulesets@1.23.1"
MINUTES = 60


def path(name: str) -> Path:
    return contract(name).published_path.with_name("workflows.arazzo.yaml")


# Those that have a suite: a workflow names its requirements.
NAMES = [name for name in contract_names() if path(name).exists() and name in suites()]


def workflows(name: str) -> list[Any]:
    found: list[Any] = YamlFile(path(name)).data["workflows"]
    return found


def ids(name: str) -> list[str]:
    return [one["workflowId"] for one in workflows(name)]


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_calls_operations_and_names_requirements_that_exist(name: str) -> None:
    document = YamlFile(path(name)).data
    [source] = document["sourceDescriptions"]
    assert path(name).with_name(source["url"]) == contract(name).published_path
    beginning = f"{{$sourceDescriptions.{source['name']}.url}}#"
    pointers = {beginning + one.pointer: one for one in operations(contract(name).published)}
    assert len(ids(name)) == len(set(ids(name)))
    for workflow in document["workflows"]:
        assert {requirement(one).contract for one in workflow["x-requirements"]} == {name}
        for step in workflow["steps"]:
            operation = pointers[step["operationPath"]]
            # Redocly's runner sends no body for an empty object.
            assert "requestBody" not in step or step["requestBody"]["payload"] != {}
            in_path = {one["name"] for one in step.get("parameters", ()) if one["in"] == "path"}
            assert in_path == set(re.findall(r"{([^}]+)}", operation.path))


def named_members(value: Any) -> Iterator[str]:
    """The members that the schemas of a document name."""
    if isinstance(value, dict):
        yield from value["properties"] if isinstance(value.get("properties"), dict) else ()
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from named_members(one)


@pytest.mark.parametrize("name", NAMES)
def test_an_expression_names_an_input_an_output_or_a_member_that_exists(name: str) -> None:
    document = YamlFile(path(name)).data
    members = set(named_members(contract(name).published))
    for index, workflow in enumerate(document["workflows"]):
        inputs = resolve(document, follow(document, f"/workflows/{index}/inputs"))
        text = json.dumps(workflow["steps"])
        assert set(re.findall(r"\$inputs\.(\w+)", text)) <= set(inputs["properties"])
        assert all("default" in one for one in inputs["properties"].values())
        outputs = {f"{step['stepId']}.outputs.{one}" for step in workflow["steps"] for one in step.get("outputs", ())}
        assert set(re.findall(r"\$steps\.([\w-]+\.outputs\.\w+)", text)) <= outputs
        assert set(re.findall(r"\$(?:response|request)\.body#/(\w+)", text)) <= members


@pytest.mark.slow
def test_every_file_is_valid_by_the_schema_of_arazzo(tmp_path: Path) -> None:
    [schema] = documents(SCHEMA, tmp_path, "/arazzo/v1.0/index.json")
    validator = Draft202012Validator(json.loads(schema.read_text("utf-8")))
    for name in NAMES:
        document = YamlFile(path(name)).data
        assert [error.message for error in validator.iter_errors(document)] == []
        assert not validator.is_valid(document | {"workflows": [{"workflowId": "without-steps"}]})


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of the runner: it is installed into a temporary folder, and sends nothing to its maker."""
    if shutil.which("npx") is None:
        pytest.skip("the public runner needs Node.js and npm")
    quiet = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
    return os.environ | quiet | {"npm_config_cache": str(tmp_path_factory.mktemp("npm"))}


def command(name: str) -> str:
    """The README's first command, for another contract."""
    first: str = COMMANDS[0]
    return first.replace("client_invites", path(name).parent.name).replace("client-invites", name)


def test_the_readme_has_a_command_for_both_contracts() -> None:
    assert [command("client-invites"), command("family-invites")] == COMMANDS
    assert all(MOCK in one for one in COMMANDS)


def failed(name: str, base_url: str, environment: dict[str, str], folder: Path, **inputs: str) -> list[str]:
    """The workflows that fail where a server is run through the README's command."""
    result = folder / "result.json"
    more = ["--json-output", str(result)]
    for member, value in inputs.items():
        more += ["--input", f"{member}={value}"]
    line = f"{command(name).replace(MOCK, base_url).rstrip()} {shlex.join(more)}"
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * MINUTES,
    )
    assert result.exists(), done.stdout + done.stderr
    [file] = json.loads(result.read_text("utf-8"))["files"].values()
    ran = file["executedWorkflows"]
    assert [one["workflowId"] for one in ran] == ids(name), done.stdout
    amiss = [one["workflowId"] for one in ran if one["status"] != "success"]
    assert done.returncode == (1 if amiss else 0), done.stdout
    return amiss


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with started(sys.executable, "-m", "invite_mock", "--port", "0", cwd=tmp_path_factory.mktemp("mock")) as base_url:
        yield base_url


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_workflow_passes_on_the_mock(name: str, mock: str, environment: dict[str, str], tmp_path: Path) -> None:
    assert failed(name, mock, environment, tmp_path) == []


class Documented:
    """A faulty server that takes the header of the document, and asks for no other one."""

    def __init__(self, faulty: Implementation) -> None:
        self._faulty = faulty

    def reply(self, request: Request) -> Answer:
        key = {"authorization": f"Bearer {request.headers.get('x-dolfin-api-key')}"}
        return self._faulty.reply(replace(request, headers=dict(request.headers) | key | HEADERS["family-invites"]))


KEY_OF = {(client, role): key for key, (client, role) in KEYS.items()}
CLIENT, OTHER = STATES["client-invites"]["client"], STATES["client-invites"]["other_client"]["client"]
INPUTS = {
    "client-invites": {
        "clientId": CLIENT,
        "otherClientId": OTHER,
        "memberEmail": MEMBER_EMAIL,
        "otherAdminKey": KEY_OF[OTHER, "Admin"],
        **{f"{role.lower()}Key": key for (client, role), key in KEY_OF.items() if client == CLIENT},
    },
    "family-invites": {
        "family": STATES["family-invites"]["family"],
        "secondFamily": STATES["family-invites"]["second_family"],
        "unknownFamily": STATES["family-invites"]["unknown_family"],
        "foreignFamily": STATES["family-invites"]["foreign_family"],
    },
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "workflow"),
    [
        ("client-conflict-by-role", "invite-twice"),
        ("client-any-admin-invites", "admin-of-another-client"),
        ("family-one-contact", "two-families"),
    ],
)
def test_the_workflow_of_what_a_faulty_server_violates_fails_and_no_other(
    fault: str, workflow: str, environment: dict[str, str], tmp_path: Path
) -> None:
    name = FAULTS[fault].contract
    [shown] = [one["x-requirements"] for one in workflows(name) if one["workflowId"] == workflow]
    assert {f"{name}.{one}" for one in FAULTS[fault].violates} & set(shown)
    with listening({fault: lambda: Documented(FAULTS[fault].maker())}) as listener:
        assert failed(name, f"{listener.url}/{fault}", environment, tmp_path, **INPUTS[name]) == [workflow]

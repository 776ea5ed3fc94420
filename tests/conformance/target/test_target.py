"""Target files: what `init` prints can be filled in; an error names file, line and what to give."""

import re
import uuid
from datetime import date
from pathlib import Path

import invite_conformance
import jsonschema_rs
import pytest
from invite_conformance.judging.catalogue import catalogue, contract_names
from invite_conformance.target.target import Target, TargetError
from invite_conformance.target.target_file import load_target, schema, template
from invite_specs import YamlFile

CLIENT = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
ENV = {name: f"value-of-{name}" for name in re.findall(r"\$\{(\w+)\}", "".join(map(template, contract_names())))}
NAMES = ", ".join(contract_names())
TO_FILL_IN = [name for name in contract_names() if ": REPLACE" in template(name)]
"""The contracts whose templates have something to fill in."""
SMALL = "contract: client-invites\nbase_url: http://127.0.0.1:4010\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "target.yaml"
    path.write_text(text, "utf-8")
    return path


def loaded(folder: Path, text: str, **env: str) -> Target:
    return load_target(written(folder, text), env)


def refused(folder: Path, text: str, base_url: str | None = None, **env: str) -> str:
    """The reasons without the folder."""
    with pytest.raises(TargetError) as caught:
        load_target(written(folder, text), env, base_url)
    return str(caught.value).replace(f"{folder}/", "")


def filled_in(contract: str) -> str:
    text = template(contract)
    for placeholder in re.findall(r"REPLACE\S+", text):
        kind = (
            str(uuid.uuid4())
            if "CLIENT" in placeholder
            else "a@b.example"
            if "EMAIL" in placeholder
            else placeholder[8:].lower()
        )
        text = text.replace(placeholder, kind, 1)
    return text


@pytest.mark.parametrize("contract", contract_names())
def test_a_template_that_is_filled_in_is_a_target(tmp_path: Path, contract: str) -> None:
    target = loaded(tmp_path, filled_in(contract), **ENV)
    assert (target.contract, target.base_url) == (contract, "http://127.0.0.1:4010")
    assert not re.search(r"\$\{", str(target.states))


@pytest.mark.parametrize("contract", TO_FILL_IN)
def test_a_template_that_is_not_filled_in_says_each_line_to_fill_in(tmp_path: Path, contract: str) -> None:
    text = template(contract)
    message = refused(tmp_path, text, **ENV)
    lines = [number for number, line in enumerate(text.splitlines(), 1) if ": REPLACE" in line]
    assert re.findall(r"^target\.yaml:(\d+): .* does not fit; give ", message, re.MULTILINE) == [
        str(one) for one in lines
    ]


@pytest.mark.parametrize("contract", contract_names())
def test_a_template_shows_every_key_and_every_state(contract: str) -> None:
    rules = schema(contract)
    text = template(contract)
    for key in rules["properties"]:
        assert re.search(rf"^(?:# )?{key}:", text, re.MULTILINE), key
    for state in rules["properties"]["states"]["properties"]:
        assert re.search(rf"^  (?:# )?{state}:", text, re.MULTILINE), state


@pytest.mark.parametrize("contract", contract_names())
def test_every_state_that_a_requirement_needs_can_be_given(contract: str) -> None:
    states = schema(contract)["properties"]["states"]["properties"]
    assert {state for one in catalogue(contract).requirements for state in one.states} <= set(states)


@pytest.mark.parametrize("contract", contract_names())
def test_what_is_commented_out_in_a_template_fits_too(tmp_path: Path, contract: str) -> None:
    rules = schema(contract)["properties"]
    keys = "|".join([*rules, *rules["states"]["properties"]])
    commented = re.compile(rf"^ *# (?:{keys}):.*(?:\n#   .*)*", re.MULTILINE)
    text = commented.sub(lambda found: re.sub(r"^( *)# ", r"\1", found[0], flags=re.MULTILINE), filled_in(contract))
    assert "# rate_limit" not in text
    written(tmp_path, text)
    for name in ("ca.pem", "client.pem", "client.key"):
        (tmp_path / name).write_text("-")
    target = load_target(tmp_path / "target.yaml", ENV | {"API_TOKEN": "t"})
    assert target.waivers[0].expires == date(2027, 1, 31)
    assert (target.rate_limit, target.write_budget, target.ca_file) == (20, 500, tmp_path / "ca.pem")
    assert (target.client_cert, target.client_key) == (tmp_path / "client.pem", tmp_path / "client.key")


@pytest.mark.parametrize("contract", contract_names())
def test_the_schema_of_a_target_file_is_a_valid_schema(contract: str) -> None:
    assert jsonschema_rs.meta.is_valid(schema(contract))


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    target = loaded(tmp_path, SMALL)
    assert target == Target(contract="client-invites", base_url="http://127.0.0.1:4010", path=tmp_path / "target.yaml")


def test_the_base_url_of_the_command_goes_before_the_file_s(tmp_path: Path) -> None:
    assert load_target(written(tmp_path, SMALL), {}, "https://x.example/api/").base_url == "https://x.example/api"
    only = load_target(written(tmp_path, "contract: family-invites\n"), {}, "http://localhost:1")
    assert only.base_url == "http://localhost:1"


def test_a_waiver_knows_its_line(tmp_path: Path) -> None:
    text = SMALL + "waivers:\n- {requirement: client-invites.409.race, reason: known, expires: 2027-01-31}\n"
    [waiver] = loaded(tmp_path, text).waivers
    assert (waiver.requirement, waiver.reason, waiver.expires, waiver.line) == (
        "client-invites.409.race",
        "known",
        date(2027, 1, 31),
        4,
    )


def test_variables_and_headers_are_secrets_and_the_base_url_is_none(tmp_path: Path) -> None:
    text = (
        "contract: client-invites\nbase_url: ${BASE}\nheaders: {Accept: application/json, X-Tenant: acme}\n"
        "states:\n  admin:\n    headers:\n      Authorization: Bearer ${TOKEN}\n"
        "  not_admin:\n  - headers: {x-key: literal}\n"
    )
    target = loaded(tmp_path, text, BASE="http://127.0.0.1:1", TOKEN="s3cret")  # noqa: S106  # of a test
    assert target.states["admin"] == {"headers": {"Authorization": "Bearer s3cret"}}
    assert target.secrets == {"TOKEN": "s3cret", "NOT_ADMIN_0_X_KEY": "literal", "X_TENANT": "acme"}
    assert "s3cret" not in repr(target)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"target.yaml:1: this is not a target file: give `contract`, one of {NAMES}, or `openapi`"),
        ("- a\n", "target.yaml:1: this is not a target file: "),
        ("a: [\n", "target.yaml:2: "),
        ("contract: x\n", f"target.yaml:1: unknown contract 'x'; the choices are {NAMES}"),
        ("contract: client-invites\n", "target.yaml:1: the key 'base_url' is missing"),
        (SMALL + "contract: client-invites\n", "target.yaml:3: the key 'contract' is given twice"),
        (SMALL + "colour: red\n", "target.yaml:3: colour: unknown key; the choices are contract, base_url, "),
        (
            SMALL + "states:\n  admn: {headers: {}}\n",
            "target.yaml:4: states.admn: unknown key; the choices are admin, owner, not_admin, anonymous, client, ",
        ),
        (SMALL + "states:\n  family: x\n", "target.yaml:4: states.family: unknown key; the choices are admin, "),
        (SMALL + "states: {admin: {}}\n", "target.yaml:3: states.admin: the key 'headers' is missing"),
        (
            SMALL + "states:\n  client: seven\n",
            'target.yaml:4: states.client: "seven" does not fit; give the id (a UUID) of the client of `admin`',
        ),
        (SMALL + "headers: {x-n: 7}\n", "target.yaml:3: headers.x-n: 7 does not fit; give a header's value, printable"),
        (SMALL + "headers: {'x y': z}\n", "target.yaml:3: headers: "),
        (SMALL + "headers: {x: '${NOT_SET}'}\n", "target.yaml:3: headers.x: the variable NOT_SET is not set; set it: "),
        (SMALL + "rate_limit: 0\n", "target.yaml:3: rate_limit: 0 does not fit; give the most requests a second, "),
        (SMALL + "timeout: soon\n", 'target.yaml:3: timeout: "soon" does not fit; give seconds to wait'),
        (SMALL + "ca_file: nowhere.pem\n", "target.yaml:3: ca_file: there is no file nowhere.pem"),
        (SMALL + "email_domain: a@b\n", 'target.yaml:3: email_domain: "a@b" does not fit; give the domain of every'),
        (
            SMALL + "waivers:\n- {requirement: zzz, reason: x, expires: 2027-01-31}\n",
            "target.yaml:4: waivers.0.requirement: unknown requirement 'zzz'; `invite-conformance list`",
        ),
        (
            SMALL + "waivers:\n- {requirement: client-invites.409.rase, reason: x, expires: 2027-01-31}\n",
            "unknown requirement 'client-invites.409.rase'; did you mean client-invites.409.race",
        ),
        (
            SMALL + "waivers:\n- {requirement: client-invites.409.race, reason: x, expires: soon}\n",
            'target.yaml:4: waivers.0.expires: "soon" does not fit; give the last day on which the waiver holds, ',
        ),
    ],
)
def test_an_error_names_file_line_and_what_to_give(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


FAMILIES = "contract: family-invites\nbase_url: http://127.0.0.1:4010\nstates:\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            SMALL + f"states:\n  client: {CLIENT}\n  other_client: {{client: {CLIENT.upper()}, headers: {{x: y}}}}\n",
            "target.yaml:5: states.other_client.client: the same as `states.client` in line 4; it must be another",
        ),
        (
            SMALL
            + f"states:\n  admin: {{headers: {{x: y}}}}\n  other_client: {{client: {CLIENT}, headers: {{x: y}}}}\n",
            "target.yaml:5: states.other_client.headers: the same as `states.admin.headers` in line 4",
        ),
        (
            FAMILIES + "  foreign_family: a\n  family: a\n",
            "target.yaml:4: states.foreign_family: the same as `states.family` in line 5; it must be another",
        ),
        (
            FAMILIES + "  family: a\n  second_family: a\n",
            "target.yaml:5: states.second_family: the same as `states.family`",
        ),
    ],
)
def test_states_that_must_differ_are_refused_if_they_do_not(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(tmp_path, text)


@pytest.mark.parametrize("contract", contract_names())
def test_states_that_must_differ_are_states_of_the_schema(contract: str) -> None:
    states = schema(contract)["properties"]["states"]
    for name in [name for pair in states["x-distinct"] for name in pair]:
        state, _, member = name.partition(".")
        assert state in states["properties"], name
        assert not member or member in {"headers", *states["properties"][state].get("properties", ())}, name


def test_a_family_without_contact_may_be_the_second_one(tmp_path: Path) -> None:
    assert loaded(tmp_path, FAMILIES + "  family: a\n  second_family: b\n  family_without_contact: b\n").states


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:4010",
        "ftp://x",
        "http://",
        "http://x:99999",
        "http://x/?a=1",
        "http://x/#a",
        "http://a b",
        "http://[x",
    ],
)
def test_an_invalid_base_url_is_refused_wherever_it_comes_from(tmp_path: Path, url: str) -> None:
    give = "give the http or https URL that the contract's paths are appended to"
    assert give in refused(tmp_path, f"contract: client-invites\nbase_url: {url!r}\n")
    message = refused(tmp_path, SMALL, url)
    assert message.startswith("--base-url: ")
    assert give in message


def test_credentials_in_the_base_url_are_refused_and_not_repeated(tmp_path: Path) -> None:
    message = refused(tmp_path, SMALL, "http://me:s3cret@x.example")
    assert "it holds credentials, which belong under `headers`" in message
    assert "s3cret" not in message


def test_all_errors_are_given_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = SMALL + "timeout: x\nheaders: {a: '${NO}'}\ncolour: red\nstates: {client: y}\n"
    assert re.findall(r"^target\.yaml:(\d+): ", refused(tmp_path, text), re.MULTILINE) == ["3", "4", "5", "6"]


def test_no_error_shows_the_value_of_a_variable(tmp_path: Path) -> None:
    message = refused(tmp_path, SMALL + "headers: {a: '${KEY}'}\nstates: {client: '${KEY}'}\n", KEY="s3cret\n")
    assert message.count("does not fit") == 2
    assert "s3cret" not in message


def test_an_unreadable_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match=r"nowhere\.yaml: cannot be read: No such file or directory$"):
        load_target(tmp_path / "nowhere.yaml", {})


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9:80", True),
        ("[::1]:80", True),
        ("localhost", True),
        ("api.localhost", True),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("staging.example.com", False),
    ],
)
def test_only_this_machine_is_written_to_without_permission(host: str, loopback: bool) -> None:
    target = Target("client-invites", f"http://{host}")
    assert target.loopback is loopback
    target.permit("full", permitted=True)
    target.permit("read-only", permitted=False)
    if loopback:
        target.permit("full", permitted=False)
    else:
        with pytest.raises(TargetError, match="give --i-may-write-to-this-target if you may, or --mode read-only"):
            target.permit("safe", permitted=False)


def test_every_description_says_what_to_give() -> None:
    path = Path(invite_conformance.__file__).with_name("target") / "target.schema.yaml"
    assert all("description" in one or "$ref" in one for one in YamlFile(path).data["properties"].values())

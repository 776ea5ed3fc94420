"""The target file: which server is tested, and which states it can offer.

1. Whatever is wrong is a `TargetError` that names file, line, what it is and what to give instead; all of it at once.
2. `${NAME}` is the environment's; its value is a secret wherever it stands but in the base URL, and so is every header.
3. A host that is not loopback is written to only with the user's word.
"""

import ipaddress
import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs
from invite_specs import Json, YamlError, YamlFile, json_pointer, resolve

from invite_conformance.catalogue import catalogue, contract_names

_HERE = Path(__file__).parent
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OPEN_HEADERS = {"accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "user-agent"}
"""Headers whose values are no secret, and would hide half a report if they were taken for one."""


class TargetError(ValueError):
    """A target that cannot be tested; the message has a line for each reason."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A failure that is known and borne until a day."""

    requirement: str
    reason: str
    expires: date
    """The last day on which it holds."""
    line: int
    """Its line in the target file, from 1."""


@dataclass(frozen=True, slots=True)
class Target:
    """The implementation under test."""

    contract: str
    base_url: str
    """Without a slash at its end, user info, query or fragment."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request, unless a state's headers say otherwise."""
    ca_file: Path | None = None
    states: Mapping[str, Json] = field(default_factory=dict, repr=False)
    """What the server offers, by the names of the contract's states.schema.yaml; variables are expanded."""
    email_domain: str = "invite-conformance.example"
    rate_limit: float | None = None
    """Requests a second."""
    write_budget: int | None = None
    """The most requests in one run that may create something."""
    timeout: float = 10
    """Seconds."""
    retries: int = 0
    """On connection errors only."""
    accepted_statuses: tuple[int, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    setup: str | None = field(default=None, repr=False)
    """A command or URL that prepares a state."""
    redact: tuple[str, ...] = ()
    """Names of JSON members and headers whose values no report may show."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The name that stands in reports, such as `ADMIN_KEY`, and the value that must not."""
    path: Path = Path("target.yaml")

    @property
    def loopback(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def permit(self, mode: str, permitted: bool) -> None:
        """Raise TargetError if a run in that mode would write to another host without the user's permission."""
        if not (self.loopback or permitted or mode == "read-only"):
            raise TargetError(
                f"{self.base_url} is not on this machine, and a run in mode {mode} creates invites there: give "
                "--i-may-write-to-this-target if you may, or --mode read-only"
            )


def template(contract: str) -> str:
    """The target file to fill in for a contract. Raises TargetError, with the names there are, for an unknown one."""
    return (_folder(contract) / "target.yaml").read_text("utf-8")


def schema(contract: str) -> Json:
    """The JSON Schema of a contract's target files; raises as `template` does."""
    states = YamlFile(_folder(contract) / "states.schema.yaml").data
    document = YamlFile(_HERE / "target.schema.yaml").data
    document["properties"]["states"] = states
    document["properties"]["contract"]["const"] = contract
    return document


def load_target(path: Path, env: Mapping[str, str], base_url: str | None = None) -> Target:
    """The target in a file, its variables expanded from `env`; `base_url` goes before the file's.

    Raises TargetError.
    """
    try:
        file = YamlFile(path)
    except YamlError as error:
        raise TargetError(str(error)) from error
    given = file.data
    if not isinstance(given, dict) or not isinstance(given.get("contract"), str):
        raise TargetError(
            f"{path}:1: this is no target file: it must say `contract`, one of {', '.join(contract_names())}"
        )
    try:
        rules = schema(given["contract"])
    except TargetError as error:
        raise TargetError(f"{path}:{file.line('/contract')}: {error}") from error
    if base_url is not None:
        given = given | {"base_url": base_url}
    expanded, secrets, flaws = _expand(given, env)
    flaws = {**dict(_flaws(given, expanded, rules)), **flaws}
    if not flaws:
        flaws = dict(_unusable(expanded, rules, path))
    if flaws:
        places = sorted(flaws, key=partial(_line, file))
        lines = [f"{_where(file, place, base_url)}: {flaws[place]}" for place in places]
        raise TargetError("\n".join(lines))
    waivers = expanded.pop("waivers", ())
    return Target(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in expanded.items()}
        | {
            "base_url": expanded["base_url"].rstrip("/"),
            "ca_file": path.parent / expanded["ca_file"] if "ca_file" in expanded else None,
            "secrets": secrets,
            "path": path,
            "waivers": tuple(
                Waiver(
                    one["requirement"], one["reason"], date.fromisoformat(one["expires"]), file.line(f"/waivers/{i}")
                )
                for i, one in enumerate(waivers)
            ),
        }
    )


def _folder(contract: str) -> Path:
    if contract not in contract_names():
        raise TargetError(f"unknown contract {contract!r}; there are {', '.join(contract_names())}")
    return _HERE / contract.replace("-", "_")


_Place = tuple[str | int, ...]
"""The path of a value in the file."""


def _expand(given: Json, env: Mapping[str, str]) -> tuple[Json, dict[str, str], dict[_Place, str]]:
    """The data with its variables expanded, its secrets by name, and the places where a variable is missing."""
    secrets: dict[str, str] = {}
    missing: dict[_Place, str] = {}

    def expand(value: Json, place: _Place) -> Json:
        if isinstance(value, dict):
            return {key: expand(member, (*place, key)) for key, member in value.items()}
        if isinstance(value, list):
            return [expand(member, (*place, index)) for index, member in enumerate(value)]
        if not isinstance(value, str):
            return value
        names = _VARIABLE.findall(value)
        for name in names:
            if not env.get(name):
                missing[place] = f"the variable {name} is not set; set it: export {name}=…"
            elif place[0] != "base_url":
                secrets[name] = env[name]
        if place[-2:-1] == ("headers",) and not names and str(place[-1]).lower() not in _OPEN_HEADERS:
            named = "_".join(str(part) for part in place if part not in {"states", "headers"})
            secrets[re.sub(r"\W", "_", named).upper()] = value
        return _VARIABLE.sub(lambda match: env.get(match[1], ""), value)

    return expand(given, ()), secrets, missing


def _flaws(given: Json, expanded: Json, rules: Json) -> Iterator[tuple[_Place, str]]:
    """What does not fit the schema; a value is shown as it was written, so that no variable's value is told."""
    for error in jsonschema_rs.Draft202012Validator(rules, validate_formats=True).iter_errors(expanded):
        place = tuple(error.instance_path)
        # The last step of the schema's path is the keyword itself.
        rule = resolve(rules, json_pointer(error.schema_path[:-1]))
        if error.kind.name == "additionalProperties":
            for key in error.kind.as_dict()["unexpected"]:
                yield (*place, key), f"unknown key; the choices are {', '.join(rule['properties'])}"
        elif error.kind.name == "required":
            yield place, f"the key {error.kind.as_dict()['property']!r} is missing"
        else:
            shown = textwrap.shorten(json.dumps(resolve(given, json_pointer(place)), ensure_ascii=False), 80)
            yield place, f"{shown} does not fit; give {rule.get('description', 'another: ' + error.message)}"


def _unusable(expanded: Json, rules: Json, path: Path) -> Iterator[tuple[_Place, str]]:
    """What fits the schema and is of no use."""
    flaw = _url_flaw(expanded["base_url"])
    if flaw:
        yield ("base_url",), f"{flaw}; give {rules['properties']['base_url']['description']}"
    if "ca_file" in expanded and not (path.parent / expanded["ca_file"]).is_file():
        yield ("ca_file",), f"there is no file {path.parent / expanded['ca_file']}"
    known = [one.id for one in catalogue(expanded["contract"])]
    for index, waiver in enumerate(expanded.get("waivers", ())):
        if waiver["requirement"] not in known:
            given = waiver["requirement"]
            yield (
                ("waivers", index, "requirement"),
                f"unknown requirement {given!r}; the choices are {', '.join(known)}",
            )


def _line(file: YamlFile, place: _Place) -> int:
    try:
        return file.line(json_pointer(place))
    except LookupError:
        return 1  # a base URL of the command line, which the file need not have


def _where(file: YamlFile, place: _Place, base_url: str | None) -> str:
    """File, line and dotted name of a place, or the option that gave the value."""
    if base_url is not None and place == ("base_url",):
        return "--base-url"
    return f"{file.path}:{_line(file, place)}" + (f": {'.'.join(map(str, place))}" if place else "")


def _url_flaw(url: str) -> str | None:
    """Why a base URL cannot be used; None if it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        return str(error)
    if parts.username is not None or parts.password is not None:
        return "it holds credentials, which belong under `headers`"
    fits = parts.scheme in {"http", "https"} and parts.hostname and not (parts.query or parts.fragment)
    return None if fits and url.isascii() and not re.search(r"\s", url) else f"{url!r} does not fit"

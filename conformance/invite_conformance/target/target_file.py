"""The target file: how it is read, and every reason why it cannot be used.

1. An invalid file raises one `TargetError` with every violation: its file, line, what is wrong and what to give.
2. `${NAME}` is a variable of the environment; its value is a secret, except in the base URL, and so is every header.
"""

import json
import re
import textwrap
import uuid
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema_rs
from invite_specs import Document, OpenapiError, YamlError, YamlFile, json_pointer, resolve

from invite_conformance.judging.catalogue import (
    Catalogue,
    catalogue,
    contract_folder,
    contract_names,
    document_catalogue,
    unknown,
)
from invite_conformance.target.target import Target, TargetError, Waiver

_TEMPLATE = """# A server that is checked against what an OpenAPI document says. Fill in what is marked.
openapi: OPENAPI
base_url: BASE_URL
# Sent with every request. A variable of the environment is a secret, which no report shows.
# headers:
#   authorization: Bearer ${TOKEN}
# Statuses that the server may answer with although the document does not list them.
# accepted_statuses: [401, 429]
states: {}
  # Values of parameters that name something that exists. Without them the document's examples are sent.
  # parameters:
"""
_DOCUMENT_STATES: Document = {
    "type": "object",
    "description": "what the server can offer",
    "additionalProperties": False,
    "properties": {
        "parameters": {
            "type": "object",
            "description": "values of parameters by name, such as `petId: 10`",
            "additionalProperties": {"type": ["string", "number", "boolean"]},
        }
    },
}
_HERE = Path(__file__).parent
_FILES = ("ca_file", "client_cert", "client_key", "openapi")
_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OPEN_HEADERS = {"accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "user-agent"}
"""Headers whose values are not secret; they are words that stand in every report."""


def catalogue_of(target: Target) -> Catalogue:
    """What a target is checked against. Raises LookupError for a contract that the suite does not know."""
    return document_catalogue(target.openapi) if target.openapi else catalogue(target.contract)


def document_template(openapi: Path) -> str:
    """The target file to fill in for an OpenAPI document. Raises TargetError for a file that is none."""
    found = _of_document(openapi)
    servers: list[Document] = found.contract.assumed.get("servers") or [{}]
    url = str(servers[0].get("url", ""))
    base_url = url if url.startswith(("http://", "https://")) else "http://127.0.0.1:4010"
    parameters = sorted(
        {one.name for operation in found.contract.operations for one in operation.parameters if one.place == "path"}
    )
    text = _TEMPLATE.replace("OPENAPI", json.dumps(str(openapi))).replace("BASE_URL", base_url)
    return text + "".join(f"  #   {name}: REPLACE\n" for name in parameters)


def template(contract: str) -> str:
    """The target file to fill in for a contract: its own part, then what has a default in every contract.

    Raises TargetError, with the known names, for an unknown one.
    """
    own, defaults = _folder(contract) / "target.yaml", _HERE / "defaults.yaml"
    waived = catalogue(contract).requirements[0].id
    return f"{own.read_text('utf-8')}\n{defaults.read_text('utf-8').replace('CONTRACT.REQUIREMENT', waived)}"


def schema(contract: str) -> Document:
    """The JSON Schema of a contract's target files; raises as `template` does."""
    folder = _folder(contract)
    document = YamlFile(_HERE / "target.schema.yaml").data
    document["properties"]["states"] |= {"additionalProperties": False} | YamlFile(folder / "states.schema.yaml").data
    restore = folder / "restore.schema.yaml"
    if restore.is_file():
        document["properties"]["restore"] = YamlFile(restore).data
    document["properties"]["contract"]["const"] = contract
    return document


def load_target(path: Path, env: Mapping[str, str], base_url: str | None = None) -> Target:
    """The target in a file, its variables expanded from `env`; `base_url` overrides the file's.

    Raises TargetError.
    """
    try:
        file = YamlFile(path)
    except YamlError as error:
        raise TargetError(str(error)) from error
    given = file.data
    by = next(
        (key for key in ("contract", "openapi") if isinstance(given, dict) and isinstance(given.get(key), str)), ""
    )
    if not by:
        names = ", ".join(contract_names())
        raise TargetError(f"{path}:1: this is not a target file: give `contract`, one of {names}, or `openapi`, a file")
    try:
        if by == "openapi":
            openapi = path.parent / given["openapi"]
            found, rules = _of_document(openapi), document_schema()
            given = given | {"contract": found.contract.name}
        else:
            rules = schema(given["contract"])
    except TargetError as error:
        raise TargetError(f"{path}:{file.line(f'/{by}')}: {error}") from error
    if base_url is not None:
        given = given | {"base_url": base_url}
    expanded, secrets, violations = _expand(given, env)
    violations = {**dict(_violations(given, expanded, rules)), **violations}
    if not violations:
        violations = dict(_unusable(expanded, rules, path)) | dict(_not_distinct(expanded, rules, file))
    if violations:
        places = sorted(violations, key=partial(_line, file))
        lines = [f"{_where(file, place, base_url)}: {violations[place]}" for place in places]
        raise TargetError("\n".join(lines))
    waivers = expanded.pop("waivers", ())
    return Target(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in expanded.items()}
        | {
            "base_url": expanded["base_url"].rstrip("/"),
            **{key: path.parent / expanded[key] for key in _FILES if key in expanded},
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


def document_schema() -> Document:
    """The JSON Schema of the target files of documents that are no contract of the suite."""
    document = YamlFile(_HERE / "target.schema.yaml").data
    document["properties"]["states"] = _DOCUMENT_STATES
    document["properties"]["openapi"] = {"type": "string", "description": "the OpenAPI document, a file"}
    return document


def _of_document(path: Path) -> Catalogue:
    try:
        return document_catalogue(path)
    except OpenapiError as error:
        raise TargetError(str(error)) from error


def _folder(contract: str) -> Path:
    if contract not in contract_names():
        raise TargetError(f"unknown contract {contract!r}; the choices are {', '.join(contract_names())}")
    return contract_folder(contract)


_Place = tuple[str | int, ...]
"""The path of a value in the file."""


def _expand(given: Document, env: Mapping[str, str]) -> tuple[Document, dict[str, str], dict[_Place, str]]:
    """The data with its variables expanded, its secrets by name, and the places where a variable is missing."""
    secrets: dict[str, str] = {}
    missing: dict[_Place, str] = {}

    def expand(value: Document, place: _Place) -> Document:
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


def _violations(given: Document, expanded: Document, rules: Document) -> Iterator[tuple[_Place, str]]:
    """What does not fit the schema; a value is shown as the file has it, so that no variable's value is shown."""
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


def _unusable(expanded: Document, rules: Document, path: Path) -> Iterator[tuple[_Place, str]]:
    """What fits the schema and cannot be used."""
    violation = _url_violation(expanded["base_url"])
    if violation:
        yield ("base_url",), f"{violation}; give {rules['properties']['base_url']['description']}"
    for key in _FILES:
        if key in expanded and not (path.parent / expanded[key]).is_file():
            yield (key,), f"there is no file {path.parent / expanded[key]}"
    if "client_key" in expanded and "client_cert" not in expanded:
        yield ("client_key",), "there is no `client_cert` that it belongs to: give both"
    found = document_catalogue(path.parent / expanded["openapi"]) if "openapi" in expanded else None
    known = [one.id for one in (found or catalogue(expanded["contract"])).requirements]
    for index, waiver in enumerate(expanded.get("waivers", ())):
        if waiver["requirement"] not in known:
            yield ("waivers", index, "requirement"), unknown(waiver["requirement"], known)


def _not_distinct(expanded: Document, rules: Document, file: YamlFile) -> Iterator[tuple[_Place, str]]:
    """States that must differ and do not, as `x-distinct` of the states' schema says."""
    states = expanded.get("states", {})
    for pair in rules["properties"]["states"].get("x-distinct", ()):
        # Each of the two is a dotted name within `states`.
        first, second = ((*name.split("."),) for name in pair)
        one, other = (_given(states, place) for place in (first, second))
        if one is not None and _same(one, other):
            place = ("states", *second)
            yield place, f"the same as `states.{pair[0]}` in line {_line(file, ('states', *first))}; it must be another"


def _given(states: Document, place: _Place) -> Document:
    for key in place:
        states = states.get(key) if isinstance(states, dict) else None
    return states


def _same(one: Document, other: Document) -> bool:
    """Whether two states are equal; a UUID is, in whichever case it is written."""
    try:
        return uuid.UUID(one) == uuid.UUID(other)
    except (ValueError, AttributeError, TypeError):
        return bool(one == other)


def _line(file: YamlFile, place: _Place) -> int:
    try:
        return file.line(json_pointer(place))
    except LookupError:
        return 1  # a base URL of the command line, which the file may lack


def _where(file: YamlFile, place: _Place, base_url: str | None) -> str:
    """File, line and dotted name of a place, or the option that gave the value."""
    if base_url is not None and place == ("base_url",):
        return "--base-url"
    return f"{file.path}:{_line(file, place)}" + (f": {'.'.join(map(str, place))}" if place else "")


def _url_violation(url: str) -> str | None:
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

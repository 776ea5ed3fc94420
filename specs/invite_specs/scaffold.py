"""`python -m invite_specs.scaffold NAME FROM`: a new contract's folder in the specs, from its published document."""

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from invite_specs import contracts
from invite_specs.contract import Contract, contract_names
from invite_specs.names import unique
from invite_specs.new_contract import NewContractError, Written, command, folder_of, run, write
from invite_specs.openapi import Operation
from invite_specs.openapi_file import OpenapiError
from invite_specs.pointer import segments
from invite_specs.validity import invalidity
from invite_specs.workflow_draft import kebab, workflow
from invite_specs.yaml_file import Document

_RESERVED = {"control", "problems", "static"}
"""What pages of the mock are called."""
_VERBS = {"POST": "create", "PUT": "replace", "PATCH": "update"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code is 0, or 2 where nothing was written."""
    parser = command("invite_specs.scaffold", "Write a new contract's folder in the specs.")
    parser.add_argument("source", type=Path, metavar="FROM", help="an OpenAPI 3.0 or 3.1 document in one file")
    return run(parser, _scaffold, arguments)


def _scaffold(options: argparse.Namespace) -> Written:
    name, source = options.name, options.source
    if name in _RESERVED or name in contract_names():
        raise NewContractError(f"the name {name!r} is taken; choose another one")
    folder = folder_of(contracts.__path__, name, options.into)
    published = _published(name, source)
    ids = {(one.method, one.path): id_ for one, id_ in _ids(published.operations).items()}
    files: dict[str, str | bytes] = {"published.yaml": source.read_bytes()}
    about = {"published.yaml": f"{source}, unchanged"}
    unnamed = [one for one in published.operations if ids[one.method, one.path] != one.definition.get("operationId")]
    if unnamed:
        files["assumptions.yaml"] = _yaml(_assumptions(name, {one: ids[one.method, one.path] for one in unnamed}))
        about["assumptions.yaml"] = "the operationIds that the document lacks"
    workflows = [workflow(name, one, ids[one.method, one.path]) for one in published.operations]
    files["workflows.arazzo.yaml"] = _yaml(_arazzo(name, workflows))
    about["workflows.arazzo.yaml"] = "a workflow for each operation"
    write(folder, files)
    assume = "assumptions.yaml: what the document does not say and we must decide"
    left = [
        assume
        if unnamed
        else f"{assume},\n    an OpenAPI Overlay; it is not written, since nothing is needed for a start",
        "workflows.arazzo.yaml: values that a server has, and sequences of calls",
    ]
    return Written(folder, about, left)


def _published(name: str, source: Path) -> Contract:
    """The document that is to be published. Raises NewContractError for one that cannot be."""
    try:
        found = Contract(name, source)
    except OpenapiError as error:
        raise NewContractError(str(error)) from error
    if found.other_files:
        advice = "bundle them into one file, such as with `npx @redocly/cli bundle`, and give that"
        raise NewContractError(f"{source} refers to other files ({', '.join(found.other_files)[:200]}); {advice}")
    reason = next(iter(found.unusable.values()), None) or invalidity(found.published)
    if reason is not None:
        raise NewContractError(
            f"{source} is not a valid OpenAPI document: {reason}; correct it in a copy, and give that"
        )
    if not found.operations:
        raise NewContractError(f"{source} has no operations; give a document with `paths`")
    return found


def _ids(operations: Sequence[Operation]) -> dict[Operation, str]:
    """The id of each operation: the document's, else one of its method and path."""
    own = [str(one.definition["operationId"]) for one in operations if one.definition.get("operationId")]
    taken = set(own)
    return {
        one: str(one.definition.get("operationId") or "") or unique(_id(one.method, one.path), taken)
        for one in operations
    }


def _id(method: str, path: str) -> str:
    """`deleteTeamsOffersByOfferId` for `DELETE /teams/{teamId}/offers/{offerId}`."""
    *_, last = ["", *path.split("/")]
    words = re.findall(r"[A-Za-z0-9]+", re.sub(r"\{[^}]*\}", " ", path))
    if last.startswith("{"):
        words += ["by", *re.findall(r"[A-Za-z0-9]+", last)]
    return _VERBS.get(method, method.lower()) + "".join(word[:1].upper() + word[1:] for word in words)


def _assumptions(name: str, ids: Mapping[Operation, str]) -> Document:
    """An Overlay that gives operations their ids."""
    actions = [
        {
            "target": _json_path(one.pointer),
            "update": {
                "operationId": id_,
                "x-assumption": {
                    "id": f"operation-id-{kebab(id_)}",
                    "reason": "Tools need a stable name for the operation.",
                    "source": "OpenAPI 3.1, Operation Object, operationId",
                },
            },
        }
        for one, id_ in ids.items()
    ]
    return {
        "overlay": "1.0.0",
        "info": {"title": f"Assumptions about {name}", "version": "1.0.0"},
        "actions": actions,
    }


def _json_path(pointer: str) -> str:
    """The JSONPath (RFC 9535) of what is at a JSON Pointer."""
    quoted = (one.replace("\\", "\\\\").replace("'", "\\'") for one in segments(pointer))
    return "$" + "".join(f".{one}" if re.fullmatch(r"[a-zA-Z_]\w*", one) else f"['{one}']" for one in quoted)


def _arazzo(name: str, workflows: Sequence[Document]) -> Document:
    return {
        "arazzo": "1.0.1",
        "info": {"title": f"Sequences of {name}", "version": "1.0.0"},
        "sourceDescriptions": [{"name": name, "url": "published.yaml", "type": "openapi"}],
        "workflows": [*workflows],
    }


class _Dumper(yaml.SafeDumper):
    """Writes every value where it stands, and lists as the other files have them."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # PyYAML's signature
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # as above
        super().increase_indent(flow, False)


def _yaml(document: Document) -> str:
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000)
    return text


if __name__ == "__main__":
    sys.exit(main())

"""A workflow that calls one operation, as a start for those that a person writes (Arazzo 1.0.1)."""

import re

from invite_specs.openapi import Operation, Parameter, Part
from invite_specs.placeholder import placeholder
from invite_specs.yaml_file import Document, Json


def workflow(contract: str, operation: Operation, operation_id: str) -> Document:
    """A workflow of one call, which is to succeed."""
    required = [one for one in operation.parameters if one.required]
    inputs = {_input(one): {"default": _value(one)} for one in required}
    step = {
        "stepId": "call",
        "operationPath": f"{{$sourceDescriptions.{contract}.url}}#{operation.pointer}",
        "parameters": [{"name": one.name, "in": one.place, "value": f"$inputs.{_input(one)}"} for one in required],
        **({"requestBody": _body(operation.body)} if operation.body is not None else {}),
        "successCriteria": [{"condition": f"$statusCode == {_success(operation)}"}],
    }
    return {
        "workflowId": kebab(operation_id),
        "summary": str(operation.definition.get("summary") or f"{operation.method} {operation.path}"),
        "x-requirements": [f"{contract}.{operation_id}.statuses.documented"],
        "inputs": {"type": "object", "properties": inputs},
        "steps": [step if required else {name: value for name, value in step.items() if name != "parameters"}],
    }


def kebab(name: str) -> str:
    """`cancel-offer` for `cancelOffer`."""
    return "-".join(re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()))


def _input(parameter: Parameter) -> str:
    return re.sub(r"\W", "_", parameter.name)


def _value(parameter: Parameter) -> Json:
    definition = parameter.definition
    if "example" in definition:
        return definition["example"]  # type: ignore[no-any-return]  # a document's JSON
    schema = parameter.schema or next(iter(parameter.content.values()), None)
    return "text" if schema is None else placeholder(parameter.document, schema)


def _body(body: Part) -> Document:
    """A body in the first documented media type, JSON if that is one."""
    media_type = min(body.content, key=lambda one: "json" not in one)
    schema = body.content[media_type]
    value = next(iter(body.examples(media_type).values()), None)
    if value is None:
        value = "text" if schema is None else placeholder(body.document, schema)
    return {"contentType": media_type, "payload": value}


def _success(operation: Operation) -> int:
    """The first documented success; 200 where a class or `default` stands for it."""
    return next((status for status in operation.statuses if 200 <= status < 400), 200)

"""OpenAPI documents as pages show them: each operation with an example that can be sent as it is."""

from collections.abc import Iterator, Mapping, Sequence

from invite_specs import Contract, Document, Json, json_pointer, resolve
from invite_specs.pointer import segments

from invite_mock.documents.document import ServedDocument
from invite_mock.http.service import Sample


def shown_contract(contract: Contract, samples: Sequence[Sample]) -> Document:
    """The assumed document of a contract, with examples that succeed in a world.

    The publisher lists the tags of all its APIs, and a page would show each, empty.
    """
    used = {tag for one in contract.operations for tag in one.definition.get("tags", [])}
    tags = [tag for tag in contract.assumed.get("tags", []) if tag["name"] in used]
    by_operation = {one.operation: one for one in samples}
    examples = {
        f"{parameter.pointer}/example": sample.parameters[parameter.name]
        for operation in contract.operations
        if (sample := by_operation.get(operation.id)) is not None
        for parameter in operation.parameters
        if parameter.name in sample.parameters
    }
    return _with(contract.assumed, examples) | {"tags": tags}


def shown_document(served: ServedDocument) -> Document:
    """A document, with an example wherever it has none for a required parameter or a body."""
    return _with(served.contract.assumed, dict(_missing(served)))


def _missing(served: ServedDocument) -> Iterator[tuple[str, Json]]:
    for operation in served.operations:
        for parameter, value in served.examples.parameters(operation).items():
            if not _has_example(parameter.definition):
                yield f"{parameter.pointer}/example", value
        content = served.examples.content(operation)
        if operation.body is not None and content is not None:
            media = operation.body.pointer + json_pointer(["content", content.media_type])
            if not _has_example(resolve(operation.document, media)):
                yield f"{media}/example", content.value


def _has_example(definition: Document) -> bool:
    return "example" in definition or "examples" in definition


def _with(document: Document, values: Mapping[str, Json]) -> Document:
    """A document that has those values at those JSON Pointers; what does not change is not copied."""
    below: dict[str, dict[str, Json]] = {}
    found = document.copy()
    for pointer, value in values.items():
        first, *rest = segments(pointer)
        if rest:
            below.setdefault(first, {})[json_pointer(rest)] = value
        else:
            found[first] = value
    for name, inner in below.items():
        key = int(name) if isinstance(document, list) else name
        found[key] = _with(document[key], inner)
    return found

"""Second opinions: schemathesis and openapi-core validate every response again, beside the suite's own checks.

1. Both validate against the published document: media type and schema, formats asserted. A `discriminator` is left out,
   since it changes nothing about what is valid (OpenAPI 3.1.1 section 4.8.25), and both let it.
2. A response whose status the document does not list, that it gives no content, or whose body is no JSON, is not
   validated: no schema applies to it. A library that fails on a response, or does not assert what another finds wrong,
   has no opinion of it.
3. Where the three do not agree the suite does not know: the verdict on the requirement concerned is an error that says
   what each finds, never a failure.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Protocol

from invite_specs import Contract, Document, Operation

from invite_conformance.http.exchange import Call
from invite_conformance.http.json_text import read_json
from invite_conformance.http.response import Response
from invite_conformance.judging.complaint import Complaint
from invite_conformance.judging.derived.responses import Documented
from invite_conformance.judging.openapi_core_opinion import OpenapiCoreOpinion
from invite_conformance.judging.schemathesis_opinion import NOT_ASSERTED, SchemathesisOpinion


class _Validator(Protocol):
    def complaints(self, operation: Operation, response: Response) -> tuple[Complaint, ...] | None:
        """What the library finds wrong with a response to an operation; None if it cannot say."""
        ...


class SecondOpinions:
    """Validates the responses of one contract; `documented` says which requirement a part of a response belongs to."""

    def __init__(self, contract: Contract, documented: Mapping[tuple[str, str], Documented]) -> None:
        self._prefix = contract.name
        self._documented = documented
        self._operations = {one.id: one for one in contract.published_operations}
        document = _without_discriminators(contract.published)
        self._validators: dict[str, _Validator] = {
            "schemathesis": SchemathesisOpinion(document),
            "openapi-core": OpenapiCoreOpinion(document),
        }
        self._validated: dict[tuple[str, int, str, bytes], dict[str, tuple[Complaint, ...]]] = {}

    def complaints(self, call: Call, response: Response) -> dict[str, tuple[Complaint, ...]]:
        """What each library finds wrong with the response to a call; empty if they cannot validate it."""
        key = (call.operation, response.status, response.header("content-type"), response.body)
        if call.elsewhere:
            return {}
        if key not in self._validated:
            self._validated[key] = self._validate(call, response)
        return self._validated[key]

    def _validate(self, call: Call, response: Response) -> dict[str, tuple[Complaint, ...]]:
        documented = self._of(call, response)
        if documented is None or not documented.response.content or self._is_arguable(documented):
            return {}
        text = read_json(response.body)
        if not text.well_formed or text.marked or text.unpaired:
            return {}
        found = {name: self._opinion(one, documented.operation, response) for name, one in self._validators.items()}
        if found["openapi-core"] and any(NOT_ASSERTED & one.formats for one in found["openapi-core"]):
            found["schemathesis"] = found["schemathesis"] or None
        return {name: one for name, one in found.items() if one is not None}

    @staticmethod
    def _opinion(validator: _Validator, operation: Operation, response: Response) -> tuple[Complaint, ...] | None:
        try:
            return validator.complaints(operation, response)
        except Exception:  # noqa: BLE001  # a library that fails on a response has no opinion of it
            return None

    def _is_arguable(self, documented: Documented) -> bool:
        """Whether a schema has what is for requests only: to schemathesis an error, to JSON Schema an annotation."""
        return bool(documented.only_written)

    def _of(self, call: Call, response: Response) -> Documented | None:
        """What is documented for the status of a response."""
        operation = self._operations.get(call.operation)
        found = operation.response(response.status) if operation else None
        documented = self._documented[call.operation, found.status] if found else None
        return documented if documented is not None and documented.is_for(response.status) else None

    def disagreements(self, call: Call, response: Response, violated: Collection[str]) -> Iterator[tuple[str, str]]:
        """Each requirement on which the validators differ about the response to a call, and what they find.

        `violated` are the requirements that the response violates, as the suite's own checks find.
        """
        complaints, documented = self.complaints(call, response), self._of(call, response)
        if not complaints or documented is None:
            return
        prefix = f"{self._prefix}.{call.operation}."
        about = {
            f"{prefix}{documented.media_type}",
            *(f"{prefix}{documented.slug(one)}" for one in ((), *documented.members)),
        }
        ours = sorted(about.intersection(violated))
        if len({bool(ours), *map(bool, complaints.values())}) == 1:
            return
        opinions = [f"{name} says {found[0].reason if found else 'that it fits'}" for name, found in complaints.items()]
        opinions.append("the suite's checks say " + (f"that it violates {', '.join(ours)}" if ours else "that it fits"))
        theirs = [one.path for found in complaints.values() for one in found]
        slugs = {
            documented.media_type if path is None else documented.slug(documented.requirement_at(path))
            for path in theirs
        }
        concerned = set(ours) or {f"{prefix}{slug}" for slug in slugs}
        for requirement in sorted(concerned):
            yield requirement, f"validators disagree about one response {response.status}: {'; '.join(opinions)}"


def _without_discriminators(document: Document) -> Document:
    """A document without discriminators; what has none is not copied."""
    if isinstance(document, list):
        items = [_without_discriminators(one) for one in document]
        return items if any(new is not old for new, old in zip(items, document, strict=True)) else document
    if not isinstance(document, dict):
        return document
    members = {name: _without_discriminators(one) for name, one in document.items() if not _discriminates(name, one)}
    same = len(members) == len(document) and all(members[name] is one for name, one in document.items())
    return document if same else members


def _discriminates(name: str, value: Document) -> bool:
    return name == "discriminator" and isinstance(value, dict) and isinstance(value.get("propertyName"), str)

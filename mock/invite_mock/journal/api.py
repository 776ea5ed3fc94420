"""What the journal knows of one API that the mock serves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from invite_specs import Contract, Operation

from invite_mock.http.problems import GENERAL, Problem, Problems
from invite_mock.state.contents import Contents
from invite_mock.state.kind import Kind
from invite_mock.state.members import Credential, members

_AUTHORIZATION = {"http", "oauth2", "openIdConnect"}
"""The types of security schemes whose credentials are sent as `Authorization`."""


class KeyField(NamedTuple):
    """A header field by which callers are known, and whose value it is."""

    header: str
    """In lower case."""
    kind: Kind[Any]
    field: str
    """The field of the kind's entities that has the value."""


class Sentence(NamedTuple):
    """What the document says about an answer."""

    text: str
    pointer: str
    """JSON Pointer into the document."""
    source: str
    """File and line, or the assumption that says it."""


@dataclass(frozen=True, eq=False)
class Api:
    """A contract or a document, as it is served."""

    contract: Contract
    operations: Sequence[Operation]
    problems: Problems
    """Its own refusals, by code."""
    contents: Contents | None
    """None for a document alone."""

    @property
    def name(self) -> str:
        """The contract's name."""
        return self.contract.name

    def problem(self, code: str) -> Problem | None:
        """The entry of a code in the table of problems."""
        return self.problems.get(code) or GENERAL.get(code)

    @cached_property
    def keys(self) -> Sequence[KeyField]:
        """The header fields by which callers are known."""
        return tuple(self._keys())

    @cached_property
    def secret_fields(self) -> frozenset[str]:
        """The header fields that the document's security schemes name, in lower case."""
        schemes = self._schemes.values()
        return frozenset(str(one["name"]).lower() for one in schemes if one.get("in") == "header" and "name" in one)

    def header_fields(self, operation_id: str | None) -> frozenset[str]:
        """The header fields that an operation documents, in lower case: parameters and credentials."""
        parameters = [one for each in self.operations if each.id == operation_id for one in each.parameters]
        found = {one.name.lower() for one in parameters if one.place == "header"}
        places = {one.place for one in parameters} | {str(one.get("in")) for one in self._schemes.values()}
        if "cookie" in places:
            found.add("cookie")
        if any(one.get("type") in _AUTHORIZATION for one in self._schemes.values()):
            found.add("authorization")
        return self.secret_fields | found

    @property
    def _schemes(self) -> Mapping[str, Mapping[str, Any]]:
        found: Mapping[str, Mapping[str, Any]] = self.contract.assumed.get("components", {}).get("securitySchemes", {})
        return {name: one for name, one in found.items() if isinstance(one, dict)}

    def _keys(self) -> Iterator[KeyField]:
        for kind in self.contents.kinds if self.contents else ():
            for field, member in members(kind.entity).items():
                scheme = member.type.text.scheme if isinstance(member.type.text, Credential) else ""
                header = self._schemes.get(scheme, {}).get("name")
                if header is not None and field in kind.unique:
                    yield KeyField(str(header).lower(), kind, field)

    def sentence(self, operation: Operation, status: int, code: str = "") -> Sentence | None:
        """What the document says about a status: the line of its description that names the code, or all of it."""
        key = (operation.pointer, status, code)
        if key not in self._sentences:
            self._sentences[key] = self._sentence(operation, status, code)
        return self._sentences[key]

    @cached_property
    def _sentences(self) -> dict[tuple[str, int, str], Sentence | None]:
        return {}

    def _sentence(self, operation: Operation, status: int, code: str) -> Sentence | None:
        response = operation.response(status)
        if response is None:
            return None
        lines = str(response.definition.get("description", "")).split("\n")
        text = next((line for line in lines if code and code in line), " ".join(filter(None, lines))).strip()
        return Sentence(text, response.pointer, self._source(f"{response.pointer}/description", text))

    def _source(self, pointer: str, text: str) -> str:
        """Where the text is that stands at a JSON Pointer, or a part of it."""
        try:
            assumption = self.contract.assumption_at(pointer)
        except LookupError:
            # There is no such text: OpenAPI requires it, and a document may still lack it.
            assumption = None
        if assumption is not None:
            return f"assumption {assumption}"
        path = self.contract.published_path
        name = f"{path.parent.name}/{path.name}"
        try:
            first = self.contract.line(pointer)
        except LookupError:
            return name
        # YAML folds a text over several lines: the part begins where its first word stands.
        word = text.partition(" ")[0]
        following = enumerate(path.read_text("utf-8").split("\n")[first - 1 :], first)
        return f"{name}:{next((number for number, line in following if word in line), first)}"

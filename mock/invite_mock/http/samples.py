"""Samples: requests that succeed in a world, and the credentials that it contains. For pages and the start banner.

A sample is found by trial: the documented examples, with the ids and credentials of the world, are given to the rule in
a copy of the world until one succeeds. What neither has is made from the document.
"""

import itertools
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cached_property
from typing import NamedTuple

from invite_specs import Contract, Document, Json, Operation, Parameter, follow, resolve

from invite_mock.documents.examples import Examples
from invite_mock.documents.made_values import ValueMaker
from invite_mock.http.messages import Envelope, Request, is_json
from invite_mock.http.problems import Refused
from invite_mock.http.rule import Rule
from invite_mock.http.schema import Schemas
from invite_mock.http.service import Service
from invite_mock.state.contents import Contents
from invite_mock.state.contract_world import ContractWorld
from invite_mock.state.invite_entry import INVITES
from invite_mock.state.members import Credential as CredentialType
from invite_mock.state.members import members
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.store import WorldRow
from invite_mock.state.world import MAIN, World

_MOST_TRIALS = 1000


class Sample(NamedTuple):
    """A request that a world answers with success."""

    operation: str
    """The operationId."""
    parameters: Mapping[str, Json]
    """The parameters of the path, and others that are required, by name."""
    credentials: Mapping[str, str]
    """Security scheme to value."""
    body: Json


class Credential(NamedTuple):
    """A credential that a world document contains."""

    scheme: str
    """The security scheme's name in the assumed document."""
    value: str
    holder: str
    """Whose it is, for a person."""


def credentials(contents: Contents, document: Document) -> Iterator[Credential]:
    """Each credential in a world document, with its holder."""
    for kind in contents.kinds:
        for one in members(kind.entity).values():
            if not isinstance(one.type.text, CredentialType):
                continue
            for entry, parent in _entries(contents, document, kind.plural):
                if one.name in entry:
                    fields = members(kind.entity).values()
                    said = [str(entry[each.name]) for each in fields if each.required and each.name in entry]
                    own = [text for text in said if text != entry.get("id")]
                    of = f" of {parent.get('name') or parent['id']}" if parent else ""
                    yield Credential(one.type.text.scheme, entry[one.name], ", ".join(own) + of)


def _entries(contents: Contents, document: Document, plural: str) -> Iterator[tuple[Document, Document]]:
    """The entries of a kind, or of the invites, in a world document, each with what contains it."""
    for entry in document.get(plural, []):
        yield entry, None
    for kind in contents.kinds:
        if kind.plural in document:
            for entry in document[kind.plural]:
                yield from ((one, parent or entry) for one, parent in _entries(contents, entry, plural))


def samples(contract: Contract, service: Service, document: Document, now: int) -> list[Sample]:
    """A request for each operation that succeeds in a world of that document at that instant, if one is found."""
    row = WorldRow(MAIN, None, None, frozen_at=now)
    with closing(open_store("memory:")) as store, store.transaction():
        store.put_world(row)
        trial = _Trial(contract, service, World(store, row))
        service.contents.populate(trial.world, document)
        return [one for operation in contract.operations if (one := trial.sample(operation)) is not None]


class _Undone(Exception):  # noqa: N818  # no error: it ends a trial that succeeded
    """Undoes what a trial has written."""


class _Trial:
    """A copy of a world, in which requests are tried."""

    def __init__(self, contract: Contract, service: Service, world: World) -> None:
        self._contract = contract
        self._service = service
        self._whole_world = world

    @cached_property
    def _made(self) -> Examples:
        schemas = Schemas(self._contract.assumed)
        return Examples(schemas, ValueMaker(schemas), self._whole_world.now())

    @property
    def world(self) -> ContractWorld:
        """The contract's part of the world, for one decision."""
        return ContractWorld(self._whole_world, self._contract.name)

    def sample(self, operation: Operation) -> Sample | None:
        """A request to an operation that succeeds; None if none of those that are tried does."""
        rule = Rule(self._contract.name, operation, self._service)
        contents = self._service.contents
        document = contents.export(self.world)
        needed = [one for one in operation.parameters if one.required]
        values = [
            (one.place == "path" and list(_ids(contents, operation, one, document)))
            or [self._made.parameters(operation).get(one)]
            for one in needed
        ]
        keys = [*credentials(contents, document), None]
        bodies = list(_bodies(operation))
        if not bodies and operation.body is not None and operation.body.definition.get("required"):
            content = self._made.content(operation)
            bodies = [content.value] if content is not None else []
        tried = itertools.product(itertools.product(*values), keys, bodies or [None])
        trials = 0
        for each, key, body in tried:
            given = {key.scheme: key.value} if key else {}
            parameters = {one.name: value for one, value in zip(needed, each, strict=True)}
            for number in itertools.count():
                sample = Sample(operation.id, parameters, given, _variant(body, number))
                status = self._try(rule, _request(self._contract, operation, sample))
                if status is None:
                    return sample
                trials += 1
                if trials == _MOST_TRIALS:
                    return None
                # After a conflict another address may do; after any other refusal it would not.
                if status != 409 or _variant(body, 1) == body:
                    break
        return None

    def _try(self, rule: Rule, request: Request) -> int | None:
        """The status with which a request is refused; None if it succeeds. Nothing is changed."""
        try:
            with self._whole_world.store.savepoint():
                rule.answer(request, self.world)
                raise _Undone
        except _Undone:
            return None
        except Refused as refused:
            return self._service.refusals.answer(refused, request.path).status


def _ids(contents: Contents, operation: Operation, parameter: Parameter, document: Document) -> Iterator[Json]:
    """The ids that may be in a path: those of the list that the segment before is called like, or else all."""
    segment = operation.path.partition(f"/{{{parameter.name}}}")[0].rpartition("/")[2]
    lists = [*(one.plural for one in contents.kinds), INVITES]
    for plural in [segment] if segment in lists else lists:
        yield from (entry["id"] for entry, _ in _entries(contents, document, plural) if "id" in entry)


def _bodies(operation: Operation) -> Iterator[Json]:
    """The documented examples of the body."""
    if operation.body is not None:
        for name in operation.body.content:
            if is_json(name):
                yield from operation.body.examples(name).values()


def _variant(body: Json, number: int) -> Json:
    """The body with other email addresses; with those that it has for the number 0."""
    if number == 0 or not isinstance(body, dict):
        return body
    return {name: value.replace("@", f"{number}@") if isinstance(value, str) else value for name, value in body.items()}


def _request(contract: Contract, operation: Operation, sample: Sample) -> Request:
    schemes = contract.assumed.get("components", {}).get("securitySchemes", {})
    defaults = {
        one.name: resolve(one.document, follow(one.document, one.schema)) for one in operation.parameters if one.schema
    }
    return Request(
        path=operation.path,
        parameters={name: str(value) for name, value in sample.parameters.items()},
        headers={
            schemes[scheme]["name"].lower(): value
            for scheme, value in sample.credentials.items()
            if "name" in schemes.get(scheme, {})
        },
        query="",
        body=sample.body,
        violations=(),
        envelope=Envelope(MAIN, ""),
        arguments={name: one["default"] for name, one in defaults.items() if "default" in one} | {**sample.parameters},
    )

"""The documentation pages: an interactive one for each document, the problems, a start page."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import orjson
import yaml
from invite_specs import Contract, Document, Operation
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from invite_mock.apis import Apis
from invite_mock.control.problems import PROBLEMS as CONTROL_PROBLEMS
from invite_mock.documents.examples import written
from invite_mock.http.example_request import ExampleRequest
from invite_mock.http.messages import ENVELOPE, Answer
from invite_mock.http.problems import GENERAL, Problem, Refused
from invite_mock.http.samples import Sample, credentials, samples
from invite_mock.pages.shown_document import shown_contract, shown_document
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.world import MAIN
from invite_mock.state.worlds import Worlds

_CONTROL = "control"
_MOST_OPEN = 20
"""The most operations that a page shows without a click."""


class Key(NamedTuple):
    """A key that a world contains."""

    header: str
    """The header that carries it."""
    value: str
    holder: str


class Pages:
    """The pages of one mock as an ASGI application; each is about the world whose prefix is in its path.

    `control_api` is the control API's document, or None where it is not served. Without `with_keys` no page shows a
    key.
    """

    def __init__(self, apis: Apis, worlds: Worlds, control_api: Document, *, with_keys: bool) -> None:
        self._apis = apis
        self._worlds = worlds
        self._control_api = control_api
        self._with_keys = with_keys
        # Keys that are hidden are those of contracts.
        self._keys_are_hidden = not with_keys and bool(apis.contracts)
        # It is asked for twice by each page, and takes seconds for a thousand operations.
        self._shown_document = cache(shown_document)
        self._templates = Environment(
            loader=PackageLoader("invite_mock"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        package = find_spec("swagger_ui")
        if package is None or not package.submodule_search_locations:
            raise ModuleNotFoundError(
                "swagger-ui-py is not installed, which ships the documentation pages' scripts", name="swagger_ui"
            )
        static = Path(package.submodule_search_locations[0]) / "static"
        self._router = Router(
            [
                Route("/", self._start),
                Mount("/docs/static", StaticFiles(directory=static)),
                *(
                    Route(path + slash, page)
                    for path, page in (
                        ("/docs", self._start),
                        ("/docs/problems", self._problems),
                        ("/docs/{name}", self._contract),
                    )
                    for slash in ("", "/")
                ),
                Route("/docs/{name}/openapi.json", self._json),
                Route("/docs/{name}/openapi.yaml", self._yaml),
            ],
            # A redirect would leave the world, whose prefix is not in the path that is routed.
            redirect_slashes=False,
            default=_unknown,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page, or raise Refused."""
        if scope["method"] in {"GET", "HEAD"}:
            await self._page(scope, receive, send)
            return
        # Raises Refused if there is no such page.
        await self._page({**scope, "method": "HEAD"}, receive, _discard)
        allow = {"Allow": "GET, HEAD, OPTIONS"}
        if scope["method"] != "OPTIONS":
            scope[ENVELOPE].outcome = "unmatched"
            reason = f"{scope['path']} is a page; it has {allow['Allow']}."
            raise Refused(Refusal("Request.MethodNotAllowed", reason), headers=allow)
        # RFC 9110 section 9.3.7
        await Answer(204, headers=allow).send(send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._router(scope, receive, send)
        except HTTPException:
            # Static files raise it for a file that does not exist.
            await _unknown(scope, receive, send)

    def _samples(self, contract: Contract, world: str) -> list[Sample]:
        """A request to each operation that currently succeeds in the world; an operation without one is left out."""
        return samples(contract, self._apis.services[contract.name], *self._state(world))

    def _state(self, world: str) -> tuple[Document, int]:
        """The current world document of a world, or the one with which it will be created, and its instant."""
        with self._worlds.store.snapshot():
            found = self._worlds.find(world)
            if found is None:
                return self._worlds.document, clock.machine_now()
            return self._worlds.export(found), found.now()

    def curls(self, base: str, world: str = MAIN, *, with_keys: bool = True) -> list[str]:
        """A request to each API that currently succeeds, as a command for a shell; the world is found at `base`.

        Without `with_keys` a placeholder stands for each key.
        """
        found = []
        for contract in self._apis.contracts:
            for sample in self._samples(contract, world)[:1]:
                keys = sample.credentials if with_keys else dict.fromkeys(sample.credentials, "KEY")
                found.append(_example(contract, sample._replace(credentials=keys)))
        for document in self._apis.documents:
            # The simplest one: without a body, and with few parameters.
            operation = min(
                document.operations, key=lambda one: (one.method != "GET", one.path == "/", one.path.count("{"))
            )
            found.append(document.examples.request(operation))
        return [one.curl(base) for one in found]

    def keys(self, world: str = MAIN) -> list[Key]:
        """The current keys of a world."""
        state, _ = self._state(world)
        return [
            Key(header, credential.value, credential.holder)
            for one in self._apis.contracts
            for credential in credentials(self._apis.services[one.name].contents, state)
            if (header := _header(one, credential.scheme))
        ]

    def problems(self) -> dict[str, Problem]:
        """Every code."""
        found = dict(GENERAL)
        if self._control_api is not None:
            found |= CONTROL_PROBLEMS
        for service in self._apis.services.values():
            found |= service.refusals.problems
        return found

    def _render(self, template: str, request: Request, **values: object) -> HTMLResponse:
        world = request.scope[ENVELOPE].world
        prefix = "" if world == MAIN else f"/@{world}"
        base = str(request.base_url).rstrip("/")
        return HTMLResponse(
            self._templates.get_template(template).render(world=world, prefix=prefix, base=base, **values)
        )

    async def _start(self, request: Request) -> Response:
        world = request.scope[ENVELOPE].world
        base = str(request.base_url).rstrip("/") + ("" if world == MAIN else f"/@{world}")
        return self._render(
            "index.html",
            request,
            apis=[(one, [_line(each) for each in served]) for one, served in self._apis.all],
            most_open=_MOST_OPEN,
            curls=self.curls(base, world, with_keys=self._with_keys),
            keys=self.keys(world) if self._with_keys else [],
            keys_are_hidden=self._keys_are_hidden,
            control=self._control_api is not None,
        )

    async def _problems(self, request: Request) -> Response:
        return self._render("problems.html", request, problems=sorted(self.problems().items()))

    async def _contract(self, request: Request) -> Response:
        name = request.path_params["name"]
        document = self._document(request)
        contract = next((one for one in self._apis.contracts if one.name == name), None)
        found = [] if contract is None else self._samples(contract, request.scope[ENVELOPE].world)
        keys = {scheme: value for one in reversed(found) for scheme, value in one.credentials.items()}
        return self._render(
            "contract.html",
            request,
            name=name,
            credentials=keys if self._with_keys else {},
            keys_are_hidden=self._keys_are_hidden,
            is_large=len(document["paths"]) > _MOST_OPEN,
        )

    def _document(self, request: Request) -> Document:
        """The requested document, with examples that succeed in the request's world. Raises Refused."""
        name, world = request.path_params["name"], request.scope[ENVELOPE].world
        if name == _CONTROL and self._control_api is not None:
            return self._control_api
        servers = {"servers": [{"url": "/" if world == MAIN else f"/@{world}"}]}
        for contract in self._apis.contracts:
            if contract.name == name:
                return shown_contract(contract, self._samples(contract, world)) | servers
        for document in self._apis.documents:
            if document.contract.name == name:
                return self._shown_document(document) | servers
        raise _no_page(request.scope)

    async def _json(self, request: Request) -> Response:
        content = orjson.dumps(self._document(request), option=orjson.OPT_INDENT_2)
        return Response(content, media_type="application/json", headers=_shared(request))

    async def _yaml(self, request: Request) -> Response:
        text = yaml.safe_dump(self._document(request), sort_keys=False, allow_unicode=True, width=120)
        return Response(text, media_type="application/yaml", headers=_shared(request))


def _shared(request: Request) -> dict[str, str]:
    """Pages of other origins may read a contract's document, as they may call the contract."""
    return {} if request.path_params["name"] == _CONTROL else {"Access-Control-Allow-Origin": "*"}


def _no_page(scope: Scope) -> Refused:
    scope[ENVELOPE].outcome = "unmatched"
    return Refused(Refusal("Request.NotFound", f"There is no page {scope['path']}; the start page, /, links to all."))


async def _unknown(scope: Scope, _receive: Receive, _send: Send) -> None:
    raise _no_page(scope)


async def _discard(_message: Message) -> None:
    """Send nothing."""


def _header(contract: Contract, scheme: str) -> str | None:
    """The header that carries a security scheme's value; None where an overlay has removed the scheme."""
    schemes = contract.assumed.get("components", {}).get("securitySchemes", {})
    name: str | None = schemes.get(scheme, {}).get("name")
    return name


def _example(contract: Contract, sample: Sample) -> ExampleRequest:
    operation = next(one for one in contract.operations if one.id == sample.operation)
    parameters = {one: sample.parameters[one.name] for one in operation.parameters if one.name in sample.parameters}
    request = written(operation, parameters)
    headers = {} if sample.body is None else {"Content-Type": "application/json"}
    headers |= {header: value for scheme, value in sample.credentials.items() if (header := _header(contract, scheme))}
    body = None if sample.body is None else json.dumps(sample.body)
    return request._replace(headers={**request.headers, **headers}, body=body)


def _line(operation: Operation) -> tuple[str, str]:
    """Method and path of an operation, and what it is for."""
    return f"{operation.method} {operation.path}", str(operation.definition.get("summary", ""))

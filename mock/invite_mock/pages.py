"""The documentation pages: an interactive one for each document, the problems, a start page. They need no network."""

import copy
import json
import shlex
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import orjson
import yaml
from invite_specs import Contract, Document, operations
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, Router
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from invite_mock import control
from invite_mock.http.messages import ENVELOPE, Answer
from invite_mock.http.problems import GENERAL, Problem, Refused
from invite_mock.http.samples import Sample, credentials, samples
from invite_mock.http.service import Service
from invite_mock.refusal import Refusal
from invite_mock.state import clock
from invite_mock.state.world import MAIN
from invite_mock.state.worlds import Worlds

_CONTROL = "control"


class Key(NamedTuple):
    """A key that a world contains."""

    header: str
    """The header that carries it."""
    value: str
    holder: str


class Pages:
    """The pages of one mock as an ASGI application; each is about the world whose prefix is in its path.

    `services` are those of `contracts`, by name; `control_api` is the control API's document, or None where it is not
    served. Without `with_keys` no page shows a key.
    """

    def __init__(
        self,
        contracts: Sequence[Contract],
        services: Mapping[str, Service],
        worlds: Worlds,
        control_api: Document,
        *,
        with_keys: bool,
    ) -> None:
        self._contracts = contracts
        self._services = services
        self._worlds = worlds
        self._with_control = control_api is not None
        self._with_keys = with_keys
        self._documents: dict[str, Document] = {one.name: _without_unused_tags(one) for one in contracts}
        if self._with_control:
            self._documents[_CONTROL] = control_api
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

    def _samples(self, world: str) -> dict[str, Sample]:
        """A request that currently succeeds in the world, by contract; a contract without one is left out."""
        state, now = self._state(world)
        found = {one.name: samples(one, self._services[one.name], state, now) for one in self._contracts}
        return {name: every[0] for name, every in found.items() if every}

    def _state(self, world: str) -> tuple[Document, int]:
        """The current world document of a world, or the one with which it will be created, and its instant."""
        with self._worlds.store.snapshot():
            found = self._worlds.find(world)
            if found is None:
                return self._worlds.document, clock.machine_now()
            return self._worlds.export(found), found.now()

    def curls(self, base: str, world: str = MAIN, *, with_keys: bool = True) -> list[str]:
        """The samples as commands for a shell; the world is found at the address `base`.

        Without `with_keys` a placeholder stands for each key.
        """
        samples = self._samples(world)
        if not with_keys:
            samples = {
                name: one._replace(credentials=dict.fromkeys(one.credentials, "KEY")) for name, one in samples.items()
            }
        return [_curl(base, one, samples[one.name]) for one in self._contracts if one.name in samples]

    def keys(self, world: str = MAIN) -> list[Key]:
        """The current keys of a world."""
        state, _ = self._state(world)
        return [
            Key(header, credential.value, credential.holder)
            for one in self._contracts
            for credential in credentials(self._services[one.name].contents, state)
            if (header := _header(one, credential.scheme))
        ]

    def problems(self) -> dict[str, Problem]:
        """Every code."""
        found = dict(GENERAL)
        if self._with_control:
            found |= control.PROBLEMS
        for service in self._services.values():
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
            contracts=[
                (one.name, [operation.definition.get("summary", "") for operation in one.operations])
                for one in self._contracts
            ],
            curls=self.curls(base, world, with_keys=self._with_keys),
            keys=self.keys(world) if self._with_keys else [],
            with_keys=self._with_keys,
            control=self._with_control,
        )

    async def _problems(self, request: Request) -> Response:
        return self._render("problems.html", request, problems=sorted(self.problems().items()))

    async def _contract(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._documents:
            raise _no_page(request.scope)
        sample = self._samples(request.scope[ENVELOPE].world).get(name)
        credentials = dict(sample.credentials) if sample and self._with_keys else {}
        return self._render("contract.html", request, name=name, credentials=credentials, with_keys=self._with_keys)

    def _document(self, request: Request) -> Document:
        """The requested document, with examples that succeed in the request's world. Raises Refused."""
        name = request.path_params["name"]
        document = self._documents.get(name)
        if document is None:
            raise _no_page(request.scope)
        if name == _CONTROL:
            return document
        world = request.scope[ENVELOPE].world
        document = {**copy.deepcopy(document), "servers": [{"url": "/" if world == MAIN else f"/@{world}"}]}
        sample = self._samples(world).get(name)
        for operation in operations(document):
            for parameter in operation.definition.get("parameters", []):
                if sample and operation.id == sample.operation and parameter.get("name") in sample.parameters:
                    parameter["example"] = sample.parameters[parameter["name"]]
        return document

    async def _json(self, request: Request) -> Response:
        content = orjson.dumps(self._document(request), option=orjson.OPT_INDENT_2)
        return Response(content, media_type="application/json", headers=_shared(request))

    async def _yaml(self, request: Request) -> Response:
        text = yaml.safe_dump(self._document(request), sort_keys=False, allow_unicode=True, width=120)
        return Response(text, media_type="application/yaml", headers=_shared(request))


def _without_unused_tags(contract: Contract) -> Document:
    """The assumed document; the publisher lists the tags of all its APIs, and a page would show each, empty."""
    used = {tag for one in contract.operations for tag in one.definition.get("tags", [])}
    tags = [tag for tag in contract.assumed.get("tags", []) if tag["name"] in used]
    return {**contract.assumed, "tags": tags}


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


def _curl(base: str, contract: Contract, sample: Sample) -> str:
    operation = next(one for one in contract.operations if one.id == sample.operation)
    path = operation.path
    for name, value in sample.parameters.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    headers = {"Content-Type": "application/json"} | {
        header: value for scheme, value in sample.credentials.items() if (header := _header(contract, scheme))
    }
    lines = [f"curl -i -X {operation.method}", f"  {shlex.quote(base + path)}"]
    lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    lines += [f"  -d {shlex.quote(json.dumps(sample.body))}"]
    return " \\\n".join(lines)

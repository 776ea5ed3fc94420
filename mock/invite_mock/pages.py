"""The documentation pages: an interactive one for each document, the problems, a start page. They need no network."""

import copy
import json
import shlex
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import orjson
import yaml
from invite_specs import Contract, Document, operations
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from invite_mock import control, routes
from invite_mock.message import Refusal, problem
from invite_mock.service import Sample, Service
from invite_mock.serving import ENVELOPE
from invite_mock.world import MAIN, Worlds

_CONTROL = "control"


class Pages:
    """The pages of one mock, each about the world whose prefix it is asked for with.

    `control_api` is the control API's document, or None where it is not served.
    """

    def __init__(
        self, contracts: Sequence[Contract], services: Mapping[str, Service], worlds: Worlds, control_api: Document
    ) -> None:
        self._contracts = contracts
        self._services = services
        self._worlds = worlds
        self._with_control = control_api is not None
        self._documents: dict[str, Document] = {one.name: _without_unused_tags(one) for one in contracts}
        if self._with_control:
            self._documents[_CONTROL] = control_api
        self._templates = Environment(
            loader=PackageLoader("invite_mock"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        package = find_spec("swagger_ui")
        if package is None or not package.submodule_search_locations:
            raise ModuleNotFoundError("swagger-ui-py is not installed, which ships the documentation pages' scripts")
        static = Path(package.submodule_search_locations[0]) / "static"
        self.app = Starlette(
            routes=[
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
            exception_handlers={404: _unknown, 405: _wrong_method},
        )
        # A redirect would leave the world, whose prefix is not in the path that is routed.
        self.app.router.redirect_slashes = False

    def _samples(self, world: str) -> dict[str, Sample]:
        """For each contract a request that succeeds in the world as it is, where there is one."""
        state = self._state(world)
        found = {one.name: self._services[one.name].sample(state) for one in self._contracts}
        return {name: sample for name, sample in found.items() if sample is not None}

    def _state(self, world: str) -> Document:
        """What the world holds, or will hold once it is made."""
        found = self._worlds.find(world)
        return self._worlds.document if found is None else self._worlds.export(found)

    def curls(self, base: str, world: str = MAIN) -> list[str]:
        """The samples as commands for a shell; the world is found at the address `base`."""
        samples = self._samples(world)
        return [_curl(base, one, samples[one.name]) for one in self._contracts if one.name in samples]

    def keys(self, world: str = MAIN) -> list[tuple[str, str]]:
        """The keys of a world as it is, each with its holder."""
        state = self._state(world)
        return [key for one in self._contracts for key in self._services[one.name].keys(state)]

    def problems(self) -> dict[str, tuple[int, str, str]]:
        """Every code: status, meaning, what to do."""
        found = dict(routes.PROBLEMS)
        if self._with_control:
            found |= control.PROBLEMS
        for one in self._contracts:
            found |= self._services[one.name].problems
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
            contracts=[(one.name, one.operations[0].definition.get("summary", "")) for one in self._contracts],
            curls=self.curls(base, world),
            keys=self.keys(world),
            control=self._with_control,
        )

    async def _problems(self, request: Request) -> Response:
        return self._render("problems.html", request, problems=sorted(self.problems().items()))

    async def _contract(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._documents:
            return _unknown(request)
        sample = self._samples(request.scope[ENVELOPE].world).get(name)
        return self._render("contract.html", request, name=name, credentials=dict(sample.credentials) if sample else {})

    def _document(self, request: Request) -> Document:
        """The document that is asked for, with examples that its world answers with success; None if there is none."""
        name = request.path_params["name"]
        document = self._documents.get(name)
        if document is None or name == _CONTROL:
            return document
        world = request.scope[ENVELOPE].world
        document = {**copy.deepcopy(document), "servers": [{"url": "/" if world == MAIN else f"/@{world}"}]}
        sample = self._samples(world).get(name)
        for operation in operations(document) if sample else ():
            for parameter in operation.definition.get("parameters", []):
                if sample and parameter.get("name") in sample.parameters:
                    parameter["example"] = sample.parameters[parameter["name"]]
        return document

    async def _json(self, request: Request) -> Response:
        document = self._document(request)
        if document is None:
            return _unknown(request)
        return Response(
            orjson.dumps(document, option=orjson.OPT_INDENT_2), media_type="application/json", headers=_shared(request)
        )

    async def _yaml(self, request: Request) -> Response:
        document = self._document(request)
        if document is None:
            return _unknown(request)
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120)
        return Response(text, media_type="application/yaml", headers=_shared(request))


def _without_unused_tags(contract: Contract) -> Document:
    """The assumed document; the publisher lists the tags of all its APIs, and a page would show each, empty."""
    used = {tag for one in contract.operations for tag in one.definition.get("tags", [])}
    tags = [tag for tag in contract.assumed.get("tags", []) if tag["name"] in used]
    return {**contract.assumed, "tags": tags}


def _shared(request: Request) -> dict[str, str]:
    """Tools on other pages may read a contract's document, as they may call the contract."""
    return {} if request.path_params["name"] == _CONTROL else {"Access-Control-Allow-Origin": "*"}


def _unknown(request: Request, _error: Exception | None = None) -> Response:
    request.scope[ENVELOPE].outcome = "unmatched"
    path = request.scope["path"]
    refusal = Refusal(404, "Request.NotFound", f"There is no page {path}.", "The start page, /, leads to all pages.")
    answer = problem(refusal, path)
    return Response(orjson.dumps(answer.body), answer.status, media_type=answer.media_type)


def _wrong_method(request: Request, _error: Exception) -> Response:
    path = request.scope["path"]
    allow = {"Allow": "GET, HEAD"}
    answer = problem(
        Refusal(405, "Request.MethodNotAllowed", f"{path} is a page.", "Use GET or HEAD.", headers=allow), path
    )
    return Response(orjson.dumps(answer.body), answer.status, headers=allow, media_type=answer.media_type)


def _curl(base: str, contract: Contract, sample: Sample) -> str:
    operation = contract.operations[0]
    path = operation.path
    for name, value in sample.parameters.items():
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    schemes = contract.assumed.get("components", {}).get("securitySchemes", {})
    headers = {"Content-Type": "application/json"} | {
        schemes[scheme]["name"]: value
        for scheme, value in sample.credentials.items()
        if "name" in schemes.get(scheme, {})
    }
    lines = [f"curl -i -X {operation.method}", f"  {shlex.quote(base + path)}"]
    lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in headers.items()]
    lines += [f"  -d {shlex.quote(json.dumps(sample.body))}"]
    return " \\\n".join(lines)

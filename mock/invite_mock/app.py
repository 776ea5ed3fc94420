"""The mock as one ASGI application: perimeter, pages, and connexion serving contracts and control API."""

import os
import sys
from collections.abc import Sequence

from invite_specs import Document, operations
from starlette.types import Scope

from invite_mock.apis import Apis, load
from invite_mock.control.control import Control, control_document
from invite_mock.control.problems import PROBLEMS
from invite_mock.http.connexion_adapter import OpenAPI31, Served, Unmatched, connexion_app
from invite_mock.http.guard import Guard
from invite_mock.http.messages import ENVELOPE
from invite_mock.http.perimeter import CONTROL, Inside, Perimeter
from invite_mock.http.problems import Refusals, problem_details
from invite_mock.http.routes import Routes, operations_below
from invite_mock.http.schema import Schemas
from invite_mock.http.validation import OperationValidator
from invite_mock.journal.api import Api
from invite_mock.journal.lines import Lines
from invite_mock.journal.printer import Printer
from invite_mock.journal.recorder import Recorder
from invite_mock.pages.site import Pages
from invite_mock.settings import Settings
from invite_mock.state import world_file
from invite_mock.state.sqlite_store import open_store
from invite_mock.state.world import MAIN
from invite_mock.state.worlds import Worlds


class Mock:
    """A mock, ready to be served as `app`.

    Raises UnknownContractError, OverlayError, NothingServedError, WorldDocumentError or StoreError.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        loaded = load(settings)
        contents = {name: one.contents for name, one in loaded.services.items()}
        document = world_file.default(contents.values())
        if settings.world is not None:
            document = world_file.read(settings.world, contents, settings.rng_seed)
        self.store = open_store(settings.store)
        try:
            worlds = Worlds(self.store, contents, document, settings.rng_seed, settings.most_worlds)
            with self.store.transaction():
                created = worlds.create(MAIN)
            self.main_is_old = created is None
            """Whether the store contains the world `main` from an earlier run."""
            self.store.never_wait()
            self.apis = Apis(loaded, worlds)
            known = _known(self.apis)
            self.printer = Printer(1, "requests", sys.stdout.encoding)
            """What prints the lines of requests."""
            self.recorder = Recorder(worlds, known, _lines(settings, known, self.printer), keeps=settings.journal)
            """What writes the journals."""
            control = Control(worlds, known, self.recorder, lambda: self.app)
            self.pages, self.app = _applications(settings, self.apis, worlds, self.recorder, control)
            """`app` is the ASGI application."""
        except BaseException:
            self.store.close()
            raise


def _known(apis: Apis) -> list[Api]:
    """What the journal knows of each contract and document."""
    services = apis.services
    return [
        Api(
            one,
            operations_,
            services[one.name].refusals.problems if one.name in services else {},
            services[one.name].contents if one.name in services else None,
        )
        for one, operations_ in apis.all
    ]


def _lines(settings: Settings, apis: Sequence[Api], printer: Printer) -> Lines | None:
    """What prints a line for each request, if anything does."""
    if settings.lines is None:
        return None
    # https://no-color.org: any value that is not empty.
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    return Lines(apis, settings.lines, printer.print, colour=colour)


def _applications(
    settings: Settings, apis: Apis, worlds: Worlds, recorder: Recorder, control: Control
) -> tuple[Pages, Perimeter]:
    """The pages, and everything inside its perimeter."""
    control_api = control_document(worlds.contents.values()) if settings.control else None
    specifications = dict(apis.specifications)
    refusals = Refusals(PROBLEMS, problem_details)
    shapes = {name: service.refusals for name, service in apis.services.items()}
    routes = Routes([(each, shapes.get(one.name, refusals)) for one, served in apis.all for each in served], refusals)
    control_routes = routes
    if control_api is not None:
        specifications["control"] = _control(control_api, control)
        below = operations_below(CONTROL, operations(control_api))
        control_routes = Routes([(operation, refusals) for operation in below], refusals)
    pages = Pages(apis, worlds, control_api, with_keys=settings.control_token is None)
    api = connexion_app(specifications, _unmatched(routes, control_routes))
    guard = Guard(settings.host, settings.control_token)
    return pages, Perimeter(Inside(api, pages, routes, refusals, recorder.record), guard)


def _unmatched(contracts: Routes, control: Routes) -> dict[int, Unmatched]:
    """What answers a request that matches no operation, by status."""

    def routes(scope: Scope) -> Routes:
        path = scope["path"]
        return control if path == CONTROL or path.startswith(f"{CONTROL}/") else contracts

    return {
        404: lambda scope: routes(scope).unknown_path(scope["path"], scope[ENVELOPE]),
        405: lambda scope: routes(scope).wrong_method(scope["method"], scope["path"], scope[ENVELOPE]),
    }


def _control(api: Document, control: Control) -> OpenAPI31:
    schemas = Schemas(api)
    served = {one: Served(OperationValidator(one, schemas), control.respond(one.id)) for one in operations(api)}
    return OpenAPI31(api, served, CONTROL)

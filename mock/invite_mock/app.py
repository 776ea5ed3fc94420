"""The mock as one ASGI application: perimeter, pages, and connexion serving contracts and control API."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from invite_specs import Document, contract_names, contracts, mock_control, operations
from starlette.types import Scope

from invite_mock import world_document
from invite_mock.contract_api import specification, too_large
from invite_mock.control import Control
from invite_mock.message import Answer, problem
from invite_mock.pages import Pages
from invite_mock.perimeter import CONTROL, Perimeter
from invite_mock.routes import Routes, operations_below
from invite_mock.service import load_service
from invite_mock.serving import ENVELOPE, MAX_BODY, OpenAPI31, Served, connexion_app
from invite_mock.sqlite import open_store
from invite_mock.validation import OperationValidator, unmeasurable
from invite_mock.world import MAIN, MOST_WORLDS, Worlds


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set about a mock; each is an option of `invite-mock serve`."""

    host: str = "127.0.0.1"
    port: int = 4010
    store: str = "memory:"
    world: Path | None = None
    rng_seed: int | None = None
    overlays: tuple[Path, ...] = ()
    contracts: tuple[str, ...] = field(default_factory=contract_names)
    control: bool = True
    control_token: str | None = None
    most_worlds: int = MOST_WORLDS


class Mock:
    """A mock, ready to be served as `app`.

    Raises UnknownContractError, OverlayError, UnservedOperationError, WorldDocumentError or StoreError.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        documents = contracts(settings.contracts, settings.overlays, unmeasurable)
        # The world file is one for all contracts, so all are known, though not all need be served.
        services = {name: load_service(name) for name in contract_names()}
        known = tuple(services.values())
        document = world_document.default(known)
        if settings.world is not None:
            document = world_document.read(settings.world, known, settings.rng_seed)
        self.store = open_store(settings.store)
        worlds = Worlds(self.store, known, document, settings.rng_seed, settings.most_worlds)
        self.main_is_old = worlds.find(MAIN) is not None
        """Whether the store holds the world `main` since an earlier run."""
        worlds.open(MAIN)
        specifications = {one.name: specification(one, services[one.name], worlds, MAX_BODY) for one in documents}
        control_api = mock_control() if settings.control else None
        self.pages = Pages(documents, services, worlds, control_api)
        if control_api is not None:
            control = Control(worlds, services, [one.name for one in documents])
            specifications["control"] = _control(control_api, control)
        self._routes = Routes([(one, services[each.name]) for each in documents for one in each.operations])
        self._control_routes = Routes(
            [(one, None) for one in operations_below(CONTROL, operations(control_api))] if control_api else []
        )
        api = connexion_app(specifications, {404: self._unknown_path, 405: self._wrong_method})
        self.app = Perimeter(
            api, self.pages.app, self._routes.refuse, host=settings.host, control_token=settings.control_token
        )
        """The ASGI application."""

    def _routes_for(self, path: str) -> Routes:
        below_control = path == CONTROL or path.startswith(f"{CONTROL}/")
        return self._control_routes if below_control and self.settings.control else self._routes

    def _unknown_path(self, scope: Scope) -> Answer:
        return self._routes_for(scope["path"]).unknown_path(unquote(scope["path"]), scope[ENVELOPE])

    def _wrong_method(self, scope: Scope) -> Answer:
        return self._routes_for(scope["path"]).wrong_method(scope["method"], scope["path"])


def _control(document: dict[str, Document], control: Control) -> OpenAPI31:
    served = {
        one.id: Served(
            validator=OperationValidator(document, one.path, one.method.lower()),
            respond=control.respond(one.id),
            too_large=lambda path: problem(too_large(MAX_BODY), path),
        )
        for one in operations(document)
    }
    return OpenAPI31(document, served, CONTROL)

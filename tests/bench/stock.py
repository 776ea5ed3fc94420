"""Stock connexion with its own routing, security, validation and serialisation, and no state. Arguments: PORT DOCUMENT.

DOCUMENT is what `lowered` makes of the contract; it names the functions below, as connexion's users do.
"""

import sys
import warnings
from typing import Any

from .invite import ANSWER
from .listener import serve

with warnings.catch_warnings():
    # Starlette's test client, which connexion imports, wants another HTTP client; nothing here uses either.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from connexion import AsyncApp
    from connexion.options import SwaggerUIOptions


async def create_client_invite(body: Any, **_parameters: str) -> Any:  # noqa: ARG001  # connexion's call
    # The operation documents two media types, so connexion must be given the one that this is.
    return ANSWER, 201, {"content-type": "application/json"}


def known_key(_key: str, **_more: Any) -> dict[str, Any]:
    # Any key will do: whose it is would be state.
    return {"sub": "anyone"}


if __name__ == "__main__":
    # Without the pages, for which connexion would look at start: they need an extra, and are not measured.
    app = AsyncApp(__name__, swagger_ui_options=SwaggerUIOptions(swagger_ui=False))
    app.add_api(sys.argv[2])
    serve(app, int(sys.argv[1]))

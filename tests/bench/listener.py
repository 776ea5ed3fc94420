"""Serves an ASGI application exactly as `invite-mock serve` serves the mock."""

from typing import Any

import uvicorn


def serve(app: Any, port: int) -> None:
    """Serve on loopback until terminated."""
    # The same as in invite_mock/server.py: what is compared is what stands behind uvicorn.
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        backlog=2048,
        http="httptools",
        lifespan="off",
        ws="none",
        log_level="warning",
        access_log=False,
    )

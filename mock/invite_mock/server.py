"""`invite-mock serve`: from the settings to a listening mock."""

import gc
import socket
from dataclasses import replace

import uvicorn
from invite_specs import OverlayError, UnknownContractError

from invite_mock.app import Mock
from invite_mock.http.rule import UnservedOperationError
from invite_mock.settings import Settings, UsageError
from invite_mock.state.store import StoreError
from invite_mock.state.world_document_error import WorldDocumentError


def serve(settings: Settings, *, quiet: bool = False) -> int:
    """Serve until interrupted; returns the exit code. Raises UsageError, before serving, for unusable settings."""
    with _listen(settings.host, settings.port) as listener:
        mock = _mock(replace(settings, port=listener.getsockname()[1]))
        if not quiet:
            print(banner(mock), flush=True)
        config = uvicorn.Config(
            mock.app,
            http="httptools",
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            ssl_certfile=settings.tls.cert if settings.tls else None,
            ssl_keyfile=settings.tls.key if settings.tls else None,
        )
        # What exists by now lives as long as the process: later collections need not look at it.
        gc.freeze()
        gc.enable()
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            mock.store.close()
    return 0


def _mock(settings: Settings) -> Mock:
    try:
        return Mock(settings)
    except (UnknownContractError, OverlayError, UnservedOperationError, WorldDocumentError, StoreError) as error:
        raise UsageError(str(error.args[0])) from error


def banner(mock: Mock) -> str:
    """What is printed when the mock has started."""
    settings = mock.settings
    base = settings.base_url
    keys = mock.pages.keys()
    curls = mock.pages.curls(base)
    ignored = mock.main_is_old and (settings.world is not None or settings.rng_seed is not None)
    lines = [
        f"invite-mock serves {' and '.join(settings.contracts)} on {base}",
        f"  worlds   {base}/@NAME/… is a world of its own",
        *(f"  docs     {base}/docs/{name}" for name in settings.contracts),
        *(["  store    contains main already; --world and --rng-seed are for new worlds"] if ignored else []),
        *([f"  control  {base}/_mock, see {base}/docs/control"] if settings.control else []),
    ]
    for header in dict.fromkeys(key.header for key in keys):
        sent = [(key.value, key.holder) for key in keys if key.header == header]
        width = max(len(value) for value, _ in sent)
        lines += ["", f"Keys (header {header}):", *(f"  {value:{width}}  {holder}" for value, holder in sent)]
    if curls:
        lines += ["", "Try:", curls[0]]
    return "\n".join(lines) + "\n"


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"--host {host}: {getattr(error, 'strerror', None) or error}; give an address of this machine"
        ) from error
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise UsageError(f"cannot listen on {host}:{port}: {error.strerror}; give another --port or --host") from error
    return listener

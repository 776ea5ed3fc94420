"""`invite-mock serve`: from the settings to a listening mock."""

import gc
import logging
import socket
import sys
from dataclasses import replace

import uvicorn
from invite_specs import OverlayError, UnknownContractError

from invite_mock.apis import NothingServedError
from invite_mock.app import Mock
from invite_mock.journal.printer import Printer
from invite_mock.settings import Settings, UsageError
from invite_mock.state.store import StoreError
from invite_mock.state.world_document_error import WorldDocumentError

_MOST_LISTED = 10
"""The most operations that are not served, and are listed without being asked for."""


def serve(settings: Settings, *, quiet: bool = False, verbose: bool = False) -> int:
    """Serve until interrupted; returns the exit code. Raises UsageError, before serving, for unusable settings."""
    with _listen(settings.host, settings.port) as listener:
        mock = _mock(replace(settings, port=listener.getsockname()[1]))
        config = uvicorn.Config(
            mock.app,
            http="httptools",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            ssl_certfile=settings.tls.cert if settings.tls else None,
            ssl_keyfile=settings.tls.key if settings.tls else None,
        )
        # Whoever reads the banner may call: nothing is left to import by then.
        config.load()
        if not quiet:
            # In one write, also where Python does not buffer: whoever read the first line may be gone by the second.
            print(banner(mock) + "\n", end="", flush=True)
        for line in shortcomings(mock, verbose=verbose):
            print(f"invite-mock: {line}", file=sys.stderr, flush=True)
        # What exists by now lives as long as the process: later collections need not look at it.
        gc.freeze()
        gc.enable()
        # A log that waits for its reader would make every request wait: both outputs are often one pipe.
        log = Printer(2, "log records", sys.stderr.encoding)
        logging.basicConfig(handlers=[log.handler()], level=logging.WARNING, force=True)
        try:
            _Server(config, mock, log).run(sockets=[listener])
        finally:
            mock.store.close()
    return 0


class _Server(uvicorn.Server):
    """Ends streams of events when it stops, since it waits for every answer to end; then prints what waits.

    A signal ends the process when `run` would return: nothing can be left to do by then.
    """

    def __init__(self, config: uvicorn.Config, mock: Mock, log: Printer) -> None:
        super().__init__(config)
        self._mock = mock
        self._log = log

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._mock.recorder.close()
        await super().shutdown(sockets)
        # Requests that were answered meanwhile.
        self._mock.recorder.close()
        self._mock.printer.flush()
        self._log.flush()


def _mock(settings: Settings) -> Mock:
    try:
        return Mock(settings)
    except (UnknownContractError, OverlayError, NothingServedError, WorldDocumentError, StoreError) as error:
        raise UsageError(str(error.args[0])) from error


def shortcomings(mock: Mock, *, verbose: bool = False) -> list[str]:
    """What the mock does not serve, and how many documented examples and answers it does not send."""
    failures = mock.apis.failures
    most = len(failures) if verbose else _MOST_LISTED
    lines = failures[:most]
    if len(failures) > most:
        lines.append(f"{len(failures) - most} more are not served; --verbose lists them")
    for one in mock.apis.documents:
        if verbose:
            lines += (f"{one.contract.name}: {reason}" for reason in one.unsent)
        elif one.unsent:
            what = "documented examples and answers are not sent, since nothing fits their schemas"
            lines.append(f"{one.contract.name}: {len(one.unsent)} {what}; --verbose lists them")
    return lines


def banner(mock: Mock) -> str:
    """What is printed when the mock has started."""
    settings = mock.settings
    base = settings.base_url
    keys = mock.pages.keys()
    curls = mock.pages.curls(base)
    ignored = mock.main_is_old and (settings.world is not None or settings.rng_seed is not None)
    names = [one.name for one, _ in mock.apis.all]
    lines = [
        f"invite-mock serves {' and '.join(names)} on {base}",
        f"  worlds   {base}/@NAME/… is a world of its own",
        *(f"  docs     {base}/docs/{name}" for name in names),
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

"""`invite-mock serve`: from the options to a listening mock."""

import argparse
import gc
import ipaddress
import socket

import uvicorn
from invite_specs import OverlayError, UnknownContractError, contract_names

from invite_mock.app import Mock, Settings
from invite_mock.contract_api import UnservedOperationError
from invite_mock.sqlite import StoreError
from invite_mock.usage import UsageError
from invite_mock.world_document import WorldDocumentError


def serve(options: argparse.Namespace) -> int:
    """Serve until interrupted. Raises UsageError, before anything is served, for options that cannot be used."""
    _check(options)
    with _listen(options.host, options.port) as listener:
        settings = Settings(
            host=options.host,
            port=listener.getsockname()[1],
            store=options.store,
            world=options.world,
            rng_seed=options.rng_seed,
            overlays=tuple(options.overlay),
            contracts=tuple(dict.fromkeys(options.contract)) or contract_names(),
            control=not options.no_control,
            control_token=options.control_token,
        )
        try:
            mock = Mock(settings)
        except (UnknownContractError, OverlayError, UnservedOperationError, WorldDocumentError, StoreError) as error:
            raise UsageError(str(error.args[0])) from error
        if not options.quiet:
            print(banner(mock), flush=True)
        config = uvicorn.Config(
            mock.app,
            http="httptools",
            lifespan="off",
            ws="none",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
        )
        # None of the collections to come need look at what there is by now.
        gc.freeze()
        gc.enable()
        try:
            uvicorn.Server(config).run(sockets=[listener])
        finally:
            mock.store.close()
    return 0


def banner(mock: Mock) -> str:
    """What a user wants to know when the mock has started."""
    settings = mock.settings
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    base = f"http://{host}:{settings.port}"
    keys = mock.pages.keys()
    curls = mock.pages.curls(base)
    kept = mock.main_is_old and (settings.world is not None or settings.rng_seed is not None)
    lines = [
        f"invite-mock serves {' and '.join(settings.contracts)} on {base}",
        f"  worlds   {base}/@NAME/… is a world of its own",
        *(f"  docs     {base}/docs/{name}" for name in settings.contracts),
        *(["  store    holds main already; --world and --rng-seed are for new worlds"] if kept else []),
        *([f"  control  {base}/_mock, see {base}/docs/control"] if settings.control else []),
    ]
    if keys:
        width = max(len(key) for key, _ in keys)
        lines += ["", "Keys (header x-dolfin-api-key):", *(f"  {key:{width}}  {holder}" for key, holder in keys)]
    if curls:
        lines += ["", "Try:", curls[0]]
    return "\n".join(lines) + "\n"


def _check(options: argparse.Namespace) -> None:
    token = options.control_token
    if not (_is_loopback(options.host) or options.no_control or token):
        raise UsageError(
            f"--host {options.host} can be reached from other machines: give --control-token TOKEN to guard the"
            " control API, or --no-control to leave it out"
        )
    if token is not None and not (token and token.isascii() and token.isprintable() and token == token.strip()):
        raise UsageError("--control-token: give printable ASCII characters")
    if options.rng_seed is not None and not 0 <= options.rng_seed < 2**53:
        raise UsageError(f"--rng-seed {options.rng_seed}: give a whole number from 0 to {2**53 - 1}")


def _listen(host: str, port: int) -> socket.socket:
    if not 0 <= port <= 65535:
        raise UsageError(f"--port {port}: give a number from 0 to 65535")
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


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

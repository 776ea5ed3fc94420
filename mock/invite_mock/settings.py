"""What can be set about a mock; each setting is an option of `invite-mock serve`, and is validated here."""

import ipaddress
import ssl
from dataclasses import dataclass, field
from pathlib import Path

from invite_specs import contract_names

from invite_mock.state.worlds import MOST_WORLDS


class UsageError(Exception):
    """Ends the command with exit code 2; the message is one line, and says what to give instead."""


@dataclass(frozen=True, slots=True)
class Tls:
    """What HTTPS is served with, in PEM format. Raises UsageError for files that cannot be used."""

    cert: Path
    """The certificate, followed by those between it and the root."""
    key: Path
    """Its private key, without a password."""

    def __post_init__(self) -> None:
        for option, path in (("--cert", self.cert), ("--key", self.key)):
            try:
                path.read_bytes()
            except OSError as error:
                raise UsageError(f"{option} {path}: cannot be read: {error.strerror}") from error
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_verify_locations(self.cert)
        except ssl.SSLError as error:
            raise UsageError(f"--cert {self.cert}: this is not a certificate in PEM format") from error
        try:
            # Without a password function OpenSSL would ask for one on the terminal.
            context.load_cert_chain(self.cert, self.key, password=lambda: "")
        except ssl.SSLError as error:
            if error.reason == "KEY_VALUES_MISMATCH":
                wrong = f"this is not the private key of --cert {self.cert}"
            else:
                wrong = "this is not a private key in PEM format without a password"
            raise UsageError(f"--key {self.key}: {wrong}") from error


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one mock. Raises UsageError for what cannot be used."""

    host: str = "127.0.0.1"
    port: int = 4010
    store: str = "memory:"
    world: Path | None = None
    rng_seed: int | None = None
    overlays: tuple[Path, ...] = ()
    contracts: tuple[str, ...] = field(default_factory=contract_names)
    openapi: tuple[Path, ...] = ()
    """OpenAPI documents to serve beside the contracts."""
    control: bool = True
    control_token: str | None = None
    tls: Tls | None = None
    """Serve HTTPS with it."""
    journal: bool = True
    """Keep a journal of each world."""
    lines: str | None = None
    """Print a line for each request, as `text` or `json`; None for none."""
    most_worlds: int = MOST_WORLDS

    def __post_init__(self) -> None:
        token = self.control_token
        if not (_is_loopback(self.host) or not self.control or token):
            raise UsageError(
                f"--host {self.host} can be reached from other machines: give --control-token TOKEN to guard the"
                " control API, or --no-control to leave it out"
            )
        if token is not None and not (token and token.isascii() and token.isprintable() and token == token.strip()):
            raise UsageError("--control-token: give printable ASCII characters")
        if self.rng_seed is not None and not 0 <= self.rng_seed < 2**53:
            raise UsageError(f"--rng-seed {self.rng_seed}: give a whole number from 0 to {2**53 - 1}")
        if not 0 <= self.port <= 65535:
            raise UsageError(f"--port {self.port}: give a number from 0 to 65535")

    @property
    def base_url(self) -> str:
        """The address at which the mock serves, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

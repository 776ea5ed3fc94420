"""The implementation under test, as its target file gives it.

A host that is not loopback is written to only with the user's permission.
"""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from invite_specs import Document


class TargetError(ValueError):
    """A target that cannot be tested; the message has a line for each reason."""


@dataclass(frozen=True, slots=True)
class Waiver:
    """A failure that is known and accepted until a day."""

    requirement: str
    reason: str
    expires: date
    """The last day on which it holds."""
    line: int
    """Its line in the target file, from 1."""


@dataclass(frozen=True, slots=True)
class Target:
    """The implementation under test."""

    contract: str
    """The contract's name; of a document alone, the name that its file gives it."""
    base_url: str
    """Without a slash at its end, user info, query or fragment."""
    openapi: Path | None = None
    """The OpenAPI document that it is checked against, where that is no contract of the suite."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent with every request, unless a state's headers say otherwise."""
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    states: Mapping[str, Document] = field(default_factory=dict, repr=False)
    """What the server offers, by the names of the contract's states.schema.yaml; variables are expanded."""
    email_domain: str = "invite-conformance.example"
    rate_limit: float | None = None
    """Requests a second."""
    write_budget: int | None = None
    """The most requests in one run that may create something."""
    timeout: float = 10
    """Seconds."""
    retries: int = 0
    """On connection errors only."""
    accepted_statuses: tuple[int, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    setup: str | None = field(default=None, repr=False)
    """A command or URL that prepares a state."""
    restore: Mapping[str, str] | None = None
    """What is put back at the end of a run that changed it for good, as the contract's restore.schema.yaml says."""
    redact: tuple[str, ...] = ()
    """Names of JSON members and headers whose values no report may show."""
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The name that stands in reports, such as `ADMIN_KEY`, and the value that must not."""
    path: Path = Path("target.yaml")

    @property
    def loopback(self) -> bool:
        """Whether the server is on this machine."""
        host = urlsplit(self.base_url).hostname or ""
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost" or host.endswith(".localhost")

    def permit(self, mode: str, permitted: bool) -> None:
        """Raise TargetError if a run in that mode would write to another host without the user's permission."""
        if not (self.loopback or permitted or mode == "read-only"):
            raise TargetError(
                f"{self.base_url} is not on this machine, and a run in mode {mode} creates invites there: give "
                "--i-may-write-to-this-target if you may, or --mode read-only"
            )

"""Who may call the control API: a page elsewhere must not be able to drive a developer's mock (DNS rebinding)."""

import hmac
import re

from starlette.types import Scope

from invite_mock.http.messages import header_fields
from invite_mock.http.problems import Refused
from invite_mock.refusal import Refusal

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]*)?")


class Guard:
    """Admits the mock's own pages and programs on this machine, or with a `token` whoever sends it.

    `host` is the address that the mock listens on. Without a token, only a caller that addresses this machine by a
    loopback name, or by `host`, is admitted.
    """

    def __init__(self, host: str, token: str | None) -> None:
        self._hosts = {"localhost", "127.0.0.1", "::1", host.lower()}
        self._token = token

    def check(self, scope: Scope) -> None:
        """Raise Refused if the caller is not admitted."""
        # Joined, the values of a repeated field match nothing: none of them overrides another.
        headers = header_fields(scope["headers"])
        host = headers.get("host", "")
        origin = headers.get("origin")
        # RFC 6454 section 5: the origin is the scheme, the host and the port.
        if origin is not None and origin.lower() != f"{scope['scheme']}://{host}".lower():
            raise Refused(Refusal("Control.Forbidden", f"A page of {origin[:200]} may not call the control API."))
        if self._token is not None:
            # RFC 9110 section 11.1: the scheme's name is case-insensitive.
            scheme, _, given = headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), self._token.encode()):
                # RFC 9110 section 15.5.2: a 401 MUST carry a WWW-Authenticate header field.
                raise Refused(Refusal("Control.Unauthorized"), headers={"WWW-Authenticate": "Bearer"})
        elif _hostname(host) not in self._hosts and not _hostname(host).endswith(".localhost"):
            reason = f"The control API does not answer to the host {host[:200]!r}."
            raise Refused(Refusal("Control.Forbidden", reason))


def _hostname(host: str) -> str:
    """The name or address in a Host field; empty if the field is malformed (RFC 9110 section 7.2)."""
    match = _HOST.fullmatch(host)
    return match[1].strip("[]").lower() if match else ""

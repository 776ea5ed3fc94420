"""Why no whole response arrived. None of these errors says anything about the contract."""

from typing import Self


class TransportError(Exception):
    """No whole response arrived; the message says why and, where there is one, the remedy.

    It may quote up to 100 bytes of the server, escaped to printable ASCII. It holds no header values and no password.
    """

    def __init__(self, reason: str, call: str = "") -> None:
        super().__init__(f"{call}: {reason}" if call else reason)
        self.reason = reason
        self.call = call
        """What was sent, such as `POST /clients/1/invites`; empty where the error does not say so."""

    def during(self, call: str) -> Self:
        """The same error with the call in front of the message."""
        return type(self)(self.reason, call)


class TimedOutError(TransportError):
    """The deadline passed first."""


class ConnectError(TransportError):
    """No connection was made: an unknown host, a network or a proxy that cannot be reached."""


class RefusedError(ConnectError):
    """Nothing listens at the address."""


class TlsError(TransportError):
    """TLS failed: a certificate, the protocol, or a server or base URL without TLS."""


class HungUpError(TransportError):
    """The connection ended before any byte of a response."""


class CutShortError(TransportError):
    """The connection ended within a response."""

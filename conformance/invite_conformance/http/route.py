"""How the server is reached: its address, TLS, and the proxy between."""

import socket
import ssl
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h11

from invite_conformance.http.connection import Connection, InFlightRequest, drive
from invite_conformance.http.deadline import Deadline
from invite_conformance.http.errors import ConnectError, RefusedError, TimedOutError, TransportError
from invite_conformance.http.proxy import Proxy
from invite_conformance.http.response import Response
from invite_conformance.http.tls import handshake_error


@dataclass(frozen=True, slots=True)
class Route:
    """Opens connections to one server."""

    host: str
    port: int
    tls: ssl.SSLContext | None
    """None for plain HTTP."""
    ca_file: Path | None
    """For messages; `tls` has read it."""
    proxy: Proxy | None

    @property
    def authority(self) -> str:
        """Host and port as a Host header gives them: without the scheme's own port."""
        return self._literal if self.port == (443 if self.tls else 80) else f"{self._literal}:{self.port}"

    @property
    def before_path(self) -> str:
        """What goes before the path in a request line: a proxy is given whole URLs (RFC 9112 section 3.2.2)."""
        return f"http://{self.authority}" if self.proxy and not self.tls else ""

    @property
    def headers(self) -> Mapping[str, str]:
        """What the proxy needs in every request; nothing where requests go through a tunnel."""
        return self.proxy.headers if self.proxy and not self.tls else {}

    def open(self, deadline: Deadline) -> Connection:
        """A new connection, through the proxy and with TLS where they are needed. Raises TransportError."""
        whom = str(self.proxy or f"{self._literal}:{self.port}")
        step = f"connection to {whom}"
        try:
            sock = _connected(self.proxy or self, whom, deadline)
            try:
                if self.tls:
                    if self.proxy:
                        self._open_tunnel(self.proxy, sock, deadline)
                    step = f"TLS handshake with {self._literal}:{self.port}"
                    sock = self._with_tls(self.tls, sock, deadline)
                # The last byte of a request must not wait for the acknowledgement of what was sent before.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return Connection.on(sock)
            except BaseException:
                sock.close()
                raise
        except TimeoutError as error:
            raise TimedOutError(
                f"no {step} within {deadline.seconds:g} s; are host and port right, and is `timeout` long enough?"
            ) from error

    def checked(self, response: Response) -> Response:
        """The response, unless it is the proxy's own. Raises TransportError for a 407, which only a proxy answers."""
        if self.proxy and not self.tls and response.status == 407:
            raise TransportError(_credentials_wanted(self.proxy))
        return response

    @property
    def _literal(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    def _open_tunnel(self, proxy: Proxy, sock: socket.socket, deadline: Deadline) -> None:
        target = f"{self._literal}:{self.port}"
        event = h11.Request(method="CONNECT", target=target, headers=[("Host", target), *proxy.headers.items()])
        request = InFlightRequest(Connection.on(sock), event, b"")
        drive([request], deadline)
        match request.result:
            case Response(status=status) if 200 <= status < 300:
                return
            case Response(status=407):
                raise TransportError(_credentials_wanted(proxy))
            case Response() as response:
                raise ConnectError(f"{proxy} opens no tunnel to {target}: it answers {response.status_line}")
            case error:
                raise ConnectError(f"{proxy} opens no tunnel to {target}: {error}")

    def _with_tls(self, context: ssl.SSLContext, sock: socket.socket, deadline: Deadline) -> socket.socket:
        secured = context.wrap_socket(sock, server_hostname=self.host, do_handshake_on_connect=False)
        try:
            secured.settimeout(deadline.left())
            secured.do_handshake()
        except TimeoutError:
            secured.close()
            raise
        except OSError as error:
            secured.close()
            raise handshake_error(error, self.host, self.ca_file) from error
        return secured


def _credentials_wanted(proxy: Proxy) -> str:
    return (
        f"{proxy} answers 407: it wants a user and a password; write them as http://USER:PASSWORD@… in {proxy.variable}"
    )


def _connected(to: Proxy | Route, whom: str, deadline: Deadline) -> socket.socket:
    """A connected socket; each address of the host is tried. Raises ConnectError, TimeoutError."""
    addresses = _addresses(to.host, to.port, deadline)
    for index, (family, address) in enumerate(addresses):
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            # An address that does not answer leaves time for the next one.
            sock.settimeout(deadline.left() / (len(addresses) - index))
            sock.connect(address)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    if isinstance(last, TimeoutError):
        raise last
    if isinstance(last, ConnectionRefusedError):
        raise RefusedError(f"no connection to {whom}: connection refused; is the server running, and the port right?")
    raise ConnectError(f"no connection to {whom}: {last.strerror or last}")


_Address = tuple[socket.AddressFamily, tuple[Any, ...]]


def _addresses(host: str, port: int, deadline: Deadline) -> list[_Address]:
    """The addresses that the host's name stands for. Raises ConnectError, TimeoutError."""
    found: Future[list[_Address]] = Future()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that is empty or too long
            found.set_exception(error)
        else:
            found.set_result([(family, address) for family, _, _, _, address in entries])

    # The system's resolver takes no time-out, so it is asked in a thread that may outlive the question.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        return found.result(deadline.left())
    except TimeoutError:
        raise
    except (OSError, UnicodeError) as error:
        raise ConnectError(f"the host name {host!r} cannot be resolved: {error}; is base_url right?") from error

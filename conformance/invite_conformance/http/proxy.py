"""The proxy between the suite and the server, where the environment names one.

1. `https_proxy`, `http_proxy` and `all_proxy` in lower or upper case, and `no_proxy`, are read by the standard library
   (`urllib.request.getproxies_environment`): lower case wins, and `HTTP_PROXY` is ignored in a CGI process.
2. As with curl, an address on this machine is sent to the proxy too unless `no_proxy` lists it.
3. The proxy is reached by plain HTTP; its password is in no message.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]  # typeshed does not have it


@dataclass(frozen=True, slots=True)
class Proxy:
    """An HTTP proxy."""

    host: str
    port: int
    variable: str
    """The environment's variable that names it, such as `https_proxy`."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """`Proxy-Authorization`, where the URL has user info."""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"the proxy http://{host}:{self.port} (from {self.variable})"


def proxy_for(scheme: str, host: str, port: int, proxies: Mapping[str, str]) -> Proxy | None:
    """The proxy for a server, from URLs by scheme as `getproxies_environment` gives them; None for a direct connection.

    Raises ValueError for a URL that cannot be used.
    """
    name = next((one for one in (scheme, "all") if proxies.get(one)), None)
    literal = f"[{host}]" if ":" in host else host
    # A list of no_proxy may hold IPv6 addresses with and without brackets.
    if name is None or any(proxy_bypass_environment(one, dict(proxies)) for one in (f"{literal}:{port}", host)):
        return None
    url = proxies[name]
    variable = f"{name}_proxy"
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        proxy_host, proxy_port = parts.hostname, parts.port
    except ValueError:
        proxy_host, proxy_port = None, None
    if not proxy_host or parts.scheme != "http":
        # The URL is not shown: it may hold a password.
        raise ValueError(
            f"{variable} is not a URL such as http://proxy.example:3128, and other kinds of proxies are not supported; "
            f"set {scheme}_proxy to an HTTP proxy, or list {host} in no_proxy"
        )
    return Proxy(proxy_host, proxy_port or 80, variable, _authorization(parts.username, parts.password))


def _authorization(user: str | None, password: str | None) -> dict[str, str]:
    if user is None:
        return {}
    pair = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair).decode()}"}

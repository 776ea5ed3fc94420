"""A request that an operation answers with success, to copy."""

import shlex
from collections.abc import Mapping
from typing import NamedTuple


class ExampleRequest(NamedTuple):
    """A request as a client sends it."""

    method: str
    target: str
    """Path and query."""
    headers: Mapping[str, str]
    body: str | None

    def curl(self, base: str) -> str:
        """A command for a shell that sends it to a server at the address `base`."""
        lines = [f"curl -i -X {self.method}" if self.method != "GET" else "curl -i"]
        lines += [f"  {shlex.quote(base + self.target)}"]
        lines += [f"  -H {shlex.quote(f'{name}: {value}')}" for name, value in self.headers.items()]
        lines += [f"  -d {shlex.quote(self.body)}"] if self.body is not None else []
        return " \\\n".join(lines)

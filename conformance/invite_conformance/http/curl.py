"""Requests as shell commands that send them again.

1. A command works as it stands when it is pasted into bash, zsh or dash, or it is a comment.
2. Only the variables of the target's secrets expand: `$NAME` stands where a secret stood, and `${NAME}` where a letter,
   a digit or an underscore follows. Every other `$` is literal.
3. What must be new for each attempt, such as the run's id in an email address, is made from the clock, once for all
   steps.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from invite_conformance.http.body_command import INLINE, written
from invite_conformance.http.shell import Variable, lines, printf, quoted, word

_FRESH = Variable("invite_run_id")
_NEW_ID = f"{_FRESH.name}=$(date +%s | cut -c3-)"
"""The seconds of the clock without the first two digits: 8 digits, as long as a run's id."""
_EXPECTING = 1_000_000
"""Bytes of a body from which curl asks for `100 Continue` first, which the suite does not."""


@dataclass(frozen=True, slots=True)
class CurlRequest:
    """A request of which no part is secret any more."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """Commands to paste, and the files that they read."""

    text: str
    """Lines without a line break at the end."""
    files: Mapping[str, bytes] = field(default_factory=dict)
    """By their names in the directory that was given."""


@dataclass(frozen=True, slots=True)
class CurlWriter:
    """Writes requests to one server as curl commands."""

    secrets: Collection[str] = ()
    """Names of the variables that expand."""
    options: Mapping[str, str] = field(default_factory=dict)
    """For every command, such as `--cacert` with a file."""
    directory: PurePath | None = None
    """Where the caller writes files, as a user's shell can name it; None if no files are written."""

    def script(self, requests: Sequence[CurlRequest], fresh: re.Pattern[str] | None = None) -> Script:
        """Commands that send the requests in their order; what `fresh` finds in a body is new each time.

        A comment if a body is too long and there is no directory for it.
        """
        bodies = [None if one.body is None else self._parts(one.body, fresh) for one in requests]
        commands = [_NEW_ID] if any(_FRESH in body for body in bodies if body) else []
        files: dict[str, bytes] = {}
        for request, body in zip(requests, bodies, strict=True):
            command = self._command(request, body)
            if command is None:
                return Script(
                    f"# The body of {len(request.body or b'')} bytes is too long for a command.\n"
                    "# Run again with --report and a directory, and the command reads it from a file."
                )
            commands.append(command.text)
            files |= command.files
        return Script("\n".join(commands), files)

    def _command(self, request: CurlRequest, body: Sequence[str | Variable] | None) -> Script | None:
        options = [f"{name} {quoted(value)}" for name, value in self.options.items()]
        chunks = ["curl", "-sS", "-i", *self._address(request), *options, *self._headers(request)]
        if body is None:
            return Script(lines(chunks))
        literal = "".join(part for part in body if isinstance(part, str))
        if len(literal) <= INLINE and literal.isprintable():
            return Script(lines([*chunks, f"--data-raw {word(body)}"]))  # with --data-binary a leading @ names a file
        encoded = [part if isinstance(part, Variable) else part.encode(errors="surrogateescape") for part in body]
        source = written(encoded, self.directory)
        if source is None:
            return None
        commands, files = source
        writer = commands[0] if len(commands) == 1 else f"{{ {'; '.join(commands)}; }}"
        return Script(lines([f"{writer} |", *chunks, "--data-binary @-"]), files)

    def _address(self, request: CurlRequest) -> Iterator[str]:
        if request.method == "HEAD" and request.body is None:
            yield "--head"
        else:
            yield f"-X {quoted(request.method)}"
        if re.search(r"[][{}]", request.url):
            yield "--globoff"
        if re.search(r"/(\.|%2e)", request.url, re.IGNORECASE):
            yield "--path-as-is"
        yield _argument(self._variables(request.url))

    def _headers(self, request: CurlRequest) -> Iterator[str]:
        names = {name.lower() for name in request.headers}
        for name, value in request.headers.items():
            if name.lower() != "accept-encoding":  # nobody reads gzip
                # `NAME:` without a value would take a header of curl's away.
                yield f"-H {_argument(self._variables(f'{name}: {value}' if value else f'{name};'))}"
        # What curl adds of its own accord.
        if request.body is None and request.method in {"PATCH", "POST", "PUT"} and "content-length" not in names:
            yield "-H 'Content-Length: 0'"
        if request.body is not None and "content-type" not in names:
            yield "-H Content-Type:"
        if len(request.body or b"") > _EXPECTING:
            yield "-H Expect:"

    def _parts(self, body: bytes, fresh: re.Pattern[str] | None) -> list[str | Variable]:
        parts: list[str | Variable] = []
        for part in self._variables(body.decode(errors="surrogateescape")):
            if isinstance(part, Variable) or fresh is None:
                parts.append(part)
                continue
            end = 0
            for match in fresh.finditer(part):
                parts += [part[end : match.start()], _FRESH]
                end = match.end()
            parts.append(part[end:])
        return [part for part in parts if part]

    def _variables(self, text: str) -> list[str | Variable]:
        """The text with the secrets' variables set apart."""
        if not self.secrets:
            return [text]
        names = "|".join(map(re.escape, self.secrets))
        pieces = re.split(rf"\$(?:({names})(?![A-Za-z0-9_])|{{({names})}})", text)
        parts: list[str | Variable] = []
        for literal, plain, braced in zip(pieces[::3], [*pieces[1::3], None], [*pieces[2::3], None], strict=True):
            parts.append(literal)
            if plain or braced:
                parts.append(Variable(plain or braced or ""))
        return [part for part in parts if part]


def _argument(parts: Sequence[str | Variable]) -> str:
    """A word; what is not printable ASCII is written as bytes of latin-1, as the suite writes headers."""
    if all(isinstance(part, Variable) or (part.isascii() and part.isprintable()) for part in parts):
        return word(parts)
    encoded = [part if isinstance(part, Variable) else part.encode("latin-1", "replace") for part in parts]
    return f'"$({printf(encoded)})"'

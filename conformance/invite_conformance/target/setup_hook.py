"""The setup hook: the user's own command or URL, which prepares a state before its first use and takes it down."""

import http.client
import json
import shlex
import subprocess
import urllib.error
import urllib.request

from invite_specs import Document

_SHORTEST = 60.0
"""Seconds that a command may take, even where a response may take fewer."""


class SetupError(Exception):
    """The setup hook failed."""


def call_hook(hook: str, action: str, name: str, params: Document, timeout: float) -> Document:
    """Call a hook with `{state, params, action}` as JSON and give the JSON that it answers; None if it is nothing.

    `action` is `setup` or `teardown`, `timeout` is in seconds. Raises SetupError.
    """
    message = json.dumps({"state": name, "params": params, "action": action}).encode()
    try:
        if hook.startswith(("http://", "https://")):
            request = urllib.request.Request(hook, message, {"Content-Type": "application/json"})  # noqa: S310  # http only
            with urllib.request.urlopen(request, timeout=timeout) as response:  # noqa: S310  # as above
                answer = response.read()
        else:
            answer = subprocess.run(  # noqa: S603  # the user's own command, from the user's own file
                shlex.split(hook), input=message, capture_output=True, check=True, timeout=max(timeout, _SHORTEST)
            ).stdout
        return json.loads(answer) if answer.strip() else None
    except (OSError, ValueError, RecursionError, http.client.HTTPException, subprocess.SubprocessError) as error:
        raise SetupError(f"the setup hook failed at {action} of `{name}`: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """Why, without the command's output or arguments: either may hold a secret."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"exit code {error.returncode}"
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    return type(error).__name__

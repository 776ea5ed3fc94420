"""POST with a new email in each request, for locust. Reads path, headers and the body's template from BENCH_REQUEST.

Runs in an environment of its own, which has locust and nothing of this project.
"""

import itertools
import json
import os

from locust import FastHttpUser, task  # type: ignore[import-not-found, unused-ignore]  # not in the project's .venv

_REQUEST = json.loads(os.environ["BENCH_REQUEST"])
_NUMBERS = itertools.count(1)


class Inviter(FastHttpUser):  # type: ignore[misc, unused-ignore]  # as above
    """One keep-alive connection that waits for nothing."""

    @task  # type: ignore[untyped-decorator, unused-ignore]  # as above
    def invite(self) -> None:
        body = _REQUEST["template"] % next(_NUMBERS)
        with self.client.post(
            _REQUEST["path"], data=body, headers=_REQUEST["headers"], catch_response=True
        ) as response:
            if response.status_code != 201:
                response.failure(f"{response.status_code} instead of 201")

"""The request that every server is measured with, and the answer of those that decide nothing.

Standard library only: the servers that import it are timed from process start.
"""

import json

PATH = "/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites"
HEADERS = {"x-dolfin-api-key": "acme-owner-key", "content-type": "application/json"}
TEMPLATE = '{"email":"%s-%%07d@bench.example","role":"Developer"}'
"""A body for `%` with five letters, then for `%` (or Lua's string.format) with a number: as many emails as wanted."""

ANSWER = {
    "token": "0BkzW7yq3VxJmT9cHfRd2Lg8NsPuEaQ5XwYvMhKtZoU",
    "id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
    "clientId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "email": "constant-0000@bench.example",
    "role": "Developer",
    "createdAt": "2026-01-01T09:00:00.000Z",
    "expiresAt": "2026-01-08T09:00:00.000Z",
    "invitedBy": "0a6e7c3a-51a5-5f06-9a3e-6a3f8f0b6b51",
}
"""A valid 201, as long as the mock's."""
ANSWER_BYTES = json.dumps(ANSWER, separators=(",", ":")).encode()

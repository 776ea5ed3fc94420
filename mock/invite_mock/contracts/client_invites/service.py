"""The Service of client-invites, and what its world documents offer to a caller."""

from invite_specs import Document

from invite_mock.contracts.client_invites import rules, world
from invite_mock.contracts.client_invites.operations import CREATE_CLIENT_INVITE, malformed
from invite_mock.contracts.client_invites.problems import PROBLEMS
from invite_mock.http.problems import Refusals, problem_details
from invite_mock.http.service import Credential, Sample, Service

_OPERATION = "createClientInvite"
_SCHEME = "dolfinApiKey"


def _credentials(document: Document) -> list[Credential]:
    """Each key with its holder: email, role and client."""
    return [
        Credential(
            _SCHEME, member["key"], f"{member['email']}, {member['role']} of {client.get('name') or client['id']}"
        )
        for client in document.get("clients", [])
        for member in client.get("members", [])
        if "key" in member
    ]


def _sample(document: Document) -> Sample | None:
    """An invite by the first Admin or Owner with a key, to an address that the document does not use."""
    for client in document.get("clients", []):
        used = {one["email"].lower() for one in (*client.get("members", []), *client.get("invites", []))}
        email = next(email for n in range(len(used) + 1) if (email := f"new.person{n or ''}@acme.example") not in used)
        for member in client.get("members", []):
            if member["role"] in rules.INVITERS and "key" in member:
                return Sample(
                    operation=_OPERATION,
                    parameters={"clientId": client["id"]},
                    credentials={_SCHEME: member["key"]},
                    body={"email": email, "role": "Developer"},
                )
    return None


service = Service(
    handlers={_OPERATION: CREATE_CLIENT_INVITE},
    refusals=Refusals(PROBLEMS, problem_details),
    contents=world.CONTENTS,
    sample=_sample,
    credentials=_credentials,
    malformed=malformed,
)

"""Mode read-only creates nothing, not even in a server that accepts whatever it can make sense of."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from conformance.listener import Answer, Request, listening
from conformance.offers import target_file
from conformance.reference_clients import CLIENT, KEYS, ClientInvites
from invite_conformance.result import Verdict
from invite_conformance.run import run
from invite_conformance.target.target_file import load_target

CREATE = "createClientInvite"
KNOWN = {"403.not-admin", "403.other-client", "409.already-member", "409.already-invited", f"{CREATE}.request.empty"}
"""What must be refused by any server, and so is checked in this mode too."""


class Lenient(ClientInvites):
    """Refuses only what it cannot make sense of: no email, and callers who may not invite."""

    created: int

    def __init__(self) -> None:
        super().__init__()
        self.created = 0

    def decide(self, request: Request) -> Answer:
        if request.method in {"PUT", "PATCH", "DELETE"}:
            self.created += 1
            return Answer(200, {})
        answer = super().decide(request)
        self.created += answer.status < 300
        return answer

    def caller(self, request: Request) -> tuple[str, str] | None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ").lower()
        return next((found for key, found in KEYS.items() if given and (key in given or given in key)), None)

    def client(self, request: Request) -> str:
        client = super().client(request).lower()
        return client if client in self.members_of else CLIENT

    def malformed(self, request: Request) -> Answer | None:
        if "email" in self.members(request):
            return None
        return self.error(400, "ClientInvite.InvalidEmail", "There is no email.")

    def perform(self, request: Request) -> Answer:
        members = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in self.members(request).items()
        }
        return super().perform(replace(request, body=json.dumps({"role": "Member"} | members).encode()))

    def members(self, request: Request) -> dict[str, Any]:
        text = request.body.decode("utf-8-sig", errors="replace")
        try:
            found, _ = json.JSONDecoder().raw_decode(text.strip())
        except (ValueError, RecursionError):
            found = dict(parse_qsl(text)) or dict(re.findall(r'"(\w+)"\s*:\s*"([^"\\]*)"', text))
        while isinstance(found, list) and found:
            found = found[0]
        return {name.lower(): value for name, value in found.items()} if isinstance(found, dict) else {}


def test_a_lenient_server_creates_nothing(tmp_path: Path) -> None:
    server = Lenient()
    with listening({"lenient": lambda: server}) as listener:
        path = target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/lenient")
        found = run(load_target(path, {}), mode="read-only", seed=1)
    assert server.created == 0
    assert found.requests > 15
    passed = {one.requirement.id.partition(".")[2] for one in found.results if one.verdict is Verdict.PASS}
    assert passed >= KNOWN


def test_it_is_lenient(tmp_path: Path) -> None:
    server = Lenient()
    with listening({"lenient": lambda: server}) as listener:
        path = target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/lenient")
        found = run(load_target(path, {}), engines={"directed"}, seed=1)
    failed = {one.requirement.id.partition(".")[2] for one in found.results if one.verdict is not Verdict.PASS}
    aspects = ("email.type", "email.null", "role.null", "role.missing", "type", "malformed-json", "media-type")
    derived = {f"{CREATE}.{one}" for one in (*(f"request.{aspect}" for aspect in aspects), "path.clientId.format")}
    assert failed >= derived | {"400.malformed-email", "403.similar-caller"}


class ByRole(ClientInvites):
    """Compares invites and members by email and role; each member has the role Member."""

    created: int

    def __init__(self) -> None:
        super().__init__()
        self.created = 0

    def conflict(self, client: str, email: str, role: str) -> Answer | None:
        return super().conflict(client, email, role) if role == "Member" else None

    def after(self, answer: Answer, request: Request) -> Answer:
        del request
        self.created += answer.status < 300
        return answer


def test_a_member_is_not_invited_with_another_role(tmp_path: Path) -> None:
    server = ByRole()
    with listening({"by-role": lambda: server}) as listener:
        path = target_file(tmp_path / "target.yaml", "client-invites", f"{listener.url}/by-role")
        found = run(load_target(path, {}), mode="read-only", seed=1)
    assert server.created == 0
    passed = {one.requirement.id.partition(".")[2] for one in found.results if one.verdict is Verdict.PASS}
    assert passed >= KNOWN

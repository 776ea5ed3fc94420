"""A server is checked against an OpenAPI document alone, without a contract of the suite."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.listener import Answer, Request, listening
from invite_conformance.cli import main
from invite_conformance.judging.catalogue import document_catalogue
from invite_conformance.result import Conformance, Run, Verdict
from invite_conformance.run import run
from invite_conformance.target.target import TargetError
from invite_conformance.target.target_file import load_target
from invite_specs import Document

SITE: Document = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": {"type": "integer"}, "name": {"type": "string"}, "kind": {"enum": ["farm", "forest"]}},
}
NEW: Document = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1}, "kind": {"enum": ["farm", "forest"]}},
}
DOCUMENT: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Sites", "version": "1"},
    "paths": {
        "/sites": {
            "get": {
                "operationId": "listSites",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 10}}],
                "responses": {
                    "200": {
                        "description": "Sites",
                        "content": {"application/json": {"schema": {"type": "array", "items": SITE}}},
                    }
                },
            },
            "post": {
                "operationId": "createSite",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": NEW, "example": {"name": "Hill"}}},
                },
                "responses": {
                    "201": {"description": "Created", "content": {"application/json": {"schema": SITE}}},
                    "400": {"description": "Invalid"},
                },
            },
        },
        "/sites/{site}": {
            "parameters": [{"name": "site", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "operationId": "getSite",
                "responses": {
                    "200": {"description": "A site", "content": {"application/json": {"schema": SITE}}},
                    "404": {"description": "None"},
                },
            },
            "delete": {
                "operationId": "deleteSite",
                "responses": {"204": {"description": "Deleted"}, "404": {"description": "None"}},
            },
        },
    },
}


class Sites:
    """A correct server of the document."""

    def __init__(self) -> None:
        self.sites: dict[str, dict[str, Any]] = {"1": {"id": 1, "name": "Hill", "kind": "farm"}}

    def reply(self, request: Request) -> Answer:
        path = request.path.split("?")[0]
        allow = ("GET", "POST") if path == "/sites" else ("GET", "DELETE")
        if request.method not in allow:
            return Answer(405, media_type=None, headers={"Allow": ", ".join(allow)})
        if request.too_large:
            return Answer(413, media_type=None)
        if path == "/sites":
            return self.created(request) if request.method == "POST" else Answer(200, list(self.sites.values()))
        site = self.sites.get(path.removeprefix("/sites/"))
        if site is None:
            return Answer(404, media_type=None)
        return Answer(204, media_type=None) if request.method == "DELETE" else Answer(200, site)

    def created(self, request: Request) -> Answer:
        try:
            given = json.loads(request.body)
        except (ValueError, RecursionError):
            return Answer(400, media_type=None)
        kind = given.get("kind", "farm") if isinstance(given, dict) else None
        is_json = request.headers.get("content-type") == "application/json"
        if not is_json or kind not in ("farm", "forest") or not self.is_name(given.get("name")):
            return Answer(400, media_type=None)
        number = len(self.sites) + 1
        self.sites[str(number)] = {"id": number, "name": given["name"], "kind": kind}
        return Answer(201, self.sites[str(number)])

    def is_name(self, name: Any) -> bool:
        return isinstance(name, str) and bool(name) and name.isprintable()


class SitesWithoutNames(Sites):
    """A new site has no name in the answer."""

    def created(self, request: Request) -> Answer:
        answer = super().created(request)
        return Answer(201, {"id": 1}) if answer.status == 201 else answer


class SitesWithoutValidation(Sites):
    """Whatever is sent as a name is taken for one."""

    def is_name(self, name: Any) -> bool:
        return name is not ...


class SitesOfNobody(Sites):
    """Whatever is sent, the one who sends it is not known; nothing of it is validated."""

    def created(self, request: Request) -> Answer:
        del request
        return Answer(404, media_type=None)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    makers = {"correct": Sites, "no-names": SitesWithoutNames, "no-validation": SitesWithoutValidation}
    makers["nobody"] = SitesOfNobody
    with listening(makers) as listener:
        yield listener.url


def checked(folder: Path, base_url: str, **more: Any) -> Run:
    (folder / "sites.json").write_text(json.dumps(DOCUMENT))
    path = folder / "target.yaml"
    path.write_text(
        json.dumps({"openapi": "sites.json", "base_url": base_url, "states": {"parameters": {"site": 1}}} | more)
    )
    return run(load_target(path, {}), seed=1)


def violated(run: Run) -> set[str]:
    amiss = {Verdict.FAIL, Verdict.WARN, Verdict.ERROR}
    return {one.requirement.id.removeprefix("sites.") for one in run.results if one.verdict in amiss}


def test_a_correct_server_violates_nothing_and_what_was_not_seen_is_said(tmp_path: Path, url: str) -> None:
    found = checked(tmp_path, f"{url}/correct")
    assert violated(found) <= {"createSite.request.trailing-bytes", "createSite.request.not-utf-8"}
    assert found.conformance in {Conformance.CONFORMANT, Conformance.INCOMPLETE}
    assert all(counts["200"] for name, counts in found.matrix.items() if name.startswith("GET"))
    assert any("Only what sites.json says by itself was checked" in one for one in found.notices)


def test_a_member_that_is_missing_is_found_in_its_own_operation(tmp_path: Path, url: str) -> None:
    found = checked(tmp_path, f"{url}/no-names")
    assert "createSite.201.name" in violated(found)
    assert not any(one.startswith(("listSites", "getSite")) for one in violated(found))
    assert found.conformance is Conformance.NOT_CONFORMANT


def test_a_value_that_must_be_refused_is_sent(tmp_path: Path, url: str) -> None:
    assert {
        "createSite.request.name.type",
        "createSite.request.name.missing",
        "createSite.request.name.range",
    } <= violated(checked(tmp_path, f"{url}/no-validation"))


def test_a_refusal_that_any_call_meets_proves_no_validation(tmp_path: Path, url: str) -> None:
    verdicts = {one.requirement.id: one for one in checked(tmp_path, f"{url}/nobody").results}
    for aspect in ("missing", "type", "range"):
        one = verdicts[f"sites.createSite.request.name.{aspect}"]
        assert one.verdict is Verdict.BLOCKED
        assert "no call of `createSite` has succeeded" in one.reason


def test_requirements_of_a_document_cite_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "sites.json"
    path.write_text(json.dumps(DOCUMENT, indent=2))
    found = {one.id: one for one in document_catalogue(path).requirements}
    one = found["sites.createSite.201.name"]
    assert one.citation.endswith("/properties/name")
    assert one.line is not None
    assert '"name"' in path.read_text().splitlines()[one.line - 1]


def test_init_prints_a_target_file_that_names_the_parameters(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "sites.json"
    path.write_text(json.dumps(DOCUMENT))
    assert main(["init", "--openapi", str(path)]) == 0
    text = capsys.readouterr().out
    assert "#   site: REPLACE" in text
    (tmp_path / "target.yaml").write_text(text)
    assert load_target(tmp_path / "target.yaml", {}).contract == "sites"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"openapi": "nowhere.yaml"}, "nowhere.yaml"),
        (
            {"base_url": "http://127.0.0.1:1"},
            "give `contract`, one of client-invites, family-invites, or `openapi`, a file",
        ),
    ],
)
def test_a_target_file_without_a_document_is_refused(tmp_path: Path, given: dict[str, str], reason: str) -> None:
    path = tmp_path / "target.yaml"
    path.write_text(json.dumps({"base_url": "http://127.0.0.1:1"} | given))
    with pytest.raises(TargetError, match=reason):
        load_target(path, {})

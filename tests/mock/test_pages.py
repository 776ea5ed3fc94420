"""The documentation pages, as they are served and as a browser shows them."""

import html
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from invite_mock.control.problems import PROBLEMS as CONTROL
from invite_mock.http.problems import GENERAL
from invite_mock.http.service import load_service
from invite_mock.settings import Settings
from invite_specs import contract_names
from mock.conftest import GLOBEX, Caller, running
from mock.in_process import mock_in_process
from mock.oracle import Oracle
from openapi_spec_validator import OpenAPIV31SpecValidator

Start = Callable[..., AbstractContextManager[Caller]]
CHROMIUM = Path("/usr/bin/chromium")
CODES = sorted(
    {*GENERAL, *CONTROL, *(code for name in contract_names() for code in load_service(name).refusals.problems)}
)
NAMES = ["client-invites", "family-invites", "control"]


@pytest.mark.parametrize("name", NAMES)
def test_each_document_is_served_as_json_and_as_yaml_that_say_the_same(caller: Caller, name: str) -> None:
    document = caller.send("GET", f"/docs/{name}/openapi.json").json
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []
    assert yaml.safe_load(caller.send("GET", f"/docs/{name}/openapi.yaml").content) == document


@pytest.mark.parametrize("name", ["client-invites", "family-invites"])
def test_a_document_s_server_is_the_world_that_it_was_read_in(caller: Caller, name: str) -> None:
    assert caller.send("GET", f"/docs/{name}/openapi.json").json["servers"] == [{"url": f"/@{caller.world}"}]
    assert caller.in_world("").send("GET", f"/docs/{name}/openapi.json").json["servers"] == [{"url": "/"}]


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems", "/docs/client-invites", "/docs/control"])
def test_no_page_needs_the_network(caller: Caller, path: str) -> None:
    text = caller.send("GET", path).content.decode()
    assert re.findall(r'(?:src|href)="(?:https?:)?//', text) == []


def test_every_problem_has_a_section_on_the_page_that_its_type_refers_to(caller: Caller) -> None:
    page = caller.send("GET", "/docs/problems").content.decode()
    assert [code for code in CODES if f'<section id="{code}">' not in page] == []
    path, _, fragment = caller.invite("owner@acme.example").json["type"].partition("#")
    assert (path, fragment) == ("/docs/problems", "ClientInvite.AlreadyMember")


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems", "/docs/client-invites/openapi.json"])
def test_options_says_which_methods_a_page_has_and_another_one_is_not_allowed(caller: Caller, path: str) -> None:
    received = caller.send("OPTIONS", path)
    assert (received.status, received.headers["allow"], received.content) == (204, "GET, HEAD, OPTIONS", b"")
    received = caller.send("POST", path)
    assert (received.status, received.outcome) == (405, "unmatched")
    assert received.headers["allow"] == "GET, HEAD, OPTIONS"
    assert received.code == "Request.MethodNotAllowed"


@pytest.mark.parametrize("path", ["/docs/nothing", "/docs/nothing/openapi.json", "/docs/static/nothing.js"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_an_unknown_page_refers_to_the_start_page(caller: Caller, path: str, method: str) -> None:
    received = caller.send(method, path)
    assert (received.status, received.outcome) == (404, "unmatched")
    assert "start page" in received.json["detail"]


def test_what_a_request_contains_is_escaped_on_the_page(caller: Caller) -> None:
    page = caller.send("GET", "/", headers={"Host": 'x"><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in page


def test_the_problems_of_the_control_api_are_listed_whatever_is_served(mock_with: Start) -> None:
    with mock_with("--contract", "family-invites") as caller:
        received = caller.send("POST", "/_mock/worlds", {})
        page = caller.send("GET", "/docs/problems").content.decode()
        assert f'<section id="{received.code}">' in page


def test_with_a_control_token_no_page_shows_a_key_and_each_says_why(oracle: Oracle) -> None:
    with mock_in_process(oracle, Settings(control_token="s3cret")) as mock:  # noqa: S106  # no secret
        for name in ("/", *(f"/docs/{name}{part}" for name in NAMES for part in ("", "/openapi.json"))):
            text = mock.send("GET", name).content.decode()
            assert re.findall(r"acme-\w+-key", text) == []
            assert "openapi.json" in name or "keys of this world are hidden" in text
    with mock_in_process(oracle) as mock:
        for name in ("/", "/docs/client-invites"):
            text = mock.send("GET", name).content.decode()
            assert "acme-owner-key" in text
            assert "hidden" not in text


def test_a_page_with_a_slash_at_its_end_stays_in_its_world(caller: Caller) -> None:
    for path in ("/docs", "/docs/problems", "/docs/client-invites"):
        assert caller.send("GET", f"{path}/").content == caller.send("GET", path).content
    assert f"the world <code>{caller.world}</code>" in caller.send("GET", "/docs/").content.decode()


def test_a_page_shows_its_world_as_it_is(caller: Caller) -> None:
    name = f"{caller.world}-own"
    members = [{"email": "a@b.example", "role": "Owner", "key": "it's-mine"}]
    state = {
        "clients": [{"id": GLOBEX, "members": members}],
        "companies": [{"id": "co", "anonymous": True}],
        "families": [{"id": "a family/ours", "company": "co"}],
    }
    assert caller.send("POST", "/_mock/worlds", {"name": name, "state": state}).status == 201
    own = caller.in_world(name)
    page = html.unescape(own.send("GET", "/").content.decode())
    assert "acme" not in page.split("<pre>")[0]
    assert [key for key in ("it's-mine", "acme-admin-key") if f"<code>{key}</code>" in page] == ["it's-mine"]
    document = own.send("GET", "/docs/family-invites/openapi.json").json
    assert document["paths"]["/v1/families/{id}/invite"]["post"]["parameters"][0]["example"] == "a family/ours"
    for curl, status in zip(re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL), ("201", "200"), strict=True):
        command = curl.replace("curl -i", "curl -s -o /dev/null -w %{http_code}")
        assert subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True).stdout == status


def test_tools_on_other_pages_may_read_a_contract_and_not_the_control_api(caller: Caller) -> None:
    for kind in ("json", "yaml"):
        for name, allowed in (("client-invites", "*"), ("control", None)):
            received = caller.send("GET", f"/docs/{name}/openapi.{kind}", headers={"Origin": "https://tool.example"})
            assert received.headers.get("access-control-allow-origin") == allowed


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there")
    options = ["--no-sandbox", "--headless", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=options)
        yield browser
        browser.close()


@pytest.mark.parametrize("name", ["client-invites", "family-invites"])
def test_the_examples_of_the_interactive_page_work_as_they_are(
    browser: Any, caller: Caller, base_url: str, name: str
) -> None:
    page = browser.new_page()
    foreign: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(base_url) else foreign.append(request.url))
    page.goto(f"{base_url}/@{caller.world}/docs/{name}")
    page.get_by_role("button", name="Execute").click()
    status = page.locator(".live-responses-table tbody .response-col_status").first
    status.wait_for()
    assert status.inner_text().split()[0] in {"200", "201"}
    assert [url for url in foreign if not url.startswith(("data:", "blob:"))] == []
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", ["/", "/docs/problems"])
def test_a_page_fits_a_phone_and_a_desktop(browser: Any, caller: Caller, base_url: str, path: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{base_url}/@{caller.world}{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("path", ["/", "/docs/shop"])
def test_a_page_of_a_document_fits_a_phone_and_asks_for_nothing_that_is_not_there(browser: Any, path: str) -> None:
    document = Path(__file__).parent / "documents" / "shop.yaml"
    page = browser.new_page(viewport={"width": 390, "height": 800})
    missing: list[str] = []
    page.on("response", lambda response: missing.append(response.url) if response.status >= 400 else None)
    with running("--openapi", str(document)) as address:
        page.goto(f"{address}{path}")
        if path != "/":
            page.locator(".opblock-body").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
    assert missing == []


@pytest.fixture
def frontend(tmp_path: Path) -> Iterator[str]:
    """The address of a frontend on this machine: another port, so another origin."""
    (tmp_path / "index.html").write_text("<h1>app</h1>")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_a_frontend_calls_the_contracts_and_not_the_control_api(
    browser: Any, caller: Caller, base_url: str, frontend: str
) -> None:
    page = browser.new_page()
    page.goto(frontend)
    call = """async ([url, credentials]) => {
        const answer = await fetch(url, {
            method: "POST", credentials,
            headers: {"content-type": "application/json", "x-dolfin-api-key": "acme-admin-key"},
            body: JSON.stringify({email: `${credentials}@acme.example`, role: "Member"}),
        });
        return [answer.status, answer.headers.get("mock-outcome"), (await answer.json()).email];
    }"""
    url = f"{base_url}/@{caller.world}/clients/3fa85f64-5717-4562-b3fc-2c963f66afa6/invites"
    for credentials in ("include", "omit"):
        assert page.evaluate(call, [url, credentials]) == [201, "natural", f"{credentials}@acme.example"]
    control = "url => fetch(url, {method: 'POST'}).then(a => a.status, error => String(error))"
    assert "TypeError" in page.evaluate(control, f"{base_url}/_mock/worlds/{caller.world}/reset")
    assert caller.invite("include@acme.example").status == 409
    page.close()

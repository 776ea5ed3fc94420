"""report.html in a real browser: complete, offline, at phone and desktop width, with a dark and a light scheme."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conformance.report.sample_runs import RUNS, VIOLATED, WRONG_KEY
from invite_conformance import report

CHROMIUM = Path("/usr/bin/chromium")


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


@pytest.fixture(scope="module", params=RUNS)
def file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    report.write(RUNS[request.param], folder)
    return folder / "report.html"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_fits_and_requests_nothing(browser: Any, file: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (requested, messages) == ([file.as_uri()], [])
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_count_of_responses_is_out_of_sight(browser: Any, tmp_path: Path, width: int) -> None:
    counts = {str(status): 100_000 * (status % 2) for status in range(400, 430)}
    report.write(replace(VIOLATED, matrix={"POST /clients/{clientId}/invites": counts}), tmp_path)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((tmp_path / "report.html").as_uri())
    shown = page.locator(".counts div")
    assert shown.all_inner_texts() == [f"{status}\n{count or 'never'}" for status, count in counts.items()]
    assert all(box.bounding_box()["x"] + box.bounding_box()["width"] <= width for box in shown.all())
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(browser: Any, file: Path, scheme: str) -> None:
    """WCAG 2.2 success criterion 1.4.3: a contrast of at least 4.5 to 1."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    assert page.evaluate(CONTRASTS) == []
    page.close()


def test_a_failure_has_a_command_and_a_remedy(browser: Any, tmp_path: Path) -> None:
    report.write(VIOLATED, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h1").inner_text() == "Not conformant"
    card = page.locator("article[id='client-invites.409.already-invited']")
    for text in ("409", "500 with a page", "published.yaml:88", "curl -sS -i -X POST", "Remedy."):
        assert card.get_by_text(text).first.is_visible(), text
    assert page.locator("section.list details").count() == len(VIOLATED.results)
    page.close()


def test_a_cause_links_to_what_it_explains(browser: Any, tmp_path: Path) -> None:
    report.write(WRONG_KEY, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h2").first.inner_text() == "Cause"
    page.locator("summary", has_text="It explains 2 failures.").click()
    page.get_by_role("link", name="client-invites.201.status").click()
    # A browser opens the details that hold the target of a link.
    assert page.locator("[id='requirement:client-invites.201.status']").get_by_text("403 Forbidden").is_visible()
    page.close()


# The background of a text is that of its nearest ancestor whose background is not transparent.
CONTRASTS = """() => {
  const channel = (v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const luminance = (c) => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const found = [];
  for (const node of document.querySelectorAll('body *')) {
    if (![...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())) continue;
    let ground = node;
    while (ground && (numbers(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
    if (!ground) continue;
    const [a, b] = [getComputedStyle(node).color, getComputedStyle(ground).backgroundColor].map(numbers).map(luminance);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(found)];
}"""

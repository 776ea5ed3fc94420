"""report.html in a real browser: whole, offline, at phone and desktop width, in the dark and in the light."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conformance.report.sample_runs import BROKEN, RUNS
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
def test_the_page_fits_and_asks_for_nothing(browser: Any, file: Path, width: int, scheme: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(file.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert (asked, said) == ([file.as_uri()], [])
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_stands_out_from_its_ground(browser: Any, file: Path, scheme: str) -> None:
    """WCAG 2.2 success criterion 1.4.3: a contrast of at least 4.5 to 1."""
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
    page.goto(file.as_uri())
    assert page.evaluate(CONTRASTS) == []
    page.close()


def test_what_failed_is_told_with_a_curl_and_its_remedy(browser: Any, tmp_path: Path) -> None:
    report.write(BROKEN, tmp_path)
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    assert page.locator("h1").inner_text() == "Not conformant"
    card = page.locator("article[id='client-invites.409.already-invited']")
    for text in ("409", "500 with a page", "published.yaml:88", "curl -i -X POST", "Remedy."):
        assert card.get_by_text(text).first.is_visible(), text
    assert page.locator("section.list details").count() == len(BROKEN.results)
    page.close()


# What is drawn behind a text is its nearest ancestor's ground that is not transparent.
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

"""Every page, light on a desk and dark on a phone: nothing spills over, nothing is empty. Pictures are kept for looking at."""

from pathlib import Path
from urllib.parse import urlencode

import pytest
from dashboard_server import running
from playwright.sync_api import expect

from seqlab.ui.frame import PAGES
from seqlab.ui.lab.views import VIEWS

SCREENSHOTS = Path(__file__).parent / "screenshots"
WIDTHS = {1600: 1000, 390: 844}


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("screens") / "home") as server:
        yield server


def _look(page, name, width):
    """Waits until the page is drawn, keeps a picture of all of it, and checks that nothing spills over or failed."""
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden(timeout=60_000)
    page.wait_for_timeout(1500)
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(height, WIDTHS[width]), 6000)})
    page.wait_for_timeout(700)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Something went wrong" not in page.inner_text("body")
    spill = page.evaluate("(() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth - m.clientWidth; })()")
    assert spill <= 1, f"{name} is {spill} pixels too wide"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1600), ("dark", 390)])
def test_screens(chromium, shared_server, scheme, width):
    SCREENSHOTS.mkdir(exist_ok=True)
    context = chromium.new_context(viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme)
    page = context.new_page()
    asked_outside = []
    page.on("request", lambda request: None if "127.0.0.1" in request.url else asked_outside.append(request.url))
    for key, entry in PAGES.items():
        page.goto(shared_server.address("" if key == "home" else key))
        expect(page.get_by_role("heading", name=entry.title, exact=True)).to_be_visible(timeout=30_000)
        _look(page, f"{key}-{scheme}-{width}", width)
    context.close()
    outside = [url for url in asked_outside if not url.startswith(("data:", "blob:"))]
    assert outside == []


def test_every_view_of_the_laboratory_on_a_phone(chromium, shared_server):
    SCREENSHOTS.mkdir(exist_ok=True)
    context = chromium.new_context(viewport={"width": 390, "height": WIDTHS[390]}, color_scheme="dark")
    page = context.new_page()
    for view in VIEWS.values():
        page.goto(shared_server.address(f"gates?{urlencode({'run': 'example-latch_lstm', 'view': view.label})}"))
        expect(page.get_by_role("button", name="Script").first).to_be_visible(timeout=60_000)  # it stands under the picture
        _look(page, f"view-{view.key}", 390)
    context.close()

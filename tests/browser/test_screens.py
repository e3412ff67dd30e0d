"""Every page, light on a desk and dark on a phone: nothing spills over, nothing failed. Pictures are kept where they are asked for."""

import os
from pathlib import Path
from urllib.parse import urlencode

import pytest
from dashboard_server import running
from playwright.sync_api import expect

from seqlab.ui.frame import PAGES
from seqlab.ui.lab.views import VIEWS

SCREENSHOTS = Path(__file__).parent / "screenshots"
SIZES = {"light": {"width": 1600, "height": 1000}, "dark": {"width": 390, "height": 844}}
STANDS_STILL = """() => {
  const app = document.querySelector("[data-testid=stApp]"), main = document.querySelector("[data-testid=stMain]");
  const busy = app?.dataset.testScriptState !== "notRunning" || document.querySelector("[data-testid=stSkeleton]");
  const now = busy ? performance.now() : `${innerWidth} ${main.scrollWidth} ${main.scrollHeight}`;
  if (now !== window.stood?.as) window.stood = { as: now, since: performance.now() };
  return performance.now() - window.stood.since > 700;
}"""


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("screens") / "home") as server:
        yield server


def _open(chromium, scheme):
    context = chromium.new_context(viewport=SIZES[scheme], color_scheme=scheme)
    context.set_default_timeout(60_000)
    return context.new_page()


def _look(page, name, scheme):
    """Waits until the page is drawn, checks that nothing spills over or failed, and keeps a picture of all of it if asked to."""
    page.wait_for_function(STANDS_STILL, polling=100)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Something went wrong" not in page.inner_text("body")
    spill, height = page.get_by_test_id("stMain").evaluate("(main) => [main.scrollWidth - main.clientWidth, main.scrollHeight]")
    assert spill <= 1, f"{name} is {spill} pixels too wide"
    if os.environ.get("SEQLAB_SCREENSHOTS") == "1":
        SCREENSHOTS.mkdir(exist_ok=True)
        page.set_viewport_size({**SIZES[scheme], "height": min(max(height, SIZES[scheme]["height"]), 6000)})
        page.wait_for_function(STANDS_STILL, polling=100)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")
        page.set_viewport_size(SIZES[scheme])


def test_every_page_on_a_desk_and_on_a_phone(chromium, shared_server):
    page = _open(chromium, "light")
    asked_outside = []
    page.on("request", lambda request: None if "127.0.0.1" in request.url else asked_outside.append(request.url))
    page.goto(shared_server.address())
    for key, entry in PAGES.items():
        page.get_by_test_id("stSidebarNavLink").filter(has_text=entry.title).click()
        expect(page.get_by_role("heading", name=entry.title, exact=True)).to_be_visible(timeout=60_000)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(SIZES[scheme])
            _look(page, f"{key}-{scheme}-{SIZES[scheme]['width']}", scheme)
        page.set_viewport_size(SIZES["light"])  # the menu of pages is in sight on a desk only
    page.context.close()
    outside = [url for url in asked_outside if not url.startswith(("data:", "blob:"))]
    assert outside == []


def test_every_view_of_the_laboratory_on_a_phone(chromium, shared_server):
    page = _open(chromium, "dark")
    page.goto(shared_server.address(f"gates?{urlencode({'run': 'example-latch_lstm'})}"))
    for view in VIEWS.values():
        chosen = page.get_by_role("radio", name=view.label, exact=True)
        chosen.click()
        expect(chosen).to_be_checked()
        page.wait_for_function(STANDS_STILL, polling=100)
        expect(page.get_by_role("button", name="Script").first).to_be_visible(timeout=60_000)  # it stands under the picture
        _look(page, f"view-{view.key}", "dark")
    page.context.close()

"""Chromium for the browser tests, and a fresh server per test."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from dashboard_server import Server, running

CHROMIUM = Path(os.environ.get("SEQLAB_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-gpu-rasterization",  # it would be done in software, and the pages draw nothing in three dimensions
    "--disable-software-rasterizer",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests; skipped where none is installed, unless SEQLAB_REQUIRE_BROWSER=1."""
    if not CHROMIUM.is_file():
        reason = f"no Chromium at {CHROMIUM} (set SEQLAB_CHROMIUM, or install the package chromium)"
        if os.environ.get("SEQLAB_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=40_000)  # other tests share the cores
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def context(chromium):
    """A browser context of a desktop in light colours; closes with the test."""
    context = chromium.new_context(viewport={"width": 1600, "height": 1000}, color_scheme="light")
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context):
    """A tab that fails the test on a script error."""
    errors = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    """A fresh server that has never been asked for anything."""
    with running(tmp_path / "home") as started:
        yield started

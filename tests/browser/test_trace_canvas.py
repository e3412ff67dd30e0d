"""The canvas of traces as a user has it: click, keys, zoom, and a page that follows."""

import re

import pytest
from dashboard_server import running
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("canvas") / "home") as server:
        yield server


def _readout(page):
    return page.locator(".trace-canvas .readout")


def _open(page, server, address=""):
    page.goto(server.address(f"gates?run=example{address}"))
    expect(_readout(page)).to_contain_text(re.compile(r"step \d+ of 36"), timeout=60_000)
    expect(page.get_by_text("largest difference").first).to_be_visible()
    return page.locator(".trace-canvas canvas.overlay")


def test_click_and_keys_move_the_cursor_and_the_page_follows(page, shared_server):
    canvas = _open(page, shared_server)
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 230)
    expect(_readout(page)).to_contain_text(re.compile(r"step \d+ · unit \d+: i ≈"))
    page.wait_for_url(re.compile(r"step=\d+"))
    step = int(re.search(r"step=(\d+)", page.url).group(1))
    assert 1 < step < 20
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(_readout(page)).to_contain_text(f"step {step + 12} of 36")  # at once, before the page knows
    expect(page.get_by_role("spinbutton", name="Step")).to_have_value(str(step + 12))
    page.keyboard.press("Home")
    page.wait_for_url(re.compile(r"step=1(&|$)"))
    before = page.url
    page.keyboard.press("ArrowDown")
    page.wait_for_function("(before) => location.href !== before", arg=before)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_shared_link_puts_the_cursor_where_it_was(page, shared_server):
    _open(page, shared_server, "&unit=5&step=7")
    expect(_readout(page)).to_contain_text("step 7 of 36 · unit 5: i ")


def test_drag_zooms_and_a_double_click_shows_all_again(page, shared_server):
    canvas = _open(page, shared_server)
    show_all = page.get_by_role("button", name="Show all")
    expect(show_all).to_be_hidden()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 500, box["y"] + 60, steps=4)
    page.mouse.up()
    expect(show_all).to_be_visible()
    page.mouse.dblclick(box["x"] + 300, box["y"] + 60)
    expect(show_all).to_be_hidden()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")

"""The canvas of traces as a user has it: click, keys, zoom, and a page that follows."""

import base64
import re
from pathlib import Path

import numpy as np
import pytest
from dashboard_server import running
from playwright.sync_api import expect
from whole_frame import expect_whole_frame

from seqlab.ui import trace_canvas
from seqlab.ui.trace_canvas import InputLine, InputPanel, LinePanel, LineTrace, TraceCanvas

ALONE = "http://canvas.test/"
MOUNT = """
<style>.trace-canvas { width: 1000px } .stage { position: relative } canvas { position: absolute; left: 0; top: 0; width: 1000px }</style>
<script type="module">
  import mount from "./trace_canvas.js";
  // Every line and area that is painted in a colour of its own: colour -> pieces of [x, y] points.
  window.painted = {};
  const g = CanvasRenderingContext2D.prototype;
  const real = Object.fromEntries(["beginPath", "moveTo", "lineTo", "stroke", "fill"].map((name) => [name, g[name]]));
  let pieces = [];
  g.beginPath = function () { pieces = []; real.beginPath.call(this); };
  g.moveTo = function (x, y) { pieces.push([[x, y]]); real.moveTo.call(this, x, y); };
  g.lineTo = function (x, y) { if (pieces.length) pieces.at(-1).push([x, y]); else pieces.push([[x, y]]); real.lineTo.call(this, x, y); };
  g.stroke = function () { window.painted[`line ${this.strokeStyle}`] = pieces; real.stroke.call(this); };
  g.fill = function () { if (pieces.length) window.painted[`area ${this.fillStyle}`] = pieces; real.fill.call(this); };
  window.show = (messages) => {
    for (const message of messages) {
      const parentElement = document.body.appendChild(document.createElement("div"));
      parentElement.appendChild(Object.assign(document.createElement("div"), { className: "trace-canvas" }));
      mount({ data: Uint8Array.from(atob(message), (c) => c.charCodeAt(0)), parentElement, setStateValue: () => {} });
    }
  };
</script>
"""


def _alone(page, *canvases):
    """Canvases on a page of their own, without a server."""
    assets = Path(trace_canvas.__file__).parent / "assets"

    def answer(route):
        name = route.request.url.removeprefix(ALONE)
        if name:
            route.fulfill(path=assets / name, content_type="text/javascript")
        else:
            route.fulfill(body=MOUNT, content_type="text/html")

    page.route(f"{ALONE}*", answer)
    page.goto(ALONE)
    page.wait_for_function("() => window.show !== undefined")
    page.evaluate("(messages) => window.show(messages)", [base64.b64encode(canvas.payload()).decode() for canvas in canvases])
    expect(page.locator("[data-ready=true]")).to_have_count(len(canvases))


def _canvas(steps, **more):
    return TraceCanvas(**{"alt": "", "rows": [0], "unit": 0, "step": 0, "times": np.arange(float(steps)), "steps": steps, **more})


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("canvas") / "home") as server:
        yield server


def _readout(page):
    return page.locator(".trace-canvas .readout")


def _open(page, server, address=""):
    page.goto(server.address(f"gates?run=example{address}"))
    expect_whole_frame(page, "gates")  # whichever test comes first asks a fresh server for it
    expect(_readout(page)).to_contain_text(re.compile(r"step \d+ of 36"), timeout=60_000)
    expect(page.get_by_text("largest difference").first).to_be_visible()
    return page.locator(".trace-canvas canvas.overlay")


def test_a_shared_link_puts_the_cursor_where_it_was_and_click_and_keys_move_it(page, shared_server):
    canvas = _open(page, shared_server, "&unit=5&step=30")
    expect(_readout(page)).to_contain_text("step 30 of 36 · unit 5: i ")
    box = canvas.bounding_box()
    page.mouse.click(box["x"] + 0.2 * box["width"], box["y"] + 230)
    expect(_readout(page)).to_contain_text(re.compile(r"step \d+( of 36)? · unit \d+: i (≈|\d)"))
    page.wait_for_url(re.compile(r"step=(?!30\b)\d+"))
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


@pytest.mark.parametrize(("steps", "gap"), [(5000, (2000, 3000)), (500, (200, 300))])
def test_a_gap_stays_a_gap_however_many_values_share_a_pixel(page, steps, gap):
    values = np.sin(np.arange(steps) / 50)
    values[slice(*gap)] = np.nan
    _alone(page, _canvas(steps, input=InputPanel(title="", lines=[InputLine(name="", values=values, color="#123456")])))
    before, after = page.evaluate("window.painted['line #123456']")
    width = after[-1][0] - before[0][0]
    assert after[0][0] - before[-1][0] == pytest.approx(0.2 * width, abs=0.01 * width)
    assert np.diff([x for x, _ in before + after]).max() == pytest.approx(after[0][0] - before[-1][0])


def test_a_band_lies_between_its_low_and_its_high(page):
    trace = LineTrace(
        name="", color="#123456", values=np.array([0.5, 0.5]), band_low=np.array([0.1, 0.2]), band_high=np.array([0.7, 0.9])
    )  # fmt: skip
    _alone(page, _canvas(2, lines=[LinePanel(title="", low=0.0, high=1.0, traces=[trace])]))
    ((middle, _),) = page.evaluate("window.painted['line #123456']")
    (corners,) = page.evaluate("window.painted['area #123456']")
    height = 96 / 1.1  # pixels per unit: the panel has a margin of 5 % on both sides
    np.testing.assert_allclose([0.5 + (middle[1] - y) / height for _, y in corners], [0.7, 0.9, 0.2, 0.1], atol=1e-6)


@pytest.mark.parametrize(
    ("starts", "last", "zoomed"),
    [
        (0, 6, True),
        (24, 6, False),  # the second has none of these steps
        (4, 6, False),  # it lacks the first ones
        (0, 42, True),  # steps ahead are seen too
    ],
)
def test_a_linked_canvas_zooms_only_to_steps_that_it_has(page, starts, last, zoomed):
    first = _canvas(36, link="pair", times=np.arange(48.0), input=InputPanel(title="", lines=[]))
    second = _canvas(36, link="pair", times=np.arange(48.0) + starts, input=InputPanel(title="", lines=[]))
    _alone(page, first, second)
    box = page.locator("canvas.overlay").first.bounding_box()
    left, width = box["x"] + 58, 1000 - 58 - 74
    start = last - 6
    page.mouse.move(left + (start + 0.1) / 48 * width, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(left + (last - 0.1) / 48 * width, box["y"] + 60, steps=4)
    page.mouse.up()
    show_all = page.locator("button", has_text="Show all")
    expect(show_all.nth(0)).to_be_visible()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert show_all.nth(1).is_visible() is zoomed

"""What a large trace costs on the screen: 256 units × 5,000 steps of a trained model, opened and clicked in a real browser.

    python -m benchmarks.trace_canvas [--gates f] [--moves 60]

Trains one epoch of an LSTM in a home folder of its own, opens the Gates page in Chromium and prints: seconds from asking for the page
until the map is painted and has taken a click (on a server that has opened the model before, by a browser that has seen the app before
and by one that has not), the same for the very first visit, the milliseconds that one move of the time cursor takes to be painted
(50th and 95th percentile), and the bytes sent.
"""

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from dashboard_server import running

from seqlab.config import ModelConfig, RunSpec, SplitConfig, TrainConfig, WindowConfig
from seqlab.runs.store import RunStore
from seqlab.runs.worker import work

UNITS, STEPS = 256, 5_000

# The canvas may lie in a shadow root.
PROBE = """
window.findCanvas = () => {
  let found = null;
  const look = (node) => {
    if (node.classList?.contains('trace-canvas')) found = node;
    if (node.shadowRoot) look(node.shadowRoot);
    for (const child of node.children ?? []) look(child);
  };
  look(document.documentElement);
  return found;
};
window.deepReady = () => window.findCanvas()?.dataset.ready === 'true';
"""

# From the key press to the frame in which the cursor stands at its new place.
MOVE = """
() => new Promise((done) => {
  const canvas = window.findCanvas().querySelector('.overlay'), readout = window.findCanvas().querySelector('.readout');
  const before = readout.textContent, began = performance.now();
  canvas.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft' }));
  const look = () => (readout.textContent === before ? requestAnimationFrame(look) : done(performance.now() - began));
  requestAnimationFrame(look);
})
"""


def train(home: Path) -> str:
    """One epoch on a few windows; the id of the run."""
    store = RunStore(home)
    spec = RunSpec(
        dataset="sine_noise",
        dataset_options={"length": 11_000},
        split=SplitConfig(train_size=10_000, validation_size=40, test_size=40),
        window=WindowConfig(context_length=STEPS, horizon=12, stride=500),
        model=ModelConfig(hidden_size=UNITS),
        training=TrainConfig(epochs=1, batch_size=4, device="cpu"),
    )
    run_id = store.submit(spec)
    folder = store.folder(run_id)
    work(folder, "train")
    if folder.status != "finished":
        raise RuntimeError(f"The run did not finish: {folder.result}")
    return run_id


def opened(page: Page) -> float:
    """Seconds from now until the map is painted and has taken a click; the page has been asked for just before."""
    began = time.perf_counter()
    page.wait_for_function("() => window.deepReady?.()", polling=20, timeout=120_000)
    box = page.locator("canvas.overlay").bounding_box()
    if box is None:
        raise RuntimeError("the canvas has no place on the page")
    before = page.locator(".readout").inner_text()
    page.mouse.click(box["x"] + 300, box["y"] + 260)
    page.wait_for_function("(before) => window.findCanvas().querySelector('.readout').textContent !== before", arg=before, polling=20)
    return time.perf_counter() - began


def visit(browser: Browser, address: str) -> tuple[float, float, Page, int]:
    """Seconds with an empty browser cache, and with one that has seen the app; the page, and the bytes the server sent last."""
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    context.add_init_script(PROBE)
    page = context.new_page()
    sent = [0]
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: sent.__setitem__(0, sent[0] + len(data))))
    page.goto(address, wait_until="commit")
    empty = opened(page)
    page.wait_for_timeout(3_000)  # the rerun after the click
    sent[0] = 0
    page.goto(address, wait_until="commit")
    return empty, opened(page), page, sent[0]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gates", default="f", help="letters of the gates drawn, such as ifgoch")
    parser.add_argument("--moves", type=int, default=60)
    parser.add_argument("--visits", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        run_id = train(home)
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        with running(home) as server:
            drawn = "".join(f"&gates={gate}" for gate in given.gates)
            address = server.address(f"gates?run={run_id}&rows={UNITS}{drawn}")
            very_first, _, page, _ = visit(browser, address)
            page.context.close()
            seconds = []
            for _ in range(given.visits):
                empty, again, page, sent = visit(browser, address)
                seconds.append((empty, again))
                page.wait_for_timeout(3_000)
                if len(seconds) < given.visits:
                    page.context.close()
            moves = [float(page.evaluate(MOVE)) for _ in range(given.moves)]
            browser.close()
    moves.sort()
    print(f"{UNITS} units x {STEPS:,} steps, gates {given.gates}: {sent / 1e6:.2f} MB sent to the page")
    for words, times in zip(
        ("browser has seen the app", "empty browser cache"), zip(*(pair[::-1] for pair in seconds), strict=True), strict=True
    ):
        print(f"painted and clicked, {words}: median {statistics.median(times):.2f} s, worst {max(times):.2f} s")
    print(f"very first visit, the server loads torch and opens the model: {very_first:.2f} s")
    print(f"cursor move: p50 {moves[len(moves) // 2]:.0f} ms, p95 {moves[int(0.95 * (len(moves) - 1))]:.0f} ms")


if __name__ == "__main__":
    main()

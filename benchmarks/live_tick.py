"""What the live page costs: click to first loss, updates per second, server CPU per tick, training lost to the polling.

    python benchmarks/live_tick.py [--seconds 20] [--pairs 3]

Needs Chromium (``SEQLAB_CHROMIUM`` names another one than /usr/bin/chromium). Prints the figures; the
last one, the share of training speed that the dashboard's polling takes, comes from pairs of the same run
with the page open and closed.
"""

import argparse
import contextlib
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "browser"))

from conftest import CHROMIUM, FLAGS
from dashboard_server import Server, running
from live_charts import LIVE_CHARTS
from screenless import open_page

from seqlab.runs.folder import RunFolder
from seqlab.runs.store import RunStore
from seqlab.ui.live_run import INTERVAL

WARM_BYTES = 150e6

# The moment a loss is readable in the legend, and how often the chart was told something new.
PROBE = (
    LIVE_CHARTS
    + """
window.watchLoss = () => {
  window.changes = []; let last = '';
  const look = () => {
    const now = window.legendValues().join(' ');
    if (now && now !== last) { last = now; window.changes.push(performance.now()); }
    window.watching = requestAnimationFrame(look);
  };
  cancelAnimationFrame(window.watching); look();
};
"""
)


def wait_for_warm_worker(server: Server) -> None:
    """Returns when the waiting worker has done its first optimizer step: torch is loaded, and it sleeps."""
    deadline, quiet = time.monotonic() + 60, 0
    while quiet < 5 and time.monotonic() < deadline:
        try:
            workers = [p for p in server.workers() if "seqlab.runs.worker" in " ".join(p.cmdline())]
            loaded = bool(workers) and max(p.memory_info().rss for p in workers) > WARM_BYTES
            quiet = quiet + 1 if loaded and max(p.cpu_percent(0.2) for p in workers) < 3 else 0
        except psutil.NoSuchProcess:
            quiet = 0  # the last run's worker has just ended


def start(page: Page, epochs: int, seed: int) -> None:
    """Fills the form and clicks Train; the run takes long enough to be watched."""
    for name, value in (("Epochs", epochs), ("Early stopping (epochs)", 0), ("Seed", seed)):
        page.get_by_role("spinbutton", name=name, exact=True).fill(str(value))
    page.evaluate("window.watchLoss()")
    page.evaluate(
        """() => { const b = [...document.querySelectorAll('button')].find((b) => b.innerText.trim().endsWith('Train'));
                   b.focus(); window.clicked = performance.now(); b.click(); }"""
    )


def first_loss_ms(page: Page) -> float:
    """Milliseconds from the click to the first loss in the chart's legend."""
    page.wait_for_function("() => window.changes.length > 0", polling=20, timeout=60_000)
    return float(page.evaluate("window.changes[0] - window.clicked"))


def current_run(page: Page) -> str:
    """Id of the run in the address."""
    page.wait_for_function("() => location.search.includes('run=')")
    return page.url.split("run=")[1].split("&")[0]


@contextlib.contextmanager
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """A fresh tab with the Train page."""
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.add_init_script(PROBE)
    page.goto(address)
    page.get_by_role("button", name="Train", exact=True).wait_for()
    yield page
    page.close()


def steps_per_second(folder: RunFolder, seconds: float) -> float:
    """How fast the run goes: optimizer steps per second of the next so many seconds, between two records of the worker."""
    before, started, offset = _newest(folder, 0)
    time.sleep(seconds)
    after, ended, _ = _newest(folder, offset)
    return (after - before) / (ended - started)


def _newest(folder: RunFolder, offset: int) -> tuple[int, float, int]:
    """Waits for the next record: its step, when it came, and the offset after it."""
    _, offset = folder.read_metrics(offset)
    while folder.result is None:
        records, offset = folder.read_metrics(offset)
        if records:
            return records[-1].step, time.monotonic(), offset
        time.sleep(0.002)
    raise RuntimeError(f"the run ended while it was measured: {folder.result}")


def measure(browser: Browser, server: Server, seconds: float, pairs: int) -> None:
    """Runs everything and prints the figures."""
    store = RunStore(server.home)
    clicks = []
    with tab(browser, server.address("train")):
        wait_for_warm_worker(server)  # the first page is what starts it
    for seed in range(4):
        wait_for_warm_worker(server)
        with tab(browser, server.address("train")) as page:
            page.wait_for_timeout(1000)
            start(page, 10_000, seed)
            clicks.append(first_loss_ms(page))
            store.request(current_run(page), "stop")
    shown = ", ".join(f"{ms:.0f}" for ms in clicks)
    print(f"click to first loss      {statistics.median(clicks):6.0f} ms   (warm worker; each: {shown})")

    wait_for_warm_worker(server)
    with tab(browser, server.address("train?dataset=electricity_taylor")) as page:
        page.wait_for_timeout(1000)
        start(page, 10_000, 100)
        first_loss_ms(page)
        folder = store.folder(current_run(page))
        page.wait_for_timeout(2000)
        page.evaluate("window.changes = []")
        began = time.monotonic()
        page.wait_for_timeout(seconds * 1000)
        updates = int(page.evaluate("window.changes.length"))
        print(f"live updates in Chromium {updates / (time.monotonic() - began):6.1f} per second (asked for every {INTERVAL} s)")
    measure_polling(server, folder, seconds, pairs)
    store.request(folder.path.name, "stop")


def measure_polling(server: Server, folder: RunFolder, seconds: float, pairs: int) -> None:
    """What a tick costs the server, and training; the tab has no screen, as a browser's own work is not ours."""
    process, ratios, costs = psutil.Process(server.process.pid), [], []
    for _ in range(pairs):
        cpu = cpu_seconds(process)
        closed = steps_per_second(folder, seconds)
        idle = (cpu_seconds(process) - cpu) / seconds
        with open_page(server.url, "train", f"run={folder.path.name}") as tab:
            time.sleep(2)
            cpu, ticks, size = cpu_seconds(process), tab.ticks, tab.bytes
            ratios.append(steps_per_second(folder, seconds) / closed)
            done = tab.ticks - ticks
            costs.append(1000 * (cpu_seconds(process) - cpu) / done)
            print(
                f"server CPU per tick      {costs[-1]:6.1f} ms   ({done / seconds:.1f} ticks per second, "
                f"{(tab.bytes - size) / done / 1000:.1f} kB each; {1000 * idle:.0f} ms per second without a page)"
            )
    each = ", ".join(f"{ratio:.3f}" for ratio in ratios)
    error = statistics.stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else float("nan")
    print(
        f"training speed, page open / closed: median {statistics.median(ratios):.3f}, mean {statistics.mean(ratios):.3f} "
        f"with a standard error of {error:.3f}   (each: {each})"
    )


def cpu_seconds(process: psutil.Process) -> float:
    """CPU time of a process so far."""
    spent = process.cpu_times()
    return spent.user + spent.system


def main() -> None:
    """Reads the options and measures on a server of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--pairs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, running(Path(home)) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        measure(browser, server, options.seconds, options.pairs)
        browser.close()


if __name__ == "__main__":
    main()

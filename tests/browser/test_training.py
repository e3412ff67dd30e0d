"""Training as a user sees it: live curve, pause, resume, stop, closed tabs, dead workers, a restarted server."""

import itertools
import time

import pytest
from dashboard_server import running
from live_charts import LIVE_CHARTS
from playwright.sync_api import expect
from traffic import Traffic
from whole_frame import expect_whole_frame

from seqlab.runs.store import RunStore

LONG = itertools.count(4000)  # epochs: far more than a test waits for, and each time others, for the same run again is the one there is
CONFIGURED = "started on 127.0.0.1"  # what the log says where .streamlit/config.toml was found


def start_training(page, *, clicks=1):
    """Presses Train with very many epochs, and returns once the first loss is on the screen."""
    field = page.get_by_role("spinbutton", name="Epochs", exact=True)
    field.fill(str(next(LONG)))
    patience = page.get_by_role("spinbutton", name="Early stopping (epochs)")
    patience.fill("0")
    page.get_by_role("button", name="Train", exact=True).click(click_count=clicks)
    wait_for_loss(page)


def wait_for_loss(page):
    page.wait_for_function("() => Number(window.legendValues?.()[0]) > 0", timeout=60_000)


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory):
    with running(tmp_path_factory.mktemp("training") / "home") as server:
        yield server


@pytest.fixture
def store(shared_server):
    """The runs of the shared server; none is left in training for the next test."""
    store = RunStore(shared_server.home)
    yield store
    for run in own_runs(store):
        if store.folder(run.run_id).training.result is None:
            store.request(run.run_id, "stop")


def own_runs(store):
    return [run for run in store.list() if not run.read_only]


@pytest.fixture
def train_page(context, shared_server, store, page):
    context.add_init_script(LIVE_CHARTS)
    page.goto(shared_server.address("train"))
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    return page


def epoch_now(page):
    """The epoch on the screen. While a worker starts the line there says so instead: waited for."""
    return wait_for_epoch(page, 0)


def wait_for_epoch(page, after):
    """Waits until an epoch later than this one is on the screen, and returns it."""
    epoch = "Number(/Epoch (\\d+) of/.exec(document.querySelector('[data-testid=stProgress]')?.innerText)?.[1])"
    later = f"() => {{ const epoch = {epoch}; return epoch > {after} && epoch; }}"
    return page.wait_for_function(later, timeout=60_000).json_value()


def finished_epochs(folder):
    return [record.epoch for record in folder.read_metrics()[0] if type(record).__name__ == "EpochRecord"]


def expect_status(page, label):
    expect(page.locator(".stMarkdownBadge").first).to_contain_text(label)


def press_stop(page):
    # while a script runs for long, Streamlit has a Stop of its own in the header
    page.get_by_test_id("stMain").get_by_role("button", name="Stop", exact=True).click()


def run_id(page):
    page.wait_for_url("**run=*")
    return page.url.split("run=")[1].split("&")[0]


def test_before_training_there_is_no_trace_of_a_chart_and_a_bad_setting_is_refused_at_the_top(train_page, store):
    page, before = train_page, len(own_runs(store))
    page.wait_for_function("() => window.liveCharts?.().length === 1")  # the script was fetched ahead
    page.wait_for_timeout(500)
    expect(page.get_by_text("Drag to zoom")).to_be_hidden()
    assert page.evaluate("window.liveCharts()[0].getBoundingClientRect().height") == 0
    page.get_by_role("spinbutton", name="Hidden size (units)").fill("1000000")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_test_id("stAlert").first).to_contain_text("a whole number from 1 to 512")
    assert len(own_runs(store)) == before


def test_a_double_click_makes_one_run_a_closed_tab_finds_it_again_and_a_killed_worker_is_replaced(train_page, store, context):
    page, before = train_page, len(own_runs(store))
    start_training(page, clicks=2)
    assert len(own_runs(store)) == before + 1
    address, epoch = page.url, epoch_now(page)
    page.close()
    page = context.new_page()
    page.goto(address)
    wait_for_loss(page)
    assert epoch_now(page) >= epoch
    expect_status(page, "Training")

    folder = store.folder(run_id(page))
    worker = folder.training.worker
    worker.kill()
    finished = finished_epochs(folder)
    deadline = time.monotonic() + 60
    while (replaced := folder.training.worker) is None or replaced.pid == worker.pid:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    wait_for_epoch(page, after=len(finished) + 1)  # at first the page may show what the dead worker wrote
    press_stop(page)
    expect(page.get_by_text("Test MAE").first).to_be_visible(timeout=20_000)
    epochs = finished_epochs(folder)
    assert epochs == list(range(1, len(epochs) + 1))  # no epoch lost, none drawn twice


def test_restarted_server_finds_the_run_again_and_both_commands_serve_the_script_as_a_file(context, page, tmp_path, request):
    context.add_init_script(LIVE_CHARTS)
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    elsewhere.mkdir()
    traffic = Traffic(page)
    with running(home, cwd=elsewhere, keep_workers=True) as server:
        page.goto(server.address("train"))
        expect_whole_frame(page, "train")
        start_training(page)
        run = run_id(page)
        traffic.expect_small_messages(page)
        traffic.expect_script_as_a_file()
        assert CONFIGURED in server.log.read_text()
        server.log.write_text("")
    traffic = Traffic(page)
    before = len(RunStore(home).folder(run).read_metrics()[0])
    with running(home, command=("-m", "streamlit", "run", "app.py"), cwd=request.config.rootpath) as server:
        page.goto(server.address(f"train?run={run}"))
        wait_for_loss(page)
        expect_status(page, "Training")
        assert len(RunStore(home).folder(run).read_metrics()[0]) > before
        traffic.expect_script_as_a_file()
        assert CONFIGURED in server.log.read_text()


def test_zoom_is_kept_while_points_arrive_and_pause_resume_and_stop_do_what_they_say(train_page, store):
    page = train_page
    start_training(page)
    chart = page.locator("canvas:visible").first
    box = chart.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 80)
    page.mouse.down()
    page.mouse.move(box["x"] + 400, box["y"] + 200, steps=5)
    page.mouse.up()
    show_all = page.get_by_role("button", name="Show all").first
    expect(show_all).to_be_visible()
    first = epoch_now(page)
    page.wait_for_timeout(2000)
    assert epoch_now(page) > first
    expect(show_all).to_be_visible()
    page.set_viewport_size({"width": 900, "height": 900})  # a resize keeps points and zoom
    page.wait_for_timeout(700)
    expect(show_all).to_be_visible()
    assert len(page.evaluate("window.liveCharts().map((r) => r.querySelectorAll('canvas').length)")) == 3
    assert page.evaluate("window.liveCharts().every((r) => r.querySelectorAll('canvas').length === 1)")
    for _ in range(5):  # on a busy machine the page may move under the pointer
        show_all.click()
        page.wait_for_timeout(3000)
        if show_all.is_hidden():
            break
    expect(show_all).to_be_hidden()
    page.get_by_role("button", name="Log scale").first.click()
    expect(page.get_by_role("button", name="Log scale").first).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Pause", exact=True).click()
    expect_status(page, "Paused")
    page.wait_for_timeout(1000)
    paused = epoch_now(page)
    page.wait_for_timeout(1500)
    assert epoch_now(page) == paused

    page.get_by_role("button", name="Resume", exact=True).click()
    expect_status(page, "Training")
    wait_for_epoch(page, after=paused)

    press_stop(page)
    expect(page.get_by_text("Test MAE").first).to_be_visible(timeout=20_000)
    assert store.get(run_id(page)).status == "stopped"

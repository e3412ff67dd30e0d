"""The way of a newcomer: see the example, pick data, train, look inside, compare, take the run away and repeat it."""

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
from playwright.sync_api import expect
from safetensors.numpy import load_file

SCREENSHOTS = Path(__file__).parent / "screenshots"


def check_it_repeats(archive: Path, place: Path) -> None:
    """The downloaded zip, by itself and in another folder: its script ends with the very weights in it."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(place)
    (folder,) = place.iterdir()
    assert {"spec.json", "metrics.jsonl", "model.safetensors", "result.json", "repeat.py"} <= {path.name for path in folder.iterdir()}
    environment = {**os.environ, "SEQLAB_HOME": str(place / "another home"), "OMP_NUM_THREADS": "1"}
    ran = subprocess.run([sys.executable, "repeat.py"], cwd=folder, env=environment, capture_output=True, text=True, timeout=200)
    assert ran.returncode == 0, ran.stderr
    epochs = [record for line in (folder / "metrics.jsonl").read_text().splitlines() if (record := json.loads(line))["kind"] == "epoch"]
    assert ran.stdout.startswith(
        "".join(f"epoch {r['epoch']}: train loss {r['train_loss']}, validation loss {r['validation_loss']}\n" for r in epochs)
    )
    trained, repeated = load_file(folder / "model.safetensors"), load_file(folder / "repeated.safetensors")
    assert trained.keys() == repeated.keys()
    assert all(np.array_equal(trained[name], repeated[name]) for name in trained)


def test_from_the_first_screen_to_the_run_taken_away(chromium, server, tmp_path):
    context = chromium.new_context(viewport={"width": 1600, "height": 1200}, color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(60_000)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def heading(name: str) -> None:
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible(timeout=60_000)

    def menu(name: str) -> None:
        page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click()
        heading(name)

    def picture(name: str) -> None:
        if os.environ.get("SEQLAB_SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(exist_ok=True)
            page.wait_for_timeout(1000)
            page.screenshot(path=SCREENSHOTS / f"walk-{name}.png", full_page=True)

    page.goto(server.address())
    heading("Home")
    expect(page.get_by_test_id("stPlotlyChart").first).to_be_visible(timeout=60_000)

    menu("Data")
    page.get_by_role("combobox", name=re.compile("Data set")).click()
    page.get_by_role("option", name=re.compile("Electricity demand")).click()
    expect(page.get_by_text("England and Wales").first).to_be_visible()
    picture("data")
    page.get_by_role("link", name="Train on this").click()
    heading("Train")

    page.get_by_text("Good forecast", exact=True).click()
    expect(page.get_by_text("Forecasts the difference from the better simple path").first).to_be_visible()
    page.get_by_role("spinbutton", name="Epochs", exact=True).fill("3")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 3")).first).to_be_visible()
    picture("training")
    expect(page.get_by_role("link", name="See its gates")).to_be_visible(timeout=120_000)
    picture("trained")
    page.wait_for_url("**run=*")
    run_id = re.search(r"run=([^&]+)", page.url).group(1)

    menu("Gates")
    expect(page.get_by_text("largest difference").first).to_be_visible(timeout=120_000)
    assert run_id in page.url
    picture("gates")

    menu("Compare")
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text(re.compile(r"than seasonal naive .*on this test part")).first).to_be_visible(timeout=120_000)
    page.get_by_role("button", name="Stop", exact=True).last.click()  # half-hourly data: minutes of fitting
    expect(page.get_by_text("The comparison is not complete")).to_be_visible(timeout=60_000)
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    picture("compare")
    page.get_by_text("Forecasts", exact=True).click()
    expect(page.get_by_text("Error by step ahead")).to_be_visible()
    expect(page.get_by_test_id("stPlotlyChart")).to_have_count(2)
    assert run_id in page.url

    menu("Runs")
    picture("runs")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download", exact=True).click()
    download.value.save_as(tmp_path / "run.zip")
    check_it_repeats(tmp_path / "run.zip", tmp_path / "taken away")

    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert errors == []
    context.close()

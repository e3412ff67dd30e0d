"""The way of a newcomer: see the example, pick data, train, look inside."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

SCREENSHOTS = Path(__file__).parent / "screenshots"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_the_first_screen_to_the_gates(chromium, server, scheme):
    SCREENSHOTS.mkdir(exist_ok=True)
    context = chromium.new_context(viewport={"width": 1600, "height": 1200}, color_scheme=scheme)
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
        page.wait_for_timeout(1000)
        page.screenshot(path=SCREENSHOTS / f"walk-{name}-{scheme}.png", full_page=True)

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
    page.get_by_role("spinbutton", name="Epochs", exact=True).fill("8")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text(re.compile(r"Epoch \d+ of 8")).first).to_be_visible()
    picture("training")
    expect(page.get_by_role("link", name="See its gates")).to_be_visible(timeout=120_000)
    picture("trained")
    page.wait_for_url("**run=*")
    run_id = re.search(r"run=([^&]+)", page.url).group(1)

    menu("Gates")
    expect(page.get_by_text("largest difference")).to_be_visible(timeout=120_000)
    assert run_id in page.url
    picture("gates")

    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert errors == []
    context.close()

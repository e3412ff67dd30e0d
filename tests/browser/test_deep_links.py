"""The first thing a fresh server is asked for may be any page: Streamlit's trap, and our way out."""

import pytest
from playwright.sync_api import expect

from seqlab.ui.frame import PAGES


def _navigation(page):
    return page.get_by_test_id("stSidebarNavLink")


@pytest.mark.parametrize("key", ["home", "train", "gates"])  # what every page does when it is the first is frame.begin
def test_first_request_is_a_deep_link(server, page, key):
    address = "" if key == "home" else key
    page.goto(server.address(f"{address}?run=example"))
    expect(page.get_by_role("heading", name=PAGES[key].title, exact=True)).to_be_visible()
    expect(_navigation(page)).to_have_count(len(PAGES))  # the frame stands, not Streamlit's own page list
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "page not found" not in page.inner_text("body").lower()


def test_home_has_an_address_of_its_own_too_and_the_selection_survives_page_switches(server, page):
    page.goto(server.address("home?run=example"))
    expect(page.get_by_role("heading", name=PAGES["home"].title, exact=True)).to_be_visible()
    expect(_navigation(page)).to_have_count(len(PAGES))
    assert "page not found" not in page.inner_text("body").lower()
    page.goto(server.address("train?run=some-run"))
    expect(page.get_by_test_id("stSidebar").get_by_label("Changed settings")).to_be_attached()  # the browser knows the bound values
    _navigation(page).filter(has_text="Runs").click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(server.address("runs?run=some-run"))
    page.reload()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(server.address("runs?run=some-run"))

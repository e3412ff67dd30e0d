"""The first thing a fresh server is asked for may be any page: Streamlit's trap, and our way out.

Home is asked for here. The train page is the first of a fresh server in ``test_training.py``, the gates page in
``test_trace_canvas.py``; both look for the frame too. What every page does when it is the first is ``frame.begin``.
"""

from playwright.sync_api import expect
from whole_frame import expect_whole_frame, navigation

from seqlab.ui.frame import PAGES


def test_home_has_an_address_of_its_own_too_and_the_selection_survives_page_switches(server, page):
    page.goto(server.address("home?run=example"))
    expect_whole_frame(page, "home")
    page.goto(server.address("train?run=some-run"))
    expect(page.get_by_test_id("stSidebar").get_by_label("Changed settings")).to_be_attached()  # the browser knows the bound values
    navigation(page).filter(has_text=PAGES["runs"].title).click()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(server.address("runs?run=some-run"))
    page.reload()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    expect(page).to_have_url(server.address("runs?run=some-run"))

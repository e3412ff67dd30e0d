"""What a page looks like whose frame stands: asserted wherever a page is the first thing that a fresh server is asked for."""

from playwright.sync_api import expect

from seqlab.ui.frame import PAGES


def navigation(page):
    """The links of the menu of pages."""
    return page.get_by_test_id("stSidebarNavLink")


def expect_whole_frame(page, key):
    """The page is there, in seqlab's frame and not under Streamlit's own page list."""
    expect(page.get_by_role("heading", name=PAGES[key].title, exact=True)).to_be_visible()
    expect(navigation(page)).to_have_count(len(PAGES))
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "page not found" not in page.inner_text("body").lower()

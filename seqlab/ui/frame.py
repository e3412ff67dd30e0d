"""The frame around every page: page table, navigation, sidebar, and the first line of each page.

``app.py`` calls :func:`run`; every file in ``pages/`` starts with :func:`begin`. A page may be the very
first thing a fresh server is asked for. Streamlit then runs the page's file without ``app.py``, because a
folder named ``pages`` switches its old page discovery on until ``st.navigation`` has run once in the
process. :func:`begin` notices that and sets things right.
"""

import contextvars
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page
from streamlit.runtime.scriptrunner import get_script_run_ctx

from seqlab.ui import selection
from seqlab.ui.messages import guard
from seqlab.ui.run_menu import draw_run_menu
from seqlab.ui.supervision import supervise

__all__ = ["PAGES", "PageEntry", "begin", "link", "page", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """One page: how it is called, and what it is for."""

    title: str
    icon: str
    sentence: str

    def file(self, root: Path, key: str) -> Path:
        """Where the page's script lies."""
        return root / "pages" / f"{key}.py"


PAGES: dict[str, PageEntry] = {
    "home": PageEntry(title="Home", icon=":material/home:", sentence="A finished example, and the way from here."),
    "data": PageEntry(title="Data", icon=":material/table_chart:", sentence="Look at the data before you train on it, or bring your own."),
    "train": PageEntry(title="Train", icon=":material/play_circle:", sentence="Choose a model, press Train, and watch it learn."),
    "gates": PageEntry(title="Gates", icon=":material/grid_on:", sentence="Every gate of the trained model, at every step."),
    "cell": PageEntry(title="Cell", icon=":material/memory:", sentence="One small cell worked by hand: every number is yours to change."),
    "compare": PageEntry(title="Compare", icon=":material/leaderboard:", sentence="The model beside simple ones, on the same test part."),
    "runs": PageEntry(title="Runs", icon=":material/history:", sentence="Everything trained so far: open it, rename it, take it away."),
}

_ASSETS = Path(__file__).parent / "assets"
_SIDEBAR = 300  # pixels: the names of runs should fit

_in_frame: contextvars.ContextVar[bool] = contextvars.ContextVar("seqlab_in_frame", default=False)


def _page_config() -> None:
    # A file of ours: the browser would fetch a Material icon from the network.
    st.set_page_config(page_title="seqlab", page_icon=str(_ASSETS / "icon.svg"), layout="wide", initial_sidebar_state=_SIDEBAR)
    st.logo(str(_ASSETS / "logo.svg"), size="large", icon_image=str(_ASSETS / "icon.svg"))


def _main_script() -> Path:
    context = get_script_run_ctx()
    if context is None:
        raise RuntimeError("Pages run inside Streamlit only. Start them with: seqlab")
    return Path(context.pages_manager.main_script_path).resolve()


def _root() -> Path:
    """The folder that holds ``app.py`` and ``pages/``."""
    main = _main_script()
    return main.parent.parent if main.parent.name == "pages" else main.parent


def page(key: str) -> Page:
    """The Streamlit page called ``key``, for ``st.page_link`` and ``st.switch_page``."""
    entry = PAGES[key]
    file = entry.file(_root(), key)
    default = key == "home"
    return st.Page(file, title=entry.title, icon=entry.icon, url_path="" if default else key, default=default, help=entry.sentence)


def link(key: str, label: str | None = None, *, icon: str | None = None) -> None:
    """A link to another page of the app; what is selected goes along."""
    st.page_link(page(key), label=label, icon=icon)


def _navigation(position: Literal["sidebar", "hidden"] = "sidebar") -> Page:
    pages = [page(key) for key in PAGES]
    # Streamlit serves the default page at "/" only; without this, somebody who types "/home" is told that it does not exist.
    alias = st.Page(PAGES["home"].file(_root(), "home"), title=PAGES["home"].title, url_path="home", visibility="hidden")
    return st.navigation([*pages, alias], position=position)


def _sidebar() -> None:
    with st.sidebar, guard("listing the runs"):
        menu = st.container()
        selection.draw_address()  # first: only now is known what the address says
        with menu:
            draw_run_menu()


def run() -> None:
    """All of ``app.py``: page settings, navigation, sidebar, and the page that was asked for."""
    _page_config()
    # Before the navigation: a click on it, however early, must find the address bound to its widgets.
    _sidebar()
    chosen = _navigation()
    token = _in_frame.set(True)
    try:
        chosen.run()
    finally:
        _in_frame.reset(token)
    # After the page, so that the first screen does not wait for the worker that warms up meanwhile.
    with guard("starting the workers"):
        supervise()


def begin(page_key: str) -> None:
    """First call of every page: makes sure that the frame stands, then writes the page's heading.

    Args:
        page_key: key of :data:`PAGES`, the page's own file name.
    """
    entry = PAGES[page_key]
    if not _in_frame.get():
        _page_config()
        if _main_script().parent.name != "pages":
            # A deep link into a fresh server. From now on app.py runs first; until then there is no menu to click.
            _navigation("hidden")
            st.rerun()
        # The page itself was started as the main script (a test, `streamlit run pages/x.py`).
        _sidebar()
        chosen = _navigation()
        if chosen.url_path not in {page_key, ""}:
            chosen.run()
            st.stop()
    st.header(entry.title, anchor=False)
    st.caption(entry.sentence)

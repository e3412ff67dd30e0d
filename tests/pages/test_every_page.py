"""What holds for every page: it opens by itself, stays thin, and costs no torch at first."""

import subprocess
import sys
from pathlib import Path

import pytest

from seqlab.ui.frame import PAGES

ROOT = Path(__file__).resolve().parents[2]


def test_the_table_lists_the_files():
    assert {f"{key}.py" for key in PAGES} == {path.name for path in (ROOT / "pages").glob("*.py")}


@pytest.mark.parametrize("path", [*(ROOT / "pages").glob("*.py"), ROOT / "app.py"], ids=lambda path: path.name)
def test_thin(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 80
    assert "import plotly" not in text
    assert "import torch" not in text


def expect_page(app, key):
    assert not app.exception
    assert not app.error
    assert [heading.value for heading in app.header] == [PAGES[key].title]


@pytest.mark.parametrize("key", PAGES)
def test_opens_alone_and_names_itself(open_alone, key):
    expect_page(open_alone(key), key)


def test_every_page_opens_from_home(open_page):
    app = open_page("home")
    expect_page(app, "home")
    for key in PAGES:
        if key != "home":
            expect_page(app.switch_page(f"pages/{key}.py").run(), key)


@pytest.mark.parametrize("key", PAGES)
def test_an_address_may_ask_for_anything(open_page, key):
    app = open_page(key, run="../../etc/passwd", dataset="<b>none</b>", preset="?", settings="{")
    assert not app.exception
    assert not any("Something went wrong" in error.value for error in app.error)


FIRST_PAINT = """
import sys
from streamlit.testing.v1 import AppTest
from seqlab.ui import supervision
supervision.Supervisor = lambda store: type("Quiet", (), {"start": lambda self: self})()
shown = {"home": "plotly_chart", "data": "plotly_chart", "compare": "dataframe"}  # at once, and from stored numbers alone
for key in sorted(%r, key=lambda key: key not in shown):
    app = AppTest.from_file(f"pages/{key}.py", default_timeout=60).run()
    assert not app.exception, key
    assert key not in shown or app.get(shown[key]), key
    heavy = {"torch", "statsmodels", "scipy"} if key in shown else {"torch", "statsmodels"}
    assert heavy.isdisjoint(sys.modules), (key, heavy & set(sys.modules))
"""


def test_first_paint_needs_no_torch():
    keys = [key for key in PAGES if key != "gates"]  # opening a model's gates is torch's work
    done = subprocess.run([sys.executable, "-c", FIRST_PAINT % keys], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr

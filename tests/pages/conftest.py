"""Pages run in-process with AppTest, on a home folder of their own and without workers."""

import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

sys.path.insert(0, str(Path(__file__).parent))

from seqlab.ui import supervision

ROOT = Path(__file__).resolve().parents[2]


class QuietSupervisor:
    """Starts nothing: a page test looks at the page."""

    def __init__(self, store):
        self.store = store

    def start(self):
        return self


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A fresh SEQLAB_HOME."""
    folder = tmp_path / "home"
    monkeypatch.setenv("SEQLAB_HOME", str(folder))
    monkeypatch.setattr(supervision, "Supervisor", QuietSupervisor)
    return folder


@pytest.fixture(params=["app", "alone"])
def open_page(request):
    """Opens a page, once through app.py and once as the main script, with parameters of the address."""

    def open_(key, **address):
        if request.param == "alone":
            app = AppTest.from_file(str(ROOT / "pages" / f"{key}.py"), default_timeout=60)
        else:
            app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in address.items():
            app.query_params[name] = value
        app.run()
        if request.param == "app" and key != "home":
            app.switch_page(f"pages/{key}.py").run()
        return app

    return open_

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


def _app(script, address):
    app = AppTest.from_file(str(ROOT / script), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app


@pytest.fixture
def open_page():
    """Opens a page through app.py, as a link to it does, with parameters of the address."""

    def open_(key, **address):
        app = _app("app.py", address)
        if key != "home":
            app.switch_page(f"pages/{key}.py")
        return app.run()

    return open_


@pytest.fixture
def open_alone():
    """Opens a page as the main script."""
    return lambda key, **address: _app(f"pages/{key}.py", address).run()

"""What a view gives away: the script in the zip really runs, and makes the table that lies beside it again."""

import io
import runpy
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from seqlab.data.home import home
from seqlab.runs.examples import SHIPPED
from seqlab.ui import supervision
from seqlab.ui.lab.views import VIEWS

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Callable[[], bytes]]]:
    """Opens a view on the example that comes with seqlab; gives the files it offers, by name."""

    def open_(view: str, **address: str) -> dict[str, Callable[[], bytes]]:
        files: dict[str, Callable[[], bytes]] = {}

        def keep(label: str, data: Callable[[], bytes], *, file_name: str, **more: object) -> bool:
            files[file_name] = data
            return False

        monkeypatch.setattr(supervision, "Supervisor", lambda store: type("Quiet", (), {"start": lambda self: self})())
        monkeypatch.setattr(st, "download_button", keep)
        shutil.copytree(SHIPPED / "airline_lstm", home() / "runs" / "20260101-000000-aaaaaa")  # a second model, to compare with
        app = AppTest.from_file(str(ROOT / "pages" / "gates.py"), default_timeout=120)
        for name, value in {"view": VIEWS[view].label, **address}.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        assert not app.error
        return files

    return open_


def _unpack(files: dict[str, Callable[[], bytes]], folder: Path) -> list[str]:
    """Unpacks every zip on offer; gives the names of the tables in them."""
    names = [name.removesuffix(".zip") for name in files if name.endswith(".zip")]
    for name in names:
        with zipfile.ZipFile(io.BytesIO(files[f"{name}.zip"]())) as archive:
            archive.extractall(folder)
        assert (folder / name / f"{name}.csv").read_bytes() == files[f"{name}.csv"]()
    return names


def _assert_same(folder: Path, name: str) -> None:
    table, again = (pd.read_csv(folder / name / f"{name}{ending}.csv") for ending in ("", ".again"))
    assert len(table), "a view gives numbers away, not an empty table"
    pd.testing.assert_frame_equal(again, table, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("view", VIEWS)
def test_the_script_of_every_view_makes_its_table_again(
    view: str, offered: Callable[..., dict[str, Callable[[], bytes]]], tmp_path: Path
) -> None:
    files = offered(view, step="20", unit="5")
    names = _unpack(files, tmp_path)
    assert names
    for name in names:
        runpy.run_path(str(tmp_path / name / f"{name}.py"))
        _assert_same(tmp_path, name)


def test_a_script_needs_nothing_but_seqlab_and_its_folder(offered: Callable[..., dict[str, Callable[[], bytes]]], tmp_path: Path) -> None:
    (name,) = _unpack(offered("trajectory"), tmp_path)
    done = subprocess.run(
        [sys.executable, str(tmp_path / name / f"{name}.py")], capture_output=True, text=True, cwd=tmp_path, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    _assert_same(tmp_path, name)


@pytest.mark.parametrize("address", [{"part": "train", "transplant_score": "The whole forecast"}, {"transplant_units": "3", "step": "30"}])
def test_choices_of_a_view_are_in_its_script(
    address: dict[str, str], offered: Callable[..., dict[str, Callable[[], bytes]]], tmp_path: Path
) -> None:
    (name,) = _unpack(offered("transplant", **address), tmp_path)
    runpy.run_path(str(tmp_path / name / f"{name}.py"))
    _assert_same(tmp_path, name)

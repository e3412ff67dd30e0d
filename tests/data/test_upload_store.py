import io
import json

import numpy as np
import pandas as pd
import pytest

from seqlab.data.catalog import load_dataset
from seqlab.data.series import SeriesDataset
from seqlab.data.upload import read_table
from seqlab.data.upload_store import open_upload, store_upload
from seqlab.errors import ConfigError, DataError


@pytest.fixture(autouse=True)
def own_home(monkeypatch, tmp_path):
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def made(name="load", *, dates=True):
    values = np.array([1.5, np.nan, -0.0, 1e-300, 2.0])
    index = pd.date_range("1899-12-31 23:00", periods=5, freq="h", name="time") if dates else pd.RangeIndex(5)
    return SeriesDataset(
        label="<i>Mine</i>",
        frame=pd.DataFrame({name: values, "plan": np.arange(5.0)}, index=index),
        targets=(name,),
        known_ahead=("plan",),
        frequency="h" if dates else None,
        season_length=2,
        seasons=(2, 4),
        notes=("Read.",),
        summary="A table.",
        source="Uploaded file",
    )


@pytest.mark.parametrize("dates", [True, False])
@pytest.mark.parametrize("name", ["load", "<b>x</b>", "../../x", "Größe 😀"])
def test_what_was_stored_comes_back(name, dates):
    data = made(name, dates=dates)
    back = load_dataset(store_upload(data))
    pd.testing.assert_frame_equal(back.frame, data.frame, check_freq=False, check_index_type=False)
    assert back.fingerprint == data.fingerprint
    assert back.key == f"upload:{data.fingerprint}"
    for field in (
        "label",
        "targets",
        "known_ahead",
        "past",
        "frequency",
        "season_length",
        "seasons",
        "notes",
        "summary",
        "source",
        "licence",
    ):
        assert getattr(back, field) == getattr(data, field)


def test_an_upload_from_reading_to_loading():
    content = "day,load\n" + "".join(f"2024-01-{day:02d},{day % 7}\n" for day in range(1, 31))
    data = read_table(io.StringIO(content))
    assert load_dataset(store_upload(data)).fingerprint == data.fingerprint


def test_storing_twice_keeps_the_first_and_leaves_nothing_half_made(own_home):
    first = store_upload(made())
    before = (own_home / "uploads" / made().fingerprint / "dataset.json").stat().st_mtime_ns
    assert store_upload(made()) == first
    assert [folder.name for folder in (own_home / "uploads").iterdir()] == [made().fingerprint]
    assert (own_home / "uploads" / made().fingerprint / "dataset.json").stat().st_mtime_ns == before


def test_a_failed_write_leaves_nothing_behind(own_home, monkeypatch):
    monkeypatch.setattr(json, "dump", lambda *_args, **_more: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(DataError, match=r"No space left on device\. Make room"):
        store_upload(made())
    assert list((own_home / "uploads").iterdir()) == []


def test_a_home_that_cannot_be_written_is_said(own_home):
    own_home.write_text("in the way")
    with pytest.raises(DataError, match="cannot be kept"):
        store_upload(made())


@pytest.mark.parametrize("rest", ["", "..", "../../etc/passwd", "a" * 63, "A" * 64, "g" * 64, "0" * 64 + "\n", "0" * 63 + "/"])
def test_a_malformed_key_never_becomes_a_path(rest):
    with pytest.raises(DataError, match="no key of an upload"):
        open_upload("upload:" + rest)


def test_an_upload_that_is_not_there():
    with pytest.raises(DataError, match="Upload the file again"):
        load_dataset("upload:" + "0" * 64)


def test_uploads_take_no_options():
    with pytest.raises(ConfigError, match="takes no options"):
        load_dataset("upload:" + "0" * 64, period=3)


@pytest.mark.parametrize(
    "damage",
    ["missing json", "broken json", "other format", "missing values", "broken values", "pickled values", "changed values", "short"],
)
def test_damage_is_noticed(own_home, damage):
    key = store_upload(made())
    folder = own_home / "uploads" / made().fingerprint
    described = json.loads((folder / "dataset.json").read_text())
    with np.load(folder / "values.npz") as stored:
        arrays = dict(stored)
    if damage == "missing json":
        (folder / "dataset.json").unlink()
    elif damage == "broken json":
        (folder / "dataset.json").write_text("{")
    elif damage == "other format":
        (folder / "dataset.json").write_text(json.dumps({**described, "format": 99}))
    elif damage == "missing values":
        (folder / "values.npz").unlink()
    elif damage == "broken values":
        (folder / "values.npz").write_bytes(b"PK\x03\x04nothing")
    elif damage == "pickled values":
        np.savez(folder / "values.npz", values=np.array([object()], dtype=object), steps=arrays["steps"])
    elif damage == "changed values":
        np.savez(folder / "values.npz", values=arrays["values"] + 1, steps=arrays["steps"])
    else:
        np.savez(folder / "values.npz", values=arrays["values"][:3], steps=arrays["steps"])
    with pytest.raises(DataError, match=r"damaged|was changed after it was stored"):
        open_upload(key)

import dataclasses

import numpy as np
import pandas as pd
import pytest

from seqlab.data.series import SeriesDataset
from seqlab.errors import DataError


def made(frame=None, **more):
    frame = pd.DataFrame({"a": [1.0, 2.0, np.nan], "b": [0.0, 1.0, 0.0]}) if frame is None else frame
    return SeriesDataset(**{"label": "Demo", "frame": frame, "targets": ("a",), **more})


def test_describes_itself():
    data = made()
    assert (data.task, data.columns, data.season_length, data.frequency) == ("forecast", ("a", "b"), 1, None)
    with pytest.raises(dataclasses.FrozenInstanceError):
        data.label = "other"


def test_fingerprint_is_the_same_for_the_same_data():
    dates = pd.date_range("2024-01-01", periods=3, freq="D")
    frame = pd.DataFrame({"a": [1.0, 2.0, np.nan]}, index=dates)
    nanoseconds = frame.set_axis(dates.as_unit("ns"))
    other_nan = frame.copy()
    other_nan.iloc[2, 0] = np.frombuffer(b"\x01\x00\x00\x00\x00\x00\xf8\xff", dtype="<f8")[0]
    prints = {made(table, label=f"called {number}").fingerprint for number, table in enumerate((frame, nanoseconds, other_nan))}
    assert len(prints) == 1
    assert all(len(found) == 64 for found in prints)


def test_fingerprint_knows_zero_only_once():
    assert made(pd.DataFrame({"a": [0.0, 1.0]})).fingerprint == made(pd.DataFrame({"a": [-0.0, 1.0]})).fingerprint


def test_fingerprint_changes_with_values_index_names_and_roles():
    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [0.0, 1.0, 0.0]})
    dates = pd.date_range("2024-01-01", periods=3, freq="D")
    variants = [
        made(frame),
        made(frame.replace(3.0, 3.5)),
        made(frame.set_axis(dates)),
        made(frame.set_axis(dates + pd.Timedelta(days=1))),
        made(frame.rename(columns={"b": "c"})),
        made(frame, targets=("b",)),
        made(frame, season_length=2),
        made(frame, past=("b",)),
    ]
    assert len({data.fingerprint for data in variants}) == len(variants)


@pytest.mark.parametrize(
    ("frame", "more", "sentence"),
    [
        (pd.DataFrame({"a": [1.0]}), {"targets": ()}, "names no target"),
        (pd.DataFrame({"a": [1.0]}), {"targets": ("z",)}, "'z' is no column"),
        (pd.DataFrame({"a": [1.0]}), {"past": ("z",)}, "past covariate 'z'"),
        (pd.DataFrame({"a": [1.0]}), {"season_length": 0}, "at least 1"),
        (pd.DataFrame({"a": []}), {}, "0 rows"),
        (pd.DataFrame({"a": [1]}), {}, "type int64"),
        (pd.DataFrame({"a": [np.inf, 1.0]}), {}, "1 infinite"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=[1, 0]), {}, "time order"),
        (pd.DataFrame({"a": [1.0, 2.0]}, index=[1, 1]), {}, "same time"),
        (pd.DataFrame([[1.0, 2.0]], columns=["a", "a"]), {}, "Two columns are called 'a'"),
        (pd.DataFrame({3: [1.0]}), {}, "is no text"),
    ],
)
def test_refuses_a_table_that_is_none(frame, more, sentence):
    with pytest.raises(DataError, match=sentence):
        made(frame, **more)

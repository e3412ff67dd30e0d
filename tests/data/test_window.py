import warnings

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqlab.data.window import make_windows
from seqlab.errors import DataError


def numbered(series=2, rows=30, features=3):
    """Each value tells where it stands: series · 10000 + row · 10 + feature."""
    grid = np.arange(series)[:, None, None] * 10_000 + np.arange(rows)[:, None] * 10 + np.arange(features)
    return grid.astype(np.float32)


def windows_of(values, *, context=4, horizon=3, rows=(4, 30), known=1, **more):
    return make_windows(values, values[:, :, :1], known_size=known, context_length=context, horizon=horizon, rows=rows, **more)


def test_views_share_memory_with_the_one_array_and_so_do_torchs():
    values = numbered()
    found = windows_of(values)
    for view in (found.x, found.future, found.y):
        assert np.shares_memory(view, values)
        assert view.dtype == np.float32
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tensor = torch.from_numpy(view)
        assert tensor.data_ptr() == view.__array_interface__["data"][0]
        assert tensor.stride() == tuple(step // 4 for step in view.strides)
    values[0, 10, 0] = -1.0
    assert (found.x == -1.0).sum() == 4
    assert (torch.from_numpy(found.x) == -1.0).sum() == 4


def test_shapes_and_contents():
    found = windows_of(numbered())
    assert (found.x.shape, found.future.shape, found.y.shape) == ((2, 24, 4, 3), (2, 24, 3, 1), (2, 24, 3, 1))
    assert (len(found), found.series_count, found.window_count) == (48, 2, 24)
    assert found.x[1, 5, :, 0].tolist() == [10_050, 10_060, 10_070, 10_080]
    assert found.y[1, 5, :, 0].tolist() == [10_090, 10_100, 10_110]
    assert found.future[1, 5, :, 0].tolist() == [10_092, 10_102, 10_112]
    assert found.origins[5] == 9


def test_gather_copies_the_samples_asked_for_in_their_order():
    found = windows_of(numbered())
    x, future, y = found.gather([47, 0, 24])
    assert (x.shape, future.shape, y.shape) == ((3, 4, 3), (3, 3, 1), (3, 3, 1))
    assert y[:, 0, 0].tolist() == [10_270, 40, 10_040]
    assert all(array.flags.c_contiguous and array.dtype == np.float32 for array in (x, future, y))
    assert not np.shares_memory(x, found.x)
    assert found.gather([])[0].shape == (0, 4, 3)


def test_no_known_features_give_an_empty_future():
    found = windows_of(numbered(), known=0)
    assert found.future.shape == (2, 24, 3, 0)
    assert found.gather([1, 2])[1].shape == (2, 3, 0)


def test_stride_keeps_every_nth_window_as_a_view():
    values = numbered()
    found = windows_of(values, stride=5)
    assert found.origins.tolist() == [4, 9, 14, 19, 24]
    assert found.y[0, :, 0, 0].tolist() == [40, 90, 140, 190, 240]
    assert np.shares_memory(found.x, values)
    assert windows_of(values, stride=1000).origins.tolist() == [4]


def test_windows_that_touch_a_gap_are_left_out():
    values = numbered()
    gaps = np.zeros(30, dtype=bool)
    gaps[[3, 12]] = True
    found = windows_of(values, gaps=gaps)
    reach = [set(range(origin - 4, origin + 3)) for origin in found.origins]
    assert found.origins.tolist() == [8, 9, *range(17, 28)]
    assert not any({3, 12} & rows for rows in reach)
    assert np.shares_memory(found.x, values)
    x, _, y = found.gather(np.arange(len(found)))
    assert y[: found.window_count, 0, 0].tolist() == [10.0 * origin for origin in found.origins]
    assert x[found.window_count, 0, 0] == 10_000 + 10 * (8 - 4)
    assert found.samples_at([17, 8]).tolist() == [[2, 0], [15, 13]]


@pytest.mark.parametrize("gap", [None, 3, 14, 29])
def test_of_blocks_those_that_touch_a_gap_are_left_out_and_the_others_stay_in_place(gap):
    gaps = np.zeros(30, dtype=bool)
    if gap is not None:
        gaps[gap] = True
    found = windows_of(numbered(), context=3, horizon=2, rows=(3, 30), block_length=5, gaps=gaps)
    whole = [block for block in range(6) if not gaps[5 * block : 5 * block + 5].any()]
    assert found.origins.tolist() == [5 * block + 3 for block in whole]
    x, future, y = found.gather(np.arange(found.window_count))
    assert x[:, :, 0].tolist() == [[50 * block, 50 * block + 10, 50 * block + 20] for block in whole]
    assert y[:, :, 0].tolist() == [[50 * block + 30, 50 * block + 40] for block in whole]
    assert future[:, :, 0].tolist() == [[50 * block + 32, 50 * block + 42] for block in whole]


def test_samples_are_found_by_their_origin():
    found = windows_of(numbered())
    assert found.samples_at([4, 27]).tolist() == [[0, 23], [24, 47]]
    assert found.series([0, 23, 24, 47]).tolist() == [0, 0, 1, 1]
    for origin in (3, 28, -1):
        with pytest.raises(DataError, match=f"at row {origin}.*from row 4 to 27"):
            found.samples_at([4, origin])


@pytest.mark.parametrize("sample", [-1, 48])
def test_a_sample_that_does_not_exist_is_refused(sample):
    with pytest.raises(DataError, match=f"no sample {sample}. Samples go from 0 to 47"):
        windows_of(numbered()).gather([0, sample])


def test_when_not_one_window_fits_the_reason_is_said():
    with pytest.raises(DataError, match="No window of 4 context and 3 horizon steps forecasts only rows 28 to 29"):
        windows_of(numbered(), rows=(28, 30))
    with pytest.raises(DataError, match="No window"):
        windows_of(numbered(), rows=(3, 30))
    with pytest.raises(DataError, match="All 24 windows that forecast rows 4 to 29 touch a gap"):
        windows_of(numbered(), gaps=np.ones(30, dtype=bool))


@given(
    context=st.integers(1, 8),
    horizon=st.integers(1, 8),
    first=st.integers(1, 25),
    length=st.integers(1, 25),
    stride=st.integers(1, 6),
    data=st.data(),
)
def test_every_window_is_in_order_and_forecasts_only_its_rows(context, horizon, first, length, stride, data):
    values = numbered(rows=60)
    rows = (first, min(first + length, 60))
    gaps = np.array(data.draw(st.lists(st.sampled_from([False] * 9 + [True]), min_size=60, max_size=60)))
    try:
        found = windows_of(values, context=context, horizon=horizon, rows=rows, stride=stride, gaps=gaps)
    except DataError:
        return
    x, future, y = found.gather(np.arange(found.window_count))
    steps = (y[:, :, 0] // 10).astype(int)
    assert (np.diff(steps, axis=1) == 1).all()
    assert steps.min() >= rows[0]
    assert steps.max() < rows[1]
    assert ((x[:, :, 0] // 10).astype(int) == found.origins[:, None] + np.arange(-context, 0)).all()
    assert (steps[:, 0] == found.origins).all()
    assert (future[:, :, 0] // 10 == steps).all()
    assert (np.diff(found.origins) > 0).all()
    for origin in found.origins:
        assert not gaps[origin - context : origin + horizon].any()

"""Which window of a second model stands beside that of the first."""

from types import SimpleNamespace

import pytest

from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, WindowConfig
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import prepare
from seqlab.ui.lab.choice import WindowChoice
from seqlab.ui.lab.second_model import align, step_beside


def opened(dataset="airline_passengers", *, context=24, horizon=6, segment=1, targets=(), split=None):
    """A model as far as its windows go."""
    spec = RunSpec(
        dataset=dataset,
        data=DataConfig(targets=targets),
        split=split or SplitConfig(),
        window=WindowConfig(context_length=context, horizon=horizon),
        model=ModelConfig(segment_length=segment, reference="none"),
    )
    return SimpleNamespace(spec=spec, prepared=prepare(load_dataset(dataset), spec))


def bench_of(fitted, *, part="test", window=0, column=0):
    windows = fitted.prepared.windows(part)
    choice = WindowChoice(part=part, window=window, windows=windows.window_count, column=column, origin=int(windows.origins[window]))
    return SimpleNamespace(fitted=fitted, choice=choice, of_series=True)


def test_the_same_origin_whatever_the_context():
    bench = bench_of(opened(context=24), window=3)
    found = align(bench, opened(context=36))
    assert found.same_dates
    assert found.choice.origin == bench.choice.origin
    assert (found.choice.part, found.choice.window) == ("test", 3)
    assert found.said == ("It reads 36 steps instead of 24.",)


def test_a_longer_horizon_ends_its_windows_earlier():
    first, second = opened(horizon=6), opened(horizon=12)
    last = bench_of(first, window=first.prepared.windows("test").window_count - 1)
    found = align(last, second)
    assert not found.same_dates
    assert found.choice.origin == second.prepared.windows("test").origins[-1] < last.choice.origin
    assert "nearest one" in found.said[0]
    assert found.said[1] == "It forecasts 12 instead of 6."


def test_another_part_is_said():
    found = align(bench_of(opened(), part="validation"), opened(split=SplitConfig(train_size=0.8, validation_size=0.1)))
    assert found.same_dates
    assert found.choice.part == "train"
    assert "lies in its train part" in found.said[0]


def test_other_data_shows_a_window_of_its_own():
    found = align(bench_of(opened()), opened("sunspots"))
    assert not found.same_dates
    assert found.choice.window == found.choice.windows - 1
    assert "other data" in found.said[0]


def test_columns_are_found_by_name():
    first = opened("macro_us", context=8, horizon=2, targets=("realgdp", "infl"))
    assert align(bench_of(first, column=1), opened("macro_us", context=8, horizon=2, targets=("infl",))).choice.column == 0
    found = align(bench_of(first, column=1), opened("macro_us", context=8, horizon=2, targets=("realgdp",)))
    assert found.choice.column == 0
    assert found.said == ("It does not forecast infl; shown is realgdp.",)


@pytest.mark.parametrize(
    ("own", "other", "step", "expected"),
    [
        ((24, 1), (36, 1), 23, 35),  # both end at the same date
        ((24, 1), (36, 1), 0, 12),
        ((36, 1), (24, 1), 0, 0),  # before the second begins
        ((24, 1), (24, 4), 23, 5),
        ((24, 1), (24, 4), 20, 5),
        ((24, 1), (24, 4), 19, 4),
        ((24, 4), (24, 1), 0, 3),  # a segment ends where its last step is read
    ],
)
def test_the_cursors_stand_at_the_same_date(own, other, step, expected):
    steps = [context // segment for context, segment in (own, other)]
    assert step_beside(step, steps[0], own[1], steps[1], other[1]) == expected
    rows = [-context + (at + 1) * segment - 1 for (context, segment), at in ((own, step), (other, expected))]
    assert 0 <= rows[1] - rows[0] < max(own[1], other[1]) or expected == 0

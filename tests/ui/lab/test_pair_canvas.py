"""Two canvases of one page: one link, one axis, one set of colours."""

import dataclasses
from types import SimpleNamespace

import pytest

from seqlab.runs.examples import SHIPPED
from seqlab.runs.folder import RunFolder
from seqlab.runs.summary import example_summary
from seqlab.ui.lab.choice import WindowChoice
from seqlab.ui.lab.pair_canvas import LINK, linked_canvas, shared_limit
from seqlab.ui.lab.second_model import Alignment, open_beside
from seqlab.ui.opened import open_fitted


@pytest.fixture(scope="module")
def bench():
    """The example's third test window, opened as a second model beside one that stands at its last step."""
    run = example_summary("example", RunFolder(SHIPPED / "airline_lstm", read_only=True))
    fitted = open_fitted(run.folder)
    windows = fitted.prepared.windows("test")
    choice = WindowChoice(part="test", window=2, windows=windows.window_count, column=0, origin=int(windows.origins[2]))
    first = SimpleNamespace(layer=0, direction="forward", step=35, steps=36, of_series=True, trace=SimpleNamespace(segment_length=1))
    return open_beside(first, run, fitted, Alignment(choice=choice, same_dates=True, said=()), unit=3)


def test_the_second_bench_shows_the_window_and_keeps_the_unit(bench):
    assert (bench.step, bench.unit, bench.samples[0]) == (35, 3, 2)
    assert bench.trace.max_error < 1e-5
    assert sorted(bench.order) == list(range(16))


def test_dates_or_steps_before_the_forecast(bench):
    dated = linked_canvas(bench, ["f", "h"], limit=2.0, by_date=True)
    assert dated.link == LINK
    assert dated.x_kind == "time"
    first = bench.fitted.prepared.index[bench.first_row]
    assert dated.times[0] == first.timestamp() * 1000
    counted = linked_canvas(bench, ["f", "h"], limit=2.0, by_date=False)
    assert counted.x_kind == "number"
    assert (counted.times[0], counted.times[36], counted.times[-1]) == (-36, 0, 11)


def test_one_limit_for_states_without_bounds(bench):
    big = dataclasses.replace(bench.trace, gates={key: values * 3 for key, values in bench.trace.gates.items()})
    other = dataclasses.replace(bench, opened=dataclasses.replace(bench.opened, trace=big))
    limit = shared_limit([bench, other])
    assert limit == shared_limit([other]) > shared_limit([bench])
    limits = {panel.name: (panel.low, panel.high) for panel in linked_canvas(bench, ["f", "c", "h"], limit=limit, by_date=True).maps}
    assert limits == {"f": (0.0, 1.0), "h": (-1.0, 1.0), "c": (-limit, limit)}


def test_without_unbounded_states_there_is_still_a_limit():
    assert shared_limit([]) == 1.0

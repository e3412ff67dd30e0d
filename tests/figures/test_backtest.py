"""Pictures of a backtest: exact numbers, and that they are drawn."""

import numpy as np
import pandas as pd

from seqlab.figures.backtest import (
    FoldErrors,
    FoldPaths,
    FoldSpan,
    StepErrors,
    _bars,
    _errors_info,
    _path_info,
    plot_backtest_steps,
    plot_fold_errors,
    plot_fold_forecasts,
    plot_folds,
)
from seqlab.records import SeriesPicture

SERIES = SeriesPicture(name="<b>y</b>", index=pd.date_range("2024-01-01", periods=40), values=np.arange(40.0))
SPANS = [
    FoldSpan(number=1, fitted=(0, 20), validated=(20, 24), forecast=(24, 28)),
    FoldSpan(number=2, fitted=(4, 28), validated=(28, 28), forecast=(28, 29)),
]
PATHS = FoldPaths(model="GRU", paths=((24, np.array([1.0, 2.0])), (30, np.array([3.0, 4.0]))))


def test_bars_end_with_their_last_row_and_empty_ones_are_left_out() -> None:
    rows, places, said = _bars([span.validated for span in SPANS], SPANS)
    assert rows.tolist() == [20, 23, 23]
    assert places[:2].tolist() == [1, 1]
    assert np.isnan(places[2])
    assert said[0] == "4 rows"
    figure = plot_folds(SPANS, SERIES)
    assert [trace.name for trace in figure.data] == ["learnt from", "decided when to stop", "forecast"]
    assert str(figure.data[2].x[0])[:10] == "2024-01-25"


def test_paths_of_folds_are_kept_apart_and_the_truth_reaches_back() -> None:
    rows, values = _path_info(PATHS)
    assert rows.tolist() == [24, 25, 25, 30, 31]
    np.testing.assert_array_equal(values, [1, 2, np.nan, 3, 4])
    figure = plot_fold_forecasts([PATHS, FoldPaths(model="Naive", paths=PATHS.paths)], SERIES, hidden=["Naive"])
    assert len(figure.data[0].y) == 16  # eight rows from the first origin to the end, and eight before
    assert [trace.visible for trace in figure.data[1:]] == [True, "legendonly"]


def test_errors_are_sorted_and_a_missing_fold_comes_last() -> None:
    models = [
        FoldErrors(model="one fold only", errors=np.array([0.1, np.nan])),
        FoldErrors(model="worse", errors=np.array([2.0, 4.0])),
        FoldErrors(model="GRU", errors=np.array([1.0, 2.0]), network=True),
        FoldErrors(model="none", errors=np.array([np.nan, np.nan])),
    ]
    assert [one.model for one in _errors_info(models)] == ["GRU", "worse", "one fold only"]
    figure = plot_fold_errors(models, metric="MAE")
    assert figure.data[3].x == (1.5,)
    assert figure.layout.xaxis.type is None
    far = [*models, FoldErrors(model="far", errors=np.array([900.0, 900.0]))]
    assert plot_fold_errors(far, metric="MAE").layout.xaxis.type == "log"


def test_steps_are_one_line_per_model() -> None:
    figure = plot_backtest_steps([StepErrors(model="GRU", error=np.array([1.0, 2.0, np.nan]))], metric="MAE")
    assert figure.data[0].x.tolist() == [1, 2, 3]


def test_nothing_yet_is_said() -> None:
    nothing = FoldPaths(model="GRU", paths=())
    for figure in (
        plot_folds([], SERIES),
        plot_fold_forecasts([nothing], SERIES),
        plot_fold_errors([], metric="MAE"),
        plot_backtest_steps([], metric="MAE"),
    ):
        assert " yet" in figure.layout.annotations[0].text

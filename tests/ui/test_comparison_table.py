import math

import pandas as pd

from seqlab.evaluation.metrics import METRICS
from seqlab.records import Score
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.comparison_table import BEST, _mark, _shown, table_of


def model(key, mae):
    return ComparedModel(key=key, model=key, scores=(Score(metric="mae", value=mae),), notes=(), seconds=0.5, number=0)


def test_rows_are_sorted_by_error_and_the_network_is_named():
    table = table_of([model("fitted", 3.0), model("naive", math.nan), model("ets", 1.0)])
    assert list(table["Model"]) == ["ets", "fitted (this run)", "naive"]
    assert list(table.columns) == ["Model", *(entry.label for entry in METRICS.values()), "Seconds"]
    assert math.isnan(table["MAE"][2])


def test_the_best_is_marked_with_near_ties_and_never_a_missing_number():
    assert _mark(pd.Series([1.0, 1.0005, 2.0, math.nan]), highest=False) == [BEST, BEST, "", ""]
    assert _mark(pd.Series([0.2, 0.9, math.nan]), highest=True) == ["", BEST, ""]
    assert _mark(pd.Series([math.nan, math.nan]), highest=False) == ["", ""]


def test_a_missing_number_is_never_shown_as_zero():
    assert _shown(math.nan) == "not computable"
    assert _shown(0.0) == "0"
    assert table_of([]).empty

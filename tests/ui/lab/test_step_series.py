"""The series at the steps of a trace: the rows that a step has read, and no others."""

import numpy as np

from seqlab.ui.lab.step_series import step_series


def test_a_step_is_the_mean_of_the_rows_it_reads(bench_of, deep_folder):
    prepared = bench_of(deep_folder).fitted.prepared
    values = prepared.dataset.frame["infl"].to_numpy()
    expected = [values[10:12].mean(), values[12:14].mean(), values[14:16].mean()]
    np.testing.assert_allclose(step_series(prepared, 1, 10, 3, 2), expected)
    np.testing.assert_array_equal(step_series(prepared, 1, 10, 3, 1), values[10:13])

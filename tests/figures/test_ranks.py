import numpy as np

from seqlab.figures.ranks import plot_mean_ranks


def test_models_within_the_critical_difference_of_the_first_are_level_with_it():
    first, behind = plot_mean_ranks(["LSTM 4", "naive", "<i>AR</i>"], np.array([2.9, 1.2, 1.9]), 1.0).data
    assert (list(first.x), list(behind.x)) == ([1.2, 1.9], [2.9])
    assert first.error_x.value == 0.5


def test_nothing_to_draw_says_so():
    assert "cannot be ranked" in plot_mean_ranks(["a"], np.array([np.nan]), np.nan).layout.annotations[0].text

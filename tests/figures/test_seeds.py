import numpy as np

from seqlab.figures.seeds import plot_seeds


def test_a_dot_per_seed_their_mean_and_the_error_to_beat():
    values = np.array([1.0, np.nan, 2.0])
    dots, mean, reference = plot_seeds(["a", "b", "c"], values, reference=3.0, reference_name="naive", label="MAE").data
    assert (list(dots.x), mean.x[0], reference.x[0]) == ([1.0, 2.0], 1.5, 3.0)


def test_nothing_to_draw_says_so():
    empty = plot_seeds(["a"], np.array([np.nan]), reference=1.0, reference_name="b", label="MAE")
    assert "no seed" in empty.layout.annotations[0].text

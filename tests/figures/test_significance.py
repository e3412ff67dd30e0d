import numpy as np

from seqlab.figures.significance import _matrix_info, plot_confidence_set, plot_pair_matrix, plot_pair_steps

P = np.array([[np.nan, 0.001, 0.5], [0.001, np.nan, np.nan], [0.5, np.nan, np.nan]])
SHARES = np.array([[0.0, -0.28, 0.1], [0.39, 0.0, 0.2], [-0.09, -0.2, 0.0]])
REASONS = [["", "", ""], ["", "", "too <b>few</b>"], ["", "too <b>few</b>", ""]]
MODELS = ["LSTM 4", "naive", "<i>AR</i>"]


def test_matrix_is_blue_where_the_row_is_better():
    info = _matrix_info(MODELS, P, SHARES, REASONS)
    np.testing.assert_allclose(info.strength[0], [np.nan, -1.0, -np.log10(0.5) / 3])
    assert info.strength[1, 0] == 1
    assert info.text == [["", "0.1 %", "50 %"], ["0.1 %", "", "–"], ["50 %", "–", ""]]
    assert "28 % smaller" in info.hover[0][1]
    assert "too &lt;b&gt;few" in info.hover[1][2]


def test_pictures_draw_what_they_are_given():
    matrix = plot_pair_matrix(MODELS, P, SHARES, REASONS)
    assert matrix.layout.xaxis.ticktext[2] == "&lt;i&gt;AR&lt;/i&gt;"
    kept, out = plot_confidence_set(MODELS, np.array([0.03, 1.0, np.nan])).data
    assert (list(kept.x), list(out.x)) == ([1.0], [0.03])
    better, luck = plot_pair_steps([1, 2, 3], np.array([-0.2, -0.1, 0.1]), np.array([0.01, 0.2, np.nan])).data
    assert (list(better.x), list(luck.x)) == ([1], [2, 3])


def test_nothing_to_draw_says_so():
    nothing = np.array([np.nan])
    for figure in (
        plot_pair_matrix(["a"], nothing[:, None], nothing[:, None], [[""]]),
        plot_confidence_set(["a"], nothing),
        plot_pair_steps([1], nothing, nothing),
    ):
        assert figure.layout.annotations[0].text

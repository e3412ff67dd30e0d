import numpy as np

from seqlab.figures.attention import plot_attention


def test_padding_is_cut_off_and_repeated_symbols_keep_their_places():
    weights = np.arange(12.0).reshape(3, 4) / 12
    figure = plot_attention(weights, ["a", " ", "a"], ["<b>", "c"])
    np.testing.assert_allclose(figure.data[0].z, weights[:2, :3])
    assert figure.layout.xaxis.labelalias == {"0": "a", "1": "␣", "2": "a"}
    assert figure.layout.yaxis.labelalias["0"] == "&lt;b&gt;"
    assert "nothing was" in plot_attention(np.empty((0, 0)), [], []).layout.annotations[0].text

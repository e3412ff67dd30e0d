"""What all views look at: the windows of the chosen column, whichever it is."""

import numpy as np
import pytest


@pytest.mark.parametrize(("column", "name"), [(0, "realgdp"), (1, "infl")])
@pytest.mark.parametrize("part", ["train", "test"])
def test_a_bench_shows_the_chosen_column_of_two_that_share_weights(bench_of, deep_folder, column, name, part):
    bench = bench_of(deep_folder, part=part, window=2, column=column)
    prepared = bench.fitted.prepared
    values = prepared.dataset.frame[name].to_numpy()
    origins = prepared.windows(part).origins
    shown = [origins[2], *np.delete(origins[bench.samples % len(origins)], 0)]  # the window on the screen is the first
    assert len(shown) > 2
    series = np.full(len(shown), column)
    assert (bench.series, bench.target) == (column, 0)
    read, came = prepared.to_data_units(bench.x[..., :1], series)[..., 0], prepared.to_data_units(bench.y, series)[..., 0]
    for number, origin in enumerate(shown):
        np.testing.assert_allclose(read[number], values[origin - 8 : origin], rtol=1e-3, atol=1e-2)
        np.testing.assert_allclose(came[number], values[origin : origin + 2], rtol=1e-3, atol=1e-2)
    assert bench.first_row == origins[2] - 8

"""Numbers that are kept between two looks are those of the layer and the direction that is looked at."""

import copy
import dataclasses

import numpy as np
import pytest

from seqlab.ui.lab import change_sweep, gradient_numbers, saturation_view, search_view, training_view
from seqlab.ui.lab.gradient_rivals import own_rival
from seqlab.ui.opened import model_key


def sweep(bench):
    size = change_sweep.SweepSize(windows=1, span=2)
    key, samples = model_key(bench.run.folder), bench.samples[:1].tobytes()
    return change_sweep._swept(bench, key, samples, "test", bench.layer, bench.direction, size).delta


def training(bench):
    return training_view._measure_cached(bench).timescale


def saturation(bench):
    fitted = dataclasses.replace(bench.fitted, model=copy.deepcopy(bench.fitted.model))
    for weights in fitted.model.parameters():  # of a network that is hardly trained no gate is shut or open
        weights.data *= 10
    after = saturation_view._measure(*model_key(bench.run.folder), "test", bench.layer, bench.direction, 4, _fitted=fitted)[1]
    return np.concatenate([after[gate].left for gate in after] + [after[gate].right for gate in after])


def search(bench):
    samples = bench.samples[:2].tobytes()
    return search_view._gather(*model_key(bench.run.folder), "test", samples, "h", bench.layer, bench.direction, _bench=bench)


def terms(bench):
    return gradient_numbers.measure_terms(own_rival(bench), bench, "h").norms


def stretch(bench):
    return gradient_numbers.measure_stretch(own_rival(bench), bench).log10


CACHES = {
    sweep: change_sweep._swept,
    training: training_view._measure,
    saturation: saturation_view._measure,
    search: search_view._gather,
    terms: gradient_numbers._terms,
    stretch: gradient_numbers._stretch,
}


@pytest.mark.parametrize("other", [{"layer": 1}, {"direction": "backward"}], ids=["layer", "direction"])
@pytest.mark.parametrize("measure", CACHES, ids=lambda measure: measure.__name__)
def test_another_layer_or_direction_is_measured_anew(bench_of, deep_folder, measure, other):
    CACHES[measure].clear()
    first, second = measure(bench_of(deep_folder)), measure(bench_of(deep_folder, **other))
    assert first.shape == second.shape
    CACHES[measure].clear()
    np.testing.assert_array_equal(measure(bench_of(deep_folder, **other)), second)
    assert not np.array_equal(first, second, equal_nan=True)

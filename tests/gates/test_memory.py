"""Timescales against the published table, a decay simulated step by step, and fresh networks of a known forget bias."""

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.errors import TraceError
from seqlab.gates.memory import keep_bias, memory_steps, timescale_from_bias, unit_memory
from seqlab.gates.trace import trace_gates
from seqlab.training.session import initial_network, prepare_spec

# GATES.md: forget bias → f, τ, half-life, rounded as printed there
TABLE = [(0, 0.5, 1.44, 1.00), (1, 0.731, 3.19, 2.21), (2, 0.881, 7.88, 5.46), (3, 0.953, 20.6, 14.3), (4, 0.982, 55.1, 38.2)]
TABLE.append((5, 0.993, 148.9, 103.2))


def _constant(trace, keep):
    values = np.broadcast_to(np.asarray(keep, dtype=np.float64), (2, 6, 3))
    return dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): values})


@pytest.mark.parametrize(("bias", "gate", "timescale", "half_life"), TABLE)
def test_the_published_table_of_forget_biases(trace, bias, gate, timescale, half_life):
    assert timescale_from_bias(bias) == pytest.approx(timescale, rel=2e-3)
    keep = 1 / (1 + np.exp(-bias))
    assert keep == pytest.approx(gate, abs=6e-4)
    measured = unit_memory(_constant(trace, [keep] * 3), 0, "forward")
    np.testing.assert_allclose(measured.timescale, timescale_from_bias(bias), rtol=1e-9)
    np.testing.assert_allclose(measured.half_life, half_life, rtol=5e-3)


def test_biases_of_any_size():
    np.testing.assert_allclose(timescale_from_bias([-800.0, 800.0]), [1 / 800, np.inf])


def test_what_is_left_after_timescale_half_life_and_horizon(trace):
    measured = unit_memory(_constant(trace, [0.5, 0.9, 0.7]), 0, "forward")
    for steps, share in ((measured.timescale, np.exp(-1)), (measured.half_life, 0.5), (measured.horizon, 0.05)):
        np.testing.assert_allclose(np.array([0.5, 0.9, 0.7]) ** steps, share, rtol=1e-12)


def test_the_product_of_all_gates_is_what_the_timescale_says(trace):
    keep = np.random.default_rng(0).uniform(0.01, 0.999, size=(2, 6, 3))
    measured = unit_memory(_constant(trace, keep), 0, "forward")
    np.testing.assert_allclose(np.exp(-12 / measured.timescale), keep.prod(axis=(0, 1)), rtol=1e-12)
    np.testing.assert_allclose(np.exp(-36 / measured.layer), keep.prod(), rtol=1e-12)
    each = np.stack([-1 / np.log(keep[window]).mean(axis=0) for window in range(2)])
    assert ((measured.low >= each.min(axis=0)) & (measured.high <= each.max(axis=0)) & (measured.low < measured.high)).all()
    assert measured.samples == 12
    np.testing.assert_array_equal(measured.timescale, memory_steps(_constant(trace, keep), 0, "forward"))


def test_low_and_high_are_the_second_and_the_last_but_one_of_eleven_windows(trace):
    keep = np.random.default_rng(1).uniform(0.1, 0.999, size=(11, 6, 3))
    measured = unit_memory(dataclasses.replace(trace, gates={(0, "forward", "f"): keep}), 0, "forward")
    each = np.sort(-1 / np.log(keep).mean(axis=1), axis=0)
    np.testing.assert_allclose(measured.low, each[1], rtol=1e-12)
    np.testing.assert_allclose(measured.high, each[9], rtol=1e-12)


def test_a_gate_that_is_no_number_has_no_memory_and_no_endless_one(trace):
    keep = np.full((2, 6, 3), 0.5)
    keep[1, 4, 1] = np.nan
    measured = unit_memory(_constant(trace, keep), 0, "forward")
    for found in (measured.timescale, measured.low, measured.high, measured.half_life, measured.horizon):
        assert np.isnan(found).tolist() == [False, True, False]
    assert np.isnan(measured.layer)
    np.testing.assert_array_equal(memory_steps(_constant(trace, keep), 0, "forward"), measured.timescale)


def test_endless_and_no_memory(trace):
    measured = unit_memory(_constant(trace, [1.0, 0.0, 0.5]), 0, "forward")
    assert np.isinf([measured.timescale[0], measured.half_life[0], measured.horizon[0], measured.low[0], measured.high[0]]).all()
    assert 0 < measured.timescale[1] < 0.04
    plain = dataclasses.replace(trace, cell="rnn", gate_names=("h",))
    assert unit_memory(plain, 0, "forward") is None


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
def test_the_bias_of_the_keeping_gate_is_the_one_the_gate_has(kind):
    torch.manual_seed(0)
    stack = kind(2, 4, 2, batch_first=True, bidirectional=True).double()
    with torch.no_grad():
        for name, parameter in stack.named_parameters():
            if "weight" in name:
                parameter.zero_()
    trace = trace_gates(stack, torch.randn(1, 5, 2, dtype=torch.float64))
    for layer in (0, 1):
        for direction in trace.directions:
            measured = unit_memory(trace, layer, direction)
            np.testing.assert_allclose(measured.timescale, timescale_from_bias(keep_bias(stack, layer, direction)), rtol=1e-9)
    assert keep_bias(nn.RNN(1, 2, batch_first=True), 0, "forward") is None
    for place, words in (
        ((0, "sideways"), "has: forward, backward"),
        ((2, "forward"), "layers 0 to 1"),
        ((-1, "forward"), "layers 0 to 1"),
    ):
        with pytest.raises(TraceError, match=words):
            keep_bias(stack, *place)


def test_a_forget_bias_of_one_is_measured_as_3_19_before_training():
    """Three seeds; τ of the mean log f over all windows of the test part and all units, so that no unit is chosen."""
    for seed in range(3):
        spec = RunSpec(dataset="airline_passengers", model=ModelConfig(forget_bias=1.0), training=TrainConfig(seed=seed))
        spec, prepared = prepare_spec(spec)
        windows = prepared.windows("test")
        network = initial_network(spec, prepared)
        measured = unit_memory(trace_gates(network, windows.gather(np.arange(len(windows)))[0]), 0, "forward")
        np.testing.assert_allclose(keep_bias(network, 0, "forward"), 1.0)
        assert measured.layer == pytest.approx(3.19, rel=0.1)
        assert np.median(measured.timescale) == pytest.approx(3.19, rel=0.1)

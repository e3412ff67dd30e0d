"""Measuring several moments of a training is measuring each network by itself."""

import copy
import dataclasses

import numpy as np
import pytest
import torch

import seqlab
from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.errors import TraceError
from seqlab.gates.gradients import gradient_flow
from seqlab.gates.memory import memory_steps
from seqlab.gates.saturation import saturation
from seqlab.gates.through_training import measure_through
from seqlab.gates.trace import trace_gates
from seqlab.training.session import initial_network


def case(cell, **model):
    spec = RunSpec(
        dataset="airline_passengers",
        window=WindowConfig(context_length=24, horizon=6),
        model=ModelConfig(cell=cell, hidden_size=5, **model),
        training=TrainConfig(epochs=3, loss="mae", device="cpu"),
    )
    fitted = seqlab.fit(spec)
    x, future, y = fitted.prepared.windows("test").gather([0, 3, 5])
    return {0: initial_network(fitted.spec, fitted.prepared).eval(), 12: fitted.model}, x, future, y


@pytest.mark.parametrize(
    ("cell", "model", "layer", "direction"),
    [
        ("lstm", {"num_layers": 2, "bidirectional": True, "dropout": 0.3}, 1, "backward"),
        ("gru", {"segment_length": 4}, 0, "forward"),
        ("rnn", {}, 0, "forward"),
    ],
)
def test_every_number_is_that_of_the_network_alone(cell, model, layer, direction):
    networks, x, future, y = case(cell, **model)
    before = copy.deepcopy({step: network.state_dict() for step, network in networks.items()})
    story = measure_through(networks, x, y, future=future, loss="mae", layer=layer, direction=direction)
    assert story.steps.tolist() == [0, 12]
    for number, network in enumerate(networks.values()):
        with torch.no_grad():
            output = network(torch.from_numpy(x), torch.from_numpy(future)).numpy()
        np.testing.assert_allclose(story.prediction[number], output[0], rtol=1e-6)
        assert story.loss[number] == pytest.approx(np.abs(output - y).mean(), rel=1e-5)
        trace = trace_gates(network, x)
        alone = memory_steps(trace, layer, direction)
        np.testing.assert_array_equal(story.timescale[number], [] if alone is None else alone)
        for gate, name in enumerate(story.gates):
            counted = saturation(trace, layer, direction)[name]
            np.testing.assert_array_equal(story.shut[number, gate], counted.left)
            np.testing.assert_array_equal(story.open[number, gate], counted.right)
        flow = gradient_flow(network, x, y, future=future, loss="mae").values("h", layer, direction)
        np.testing.assert_allclose(story.gradient[number], flow, rtol=1e-5)
    assert story.shut.shape == (2, len(story.gates), 5)
    assert all(torch.equal(value, before[step][name]) for step, net in networks.items() for name, value in net.state_dict().items())


def test_what_is_left_counts_from_the_step_that_is_read_last():
    networks, x, future, y = case("lstm", bidirectional=True)
    ahead, back = (measure_through(networks, x, y, future=future, direction=direction) for direction in ("forward", "backward"))
    assert (ahead.last, back.last) == (23, 0)
    norms = ahead.gradient[1]
    assert ahead.left_after(5)[1] == pytest.approx(np.median(norms[:, 18] / norms[:, 23]))
    norms = back.gradient[1]
    assert back.left_after(5)[1] == pytest.approx(np.median(norms[:, 5] / norms[:, 0]))


def test_a_head_that_starts_at_zero_leaves_no_gradient_to_share():
    networks, x, future, y = case("gru")
    story = measure_through(networks, x, y, future=future)
    assert np.isnan(story.left_after(3)[0])
    assert np.isfinite(story.left_after(3)[1])


def test_windows_without_a_target_have_no_loss_but_everything_else():
    networks, x, future, y = case("gru")
    story = measure_through(networks, x, np.full_like(y, np.nan), future=future)
    assert np.isnan(story.loss).all()
    assert np.isnan(story.left_after(1)).all()
    assert np.isfinite(story.timescale).all()


def test_a_window_without_a_target_is_left_out_of_the_mean_loss_and_of_what_is_left():
    networks, x, future, y = case("gru")
    others = measure_through(networks, x[[0, 2]], y[[0, 2]], future=future[[0, 2]])
    y = y.copy()
    y[1] = np.nan
    story = measure_through(networks, x, y, future=future)
    np.testing.assert_allclose(story.loss, others.loss, rtol=1e-6)
    assert np.isfinite(story.loss).all()
    assert np.isnan(story.gradient[:, 1]).all()
    np.testing.assert_allclose(story.left_after(3), others.left_after(3), rtol=1e-5)


def test_networks_in_training_mode_are_measured_without_dropout_and_left_in_it():
    networks, x, future, y = case("lstm", num_layers=2, dropout=0.5)
    expected = measure_through(networks, x, y, future=future)
    networks[12].train()
    story = measure_through(networks, x, y, future=future)
    assert [network.training for network in networks.values()] == [False, True]
    np.testing.assert_array_equal(story.prediction, expected.prediction)
    np.testing.assert_array_equal(story.loss, expected.loss)


def test_there_is_nothing_before_the_first_step_that_was_read():
    networks, x, future, y = case("rnn", bidirectional=True)
    for direction in ("forward", "backward"):
        story = measure_through(networks, x, y, future=future, direction=direction)
        assert np.isfinite(story.left_after(23)[1])
        for lag in (24, 30, -1):
            with pytest.raises(TraceError, match=f"no step {lag} steps back.* have 24 steps: give a lag from 0 to 23"):
                story.left_after(lag)
        one = dataclasses.replace(story, gradient=story.gradient[:, :, [story.last]])
        assert one.last == 0
        assert one.left_after(0)[1] == 1
        with pytest.raises(TraceError, match="a lag from 0 to 0"):
            one.left_after(1)


def test_no_network_is_refused():
    _, x, _, y = case("rnn")
    with pytest.raises(TraceError, match="at least one network"):
        measure_through({}, x, y)

import dataclasses

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.errors import TraceError
from seqlab.gates import saturation as saturation_module
from seqlab.gates.part_trace import gather_gate, spread_samples, trace_in_chunks
from seqlab.gates.saturation import measure_saturation, saturation
from seqlab.gates.trace import trace_gates
from seqlab.training.session import TrainingSession, initial_network, prepare_spec


def _spec(cell="lstm", **model):
    return RunSpec(
        dataset="airline_passengers",
        window=WindowConfig(context_length=24, horizon=6),
        model=ModelConfig(cell=cell, hidden_size=5, head_size=0, **model),
        training=TrainConfig(epochs=2, batch_size=16, learning_rate=0.02, seed=3, device="cpu"),
    )


def test_shares_by_hand(trace):
    forget = np.zeros((2, 6, 3))
    forget[..., 0] = [0.0, 0.05, 0.1, 0.9, 0.95, 1.0]  # the bounds themselves are neither shut nor open
    forget[0, :, 1], forget[1, :, 1] = 0.99, 0.01
    forget[..., 2] = 0.5
    seen = saturation(dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): forget}), 0, "forward")
    assert list(seen) == ["i", "f", "o"]
    np.testing.assert_allclose(seen["f"].left, [1 / 3, 1 / 2, 0])
    np.testing.assert_allclose(seen["f"].right, [1 / 3, 1 / 2, 0])
    assert seen["f"].samples == 12
    assert (seen["i"].left + seen["i"].right <= 1).all()


def test_a_unit_with_nan_has_no_share_in_the_gate_that_is_nan(trace):
    forget = np.full((2, 6, 3), 0.95)
    forget[1, 2, 1] = np.nan
    seen = saturation(dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "f"): forget}), 0, "forward")
    np.testing.assert_array_equal(seen["f"].left, [0, np.nan, 0])
    np.testing.assert_array_equal(seen["f"].right, [1, np.nan, 1])
    assert np.isfinite(seen["i"].left).all()


def test_nan_in_one_piece_is_nan_in_the_whole(trace):
    values = trace.values("i").copy()
    values[0, 5, 2] = np.nan
    broken = dataclasses.replace(trace, gates={**trace.gates, (0, "forward", "i"): values})
    for pieces in ([trace, broken], [broken, trace, trace]):
        seen = saturation_module._counted(pieces, 0, "forward")["i"]
        assert np.isnan(seen.left).tolist() == np.isnan(seen.right).tolist() == [False, False, True]
        assert seen.samples == 12 * len(pieces)


def test_samples_are_spread_from_the_first_to_the_last_and_none_is_made_up():
    assert spread_samples(100, 4).tolist() == [0, 33, 66, 99]
    assert spread_samples(3, 9, first=5).tolist() == [5, 6, 7]
    for count, most in ((0, 5), (0, 0), (5, 0)):
        assert spread_samples(count, most, first=7).tolist() == []


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_chunks_count_the_same_as_one_trace(cell):
    spec, prepared = prepare_spec(_spec(cell, num_layers=2, bidirectional=True))
    network, windows = initial_network(spec, prepared).double(), prepared.windows("train")
    with torch.no_grad():
        for parameter in network.recurrent.parameters():
            parameter.mul_(20)
    samples = spread_samples(len(windows), 30)
    whole = trace_gates(network, windows.gather(samples)[0])
    once = saturation(whole, 1, "backward")
    assert 0 < once[next(iter(once))].right.mean() < 1
    pieces = measure_saturation(network, windows, samples, 1, "backward")
    for name, measured in once.items():
        np.testing.assert_array_equal(pieces[name].left, measured.left)
        np.testing.assert_array_equal(pieces[name].right, measured.right)
        assert pieces[name].samples == 30 * 24
    small = list(trace_in_chunks(network, windows, samples, most_numbers=1))
    assert len(small) == 30
    np.testing.assert_allclose(np.concatenate([piece.values("h", 1) for piece in small]), whole.values("h", 1), atol=1e-10)
    np.testing.assert_allclose(gather_gate(network, windows, samples, "h", 1, "forward"), whole.values("h", 1), atol=1e-10)


def test_the_start_is_bit_for_bit_where_training_starts():
    for cell in ("lstm", "gru", "rnn"):
        spec = _spec(cell, dropout=0.2, num_layers=2)
        session = TrainingSession.start(spec, threads=1)
        torch.manual_seed(99)
        expected = torch.rand(1)
        torch.manual_seed(99)
        start = initial_network(session.spec, session.prepared)
        assert torch.rand(1) == expected
        before = session.state.network.state_dict()
        assert start.state_dict().keys() == before.keys()
        for name, values in start.state_dict().items():
            assert torch.equal(values, before[name]), name
        next(iter(session.events()))
        after = session.state.network.state_dict()
        assert any(not torch.equal(values, after[name]) for name, values in start.state_dict().items())


def test_without_gates_there_is_nothing_to_count():
    trace = trace_gates(nn.RNN(1, 2, batch_first=True), torch.zeros(1, 3, 1))
    with pytest.raises(TraceError, match="no gates between 0 and 1"):
        saturation(trace, 0, "forward")
    spec, prepared = prepare_spec(_spec())
    with pytest.raises(TraceError, match="at least one sample"):
        measure_saturation(initial_network(spec, prepared), prepared.windows("test"), [], 0, "forward")

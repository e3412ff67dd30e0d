"""The forecaster: shapes, references, segments, and refusals in words."""

import numpy as np
import pytest
import torch

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError, UnknownKeyError
from seqlab.models.build import build_network
from seqlab.models.network import NetworkSizes
from seqlab.models.reference import reference_path
from seqlab.models.table import CELLS


def _sizes(**changes: int) -> NetworkSizes:
    return NetworkSizes(
        **({"input_size": 3, "target_size": 2, "known_size": 1, "context_length": 24, "horizon": 5, "season_length": 4} | changes)
    )


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("head_size", [0, 7])
@pytest.mark.parametrize("reference", ["none", "last", "seasonal", "mean"])
@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn", "article_lstm"])
def test_forecast_has_the_promised_shape_and_starts_at_the_reference(
    cell: str, reference: str, head_size: int, bidirectional: bool
) -> None:
    config = ModelConfig(cell=cell, hidden_size=6, num_layers=2, reference=reference, head_size=head_size, bidirectional=bidirectional)
    network = build_network(config, _sizes())
    x, future = torch.randn(4, 24, 3), torch.randn(4, 5, 1)
    forecast = network(x, future)
    assert forecast.shape == (4, 5, 2)
    torch.testing.assert_close(forecast, reference_path(reference, x[..., :2], 5, 4))
    forecast.square().sum().backward()
    assert network.head.direct.weight.grad is not None


def test_seasonal_reference_repeats_the_last_season_at_the_same_phase() -> None:
    y = torch.arange(10.0).view(1, 10, 1)
    assert reference_path("seasonal", y, 6, 4).flatten().tolist() == [6, 7, 8, 9, 6, 7]
    assert reference_path("last", y, 2, 4).flatten().tolist() == [9, 9]
    assert reference_path("mean", y, 2, 4).flatten().tolist() == [4.5, 4.5]
    assert reference_path("none", y, 2, 4).flatten().tolist() == [0, 0]


def test_a_level_never_seen_shifts_the_forecast_and_nothing_else() -> None:
    torch.manual_seed(0)
    network = build_network(ModelConfig(cell="gru", hidden_size=4, reference="last"), _sizes(input_size=1, target_size=1, known_size=0))
    torch.nn.init.normal_(network.head.direct.weight)
    torch.nn.init.normal_(network.head.out.weight)
    x = torch.randn(2, 24, 1)
    torch.testing.assert_close(network(x + 100), network(x) + 100, atol=1e-3, rtol=0)


def test_segments_shorten_the_recurrent_axis() -> None:
    network = build_network(ModelConfig(segment_length=6, hidden_size=4), _sizes())
    assert network.recurrent_input(torch.zeros(2, 24, 3)).shape == (2, 4, 18)
    values = torch.arange(24.0 * 3).view(1, 24, 3)
    values[..., :2] -= values[:, -1:, :2]
    segments = network.recurrent_input(torch.arange(24.0 * 3).view(1, 24, 3))
    np.testing.assert_array_equal(segments.view(1, 24, 3).numpy(), values.numpy())


def test_forget_bias_is_set_in_every_layer_and_direction() -> None:
    network = build_network(ModelConfig(cell="lstm", hidden_size=5, num_layers=2, bidirectional=True, forget_bias=3.0), _sizes())
    for name, parameter in network.recurrent.named_parameters():
        if name.startswith("bias"):
            assert parameter[5:10].tolist() == [3.0 if name.startswith("bias_ih") else 0.0] * 5


@pytest.mark.parametrize(
    ("config", "changes", "words"),
    [
        ({"reference": "seasonal"}, {"context_length": 3, "season_length": 4}, "season has 4 steps, the context 3"),
        ({"segment_length": 7}, {}, "no multiple of the segment of 7"),
    ],
)
def test_impossible_networks_are_refused_in_words(config: dict[str, object], changes: dict[str, int], words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        build_network(ModelConfig(**config), _sizes(**changes))


def test_unknown_cell_names_the_known_ones() -> None:
    with pytest.raises(UnknownKeyError, match="lstm, gru, rnn"):
        build_network(ModelConfig(cell="mamba"), _sizes())


@pytest.mark.parametrize(
    ("x", "future", "words"),
    [
        ((2, 24, 4), (2, 5, 1), r"reads \(batch, time, 3\)"),
        ((2, 24, 3), None, "known-ahead features"),
        ((2, 24, 3), (2, 4, 1), r"must be \(2, 5, 1\)"),
    ],
)
def test_wrong_shapes_are_refused_in_words(x: tuple[int, ...], future: tuple[int, ...] | None, words: str) -> None:
    network = build_network(ModelConfig(hidden_size=4), _sizes())
    with pytest.raises(ConfigError, match=words):
        network(torch.zeros(x), None if future is None else torch.zeros(future))


@pytest.mark.parametrize("key", list(CELLS))
def test_every_cell_is_described_and_counts_its_weights(key: str) -> None:
    entry = CELLS[key]
    assert entry.label
    assert entry.summary.endswith(".")
    assert len(entry.equations) == len(entry.gates)
    states = {"lstm": ("c", "h"), "gru": ("h",), "rnn": ("h",), "article_lstm": ("h",), "article_gru": ("c", "h")}
    states |= dict.fromkeys(("lstm_no_forget", "lstm_coupled", "lstm_peephole"), ("c", "h")) | {"gru_reset_before": ("h",)}
    assert entry.state_names == states[key]
    assert entry.kept_state in (entry.state_names if entry.written else ("",))
    assert entry.output in entry.gate_names
    assert {factor.removeprefix("1-") for factor in entry.written} <= set(entry.gate_names)
    stack = entry.load().build_stack(input_size=2, hidden_size=3, num_layers=1, bidirectional=False, dropout=0.0, forget_bias=None)
    assert stack.weight_hh_l0.shape == (3 * entry.weight_blocks, 3)

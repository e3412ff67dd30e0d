"""Chrono initialisation against its definition (Tallec & Ollivier 2018), for every cell, layer and direction."""

import numpy as np
import pytest
import torch
from scipy import stats

from seqlab.config import ModelConfig, RunSpec
from seqlab.errors import ConfigError
from seqlab.models.build import build_network
from seqlab.models.chrono import set_chrono_bias
from seqlab.models.network import NetworkSizes
from seqlab.models.table import CELLS, cell_entry

SIZES = NetworkSizes(input_size=2, target_size=1, known_size=0, context_length=12, horizon=1, season_length=1)
KEEPING = [key for key, entry in CELLS.items() if entry.keep_gate]


def biases(stack, cell, gate, kind="bias_ih"):
    blocks = cell_entry(cell).load().BLOCKS
    return [
        value.detach().chunk(len(blocks))[blocks.index(gate)].numpy() for name, value in stack.named_parameters() if name.startswith(kind)
    ]


@pytest.mark.parametrize("cell", KEEPING)
def test_the_keeping_gate_is_spread_over_all_lags_and_the_writing_gate_is_its_mirror(cell):
    torch.manual_seed(0)
    entry = cell_entry(cell)
    config = ModelConfig(cell=cell, hidden_size=256, num_layers=2, bidirectional=True, chrono_length=50, reference="none")
    stack = build_network(config, SIZES).recurrent
    keep = biases(stack, cell, entry.keep_gate)
    assert len(keep) == 4
    drawn = np.exp(np.concatenate(keep).astype(np.float64))
    assert 1.0 <= drawn.min() < 2.0
    assert 48.0 < drawn.max() <= 49.0
    assert stats.kstest(drawn, stats.uniform(1, 48).cdf).pvalue > 0.01
    assert not any(values.any() for values in biases(stack, cell, entry.keep_gate, "bias_hh"))
    if entry.write_gate:
        for written, kept in zip(biases(stack, cell, entry.write_gate), keep, strict=True):
            np.testing.assert_array_equal(written, -kept)
        assert not any(values.any() for values in biases(stack, cell, entry.write_gate, "bias_hh"))


@pytest.mark.parametrize("cell", KEEPING)
def test_the_other_weights_are_those_of_the_plain_start(cell):
    entry = cell_entry(cell)
    made = []
    for length in (None, 20):
        torch.manual_seed(3)
        made.append(build_network(ModelConfig(cell=cell, hidden_size=5, chrono_length=length, reference="none"), SIZES).recurrent)
    blocks = entry.load().BLOCKS
    untouched = [number for number, gate in enumerate(blocks) if gate not in (entry.keep_gate, entry.write_gate)]
    for (name, plain), (_, chrono) in zip(made[0].named_parameters(), made[1].named_parameters(), strict=True):
        if name.startswith("weight"):
            assert torch.equal(plain, chrono)
        for number in untouched:
            assert torch.equal(plain.chunk(len(blocks))[number], chrono.chunk(len(blocks))[number])


def test_the_shortest_length_starts_every_gate_in_the_middle_of_one_and_two_steps():
    stack = torch.nn.LSTM(1, 64)
    set_chrono_bias(stack, "lstm", 3)
    (keep,) = biases(stack, "lstm", "f")
    assert 0.0 <= keep.min() <= keep.max() <= np.log(2.0) + 1e-6


@pytest.mark.parametrize("cell", [key for key in CELLS if key not in KEEPING])
def test_a_cell_that_keeps_nothing_is_refused(cell):
    with pytest.raises(ConfigError, match="Leave it empty, or choose one of: lstm, gru"):
        build_network(ModelConfig(cell=cell, chrono_length=20, reference="none"), SIZES)


def test_both_ways_to_set_the_same_bias_are_refused():
    with pytest.raises(ConfigError, match="both set the start of the same biases"):
        ModelConfig(forget_bias=1.0, chrono_length=20)
    for length in (2, 2.5, "long"):
        with pytest.raises(ConfigError, match="whole number from 3"):
            ModelConfig(chrono_length=length)


def test_a_spec_written_before_there_was_chrono_initialisation_is_read():
    spec = RunSpec(dataset="sunspots")
    older = spec.to_json().replace('"chrono_length": null, ', "")
    assert older != spec.to_json()
    assert RunSpec.from_json(older) == spec
    chrono = RunSpec(dataset="sunspots", model=ModelConfig(chrono_length=40))
    assert RunSpec.from_json(chrono.to_json()) == chrono

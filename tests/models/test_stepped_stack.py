"""Cells that are run step by step: gradients, states handed on, and what they have in common with torch's own modules."""

import numpy as np
import pytest
import torch
from torch import nn

from seqlab.models.stepped_stack import SteppedStack
from seqlab.models.table import CELLS, cell_entry

STEPPED = [key for key, entry in CELLS.items() if not entry.fused]


@pytest.mark.parametrize("cell", STEPPED)
def test_gradients_of_output_and_final_states_by_everything(cell: str) -> None:
    torch.manual_seed(0)
    stack = SteppedStack(cell, 2, 2, bidirectional=True).double()
    names = [name for name, _ in stack.named_parameters()]
    x = torch.randn(2, 3, 2, dtype=torch.float64, requires_grad=True)
    state = tuple(torch.randn(2, 2, 2, dtype=torch.float64, requires_grad=True) for _ in cell_entry(cell).carried_names)

    def run(x: torch.Tensor, *rest: torch.Tensor) -> tuple[torch.Tensor, ...]:
        weights = dict(zip(names, rest[len(state) :], strict=True))
        output, final = torch.func.functional_call(stack, weights, (x, rest[: len(state)] if len(state) > 1 else rest[0]))
        return output, *(final if isinstance(final, tuple) else (final,))

    weights = [value.detach().clone().requires_grad_() for value in stack.parameters()]
    assert torch.autograd.gradcheck(run, (x, *state, *weights), fast_mode=True)


@pytest.mark.parametrize("cell", STEPPED)
def test_a_sequence_in_two_halves_is_the_sequence_and_parameters_are_torchs(cell: str) -> None:
    torch.manual_seed(1)
    stack, x = SteppedStack(cell, 3, 5, 2, dropout=0.5).eval(), torch.randn(4, 9, 3)
    with torch.no_grad():
        whole, final = stack(x)
        first, state = stack(x[:, :4])
        second, end = stack(x[:, 4:], state)
    torch.testing.assert_close(torch.cat([first, second], dim=1), whole)
    for one, other in zip(*((given if isinstance(given, tuple) else (given,)) for given in (final, end)), strict=True):
        torch.testing.assert_close(one, other)
        assert one.shape == (2, 4, 5)
    torch.testing.assert_close((final[0] if isinstance(final, tuple) else final)[-1], whole[:, -1])
    plain = [name for name, _ in nn.LSTM(3, 5, 2).named_parameters()]
    assert [name for name, _ in stack.named_parameters() if "peephole" not in name] == plain


def test_dropout_stands_between_layers_and_in_training_only() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 5, 3)
    for layers, differs in ((1, False), (2, True)):
        stack = cell_entry("article_gru").load().build_stack(
            input_size=3, hidden_size=8, num_layers=layers, bidirectional=False, dropout=0.5, forget_bias=None
        )  # fmt: skip
        assert bool((stack(x)[0] != stack(x)[0]).any()) == differs
        assert torch.equal(stack.eval()(x)[0], stack(x)[0])


def _fed(stack: SteppedStack, weights: dict[str, torch.Tensor]) -> SteppedStack:
    stack.load_state_dict(weights)
    return stack.double()


def test_without_peepholes_it_is_torchs_lstm() -> None:
    torch.manual_seed(0)
    lstm, x = nn.LSTM(3, 6, 2, batch_first=True, bidirectional=True).double(), torch.randn(4, 20, 3, dtype=torch.float64)
    stack = SteppedStack("lstm_peephole", 3, 6, 2, bidirectional=True)
    weights = {name: lstm.state_dict().get(name, torch.zeros_like(value)) for name, value in stack.state_dict().items()}
    ours, (h, c) = _fed(stack, weights)(x)
    theirs, final = lstm(x)
    for one, other in zip((ours, h, c), (theirs, *final), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("cell", "kept"), [("lstm_no_forget", "igo"), ("lstm_coupled", "fgo")])
def test_an_lstm_with_matching_gates_is_the_variant(cell: str, kept: str) -> None:
    torch.manual_seed(0)
    lstm, x = nn.LSTM(3, 6, batch_first=True).double(), torch.randn(4, 20, 3, dtype=torch.float64)
    with torch.no_grad():
        for name, value in lstm.named_parameters():
            i, f, _, _ = value.chunk(4)
            if cell == "lstm_no_forget":
                f.fill_(100.0 if name == "bias_ih_l0" else 0.0)  # σ(100) is 1
            else:
                i.copy_(-f)  # σ(-a) is 1 - σ(a)
    rows = {name: torch.cat([value.chunk(4)["ifgo".index(gate)] for gate in kept]) for name, value in lstm.state_dict().items()}
    output, (_, c) = _fed(SteppedStack(cell, 3, 6), rows)(x)
    expected, (_, memory) = lstm(x)
    torch.testing.assert_close(output, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(c, memory, rtol=0, atol=1e-12)


def test_the_articles_example_agrees_with_a_standard_lstm_at_its_first_step_only() -> None:
    """x = 1 … 5, every W = [[.1, .2], [.3, .4], [.5, .6]]: column 0 for a unit's own state, column 1 for the input; b = [.1, .2, .3]."""
    own, read, bias = torch.tensor([0.1, 0.3, 0.5]).diag(), torch.tensor([[0.2], [0.4], [0.6]]), torch.tensor([0.1, 0.2, 0.3])
    weights = {
        "weight_ih_l0": read.repeat(4, 1), "weight_hh_l0": own.repeat(4, 1), "bias_ih_l0": bias.repeat(4), "bias_hh_l0": torch.zeros(12)
    }  # fmt: skip
    x = torch.arange(1.0, 6.0, dtype=torch.float64).view(1, 5, 1)
    y, (_, h) = _fed(SteppedStack("article_lstm", 1, 3), weights)(x[:, :1])
    np.testing.assert_allclose(h.detach().flatten(), [0.167342, 0.346749, 0.509252], atol=5e-7)
    np.testing.assert_allclose(y.detach().flatten(), [0.095241, 0.215320, 0.333693], atol=5e-7)
    lstm = nn.LSTM(1, 3, batch_first=True)
    lstm.load_state_dict(weights)
    apart = (_fed(SteppedStack("article_lstm", 1, 3), weights)(x)[0] - lstm.double()(x)[0]).abs().amax(dim=(0, 2))
    assert apart[0] < 1e-12
    assert apart[1] > 1e-3


@pytest.mark.parametrize("cell", [key for key in STEPPED if cell_entry(key).has_forget_bias])
def test_the_forget_bias_is_set_in_every_layer_and_direction(cell: str) -> None:
    implementation = cell_entry(cell).load()
    stack = implementation.build_stack(input_size=2, hidden_size=3, num_layers=2, bidirectional=True, dropout=0.0, forget_bias=2.0)
    place = implementation.BLOCKS.index("f")
    for name, value in stack.named_parameters():
        if name.startswith("bias"):
            assert (value.chunk(len(implementation.BLOCKS))[place] == (2.0 if name.startswith("bias_ih") else 0.0)).all()

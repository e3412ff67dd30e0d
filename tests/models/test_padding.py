import pytest
import torch

from seqlab import CELLS
from seqlab.models.padding import reverse_within, run_padded, run_padded_layers, step_mask
from seqlab.models.table import cell_entry

LENGTHS = torch.tensor([7, 3, 1, 5])


def _stack(cell: str, *, bidirectional: bool, dropout: float = 0.0) -> torch.nn.Module:
    torch.manual_seed(0)
    return (
        cell_entry(cell)
        .load()
        .build_stack(input_size=3, hidden_size=4, num_layers=2, bidirectional=bidirectional, dropout=dropout, forget_bias=None)
    )


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", list(CELLS))
def test_a_padded_batch_equals_one_by_one_in_states_and_gradients(cell: str, bidirectional: bool) -> None:
    stack = _stack(cell, bidirectional=bidirectional)
    run_layers = cell_entry(cell).load().run_layers
    x = torch.randn(4, 9, 3)
    weight = torch.randn(4, 9, 8 if bidirectional else 4)  # a loss that no symmetry makes easy
    alone = []
    for row, length in enumerate(LENGTHS):
        output = stack(x[row : row + 1, :length])[0]
        alone.append(output[0].detach())
        (output[0] * weight[row, :length]).sum().backward()
    wanted = [parameter.grad for parameter in stack.parameters()]
    stack.zero_grad(set_to_none=True)

    padded = x.masked_fill(~step_mask(LENGTHS, 9).unsqueeze(-1), torch.nan)
    together = run_padded(stack, padded, LENGTHS, run_layers)
    layers = run_padded_layers(stack, padded, LENGTHS, run_layers)
    (together * weight).sum().backward()

    assert together.shape == weight.shape
    assert len(layers) == 2
    torch.testing.assert_close(layers[-1], together, atol=1e-6, rtol=0)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(together[row, :length], alone[row], atol=1e-6, rtol=0)
        assert not together[row, length:].any()
    for parameter, gradient in zip(stack.parameters(), wanted, strict=True):
        torch.testing.assert_close(parameter.grad, gradient, atol=1e-5, rtol=1e-5)


def test_dropout_between_layers_acts_in_training_only() -> None:
    stack = _stack("gru", bidirectional=True, dropout=0.5)
    run_layers = cell_entry("gru").load().run_layers
    x = torch.randn(4, 7, 3)
    assert not run_padded(stack, x, LENGTHS, run_layers).equal(run_padded(stack, x, LENGTHS, run_layers))
    stack.eval()
    full = torch.full((4,), 7)
    torch.testing.assert_close(run_padded(stack, x, full, run_layers), run_padded(stack, x, None, run_layers), atol=1e-6, rtol=0)


def test_a_reversal_leaves_padding_where_it_is_and_is_its_own_inverse() -> None:
    x = torch.randn(4, 9, 2).masked_fill(~step_mask(LENGTHS, 9).unsqueeze(-1), torch.nan)
    turned = reverse_within(x, LENGTHS)
    assert turned[1, :3].equal(x[1, :3].flip(0))
    assert turned[:, 7:].isnan().all()
    torch.testing.assert_close(reverse_within(turned, LENGTHS), x, equal_nan=True)

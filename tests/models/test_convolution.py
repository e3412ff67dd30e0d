import pytest
import torch

from seqlab.models.convolution import ConvStack
from seqlab.models.padding import step_mask

LENGTHS = torch.tensor([11, 4, 1, 6])


@pytest.mark.parametrize(("kernel_size", "pool_length", "channels"), [(3, 1, 5), (4, 3, 2), (1, 2, 5)])
@pytest.mark.parametrize("causal", [False, True])
def test_a_padded_batch_equals_one_by_one(causal: bool, kernel_size: int, pool_length: int, channels: int) -> None:
    torch.manual_seed(0)
    stack = ConvStack(2, channels, kernel_size, 3, causal=causal, pool_length=pool_length)
    x = torch.randn(4, 12, 2).masked_fill(~step_mask(LENGTHS, 12).unsqueeze(-1), torch.nan)
    together, steps = stack(x, LENGTHS), stack.out_lengths(LENGTHS)
    assert together.shape == (4, -(-12 // pool_length), channels) == (4, int(stack.out_lengths(torch.tensor(12))), stack.out_size)
    for row, (length, left) in enumerate(zip(LENGTHS, steps, strict=True)):
        alone = stack(x[row : row + 1, :length])[0]
        assert len(alone) == left
        torch.testing.assert_close(together[row, :left], alone, atol=1e-6, rtol=0)
        assert not together[row, left:].any()
    together.square().sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in stack.parameters())


@pytest.mark.parametrize(("causal", "seen"), [(True, range(3, 10)), (False, range(6, 13))])
def test_a_step_sees_as_far_as_the_dilations_reach(causal: bool, seen: range) -> None:
    torch.manual_seed(0)
    stack = ConvStack(1, 8, 3, 2, causal=causal)
    x = torch.randn(1, 20, 1).requires_grad_()
    stack(x)[0, 9].sum().backward()
    assert x.grad[0, :, 0].nonzero().flatten().tolist() == list(seen)


def test_dropout_acts_in_training_only() -> None:
    stack = ConvStack(2, 4, 3, 1, dropout=0.5)
    x = torch.randn(2, 5, 2)
    assert not stack(x).equal(stack(x))
    assert stack.eval()(x).equal(stack(x))

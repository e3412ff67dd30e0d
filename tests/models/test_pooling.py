import pytest
import torch

from seqlab.errors import ConfigError
from seqlab.models.padding import step_mask
from seqlab.models.pooling import POOLINGS, Pooling

LENGTHS = torch.tensor([5, 2, 1])


@pytest.mark.parametrize("directions", [1, 2])
@pytest.mark.parametrize("kind", POOLINGS)
def test_padding_has_no_say_and_takes_no_gradient(kind: str, directions: int) -> None:
    torch.manual_seed(0)
    pooling = Pooling(kind, 4)
    outputs = torch.randn(3, 6, 4).requires_grad_()
    pooled = pooling(outputs, LENGTHS, directions)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(pooled[row : row + 1], pooling(outputs[row : row + 1, :length], None, directions))
    pooled.square().sum().backward()
    assert not outputs.grad[~step_mask(LENGTHS, 6)].any()
    assert outputs.grad[:, 0].any()


def test_each_kind_reads_what_it_says() -> None:
    outputs = torch.tensor([[[1.0, 10.0], [5.0, 20.0], [3.0, 30.0], [0.0, 0.0]]])
    three = torch.tensor([3])
    assert Pooling("last", 2)(outputs, three).tolist() == [[3, 30]]
    assert Pooling("last", 2)(outputs, three, directions=2).tolist() == [[3, 10]]
    assert Pooling("mean", 2)(outputs, three).tolist() == [[3, 20]]
    assert Pooling("max", 2)(outputs - 100, three).tolist() == [[-95, -70]]


def test_attention_weights_sum_to_one_over_the_sequence() -> None:
    pooling = Pooling("attention", 4)
    outputs = torch.randn(3, 6, 4)
    weights = pooling.weights(outputs, LENGTHS)
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(3))
    assert not weights[~step_mask(LENGTHS, 6)].any()
    torch.testing.assert_close(pooling(outputs, LENGTHS)[2], outputs[2, 0])
    with pytest.raises(ConfigError, match="no learned weights"):
        Pooling("mean", 4).weights(outputs)
    with pytest.raises(ConfigError, match="Choose one of: last"):
        Pooling("median", 4)

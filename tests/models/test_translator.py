from itertools import product

import pytest
import torch

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError
from seqlab.models.attention import GlobalAttention
from seqlab.models.network import NetworkSizes
from seqlab.models.translator import Translator, build_translator

CLASSES = 4


def _sizes(classes: int = CLASSES) -> NetworkSizes:
    return NetworkSizes(
        input_size=1,
        target_size=1,
        known_size=1,
        context_length=6,
        horizon=5,
        season_length=1,
        task="translate",
        classes=classes,
        vocabulary=9,
    )


def _translator(cell: str = "gru", classes: int = CLASSES, **choices: object) -> Translator:
    torch.manual_seed(0)
    config = ModelConfig(cell=cell, **{"hidden_size": 8, "embedding_size": 6, **choices})
    network = build_translator(config, _sizes(classes))
    for parameter in network.decoder.parameters():
        parameter.data *= 3  # so that it has opinions before it is trained
    return network


def _batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randint(2, 9, (3, 6, 1), generator=generator).float()
    x[1, 4:], x[2, 1:] = torch.nan, torch.nan
    future = torch.randint(1, CLASSES, (3, 5, 1), generator=generator).float()
    future[:, 0] = 0
    return x, future


@pytest.mark.parametrize(
    "choices", [{}, {"attention": False}, {"bidirectional": True, "num_layers": 2}, {"network": "cnn_rnn", "pool_length": 2}]
)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_a_padded_batch_says_the_same_as_each_sequence_alone(cell: str, choices: dict[str, object]) -> None:
    network = _translator(cell, **choices)
    x, future = _batch()
    together = network(x, future)
    assert together.shape == (3, 5, CLASSES)
    for row, length in enumerate((6, 4, 1)):
        torch.testing.assert_close(together[row : row + 1], network(x[row : row + 1, :length], future[row : row + 1]), atol=2e-6, rtol=1e-5)
    together.square().sum().backward()
    assert all(parameter.grad is not None and parameter.grad.isfinite().all() for parameter in network.parameters())


@pytest.mark.parametrize("cell", ["gru", "lstm", "article_lstm"])
def test_greedy_writing_is_what_step_by_step_says(cell: str) -> None:
    network = _translator(cell, bidirectional=True).eval()
    x, _ = _batch()
    written, weights = network.generate(x, longest=7)
    told = torch.zeros(3, 1, dtype=torch.long)
    for _ in range(written.shape[1]):
        logits = network(x, told.unsqueeze(-1).float())
        told = torch.cat([told, logits[:, -1:].argmax(dim=-1)], dim=1)
    for row, wanted in zip(written.tolist(), told[:, 1:].tolist(), strict=True):
        stop = wanted.index(0) if 0 in wanted else len(wanted)
        assert row == [*wanted[:stop], *[0] * (len(row) - stop)]
    torch.testing.assert_close(weights.sum(dim=2), torch.ones(written.shape))
    assert not weights[2, :, 1:].any()
    torch.testing.assert_close(network(x), network(x, network._before(network.generate(x, 5)[0]).unsqueeze(-1).float()))


@torch.no_grad()
@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_a_wide_beam_finds_the_best_of_all_sequences(cell: str) -> None:
    network = _translator(cell, classes=3).eval()
    x, _ = _batch()
    longest = 3
    whole = [(*symbols, 0) for length in range(longest) for symbols in product((1, 2), repeat=length)]
    found, _ = network.generate(x, longest, beam=27)
    for row in range(3):
        scores = {}
        for symbols in whole:
            logits = network(x[row : row + 1], torch.tensor([0, *symbols[:-1]]).view(1, -1, 1).float())[0].log_softmax(dim=-1)
            scores[symbols] = float(logits[range(len(symbols)), symbols].mean())
        best = max(scores, key=scores.__getitem__)
        assert found[row].tolist() == [*best, *[0] * (found.shape[1] - len(best))]


def test_without_teacher_forcing_it_reads_its_own_symbols_in_training_only() -> None:
    network = _translator("lstm")
    x, future = _batch()
    forced = network(x, future)
    network.teacher_forcing = 0.0
    assert network.needs_seed
    torch.testing.assert_close(network(x, future)[:, :1], forced[:, :1])
    free, own = network(x, future), torch.cat([torch.zeros(3, 1), network(x, future).argmax(dim=-1)[:, :-1]], dim=1)
    assert not torch.allclose(free, forced)
    network.eval()
    torch.testing.assert_close(network(x, future), forced)
    torch.testing.assert_close(network(x, own.unsqueeze(-1)), free)


def test_it_learns_to_turn_a_sequence_round() -> None:
    network = _translator("gru", classes=5, hidden_size=16)
    for parameter in network.decoder.parameters():
        parameter.data /= 3
    generator = torch.Generator().manual_seed(0)
    for step in range(60):
        x = torch.randint(2, 5, (32, 3, 1), generator=generator).float()
        y = torch.nn.functional.pad(x.flip(1)[..., 0], (0, 1)).long()
        loss = torch.nn.functional.cross_entropy(network(x, network._before(y).unsqueeze(-1).float()).transpose(1, 2), y)
        network.zero_grad()
        loss.backward()
        for parameter in network.parameters():  # the sign of the gradient alone: importing an optimizer takes longer than this test
            parameter.data -= 0.03 * (1 - step / 60) * parameter.grad.sign()
    written, weights = network.eval().generate(x, 8, beam=3)
    right = [row[:4] == wanted for row, wanted in zip(written.tolist(), y.tolist(), strict=True)]
    assert sum(right) >= 30
    assert weights.shape == (32, written.shape[1], 3)


def test_choices_that_do_not_fit_are_named() -> None:
    with pytest.raises(ConfigError, match="Choose the score 'general'"):
        GlobalAttention(3, 6, "dot")
    network, (x, future) = _translator(), _batch()
    with pytest.raises(ConfigError, match="1 or more"):
        network.generate(x, 0)
    with pytest.raises(ConfigError, match="from 0 to 3"):
        network(x, future + 4)
    with pytest.raises(ConfigError, match=r"\(3, step, 1\)"):
        network(x, future[..., 0])

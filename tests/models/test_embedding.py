import pytest
import torch

from seqlab.errors import ConfigError
from seqlab.models.embedding import TokenInput
from seqlab.models.spelling import SpellingReader, distinct_rows

WORDS = torch.tensor([[2, 3, 4, 5, 6], [3, 2, 0, 0, 0], [0, 0, 0, 0, 0], [2, 3, 4, 5, 6], [39, 0, 0, 0, 0], [3, 2, 0, 0, 0]])


@pytest.mark.parametrize("kind", ["cnn", "lstm"])
def test_a_spelling_reads_the_same_alone_as_among_others(kind: str) -> None:
    torch.manual_seed(0)
    reader = SpellingReader(kind, 40)
    together = reader(torch.nn.functional.pad(WORDS, (0, 7)))
    for row, word in enumerate(WORDS):
        alone = reader(word[word > 0].unsqueeze(0) if word.any() else word.unsqueeze(0))[0]
        torch.testing.assert_close(together[row], alone, atol=1e-6, rtol=0)
    assert not together[2].any()
    assert together[1].ne(together[0]).any()
    together.square().sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in reader.parameters())
    assert not reader.embedding.weight.grad[0].any()


def test_the_character_networks_are_the_published_ones() -> None:
    torch.manual_seed(0)
    cnn, lstm, word = SpellingReader("cnn", 40), SpellingReader("lstm", 40), torch.tensor([[5, 8, 9, 3]])
    torch.testing.assert_close(cnn(word), cnn.filters(cnn.embedding(word).transpose(1, 2)).amax(dim=2))
    _, (last, _) = lstm.recurrent(lstm.embedding(word))
    torch.testing.assert_close(lstm(word), torch.cat([last[0], last[1]], dim=1), atol=1e-6, rtol=0)


@pytest.mark.parametrize(("symbols", "columns"), [(2, 70), (90, 20), (5000, 9), (3, 1)])
def test_distinct_rows_are_those_of_torch(symbols: int, columns: int) -> None:
    torch.manual_seed(0)
    rows = torch.randint(0, symbols, (30, columns))[torch.randint(0, 30, (80,))]
    rows[:2] = symbols - 1
    rows[0, -1] = 0
    distinct, place = distinct_rows(rows, symbols)
    assert distinct[place].equal(rows)
    assert len(distinct) == len(torch.unique(rows, dim=0))


def test_word_spelling_and_shape_stand_side_by_side() -> None:
    torch.manual_seed(0)
    entry = TokenInput(10, 4, characters=40, word_length=5, spelling="cnn", shapes=2).eval()
    x = torch.zeros(2, 3, 8)
    x[0, :, 0] = torch.tensor([7.0, 1.0, 7.0])
    x[:, :, 1:6] = WORDS.view(2, 3, 5)
    x[0, 1, 6] = 1
    made = entry(x)
    assert made.shape == (2, 3, entry.out_size)
    assert made[0, 0, :4].equal(entry.words.weight[7])
    torch.testing.assert_close(made[..., 4:34], entry.spelling(WORDS).view(2, 3, 30))
    assert made[0, :, 34:].tolist() == [[0, 0], [1, 0], [0, 0]]
    assert not entry(torch.zeros(1, 2, 8)).any()
    assert TokenInput(10, 4, spelling="lstm").out_size == 4


def test_rare_words_only_are_sometimes_read_as_unknown_and_only_in_training() -> None:
    torch.manual_seed(0)
    entry = TokenInput(12, 3, unknown_share=0.25)
    x = torch.arange(12.0).repeat(400).view(1, -1, 1)
    unknown = (entry(x) == entry.words.weight[1]).all(dim=2).view(400, 12).float().mean(dim=0)
    assert unknown[:7].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert (unknown[7:] > 0.15).all()
    assert (unknown[7:] < 0.35).all()
    assert entry.eval()(x).equal(entry.words(x[..., 0].long()))
    assert entry.needs_seed


def test_what_the_network_cannot_read_is_named() -> None:
    with pytest.raises(ConfigError, match=r"\(batch, time, 1\)"):
        TokenInput(5, 2)(torch.zeros(1, 2, 3))
    with pytest.raises(ConfigError, match="from 0 to 4; it was given 0 to 5"):
        TokenInput(5, 2)(torch.tensor([[[0.0], [5.0]]]))
    with pytest.raises(ConfigError, match="Choose one of: cnn, lstm"):
        SpellingReader("gru", 5)

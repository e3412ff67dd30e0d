"""Words read by their characters: a small network over the spelling, run once for every different word of a batch."""

import torch
from torch import nn

from seqlab.data.vocabulary import NOTHING
from seqlab.errors import ConfigError
from seqlab.models.lstm import run_layers
from seqlab.models.padding import run_padded
from seqlab.models.pooling import Pooling

__all__ = ["SPELLINGS", "SpellingReader", "distinct_rows"]

SPELLINGS = ("cnn", "lstm")
EMBEDDING = 25
FILTERS = 30
WIDTH = 3
HIDDEN = 25


class SpellingReader(nn.Module):
    """One vector per word, from its characters alone.

    ``"cnn"``: filters over three characters, the largest answer of each over the word (Ma & Hovy 2016, 1603.01354).
    ``"lstm"``: an LSTM in both directions, its two last states (Lample et al. 2016, 1603.01360).

    Args:
        kind: one of :data:`SPELLINGS`.
        characters: how many character numbers there are, those for nothing (0) and for unknown included.

    Raises:
        ConfigError: there is no such kind.

    Example:
        >>> SpellingReader("cnn", 40)(torch.tensor([[2, 5, 0], [7, 0, 0]])).shape
        torch.Size([2, 30])
    """

    def __init__(self, kind: str, characters: int) -> None:
        super().__init__()
        if kind not in SPELLINGS:
            raise ConfigError(f"There is no way to read a spelling called {kind!r}. Choose one of: {', '.join(SPELLINGS)}.")
        self.kind = kind
        self.characters = characters
        self.embedding = nn.Embedding(characters, EMBEDDING, padding_idx=NOTHING)
        self.out_size = FILTERS if kind == "cnn" else 2 * HIDDEN
        if kind == "cnn":
            self.filters = nn.Conv1d(EMBEDDING, FILTERS, WIDTH, padding=WIDTH // 2)
        else:
            self.recurrent = nn.LSTM(EMBEDDING, HIDDEN, batch_first=True, bidirectional=True)
            self.ends = Pooling("last", 2 * HIDDEN)

    def forward(self, spelled: torch.Tensor) -> torch.Tensor:
        """What the spelling says.

        Args:
            spelled: (word, character) numbers of characters; 0 after the end of a word.

        Returns:
            (word, out_size); 0 for a word without characters.
        """
        different, place = distinct_rows(spelled, self.characters)
        lengths = (different != NOTHING).sum(dim=1)
        longest = max(int(lengths.max()), 1)
        embedded = self.embedding(different[:, :longest])
        if self.kind == "cnn":
            outside = (different[:, :longest] == NOTHING).unsqueeze(1)
            read = self.filters(embedded.transpose(1, 2)).masked_fill(outside, -torch.inf).amax(dim=2)
        else:
            lengths_read = lengths.clamp_min(1)
            read = self.ends(run_padded(self.recurrent, embedded, lengths_read, run_layers), lengths_read, 2)
        vectors: torch.Tensor = read.masked_fill((lengths == 0).unsqueeze(1), 0)
        return vectors.index_select(0, place)


def distinct_rows(rows: torch.Tensor, symbols: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The different rows, and where each row is among them.

    As many numbers as fit are packed into one; sorting those takes a tenth of the time of ``torch.unique(rows, dim=0)``.

    Args:
        rows: (row, column) whole numbers from 0 to ``symbols`` − 1.
        symbols: how many different numbers there may be.

    Returns:
        (distinct, column) and (row,).

    Example:
        >>> [made.tolist() for made in distinct_rows(torch.tensor([[3, 1], [2, 0], [3, 1]]), 4)]
        [[[2, 0], [3, 1]], [1, 0, 1]]
    """
    bits = max((symbols - 1).bit_length(), 1)
    shifts = torch.arange(62 // bits, device=rows.device) * bits
    place = torch.zeros(len(rows), dtype=torch.long, device=rows.device)
    for some in torch.split(rows, len(shifts), dim=1):
        kinds, number = torch.unique((some << shifts[: some.shape[1]]).sum(dim=1), return_inverse=True)
        place = torch.unique(place * len(kinds) + number, return_inverse=True)[1]
    first = torch.empty(int(place.max()) + 1, dtype=torch.long, device=rows.device)
    first[place] = torch.arange(len(rows), device=rows.device)
    return rows[first], place

"""Words and characters become vectors: learned ones for what is known, and what spelling and shape say of any word."""

import torch
from torch import nn

from seqlab.data.vocabulary import NOTHING, UNKNOWN
from seqlab.errors import ConfigError
from seqlab.models.spelling import SpellingReader

__all__ = ["TokenInput"]


class TokenInput(nn.Module):
    """Turns the numbers of words (or characters) into vectors.

    Args:
        vocabulary: how many word numbers there are, those for nothing (0) and for unknown (1) included; rarer words have larger numbers.
        embedding_size: width of a word's learned vector.
        characters: how many character numbers there are, likewise; 0 if no spelling is given.
        word_length: character numbers of each word; 0 if no spelling is given.
        spelling: ``"none"``, ``"cnn"`` or ``"lstm"``: what reads the characters.
        shapes: features of a word's shape.
        unknown_share: in training, so many of the rare words are read as unknown, as nothing else would teach that vector anything.
        rare_from: numbers from here on count as rare; the rarer half of the vocabulary if left out.

    Example:
        >>> entry = TokenInput(100, 8, characters=30, word_length=5, spelling="cnn", shapes=2)
        >>> entry(torch.zeros(4, 7, 1 + 5 + 2)).shape, entry.out_size
        (torch.Size([4, 7, 40]), 40)
    """

    def __init__(
        self,
        vocabulary: int,
        embedding_size: int,
        characters: int = 0,
        word_length: int = 0,
        spelling: str = "none",
        shapes: int = 0,
        unknown_share: float = 0.0,
        rare_from: int | None = None,
    ) -> None:
        super().__init__()
        self.words = nn.Embedding(vocabulary, embedding_size, padding_idx=NOTHING)
        reads = spelling != "none" and characters and word_length
        self.spelling = SpellingReader(spelling, characters) if reads else None
        self.word_length = word_length
        self.shapes = shapes
        self.unknown_share = unknown_share
        self.rare_from = (UNKNOWN + 1 + vocabulary) // 2 if rare_from is None else rare_from
        self.out_size = embedding_size + (self.spelling.out_size if self.spelling else 0) + shapes

    @property
    def needs_seed(self) -> bool:
        """Whether training draws random numbers in the forward pass."""
        return self.unknown_share > 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """A vector per word.

        Args:
            x: (batch, time, 1 + word_length + shapes): the number of the word, those of its characters, its shape; 0 after
                the end of a sequence.

        Returns:
            (batch, time, out_size); 0 where there is nothing.

        Raises:
            ConfigError: x has another shape, or a number beyond the vocabulary.
        """
        width = 1 + self.word_length + self.shapes
        if x.ndim != 3 or x.shape[2] != width:
            raise ConfigError(f"The input of words reads (batch, time, {width}); it was given {tuple(x.shape)}.")
        numbers = x[..., 0].long()
        self._check(numbers, self.words.num_embeddings, "word")
        parts = [self.words(self._some_unknown(numbers) if self.training and self.unknown_share else numbers)]
        if self.spelling is not None:
            spelled = x[..., 1 : 1 + self.word_length].long()
            self._check(spelled, self.spelling.characters, "character")
            parts.append(self.spelling(spelled.flatten(0, 1)).unflatten(0, x.shape[:2]))
        if self.shapes:
            parts.append(x[..., width - self.shapes :])
        return torch.cat(parts, dim=-1) if len(parts) > 1 else parts[0]

    def _some_unknown(self, numbers: torch.Tensor) -> torch.Tensor:
        chance = torch.rand(numbers.shape, device=numbers.device)
        return numbers.masked_fill((chance < self.unknown_share) & (numbers >= self.rare_from), UNKNOWN)

    @staticmethod
    def _check(numbers: torch.Tensor, count: int, kind: str) -> None:
        if numbers.numel() and not 0 <= int(numbers.min()) <= int(numbers.max()) < count:
            raise ConfigError(
                f"The network knows {kind} numbers from 0 to {count - 1}; it was given {int(numbers.min())} to {int(numbers.max())}. "
                "Prepare the data with the vocabulary the network was built for."
            )

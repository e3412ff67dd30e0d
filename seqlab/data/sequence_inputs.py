"""What a network reads of sequences and texts: scaled numbers, or the numbers of words, characters and shapes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.scale import Scaler, fit_scaler
from seqlab.data.tokens import Tokens
from seqlab.data.vocabulary import NOTHING, SHAPES, UNKNOWN, count_symbols, shape_of
from seqlab.errors import DataError

__all__ = ["NumberInput", "TokenInputs", "fit_numbers", "fit_tokens", "padded"]

Floats = npt.NDArray[np.float32]

LONGEST_WORD = 20  # characters that are spelled of a word; longer words are rare, and cost memory in every word


def padded(rows: Sequence[npt.NDArray[np.floating]], steps: int) -> Floats:
    """(row, steps, feature): arrays (time, feature) one below the other, with NaN after the end of each.

    Example:
        >>> padded([np.ones((1, 1)), np.zeros((2, 1))], 2)[..., 0].tolist()
        [[1.0, nan], [0.0, 0.0]]
    """
    values = np.full((len(rows), steps, rows[0].shape[1]), np.nan, dtype=np.float32)
    with np.errstate(over="ignore"):  # too large for 32 bits becomes infinite, and is refused by who looks at it
        for place, row in zip(values, rows, strict=True):
            place[: len(row)] = row
    return values


@dataclass(frozen=True, kw_only=True, eq=False)
class NumberInput:
    """Measured sequences, each feature scaled by what the training part held."""

    scaler: Scaler
    feature_names: tuple[str, ...]

    def encode(self, sequences: Sequence[Floats], steps: int) -> Floats:
        """(sequence, steps, feature) scaled, NaN after the end."""
        values = padded([self.scaler.transform(values.astype(np.float64)) for values in sequences], steps)
        if np.nanmax(np.abs(values)) > np.finfo(np.float32).max / 1e6:
            raise DataError(
                "Some scaled values are too large for the model's 32-bit numbers. Choose the scaling 'standard', or divide the data."
            )
        return values


@dataclass(frozen=True, kw_only=True, eq=False)
class TokenInputs:
    """Texts as numbers: the word, then the characters it is spelled with, then its shape.

    Args:
        vocabulary: names of words (or characters) by number; numbers 0 and 1 stand for nothing and for the unknown.
        characters: the same for the characters of words; empty if they are not read.
        word_length: characters read of a word; 0 if they are not read.
        shape_names: what is told about the shape of a word; empty if nothing.
        lowercase: whether words are looked up in lower case.
        unit: ``"word"`` or ``"character"``.
    """

    vocabulary: tuple[str, ...] = field(repr=False)
    characters: tuple[str, ...] = field(repr=False)
    word_length: int
    shape_names: tuple[str, ...]
    lowercase: bool
    unit: str

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Channels of the input."""
        return (self.unit, *(f"character {number + 1}" for number in range(self.word_length)), *self.shape_names)

    def encode(self, texts: Sequence[Tokens], steps: int) -> Floats:
        """(text, steps, feature) numbers, NaN after the end."""
        known: dict[str, int] = {}
        places = [[known.setdefault(token, len(known)) for token in tokens] for tokens in texts]
        table = np.array([self._row(token) for token in known], dtype=np.float32)
        return padded([table[place] for place in places], steps)

    def unknown(self, tokens: Sequence[str]) -> int:
        """How many of ``tokens`` are not in the vocabulary."""
        return sum(self._look_up(token) not in self._numbers for token in tokens)

    def unknown_characters(self, tokens: Sequence[str]) -> int:
        """How many characters of ``tokens`` are not in the list of characters."""
        return sum(character not in self._character_numbers for token in tokens for character in token) if self.word_length else 0

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.vocabulary) if number > UNKNOWN}

    @cached_property
    def _character_numbers(self) -> dict[str, int]:
        return {name: number for number, name in enumerate(self.characters) if number > UNKNOWN}

    def _look_up(self, token: str) -> str:
        return token.lower() if self.lowercase else token

    def _row(self, token: str) -> list[float]:
        spelled = [self._character_numbers.get(character, UNKNOWN) for character in token[: self.word_length]]
        blank = [NOTHING] * (self.word_length - len(spelled))
        return [self._numbers.get(self._look_up(token), UNKNOWN), *spelled, *blank, *(shape_of(token) if self.shape_names else ())]


def fit_numbers(training: Sequence[Floats], names: tuple[str, ...], kind: str) -> NumberInput:
    """The scale of each feature, over all steps of the training sequences."""
    return NumberInput(scaler=fit_scaler(kind, np.concatenate(training).astype(np.float64), names), feature_names=names)


def fit_tokens(training: Sequence[Tokens], spec: RunSpec, unit: str, *, as_given: bool) -> TokenInputs:
    """The vocabulary of the training texts.

    Args:
        training: the tokens of each text.
        spec: how they are to be read.
        unit: what the tokens are.
        as_given: whether tokens are symbols of their own, which have neither case nor spelling.

    Raises:
        DataError: no word is frequent enough to be kept.
    """
    lowercase = spec.sequence.lowercase and not as_given
    running = [token.lower() if lowercase else token for tokens in training for token in tokens]
    vocabulary = count_symbols(running, 1 if as_given else spec.sequence.minimum_count)
    if len(vocabulary) == UNKNOWN + 1:
        raise DataError(
            f"No {unit} of the training part occurs {spec.sequence.minimum_count} times, so every one would be unknown. "
            "Set 'Rarest word kept' to 1, or give more texts."
        )
    spelled = spec.model.spelling != "none" and unit == "word" and not as_given
    words = {token for tokens in training for token in tokens} if spelled else set[str]()
    return TokenInputs(
        vocabulary=vocabulary,
        characters=count_symbols((character for tokens in training for token in tokens for character in token), 1) if spelled else (),
        word_length=min(max(map(len, words)), LONGEST_WORD) if spelled else 0,
        shape_names=SHAPES if spec.model.word_shape and not as_given else (),
        lowercase=lowercase,
        unit=unit,
    )

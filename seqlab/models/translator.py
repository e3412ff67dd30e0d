"""The network that writes: an encoder reads a sequence, a decoder writes another one, symbol by symbol."""

import dataclasses
from typing import Any

import torch

from seqlab.config import ModelConfig
from seqlab.data.sequence_answers import END
from seqlab.errors import ConfigError
from seqlab.models.attention import GlobalAttention
from seqlab.models.beam import beam_search
from seqlab.models.build import build_recurrent, network_parts
from seqlab.models.decoder import Decoder, Source, State
from seqlab.models.embedding import TokenInput
from seqlab.models.network import Network, NetworkSizes

__all__ = ["Translator", "build_translator"]


class Translator(Network):
    """Reads a sequence and writes another one (Sutskever et al. 2014, 1409.3215; with attention Luong et al. 2015, 1508.04025).

    Args:
        entry: turns words or characters into vectors; ``None`` for measured sequences.
        decoder: writes.
        start: number of the symbol that the decoder is told first.
        end: number of the symbol that ends a sequence.
        parts: see :class:`~seqlab.models.network.Network`.

    Attributes:
        teacher_forcing: in training, how often the decoder is told the right symbol before; else it reads its own.
    """

    def __init__(self, *, entry: TokenInput | None, decoder: Decoder, start: int = END, end: int = END, **parts: Any) -> None:
        super().__init__(**parts)
        self.entry = entry
        self.decoder = decoder
        self.start = start
        self.end = end
        self.teacher_forcing = 1.0

    @property
    def needs_seed(self) -> bool:
        """Whether training draws random numbers in the forward pass."""
        return super().needs_seed or self.teacher_forcing < 1 or (self.entry is not None and self.entry.needs_seed)

    @property
    def reads_last(self) -> bool:
        """Whether the decoder needs nothing of the encoder but each direction's last state."""
        return super().reads_last and self.decoder.attention is None

    def recurrent_input(self, x: torch.Tensor) -> torch.Tensor:
        """What the encoder reads.

        Args:
            x: (batch, time, feature): numbers of words and characters, or scaled measurements; NaN after the end.

        Returns:
            (batch, step, input)

        Raises:
            ConfigError: x has another shape than the model was built for.
        """
        if x.ndim != 3 or x.shape[-1] != self.sizes.input_size:
            raise ConfigError(f"The model reads (batch, time, {self.sizes.input_size}); it was given {tuple(x.shape)}.")
        lengths = self.lengths(x)
        read = x if lengths is None else torch.nan_to_num(x)
        if self.entry is not None:
            read = self.dropout(self.entry(read))
        return read if self.front is None else self.front(read, lengths)

    def source(self, outputs: torch.Tensor, x: torch.Tensor) -> Source:
        """What the decoder gets.

        Args:
            outputs: (batch, step, directions * hidden) all outputs of the encoder.
            x: (batch, time, feature) what was read; one sequence may serve many outputs.
        """
        counts = self.step_counts(x)
        if counts is not None and len(counts) != len(outputs):
            counts = counts.expand(len(outputs))
        memory, lengths = self.behind(outputs, counts)
        return Source(memory=memory, lengths=lengths, summary=self.read_out(outputs, counts))

    def answer(self, outputs: torch.Tensor, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """Logits of the symbols to be written, from all outputs of the encoder.

        Args:
            outputs, x: as for :meth:`source`.
            future: (batch, step, 1) numbers of the right symbols before each step, the start first; one sequence may serve many
                outputs. Left out, the decoder reads what it wrote itself, up to ``sizes.horizon`` symbols.

        Returns:
            (batch, step, class)

        Raises:
            ConfigError: the symbols before have another shape, or a number that is no symbol.
        """
        source = self.source(outputs, x)
        state = self.decoder.start(source)
        if future is None:
            told = self._before(self._search(source, longest=self.sizes.horizon, beam=1))
        else:
            told = self._told(future, len(outputs))
            if self.training and self.teacher_forcing < 1:
                told = self._partly_own(told, state, source)
        logits: torch.Tensor = self.decoder(told, state, source)[0]
        return logits

    @torch.no_grad()
    def generate(self, x: torch.Tensor, longest: int, beam: int = 1) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What it writes by itself: greedily, or the best of a beam search by mean log probability per symbol.

        Args:
            x: (batch, time, feature), NaN after the end of a sequence.
            longest: symbols written at most, the end included.
            beam: how many beginnings are kept at a time.

        Returns:
            (batch, step) numbers of symbols, filled with the end's after its end; and how much each step looked at each step of the
            encoder, (batch, step, source), or ``None`` without attention.

        Raises:
            ConfigError: nothing is to be written, or no beginning kept.
        """
        if longest < 1 or beam < 1:
            raise ConfigError(f"The longest answer is {longest} symbols and the beam {beam} wide. Both must be 1 or more.")
        source = self.source(self.outputs(x), x)
        written = self._search(source, longest=longest, beam=beam)
        return written, self.decoder(self._before(written), self.decoder.start(source), source)[2]

    def _before(self, symbols: torch.Tensor) -> torch.Tensor:
        """(batch, step) the symbol before each of these, the start first."""
        return torch.cat([torch.full_like(symbols[:, :1], self.start), symbols[:, :-1]], dim=1)

    def _told(self, future: torch.Tensor, batch: int) -> torch.Tensor:
        """(batch, step) numbers of the symbols before."""
        classes = self.decoder.symbols.num_embeddings
        if future.ndim != 3 or future.shape[2] != 1 or len(future) not in (1, batch):
            raise ConfigError(f"The symbols before must be ({batch}, step, 1); they are {tuple(future.shape)}.")
        told = torch.nan_to_num(future[..., 0], nan=float(self.end)).long().expand(batch, -1)
        if not 0 <= int(told.min()) <= int(told.max()) < classes:
            raise ConfigError(f"Symbols have numbers from 0 to {classes - 1}; those before are {int(told.min())} to {int(told.max())}.")
        return told

    @torch.no_grad()
    def _partly_own(self, told: torch.Tensor, state: State, source: Source) -> torch.Tensor:
        """Some right symbols replaced by those the decoder would have written (scheduled sampling, Bengio et al. 2015, 1506.03099).

        Which symbol is the largest has no gradient. So they are looked for here, step by step, and then all steps run in one call.
        """
        keep = torch.rand(told.shape, device=told.device) < self.teacher_forcing
        mixed = [told[:, :1]]
        for step in range(1, told.shape[1]):
            logits, state, _ = self.decoder(mixed[-1], state, source)
            mixed.append(torch.where(keep[:, step : step + 1], told[:, step : step + 1], logits.argmax(dim=-1)))
        return torch.cat(mixed, dim=1)

    @torch.no_grad()
    def _search(self, source: Source, *, longest: int, beam: int) -> torch.Tensor:
        repeated = source if beam == 1 else source.repeated(beam)

        def step(last: torch.Tensor, state: State) -> tuple[torch.Tensor, State]:
            logits, after, _ = self.decoder(last.unsqueeze(1), state, repeated)
            return logits[:, 0].log_softmax(dim=-1), after

        return beam_search(step, self.decoder.start(repeated), start=self.start, end=self.end, beam=beam, longest=longest)


def build_translator(config: ModelConfig, sizes: NetworkSizes, *, unknown_share: float = 0.0, score: str = "general") -> Translator:
    """A fresh translator; its decoder has the cell, the layers and the width of its encoder, in one direction.

    Args:
        config: choices; ``attention`` and ``embedding_size`` are the decoder's too.
        sizes: what the data fixes.
        unknown_share: see :class:`~seqlab.models.embedding.TokenInput`.
        score: see :class:`~seqlab.models.attention.GlobalAttention`.

    Raises:
        UnknownKeyError: the cell is not in ``CELLS``.
        ConfigError: choices that contradict each other or the data; a cell that torch has not fused.
    """
    entry = None
    if sizes.vocabulary:
        entry = TokenInput(
            vocabulary=sizes.vocabulary,
            embedding_size=config.embedding_size,
            characters=sizes.characters,
            word_length=sizes.word_length,
            spelling=config.spelling,
            shapes=sizes.shapes,
            unknown_share=unknown_share,
        )
    parts = network_parts(config, sizes, entry.out_size if entry is not None else sizes.input_size)
    width = parts.pop("read_size")
    decoder = Decoder(
        classes=sizes.classes,
        embedding_size=config.embedding_size,
        recurrent=build_recurrent(dataclasses.replace(config, bidirectional=False), config.embedding_size),
        source_size=width,
        attention=GlobalAttention(config.hidden_size, width, score) if config.attention else None,
        dropout=config.dropout,
    )
    return Translator(entry=entry, decoder=decoder, **parts)

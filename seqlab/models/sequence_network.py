"""The network for single sequences and texts: input → recurrent stack → a class or numbers, for the whole or for every step."""

from typing import Any

import torch
from torch import nn

from seqlab.errors import ConfigError
from seqlab.models.crf import LinearChainCRF
from seqlab.models.embedding import TokenInput
from seqlab.models.network import Network
from seqlab.tasks import task_entry

__all__ = ["SequenceNetwork"]


class SequenceNetwork(Network):
    """Reads a sequence and says a class or numbers of it.

    Two classes of a whole sequence have one logit between them (its sigmoid is the probability of the second); more
    classes, and the tags of steps, have one each.

    Args:
        entry: turns words or characters into vectors; ``None`` for measured sequences.
        crf: chooses the tags of a sequence together; ``None`` to choose each by itself.
        parts: see :class:`~seqlab.models.network.Network`.
    """

    def __init__(self, *, entry: TokenInput | None, crf: LinearChainCRF | None = None, **parts: Any) -> None:
        super().__init__(**parts)
        self.entry = entry
        self.crf = crf
        sizes, self.per_step = self.sizes, task_entry(self.sizes.task).per_step
        answers = sizes.classes or sizes.target_size
        self.output = nn.Linear(self.output_size, 1 if sizes.classes == 2 and not self.per_step else answers)

    @property
    def reads_last(self) -> bool:
        """Whether the answer needs nothing of the stack but each direction's last state."""
        return super().reads_last and not self.per_step

    def recurrent_input(self, x: torch.Tensor) -> torch.Tensor:
        """What the recurrent stack reads.

        Args:
            x: (batch, time, feature): scaled measurements, or numbers of words and characters; NaN after the end.

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

    def answer(self, outputs: torch.Tensor, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:  # noqa: ARG002
        """The class or the numbers, from all outputs of the stack: see :meth:`Network.answer`.

        Returns:
            (batch, 1, output) for a whole sequence, (batch, time, output) for every step; logits where they are classes.
        """
        counts = self.step_counts(x)
        if counts is not None and len(counts) != len(outputs):
            counts = counts.expand(len(outputs))
        if self.per_step:
            made: torch.Tensor = self.output(self.behind(outputs, counts)[0])
            return made
        whole: torch.Tensor = self.output(self.read_out(outputs, counts)).unsqueeze(1)
        return whole

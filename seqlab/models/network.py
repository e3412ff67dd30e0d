"""What every network offers to training and to the laboratory: its input, its recurrent stack, and its answer from the stack's outputs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

from seqlab.models.convolution import ConvStack
from seqlab.models.padding import run_padded
from seqlab.models.pooling import Pooling
from seqlab.models.table import cell_entry
from seqlab.tasks import task_entry

if TYPE_CHECKING:
    from seqlab.models.stepped_stack import SteppedStack

__all__ = ["Network", "NetworkSizes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSizes:
    """What the data fixes about a network.

    Args:
        input_size: features per step of the input; of a forecast the first ``target_size`` are the targets.
        target_size: targets per step of the answer: columns to forecast, or numbers to say.
        known_size: known-ahead features per step of the forecast.
        context_length: steps that are read, at most.
        horizon: steps of the answer: steps ahead of a forecast, 1 for a whole sequence, as many as are read where every step has one.
        season_length: in steps.
        task: key of ``seqlab.tasks.TASKS``.
        classes: number of classes; 0 where the answer is a number.
        vocabulary: numbers of words or characters, those for nothing and for unknown included; 0 for measured sequences.
        characters: likewise of the characters that words are spelled with; 0 if spelling is not read.
        word_length: characters read of a word, at most.
        shapes: features of a word's shape.
    """

    input_size: int
    target_size: int
    known_size: int
    context_length: int
    horizon: int
    season_length: int
    task: str = "forecast"
    classes: int = 0
    vocabulary: int = 0
    characters: int = 0
    word_length: int = 0
    shapes: int = 0


class Network(nn.Module):
    """What every network offers to training and to the laboratory.

    A network reads its input up to the recurrent stack (:meth:`recurrent_input`), runs the stack, and answers from all
    outputs of the stack (:meth:`answer`). Sequences of unequal length stand in one batch: after its end a sequence is NaN.

    Args:
        cell: key of ``seqlab.CELLS``.
        recurrent: the recurrent stack with ``batch_first=True``; ``None`` for a network of convolutions only.
        sizes: what the data fixes.
        segment_length: input steps per step of the stack.
        front: convolutions before the stack.
        back: convolutions behind it.
        pooling: how the answer reads a whole sequence.
        dropout: share of the stack's outputs zeroed in training.
    """

    recurrent: "nn.RNNBase | SteppedStack | None"
    front: ConvStack | None
    back: ConvStack | None

    def __init__(
        self,
        *,
        cell: str,
        recurrent: "nn.RNNBase | SteppedStack | None",
        sizes: NetworkSizes,
        segment_length: int = 1,
        front: ConvStack | None = None,
        back: ConvStack | None = None,
        pooling: str = "last",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.cell = cell
        self.recurrent = recurrent
        self.sizes = sizes
        self.segment_length = segment_length
        self.front = front
        self.back = back
        self.pooling = Pooling(pooling, self.output_size)
        self.dropout = nn.Dropout(dropout)

    @property
    def bidirectional(self) -> bool:
        """Whether a second half of the stack reads backwards."""
        return bool(self.recurrent is not None and self.recurrent.bidirectional)

    @property
    def stack_size(self) -> int:
        """Width of the stack's output, both directions."""
        if self.recurrent is None:
            return self.front.out_size if self.front is not None else self.sizes.input_size
        return int(self.recurrent.hidden_size) * (2 if self.bidirectional else 1)

    @property
    def output_size(self) -> int:
        """Width of what the head reads at a step."""
        return self.stack_size if self.back is None else self.back.out_size

    @property
    def reads_last(self) -> bool:
        """Whether the answer needs nothing of the stack but each direction's last state."""
        return self.recurrent is not None and self.back is None and self.pooling.kind == "last"

    @property
    def needs_seed(self) -> bool:
        """Whether training draws random numbers in the forward pass."""
        if any(isinstance(part, nn.Dropout) and part.p > 0 for part in self.modules()) or (
            self.recurrent is not None and self.recurrent.dropout
        ):
            return True
        return any(bool(getattr(part, "needs_seed", False)) for part in self.children())

    def y_shape(self, batch: int, time: int) -> tuple[int, int, int]:
        """(batch, step, target) of what an answer to ``batch`` sequences of ``time`` steps is compared with."""
        return batch, time if task_entry(self.sizes.task).per_step else self.sizes.horizon, self.sizes.target_size

    def lengths(self, x: torch.Tensor) -> torch.Tensor | None:
        """(batch,) steps of every sequence; ``None`` if all fill the batch.

        Args:
            x: (batch, time, feature), NaN after the end of a sequence.
        """
        there = ~torch.isnan(x[..., 0])
        return None if bool(there.all()) else there.sum(dim=1)

    def step_counts(self, x: torch.Tensor) -> torch.Tensor | None:
        """(batch,) steps of every sequence at the recurrent stack; ``None`` if all are equal.

        Args:
            x: (batch, time, feature), NaN after the end of a sequence.
        """
        lengths = self.lengths(x)
        return lengths if lengths is None or self.front is None else self.front.out_lengths(lengths)

    def recurrent_input(self, x: torch.Tensor) -> torch.Tensor:
        """What the recurrent stack reads, (batch, step, input); anything after the end of a sequence."""
        raise NotImplementedError

    def outputs(self, x: torch.Tensor) -> torch.Tensor:
        """All outputs of the recurrent stack.

        Args:
            x: (batch, time, feature), NaN after the end of a sequence.

        Returns:
            (batch, step, directions * hidden); 0 after the end of a sequence.
        """
        read = self.recurrent_input(x)
        if self.recurrent is None:
            return read
        return run_padded(self.recurrent, read, self.step_counts(x), cell_entry(self.cell).load().run_layers)

    def answer(self, outputs: torch.Tensor, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """What the network says, from all outputs of the recurrent stack.

        Args:
            outputs: (batch, step, directions * hidden)
            x: (batch, time, feature) what was read; one sequence may serve many outputs.
            future: what is known of the answer, where the network reads some.

        Returns:
            (batch, step, output): forecasts, numbers, or logits of classes.
        """
        raise NotImplementedError

    def forward(self, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """What the network says.

        Args:
            x: (batch, time, feature), scaled; NaN after the end of a sequence.
            future: (batch, horizon, known) known-ahead features; may be left out when the model has none.

        Returns:
            (batch, step, output): forecasts on the scale of x, numbers, or logits of classes.

        Raises:
            ConfigError: an input has another shape than the model was built for.
        """
        return self.answer(self.dropout(self.outputs(x)), x, future)

    def behind(self, outputs: torch.Tensor, counts: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What the head reads, (batch, step, output), and how many steps of it there are of every sequence."""
        if self.back is None:
            return outputs, counts
        return self.back(outputs, counts), counts if counts is None else self.back.out_lengths(counts)

    def read_out(self, outputs: torch.Tensor, counts: torch.Tensor | None) -> torch.Tensor:
        """(batch, output) one vector for a whole sequence."""
        read, counts = self.behind(outputs, counts)
        one: torch.Tensor = self.pooling(read, counts, 2 if self.bidirectional and self.back is None else 1)
        return one

"""The half of a translator that writes: a recurrent stack that is told the symbol before, and may look back at what was read."""

from dataclasses import dataclass

import torch
from torch import nn

from seqlab.errors import ConfigError
from seqlab.models.attention import GlobalAttention
from seqlab.models.stepped_stack import SteppedStack
from seqlab.models.table import cell_entry

__all__ = ["Decoder", "Source", "State", "pick_rows"]

State = tuple[torch.Tensor, ...]
"""h, or h and c, of all layers of a decoder: (layer, batch, hidden) each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read.

    Args:
        memory: (batch, source, size) a state per step.
        lengths: (batch,) steps of each; ``None`` if none is padded.
        summary: (batch, size) one vector for the whole.
    """

    memory: torch.Tensor
    lengths: torch.Tensor | None
    summary: torch.Tensor

    def repeated(self, times: int) -> "Source":
        """Every sequence so many times in a row."""
        return Source(
            memory=self.memory.repeat_interleave(times, dim=0),
            lengths=None if self.lengths is None else self.lengths.repeat_interleave(times, dim=0),
            summary=self.summary.repeat_interleave(times, dim=0),
        )


class Decoder(nn.Module):
    """Turns the symbols before into logits of the next ones.

    Its states start at a map of the source's summary, h through tanh (Bahdanau et al. 2015, 1409.0473). With attention,
    what it says hangs on tanh(W[h_t; what was read]) (Luong et al. 2015, 1508.04025), which is not fed back: so all steps run
    in one fused call, and attention in one product.

    Args:
        classes: how many symbols there are.
        embedding_size: width of a symbol's learned vector.
        recurrent: an ``nn.RNN``, ``nn.LSTM``, ``nn.GRU`` or ``SteppedStack``, ``batch_first``, that reads ``embedding_size`` numbers.
        source_size: width of the source's states and of its summary.
        attention: looks at the source; ``None`` to know no more of it than the summary.
        dropout: share zeroed before the output, in training.

    Raises:
        ConfigError: the recurrent stack is of another kind.
    """

    def __init__(
        self,
        *,
        classes: int,
        embedding_size: int,
        recurrent: nn.Module,
        source_size: int,
        attention: GlobalAttention | None,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if not isinstance(recurrent, nn.RNN | nn.LSTM | nn.GRU | SteppedStack) or recurrent.bidirectional:
            raise ConfigError(
                "A decoder writes from the first symbol to the last: give it a recurrent stack that reads forwards only, such as an LSTM."
            )
        hidden = recurrent.hidden_size
        self.symbols = nn.Embedding(classes, embedding_size)
        self.recurrent = recurrent
        own = len(cell_entry(recurrent.cell).carried_names) if isinstance(recurrent, SteppedStack) else 1
        self.states = 2 if isinstance(recurrent, nn.LSTM) else own
        self.bridge = nn.Linear(source_size, self.states * recurrent.num_layers * hidden)
        self.attention = attention
        self.combine = nn.Linear(hidden + source_size, hidden) if attention is not None else None
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, classes)

    def start(self, source: Source) -> State:
        """The states before the first symbol."""
        first = self.bridge(source.summary).view(-1, self.states, self.recurrent.num_layers, self.recurrent.hidden_size).permute(1, 2, 0, 3)
        return (first[0].tanh().contiguous(), *(cell.contiguous() for cell in first[1:]))

    def forward(self, told: torch.Tensor, state: State, source: Source) -> tuple[torch.Tensor, State, torch.Tensor | None]:
        """All steps at once, when the symbols before are known.

        Args:
            told: (batch, step) numbers of the symbols before.
            state: the states before the first of these steps.
            source: what was read.

        Returns:
            Logits (batch, step, class), the states after the last step, and the attention's weights (batch, step, source) or ``None``.
        """
        outputs, after = self.recurrent(self.symbols(told), state if self.states > 1 else state[0])
        weights = None
        if self.attention is not None and self.combine is not None:
            read, weights = self.attention(outputs, source.memory, source.lengths)
            outputs = self.combine(torch.cat([outputs, read], dim=-1)).tanh()
        return self.output(self.dropout(outputs)), after if self.states > 1 else (after,), weights


def pick_rows(state: State, rows: torch.Tensor) -> State:
    """The states of some sequences of a batch, in this order."""
    return tuple(part.index_select(1, rows) for part in state)

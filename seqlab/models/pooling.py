"""What a head sees of a whole sequence: its last state, or all its states in one."""

import torch
from torch import nn

from seqlab.errors import ConfigError
from seqlab.models.padding import step_mask

__all__ = ["POOLINGS", "Pooling"]

POOLINGS = ("last", "mean", "max", "attention")


class Pooling(nn.Module):
    """Turns the states of all steps into one vector; padded steps have no say.

    Attention is additive with one learned question u: weights softmax_t(uᵀ tanh(W h_t + b)), then the weighted sum
    (Bahdanau et al. 2015, 1409.0473; Yang et al. 2016, "Hierarchical attention networks").

    Args:
        kind: one of :data:`POOLINGS`.
        size: width of a state, all directions together.

    Raises:
        ConfigError: there is no such kind.

    Example:
        >>> states = torch.tensor([[[1.0], [5.0], [9.0]]])
        >>> Pooling("mean", 1)(states, torch.tensor([2])).tolist()
        [[3.0]]
    """

    def __init__(self, kind: str, size: int) -> None:
        super().__init__()
        if kind not in POOLINGS:
            raise ConfigError(f"There is no way to read out called {kind!r}. Choose one of: {', '.join(POOLINGS)}.")
        self.kind = kind
        if kind == "attention":
            self.inner = nn.Linear(size, size)
            self.question = nn.Linear(size, 1, bias=False)

    def forward(self, outputs: torch.Tensor, lengths: torch.Tensor | None = None, directions: int = 1) -> torch.Tensor:
        """One vector per sequence.

        Args:
            outputs: (batch, time, size), forward half before backward half.
            lengths: (batch,) steps of each sequence, at least 1; ``None`` if no step is padded.
            directions: 1 or 2. The backward half of ``"last"`` is taken at step 0, where that direction ends.

        Returns:
            (batch, size)
        """
        if self.kind == "last":
            return _last(outputs, lengths, directions)
        if self.kind == "attention":
            return torch.einsum("bt,bts->bs", self.weights(outputs, lengths), outputs)
        if lengths is None:
            return outputs.mean(dim=1) if self.kind == "mean" else outputs.amax(dim=1)
        outside = ~step_mask(lengths, outputs.shape[1]).unsqueeze(-1)
        if self.kind == "mean":
            return outputs.masked_fill(outside, 0).sum(dim=1) / lengths.unsqueeze(-1)
        return outputs.masked_fill(outside, -torch.inf).amax(dim=1)

    def weights(self, outputs: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """How much each step counts.

        Args:
            outputs, lengths: as for :meth:`forward`.

        Returns:
            (batch, time), summing to 1 over the steps of a sequence, 0 at padded steps.

        Raises:
            ConfigError: this is no attention.
        """
        if self.kind != "attention":
            raise ConfigError(f"Reading out by {self.kind!r} has no learned weights. Choose 'attention' to see some.")
        scores: torch.Tensor = self.question(self.inner(outputs).tanh()).squeeze(-1)
        if lengths is not None:
            scores = scores.masked_fill(~step_mask(lengths, scores.shape[1]), -torch.inf)
        return scores.softmax(dim=1)


def _last(outputs: torch.Tensor, lengths: torch.Tensor | None, directions: int) -> torch.Tensor:
    ends = outputs[:, -1] if lengths is None else outputs[torch.arange(outputs.shape[0], device=outputs.device), lengths - 1]
    if directions == 1:
        return ends
    half = outputs.shape[-1] // 2
    return torch.cat([ends[:, :half], outputs[:, 0, half:]], dim=-1)

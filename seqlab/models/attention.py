"""Attention of a decoder: at every step it looks back at all states of the encoder."""

import torch
from torch import nn

from seqlab.errors import ConfigError
from seqlab.models.padding import step_mask

__all__ = ["ATTENTION_SCORES", "GlobalAttention"]

ATTENTION_SCORES = ("general", "dot")


class GlobalAttention(nn.Module):
    """Weights softmax_s(score(h_t, m_s)), and the weighted sum of the states m (Luong et al. 2015, 1508.04025).

    ``"dot"``: hᵀm, of two states of one width; ``"general"``: hᵀWm.

    Args:
        query_size: width of a decoder's state h.
        memory_size: width of an encoder's state m.
        score: one of :data:`ATTENTION_SCORES`.

    Raises:
        ConfigError: there is no such score, or it cannot compare states of these widths.

    Example:
        >>> sums, weights = GlobalAttention(4, 6)(torch.zeros(2, 3, 4), torch.ones(2, 5, 6), torch.tensor([5, 2]))
        >>> sums.shape, weights[1, 0].tolist()
        (torch.Size([2, 3, 6]), [0.5, 0.5, 0.0, 0.0, 0.0])
    """

    def __init__(self, query_size: int, memory_size: int, score: str = "general") -> None:
        super().__init__()
        if score not in ATTENTION_SCORES:
            raise ConfigError(f"There is no attention score called {score!r}. Choose one of: {', '.join(ATTENTION_SCORES)}.")
        if score == "dot" and query_size != memory_size:
            raise ConfigError(
                f"The attention score 'dot' compares states of one width, but the decoder's have {query_size} units and the encoder's "
                f"{memory_size}. Choose the score 'general'."
            )
        self.compare = nn.Linear(query_size, memory_size, bias=False) if score == "general" else nn.Identity()

    def forward(self, queries: torch.Tensor, memory: torch.Tensor, lengths: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """What each step reads of the memory, all steps in one product.

        Args:
            queries: (batch, step, query_size)
            memory: (batch, source, memory_size)
            lengths: (batch,) steps of each source; ``None`` if none is padded.

        Returns:
            (batch, step, memory_size), and the weights (batch, step, source): 0 at padded steps of the source.
        """
        scores = torch.bmm(self.compare(queries), memory.transpose(1, 2))
        if lengths is not None:
            scores = scores.masked_fill(~step_mask(lengths, memory.shape[1]).unsqueeze(1), -torch.inf)
        weights = scores.softmax(dim=-1)
        return torch.bmm(weights, memory), weights

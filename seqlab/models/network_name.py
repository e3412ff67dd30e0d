"""A network in a few letters, for menus and legends. Costs no heavy import."""

from seqlab.config import ModelConfig
from seqlab.models.table import CELLS

__all__ = ["network_name"]


def network_name(model: ModelConfig) -> str:
    """A network in a few letters.

    Example:
        >>> network_name(ModelConfig(cell="gru", hidden_size=8, num_layers=2)), network_name(ModelConfig(network="rnn_cnn"))
        ('GRU 8 × 2', 'LSTM 32 → CNN 32')
    """
    short = CELLS[model.cell].label.partition(" (")[0] if model.cell in CELLS else model.cell
    layers = f" × {model.num_layers}" if model.num_layers > 1 else ""
    recurrent = f"{'Bi' if model.bidirectional else ''}{short} {model.hidden_size}{layers}"
    convolution = f"CNN {model.channels}"
    names = {
        "recurrent": recurrent,
        "cnn": convolution,
        "cnn_rnn": f"{convolution} → {recurrent}",
        "rnn_cnn": f"{recurrent} → {convolution}",
    }
    return names[model.network]

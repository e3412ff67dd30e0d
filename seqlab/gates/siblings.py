"""The same network with every kind of cell, untrained: what a comparison of cells at the start needs to be fair."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError
from seqlab.models.build import build_network
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import Network, NetworkSizes
from seqlab.models.table import CELLS, cell_entry
from seqlab.options import options_of

__all__ = ["MATCHES", "STANDARD", "Sibling", "count_parameters", "fresh_siblings", "sibling_config"]

STANDARD = tuple(key for key, entry in CELLS.items() if entry.fused)
"""Cells that a comparison shows if nothing else is asked for."""

MATCHES: Mapping[str, str] = MappingProxyType({"hidden": "Hidden size", "parameters": "Number of parameters"})
"""What siblings have in common: key → label."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sibling:
    """A fresh network.

    Args:
        config: how it was built.
        parameters: how many numbers training would change.
        model: the network, untrained.
    """

    config: ModelConfig
    parameters: int
    model: Network


def count_parameters(config: ModelConfig, sizes: NetworkSizes) -> int:
    """Parameters of a network, head included, without building it."""
    with torch.device("meta"):
        return sum(parameter.numel() for parameter in build_network(config, sizes).parameters())


def sibling_config(
    config: ModelConfig, sizes: NetworkSizes, cell: str, *, match: str = "hidden", forget_bias: float | None = None
) -> ModelConfig:
    """The same model with another cell.

    An LSTM has four (hidden, hidden) blocks of recurrent weights, a GRU three, an RNN one; so with the same number of
    parameters an RNN is about twice as wide as an LSTM.

    Args:
        config: the model to match.
        sizes: what the data fixes about it.
        cell: key of ``seqlab.CELLS``.
        match: a key of :data:`MATCHES`; with ``parameters`` the hidden size comes nearest to the model's number of parameters.
        forget_bias: start value of the forget gate's bias where the cell has one; ``None`` keeps the model's own.

    Returns:
        the config; its hidden size stays within the bounds of ``ModelConfig``.

    Raises:
        ConfigError, UnknownKeyError: there is no such match, or no such cell.
    """
    if match not in MATCHES:
        raise ConfigError(f"Siblings cannot be matched by {match!r}. Give one of: {', '.join(MATCHES)}.")
    entry = cell_entry(cell)
    bias = (config.forget_bias if forget_bias is None else forget_bias) if entry.has_forget_bias else None
    # both set the start of the same biases, and a cell without a gate that keeps can have neither
    chrono = config.chrono_length if entry.keep_gate and bias is None else None
    made = dataclasses.replace(config, cell=cell, forget_bias=bias, chrono_length=chrono)
    if match == "hidden" or cell == config.cell:
        return made
    return dataclasses.replace(made, hidden_size=_nearest(made, sizes, count_parameters(config, sizes)))


def _nearest(config: ModelConfig, sizes: NetworkSizes, wanted: int) -> int:
    """The hidden size whose number of parameters comes nearest to what is wanted."""

    def count(hidden_size: int) -> int:
        return count_parameters(dataclasses.replace(config, hidden_size=hidden_size), sizes)

    bounds = options_of(ModelConfig)["hidden_size"]
    low, high = int(bounds.minimum or 1), int(bounds.maximum or 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if count(middle) <= wanted else (low, middle)
    return min((low, high), key=lambda size: abs(count(size) - wanted))


def fresh_siblings(
    config: ModelConfig,
    sizes: NetworkSizes,
    *,
    seed: int,
    match: str = "hidden",
    forget_bias: float | None = None,
    cells: Sequence[str] = STANDARD,
) -> dict[str, Sibling]:
    """Untrained networks of several cells from one seed, for gradient flow at the start.

    A forecaster's head starts at zero, so that it forecasts its reference at first; such a head passes no gradient at all
    before its first update. These heads start as torch's linear layers do, so that there is a gradient to look at.

    Args:
        config: the model to match.
        sizes: what the data fixes about it.
        seed: every network is drawn from this seed, as in training; torch's global generator is left as it was.
        match, forget_bias: as for :func:`sibling_config`.
        cells: keys of ``seqlab.CELLS``; those that torch has a fused module for if left out.

    Returns:
        cell → its sibling, in evaluation mode.

    Raises:
        ConfigError, UnknownKeyError: there is no such match, or no such cell.
    """
    made = {}
    for cell in cells:
        own = sibling_config(config, sizes, cell, match=match, forget_bias=forget_bias)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            model = build_network(own, sizes)
            if isinstance(model, Forecaster):
                model.head.direct.reset_parameters()
                model.head.out.reset_parameters()
        made[cell] = Sibling(config=own, parameters=sum(p.numel() for p in model.parameters()), model=model.eval())
    return made

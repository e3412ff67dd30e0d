"""The forecaster: segments → recurrent stack → head, added to a reference path."""

from dataclasses import dataclass

import torch
from torch import nn

from seqlab.config import ModelConfig
from seqlab.errors import ConfigError
from seqlab.models.chrono import set_chrono_bias
from seqlab.models.head import ForecastHead
from seqlab.models.reference import check_reference, reference_path
from seqlab.models.table import cell_entry

__all__ = ["Forecaster", "NetworkSizes", "build_network"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSizes:
    """What the data fixes about a network.

    Args:
        input_size: features per step of the context; the first ``target_size`` are the targets.
        target_size: targets per step of the forecast.
        known_size: known-ahead features per step of the forecast.
        context_length, horizon, season_length: in steps.
    """

    input_size: int
    target_size: int
    known_size: int
    context_length: int
    horizon: int
    season_length: int


class Forecaster(nn.Module):
    """Reads a context and forecasts all steps ahead at once.

    Args:
        cell: key of ``seqlab.CELLS``.
        recurrent: a fused recurrent stack with ``batch_first=True``.
        head: turns the last state into the difference from the reference.
        sizes: what the data fixes.
        reference: a choice of ``ModelConfig.reference``.
        segment_length: input steps per recurrent step.
        dropout: share of the last state zeroed in training.
    """

    def __init__(
        self,
        *,
        cell: str,
        recurrent: nn.RNNBase,
        head: ForecastHead,
        sizes: NetworkSizes,
        reference: str,
        segment_length: int = 1,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.cell = cell
        self.recurrent = recurrent
        self.head = head
        self.dropout = nn.Dropout(dropout)
        self.sizes = sizes
        self.reference = reference
        self.segment_length = segment_length

    @property
    def needs_seed(self) -> bool:
        """Whether training draws random numbers in the forward pass."""
        return self.dropout.p > 0 or self.recurrent.dropout > 0

    def recurrent_input(self, x: torch.Tensor) -> torch.Tensor:
        """What the recurrent stack reads.

        Args:
            x: (batch, time, feature), scaled

        Returns:
            (batch, time / segment_length, segment_length * feature); the targets are given relative to the
            context's own level when the forecast is, so that a level never seen in training does no harm.

        Raises:
            ConfigError: x has another shape than the model was built for.
        """
        sizes = self.sizes
        if x.ndim != 3 or x.shape[-1] != sizes.input_size:
            raise ConfigError(f"The model reads (batch, time, {sizes.input_size}); it was given {tuple(x.shape)}.")
        if x.shape[1] % self.segment_length or (self.reference == "seasonal" and x.shape[1] < sizes.season_length):
            raise ConfigError(
                f"The model was given {x.shape[1]} steps. It was built for a context of {sizes.context_length}, "
                f"in segments of {self.segment_length}, with a season of {sizes.season_length}."
            )
        targets = x[..., : sizes.target_size]
        if self.reference == "last":
            x = torch.cat([targets - targets[:, -1:], x[..., sizes.target_size :]], dim=-1)
        elif self.reference in {"mean", "seasonal"}:
            x = torch.cat([targets - targets.mean(dim=1, keepdim=True), x[..., sizes.target_size :]], dim=-1)
        if self.segment_length > 1:
            x = x.reshape(x.shape[0], x.shape[1] // self.segment_length, self.segment_length * sizes.input_size)
        return x

    def forward(self, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """The forecast, on the scale of ``x``.

        Args:
            x: (batch, time, feature), scaled; the first ``target_size`` features are the targets.
            future: (batch, horizon, known) known-ahead features of the steps to forecast; may be left
                out when the model has none.

        Returns:
            (batch, horizon, target)

        Raises:
            ConfigError: an input has another shape than the model was built for.
        """
        future = self._known_ahead(x, future)
        _, final = self.recurrent(self.recurrent_input(x))
        final = final[0] if isinstance(final, tuple) else final
        directions = 2 if self.recurrent.bidirectional else 1
        state = self.dropout(torch.cat(list(final[-directions:]), dim=-1))
        return self.forecast_from(state, x, future)

    def _known_ahead(self, x: torch.Tensor, future: torch.Tensor | None) -> torch.Tensor:
        """(batch, horizon, known) of a context, checked."""
        sizes = self.sizes
        if future is None:
            if sizes.known_size:
                raise ConfigError(
                    f"This model also reads {sizes.known_size} known-ahead features of each of the {sizes.horizon} steps ahead. "
                    f"Call model(x, future) with future of shape (batch, {sizes.horizon}, {sizes.known_size})."
                )
            return x.new_zeros(x.shape[0], sizes.horizon, 0)
        if future.shape != (x.shape[0], sizes.horizon, sizes.known_size):
            raise ConfigError(
                f"The known-ahead features must be ({x.shape[0]}, {sizes.horizon}, {sizes.known_size}); they are {tuple(future.shape)}."
            )
        return future

    def forecast_from(self, state: torch.Tensor, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """The forecast from a last state, without dropout: what :meth:`forward` does once the stack has read the context.

        Args:
            state: (batch, directions * hidden) last state of the top layer, forward before backward.
            x: (batch, time, feature) the context, scaled; one context may serve many states.
            future: as for :meth:`forward`, one per context.

        Returns:
            (batch, horizon, target)

        Raises:
            ConfigError: the known-ahead features have another shape than the model was built for.
        """
        sizes = self.sizes
        future = self._known_ahead(x, future)
        path = reference_path(self.reference, x[..., : sizes.target_size], sizes.horizon, sizes.season_length)
        if self.reference == "none":
            relative = path
        else:
            level = x[:, -1:, : sizes.target_size] if self.reference == "last" else x[..., : sizes.target_size].mean(dim=1, keepdim=True)
            relative = path - level
        result: torch.Tensor = path + self.head(state, torch.cat([future, relative], dim=-1))
        return result


def build_network(config: ModelConfig, sizes: NetworkSizes) -> Forecaster:
    """A fresh forecaster; its weights come from torch's global random generator.

    Raises:
        UnknownKeyError: the cell is not in ``CELLS``.
        ConfigError: the reference needs a longer context, the context is no multiple of the segment, or the cell has no gate for a
            chrono initialisation.
    """
    entry = cell_entry(config.cell)
    check_reference(config.reference, context_length=sizes.context_length, season_length=sizes.season_length)
    if sizes.context_length % config.segment_length:
        raise ConfigError(f"The context of {sizes.context_length} steps is no multiple of the segment of {config.segment_length}.")
    recurrent = entry.load().build_stack(
        input_size=sizes.input_size * config.segment_length,
        hidden_size=config.hidden_size,
        num_layers=config.num_layers,
        bidirectional=config.bidirectional,
        dropout=config.dropout,
        forget_bias=config.forget_bias,
    )
    if config.chrono_length is not None:
        set_chrono_bias(recurrent, config.cell, config.chrono_length)
    head = ForecastHead(
        state_size=config.hidden_size * (2 if config.bidirectional else 1),
        known_size=sizes.known_size + sizes.target_size,
        horizon=sizes.horizon,
        target_size=sizes.target_size,
        head_size=config.head_size,
    )
    return Forecaster(
        cell=config.cell,
        recurrent=recurrent,  # type: ignore[arg-type]
        head=head,
        sizes=sizes,
        reference=config.reference,
        segment_length=config.segment_length,
        dropout=config.dropout,
    )

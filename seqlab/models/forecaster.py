"""The forecaster: segments → recurrent stack → head, added to a reference path; convolutions before or behind the stack."""

from typing import Any

import torch

from seqlab.errors import ConfigError
from seqlab.models.head import ForecastHead
from seqlab.models.network import Network
from seqlab.models.reference import reference_path

__all__ = ["Forecaster"]


class Forecaster(Network):
    """Reads a context and forecasts all steps ahead at once.

    Args:
        head: turns what is read out of the stack into the difference from the reference.
        reference: a choice of ``ModelConfig.reference``.
        segment: steps read as one, after the convolutions before the stack.
        parts: see :class:`~seqlab.models.network.Network`.
    """

    def __init__(self, *, head: ForecastHead, reference: str, segment: int = 1, **parts: Any) -> None:
        super().__init__(**parts)
        self.head = head
        self.reference = reference
        self.segment = segment

    def recurrent_input(self, x: torch.Tensor) -> torch.Tensor:
        """What the recurrent stack reads.

        Args:
            x: (batch, time, feature), scaled

        Returns:
            (batch, time / segment_length, input); the targets are given relative to the
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
        if self.front is not None:
            x = self.front(x, None)
        if self.segment > 1:
            x = x.reshape(x.shape[0], x.shape[1] // self.segment, self.segment * x.shape[2])
        return x

    def answer(self, outputs: torch.Tensor, x: torch.Tensor, future: torch.Tensor | None = None) -> torch.Tensor:
        """The forecast from all outputs of the stack: see :meth:`Network.answer`.

        Args:
            outputs: (batch, step, directions * hidden)
            x: (batch, time, feature) the context, scaled; one context may serve many outputs.
            future: (batch, horizon, known) known-ahead features of the steps to forecast, one per context.

        Returns:
            (batch, horizon, target), on the scale of x

        Raises:
            ConfigError: an input has another shape than the model was built for.
        """
        return self.forecast_from(self.read_out(outputs, None), x, future)

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
        """The forecast from what was read out of the stack: where the last state is read, that state.

        Args:
            state: (batch, output) what was read out; a last state has its forward half before its backward half.
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

"""A trained model with everything needed to use, open and judge it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from seqlab.config import RunSpec
from seqlab.data.prepare import Prepared
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.errors import ConfigError
from seqlab.models.network import Network
from seqlab.models.network_name import network_name
from seqlab.records import EpochRecord, Forecast
from seqlab.tasks import task_entry
from seqlab.training.checkpoint import save_weights
from seqlab.training.predicting import answer_classes

__all__ = ["Fitted", "predict_windows"]

PREDICT_BATCH = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained model.

    Args:
        model: the network with its best weights, in evaluation mode.
        spec: what it was trained from.
        prepared: its data, with the scaler fitted on the training part.
        history: one record per epoch.
        device: where it is.
        outcome: ``finished``, ``early_stopped``, ``stopped`` or ``diverged``.
        message: the outcome as a sentence.
    """

    model: Network
    spec: RunSpec
    prepared: Prepared | PreparedSequences
    history: tuple[EpochRecord, ...]
    device: str
    outcome: str
    message: str

    @property
    def series(self) -> Prepared:
        """Its data, where it is a series to forecast.

        Raises:
            ConfigError: the model was trained for another task.
        """
        if isinstance(self.prepared, PreparedSequences):
            raise ConfigError(
                f"This is for forecasts of a series, but the model was trained for {task_entry(self.prepared.task).label.lower()} on "
                f"{self.prepared.dataset.label!r}. Give a model that forecasts."
            )
        return self.prepared

    @property
    def name(self) -> str:
        """Its name on the screen, such as ``LSTM 32``."""
        return network_name(self.spec.model)

    def predict(
        self, x: torch.Tensor | npt.ArrayLike, future: torch.Tensor | npt.ArrayLike | None = None, *, series: int = 0
    ) -> npt.NDArray[np.floating]:
        """What the model says: forecasts in the data's own units, or the probability of every class.

        Args:
            x: (batch, time, feature), scaled, as the model reads it; ``fitted.prepared.windows(part)`` has them. Sequences of unequal
                length are NaN after their end.
            future: (batch, horizon, known) known-ahead features; may be left out when the model has none.
            series: which target column the windows belong to, when several share the weights.

        Returns:
            (batch, horizon, target), scaling and logarithm undone; or (batch, step, class), one step for a whole sequence.

        Raises:
            ConfigError: an input has another shape than the model was built for.
        """
        x = torch.as_tensor(x, dtype=torch.float32)
        if isinstance(self.prepared, PreparedSequences) and self.prepared.classes:
            return answer_classes(self.model, x.numpy())[0]
        future = None if future is None else torch.as_tensor(future, dtype=torch.float32)
        scaled = _run(self.model, x, future)
        if isinstance(self.prepared, PreparedSequences):
            return self.prepared.to_data_units(scaled)
        return self.prepared.to_data_units(scaled, np.full(len(scaled), series))

    def save(self, path: Path) -> None:
        """Store the weights, the spec and the loss curve in one safetensors file."""
        save_weights(path, self.model, self.spec, list(self.history))


@torch.no_grad()
def _run(network: Network, x: torch.Tensor, future: torch.Tensor | None) -> npt.NDArray[np.float32]:
    """(batch, horizon, target), scaled, in batches, without dropout; the network is left in its mode."""
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    made = [
        network(
            x[start : start + PREDICT_BATCH].to(device),
            None if future is None else future[start : start + PREDICT_BATCH].to(device),
        ).cpu()
        for start in range(0, len(x), PREDICT_BATCH)
    ]
    network.train(was_training)
    result: npt.NDArray[np.float32] = (
        torch.cat(made).numpy() if made else np.zeros((0, network.sizes.horizon, network.sizes.target_size), np.float32)
    )
    return result


def predict_windows(network: Network, prepared: Prepared, part: str, windows: npt.NDArray[np.int64], *, name: str) -> Forecast:
    """Forecasts of a network from some origins of a part, all target columns together, in the data's own units.

    Args:
        windows: (origin,) numbers of the windows.
    """
    whole = prepared.windows(part)
    origins = whole.origins[windows]
    x, future, _ = whole.gather(whole.samples_at(origins).ravel())
    scaled = _run(network, torch.from_numpy(x), torch.from_numpy(future))
    return Forecast(
        model=name,
        targets=prepared.target_names,
        origins=origins,
        y_pred=prepared.by_origin(scaled),
        y_true=prepared.y_true(origins),
    )

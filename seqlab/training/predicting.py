"""What a network says of the sequences of a part: classes with their probabilities, numbers, or written sequences."""

import time

import numpy as np
import numpy.typing as npt
import torch

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.models.network import Network
from seqlab.models.said import probabilities, said_classes, steps_there
from seqlab.records import ClassPrediction, Forecast, Prediction
from seqlab.tasks import task_entry

__all__ = ["PREDICT_BATCH", "answer_classes", "predict_samples", "predict_sequences", "spread"]

PREDICT_BATCH = 512
Floats = npt.NDArray[np.floating]


def spread(count: int, limit: int | None) -> npt.NDArray[np.int64]:
    """All of ``count`` numbers, or ``limit`` evenly spread ones.

    Example:
        >>> spread(3, None).tolist(), spread(10, 3).tolist()
        ([0, 1, 2], [0, 4, 9])
    """
    return np.unique(np.linspace(0, count - 1, count if limit is None else min(limit, count)).astype(np.int64))


def predict_sequences(network: Network, prepared: PreparedSequences, part: str, *, name: str, limit: int | None = None) -> Prediction:
    """What a network says of a part.

    Args:
        network: the network; it is left in its mode.
        prepared: its data.
        part: ``train``, ``validation`` or ``test``.
        name: name of the model on the screen.
        limit: at most so many evenly spread sequences; ``None`` for all.

    Returns:
        A ``ClassPrediction`` for classes, a ``Forecast`` (origins are sequence numbers) for numbers, a ``WrittenPrediction`` where
        sequences are written.
    """
    return predict_samples(network, prepared, part, spread(len(prepared.windows(part)), limit), name=name)


def predict_samples(network: Network, prepared: PreparedSequences, part: str, samples: npt.NDArray[np.int64], *, name: str) -> Prediction:
    """The same for some samples of a part, in their order.

    Args:
        samples: (sample,) sample numbers of the part.
    """
    started = time.perf_counter()
    windows = prepared.windows(part)
    numbers = windows.origins[samples]
    x, _, y = windows.gather(samples)
    if prepared.task == "translate":
        from seqlab.training.writing import write_sequences

        return write_sequences(network, prepared, x, numbers, name=name)
    if not task_entry(prepared.task).classes:
        made = _in_batches(network, x)[0]
        # as for a forecast: in the data's own units
        return Forecast(
            model=name,
            targets=prepared.target_names,
            origins=numbers,
            y_pred=prepared.to_data_units(made).astype(np.float64),
            y_true=prepared.to_data_units(y).astype(np.float64),
            seconds=time.perf_counter() - started,
        )
    probability, said = answer_classes(network, x)
    y_true = np.where(np.isnan(y[..., 0]), -1, y[..., 0]).astype(np.int64)
    return ClassPrediction(
        model=name,
        classes=prepared.classes,
        samples=numbers,
        y_true=y_true,
        y_pred=said,
        probability=probability,
        seconds=time.perf_counter() - started,
    )


def answer_classes(network: Network, x: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Probabilities (sample, step, class), NaN where there is no step, and classes (sample, step), -1 where there is none.

    Args:
        network: the network; it is left in its mode.
        x: (sample, time, feature), NaN after the end of a sequence.
    """
    logits, there = _in_batches(network, x)
    made, said = [], []
    with torch.no_grad():
        for start in range(0, len(logits), PREDICT_BATCH):
            part, mask = (torch.from_numpy(values[start : start + PREDICT_BATCH]) for values in (logits, there))
            on = next(network.parameters()).device
            chances = probabilities(network, part.to(on), mask.to(on)).cpu()
            made.append(chances.masked_fill(~mask.unsqueeze(-1), float("nan")).numpy())
            said.append(said_classes(network, part.to(on), mask.to(on)).cpu().masked_fill(~mask, -1).numpy())
    return np.concatenate(made), np.concatenate(said).astype(np.int64)


@torch.no_grad()
def _in_batches(network: Network, x: npt.NDArray[np.float32]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """(sample, step, output) and (sample, step): answers without dropout, and where there is a step."""
    device = next(network.parameters()).device
    was_training = network.training
    network.eval()
    made, there = [], []
    for start in range(0, len(x), PREDICT_BATCH):
        read = torch.from_numpy(x[start : start + PREDICT_BATCH]).to(device)
        answer = network(read)
        made.append(answer.cpu().numpy())
        there.append(steps_there(network, read, answer).cpu().numpy())
    network.train(was_training)
    return np.concatenate(made), np.concatenate(there)

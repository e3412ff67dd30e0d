"""Training from a script: ``train`` yields a record per epoch, ``fit`` returns the model, ``load`` opens a stored one."""

from collections.abc import Iterator
from pathlib import Path

import torch

from seqlab.config import RunSpec
from seqlab.errors import CheckpointError
from seqlab.models.build import build_network
from seqlab.records import EpochRecord
from seqlab.training.checkpoint import load_weights
from seqlab.training.fitted import Fitted
from seqlab.training.session import TrainingSession, network_sizes, prepare_spec

__all__ = ["fit", "load", "load_run", "train"]


def train(spec: RunSpec) -> Iterator[EpochRecord]:
    """Train a spec, one record per epoch.

    Raises:
        SeqlabError: the spec, the data, the device or the memory does not allow it.

    Example:
        >>> from seqlab import RunSpec, TrainConfig
        >>> spec = RunSpec(dataset="airline_passengers", training=TrainConfig(epochs=2))
        >>> [record.epoch for record in train(spec)]
        [1, 2]
    """
    return (event for event in TrainingSession.start(spec).events() if isinstance(event, EpochRecord))


def fit(spec: RunSpec) -> Fitted:
    """Train a spec to the end.

    Returns:
        The model with the weights of the best validation loss.

    Raises:
        SeqlabError: the spec, the data, the device or the memory does not allow it.
    """
    session = TrainingSession.start(spec)
    for _ in session.events():
        pass
    return session.fitted()


def load(path: Path, spec: RunSpec) -> Fitted:
    """A stored model, on the CPU, with its data.

    Args:
        path: a ``model.safetensors`` written by :meth:`Fitted.save`.
        spec: the spec it was trained from.

    Raises:
        CheckpointError: no readable model of that spec.
        DataError: the data has changed, or is gone.
    """
    spec, prepared = prepare_spec(spec)
    with torch.random.fork_rng(devices=[]):
        network = build_network(spec.model, network_sizes(prepared))
    history = load_weights(path, network)
    return Fitted(
        model=network.eval(),
        spec=spec,
        prepared=prepared,
        history=tuple(history),
        device="cpu",
        outcome="finished",
        message=f"Opened from {path.name}.",
    )


def load_run(folder: Path | str) -> Fitted:
    """The trained model of a run's folder, such as a downloaded one, on the CPU, with its data.

    Args:
        folder: holds ``spec.json`` and ``model.safetensors``.

    Raises:
        CheckpointError: the folder has no model.
        ConfigError: the spec was written by another version of seqlab.
        DataError: the data has changed, or is gone.
    """
    folder = Path(folder)
    missing = [name for name in ("spec.json", "model.safetensors") if not (folder / name).is_file()]
    if missing:
        raise CheckpointError(f"{folder} has no {' and no '.join(missing)}. Give the folder of a run that has ended, or of its download.")
    return load(folder / "model.safetensors", RunSpec.from_json((folder / "spec.json").read_text(encoding="utf-8")))

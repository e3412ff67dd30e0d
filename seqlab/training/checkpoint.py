"""Checkpoints and finished models: one safetensors file each, written aside and renamed; never pickle."""

import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import safetensors
import safetensors.torch
import torch

from seqlab.config import RunSpec
from seqlab.errors import CheckpointError, ConfigError
from seqlab.models.network import Network
from seqlab.records import EpochRecord
from seqlab.training.loop import TrainState

__all__ = ["load_state", "load_weights", "save_state", "save_weights"]

STATE_FORMAT = "seqlab checkpoint 1"
MODEL_FORMAT = "seqlab model 1"
_PLAIN = ("epoch", "batch", "step", "seconds", "halvings", "best_epoch", "best_loss", "outcome", "message")


def save_state(path: Path, state: TrainState, spec: RunSpec) -> None:
    """Store everything that is needed to go on exactly, in the middle of an epoch too."""
    tensors = {f"network.{name}": value for name, value in state.network.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in state.best_weights.items()}
    tensors |= {
        f"optimizer.{number}.{name}": value
        for number, values in state.optimizer.state_dict()["state"].items()
        for name, value in values.items()
        if isinstance(value, torch.Tensor)
    }
    tensors |= {"losses": state.losses, "norms": state.norms}
    plain = {name: getattr(state, name) for name in _PLAIN}
    plain["history"] = [dataclasses.asdict(record) for record in state.history]
    _write(path, tensors, {"format": STATE_FORMAT, "spec": spec.to_json(), "state": json.dumps(plain)})


def load_state(path: Path, state: TrainState, spec: RunSpec) -> None:
    """Put a stored state into a fresh one of the same spec.

    Raises:
        CheckpointError: no readable checkpoint, or one of another spec.
    """
    tensors, metadata = _read(path, STATE_FORMAT)
    if not _is_of(metadata.get("spec", ""), spec):
        raise CheckpointError(f"The checkpoint {path.name} belongs to another run. Start the run anew.")
    parts: dict[str, dict[str, torch.Tensor]] = {"network": {}, "best": {}}
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in tensors.items():
        part, _, rest = name.partition(".")
        if part == "optimizer":
            number, _, moment = rest.partition(".")
            moments.setdefault(int(number), {})[moment] = value
        elif part in parts:
            parts[part][rest] = value
    _load_network(path, state.network, parts["network"])
    state.optimizer.load_state_dict({"state": moments, "param_groups": state.optimizer.state_dict()["param_groups"]})
    state.best_weights = {name: value.to(state.losses.device) for name, value in parts["best"].items()}
    state.losses.copy_(tensors["losses"])
    state.norms.copy_(tensors["norms"])
    plain = json.loads(metadata["state"])
    state.history = [EpochRecord(**record) for record in plain.pop("history")]
    for name in _PLAIN:
        setattr(state, name, plain[name])


def _is_of(text: str, spec: RunSpec) -> bool:
    """Whether a stored text is that spec. As specs, not letter by letter: an older seqlab knew fewer fields."""
    try:
        return RunSpec.from_json(text) == spec
    except ConfigError:
        return False


def save_weights(path: Path, network: Network, spec: RunSpec, history: list[EpochRecord]) -> None:
    """Store a finished model: its weights, its spec and its loss curve."""
    records = json.dumps([dataclasses.asdict(record) for record in history])
    _write(path, dict(network.state_dict()), {"format": MODEL_FORMAT, "spec": spec.to_json(), "history": records})


def load_weights(path: Path, network: Network) -> list[EpochRecord]:
    """Put stored weights into a network of the same spec.

    Returns:
        The loss curve stored with them.

    Raises:
        CheckpointError: no readable model, or one of another shape.
    """
    tensors, metadata = _read(path, MODEL_FORMAT)
    _load_network(path, network, tensors)
    return [EpochRecord(**record) for record in json.loads(metadata["history"])]


def _load_network(path: Path, network: Network, tensors: dict[str, torch.Tensor]) -> None:
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise CheckpointError(f"The weights in {path.name} do not fit the model of this spec. Train the run again.") from error


def _write(path: Path, tensors: dict[str, torch.Tensor], metadata: dict[str, str]) -> None:
    """Write aside, force to disk, rename: the file is the old one or the new one, never half of either."""
    ready = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    aside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with aside.open("wb") as file:
        file.write(safetensors.torch.save(ready, metadata))
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read(path: Path, expected: str) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  safe_open is no mapping
    except (OSError, safetensors.SafetensorError) as error:
        raise CheckpointError(f"{path.name} cannot be read as a seqlab file: {error}. Train the run again.") from error
    if metadata.get("format") != expected:
        raise CheckpointError(f"{path.name} is a {metadata.get('format', 'foreign')} file; a {expected} is wanted. Train the run again.")
    return tensors, metadata

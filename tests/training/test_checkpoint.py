"""Whose checkpoint it is: that of an equal spec, also if an older seqlab wrote it down with fewer fields."""

from pathlib import Path

import pytest
import safetensors
import safetensors.torch

from seqlab.config import ModelConfig, RunSpec, TrainConfig
from seqlab.errors import CheckpointError
from seqlab.training.session import TrainingSession

SPEC = RunSpec(dataset="airline_passengers", model=ModelConfig(hidden_size=4), training=TrainConfig(epochs=2, device="cpu"))


def rewritten(path: Path, old: str, new: str) -> None:
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  safe_open is no mapping
    assert old in metadata["spec"]
    safetensors.torch.save_file(tensors, path, metadata | {"spec": metadata["spec"].replace(old, new)})


def stored(folder: Path) -> Path:
    session = TrainingSession.start(SPEC)
    next(session.events())
    session.save_checkpoint(folder / "checkpoint.safetensors")
    return folder / "checkpoint.safetensors"


def test_a_checkpoint_from_before_a_field_was_added_goes_on(tmp_path: Path) -> None:
    path = stored(tmp_path)
    rewritten(path, '"chrono_length": null, ', "")
    assert TrainingSession.resume(SPEC, path).state.step == 1


@pytest.mark.parametrize(("old", "new"), [('"seed": 0', '"seed": 1'), ('"format": 1', '"format": 9')])
def test_one_of_another_spec_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = stored(tmp_path)
    rewritten(path, old, new)
    with pytest.raises(CheckpointError, match="belongs to another run"):
        TrainingSession.resume(SPEC, path)

"""Snapshots: the weights of a run at up to 50 steps of its training, close together at the start, in one file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import safetensors
from safetensors.numpy import save

from seqlab.errors import RunError
from seqlab.runs.durable import write_bytes

if TYPE_CHECKING:
    from torch import nn

    from seqlab.models.network import Network
    from seqlab.training.fitted import Fitted

__all__ = ["MOST", "SnapshotLog", "affordable", "snapshot_count", "snapshot_networks", "snapshot_steps", "stored_steps"]

MOST = 50
MOST_BYTES = 64_000_000
"""What all snapshots of a run may take together."""
FEWEST = 8
"""Fewer would tell no story; then none are kept."""

FORMAT = "seqlab snapshots 1"
_STEP = "snapshot_step"

Floats = npt.NDArray[np.floating]


def snapshot_steps(total_steps: int, most: int = MOST) -> tuple[int, ...]:
    """The optimizer steps at which weights are kept: 0, the last, and up to ``most`` in all, evenly spread on a logarithmic axis.

    Args:
        total_steps: steps of the whole training, should it not end earlier.
        most: at most so many; at least 3.

    Example:
        >>> snapshot_steps(1000, 8)
        (0, 1, 3, 10, 32, 100, 316, 1000)
        >>> snapshot_steps(3)
        (0, 1, 2, 3)
    """
    if total_steps < most:
        return tuple(range(total_steps + 1))
    # Near the start several points of the axis fall on one step, so more points are needed than steps are wanted.
    points = most - 1
    steps = _spread(total_steps, points)
    while len(steps) + 1 < most:
        points += 1
        more = _spread(total_steps, points)
        if len(more) + 1 > most:
            break
        steps = more
    return (0, *steps)


def _spread(total: int, points: int) -> tuple[int, ...]:
    return tuple(np.unique(np.rint(np.geomspace(1, total, points)).astype(np.int64)).tolist())


def affordable(weight_bytes: int, most_bytes: int = MOST_BYTES) -> int:
    """How many snapshots of a model are kept; 0 if it is too large.

    Args:
        weight_bytes: size of all its weights.
        most_bytes: what they may take together.

    Example:
        >>> affordable(10_000), affordable(4_000_000), affordable(10_000_000)
        (50, 16, 0)
    """
    count = min(MOST, most_bytes // max(1, weight_bytes))
    return count if count >= FEWEST else 0


def snapshot_count(path: Path) -> int:
    """How many snapshots a file holds; 0 if there is no readable one. Imports no torch."""
    return len(stored_steps(path))


def stored_steps(path: Path) -> tuple[int, ...]:
    """The steps of the snapshots in a file, ascending; empty if there is no readable one. Imports no torch."""
    try:
        with safetensors.safe_open(path, framework="np") as file:
            if (file.metadata() or {}).get("format") != FORMAT:
                return ()
            return tuple(file.get_tensor(_STEP).tolist())
    except (OSError, safetensors.SafetensorError):
        return ()


class SnapshotLog:
    """What a worker keeps while it trains: in memory, and in the file at every checkpoint.

    The file is written whole before the checkpoint it belongs to, so it holds at least what came before the
    checkpoint; what came after is made again by the resumed run, bit for bit.

    Args:
        path: the file.
        network: the network in training.
        total_steps: steps of the whole training, should it not end earlier.
    """

    def __init__(self, path: Path, network: "nn.Module", total_steps: int) -> None:
        self._path = path
        self._network = network
        size = sum(value.nbytes for value in network.state_dict().values())
        self._count = affordable(size)
        self._size = size
        self._wanted = frozenset(snapshot_steps(total_steps, self._count)) if self._count else frozenset()
        self._kept: dict[int, dict[str, Floats]] = {}
        self._dirty = False

    @property
    def note(self) -> str:
        """A sentence if fewer snapshots than usual are kept; else empty."""
        if self._count == MOST:
            return ""
        size = f"the weights take {self._size / 1e6:,.0f} MB"
        if not self._count:
            return f"No snapshots are kept through training, as {size}."
        return f"At most {self._count} snapshots are kept through training, as {size}."

    def go_on(self, step: int) -> None:
        """Take up what the file holds of the steps up to ``step``, where a resumed run stands; what cannot be read is left out."""
        stored = _read(self._path) if self._wanted else {}
        self._kept = {number: weights for number, weights in stored.items() if number <= step}

    def take(self, step: int) -> None:
        """Keep the network's weights if they are wanted of this step; costs nothing if not."""
        if step not in self._wanted or step in self._kept:
            return
        self._kept[step] = {name: value.detach().cpu().numpy().copy() for name, value in self._network.state_dict().items()}
        self._dirty = True

    def write(self) -> None:
        """Put everything that is kept on disk, if there is anything new."""
        if not self._dirty:
            return
        steps = sorted(self._kept)
        tensors: dict[str, npt.NDArray[Any]] = {name: np.stack([self._kept[step][name] for step in steps]) for name in self._kept[steps[0]]}
        tensors[_STEP] = np.array(steps, dtype=np.int64)
        write_bytes(self._path, save(tensors, {"format": FORMAT}))
        self._dirty = False


def _read(path: Path) -> dict[int, dict[str, Floats]]:
    """Step → weights of everything in a file; empty if it is not readable."""
    steps = stored_steps(path)
    if not steps:
        return {}
    with safetensors.safe_open(path, framework="np") as file:
        stacked = {name: file.get_tensor(name) for name in file.keys() if name != _STEP}  # noqa: SIM118  safe_open is no mapping
    return {step: {name: values[number] for name, values in stacked.items()} for number, step in enumerate(steps)}


def snapshot_networks(fitted: "Fitted", path: Path, steps: Sequence[int] | None = None) -> "Mapping[int, Network]":
    """The networks as they were at some steps of training, in evaluation mode, on the CPU.

    Args:
        fitted: the trained model of the run.
        path: the run's ``snapshots.safetensors``.
        steps: steps of :func:`stored_steps`; ``None`` for all.

    Returns:
        step → network, ascending.

    Raises:
        RunError: there are no snapshots, or none of such a step, or they do not fit the model.
    """
    import torch

    from seqlab.training.session import initial_network

    stored = _read(path)
    if not stored:
        raise RunError("This run has no snapshots: it was trained before they were kept, or its model is too large. Train it again.")
    wanted = sorted(stored if steps is None else set(steps))
    missing = [step for step in wanted if step not in stored]
    if missing:
        raise RunError(f"There is no snapshot of step {missing[0]}. There are some of the steps {', '.join(map(str, stored))}.")
    networks = {}
    for step in wanted:
        network = initial_network(fitted.spec, fitted.prepared)
        try:
            network.load_state_dict({name: torch.from_numpy(np.array(value)) for name, value in stored[step].items()})
        except RuntimeError as error:
            raise RunError("The snapshots do not fit the model of this run. Train it again.") from error
        networks[step] = network.eval()
    return networks

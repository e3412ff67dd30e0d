"""One training run in this process: data, network, loop and checkpoints put together."""

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import torch

from seqlab.config import RunSpec
from seqlab.data.catalog import load_dataset
from seqlab.data.prepare import Prepared, prepare
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.errors import DataError
from seqlab.models.build import build_network
from seqlab.models.network import Network, NetworkSizes
from seqlab.models.translator import Translator
from seqlab.records import BatchProgress, EpochRecord, Prediction
from seqlab.training.batches import Batches, FreshBatches
from seqlab.training.checkpoint import load_state, save_state
from seqlab.training.device import choose_device, choose_threads
from seqlab.training.fitted import Fitted, predict_windows
from seqlab.training.loop import TrainState, train_epochs
from seqlab.training.memory import check_memory, estimate_memory
from seqlab.training.objective import Objective
from seqlab.training.optimizer import build_optimizer
from seqlab.training.predicting import predict_sequences
from seqlab.version import __version__

__all__ = ["TrainingSession", "initial_network", "network_sizes", "prepare_spec"]

PREVIEW_ORIGINS = 6
PREVIEW_SEQUENCES = 200


def prepare_spec(spec: RunSpec) -> tuple[RunSpec, Prepared | PreparedSequences]:
    """The data of a spec, and the spec with the data's fingerprint.

    Raises:
        DataError: the data is not what the spec was made with, or cannot be used as asked.
        ConfigError, UnknownKeyError: the spec asks for something impossible.
    """
    dataset = load_dataset(spec.dataset, **spec.dataset_options)
    if spec.fingerprint and spec.fingerprint != dataset.fingerprint:
        raise DataError(
            f"The data set {spec.dataset!r} has changed since this run was made (fingerprint {dataset.fingerprint[:12]}, "
            f"the run has {spec.fingerprint[:12]}). Train a new run on the data as it is now."
        )
    spec = spec.replace(fingerprint=dataset.fingerprint)
    return spec, prepare(dataset, spec)


def network_sizes(prepared: Prepared | PreparedSequences) -> NetworkSizes:
    """What prepared data fixes about a network."""
    if isinstance(prepared, PreparedSequences):
        return _sequence_sizes(prepared)
    return NetworkSizes(
        input_size=prepared.input_size,
        target_size=prepared.target_size,
        known_size=prepared.known_size,
        context_length=prepared.spec.window.context_length,
        horizon=prepared.spec.window.horizon,
        season_length=prepared.season_length,
    )


def _sequence_sizes(prepared: PreparedSequences) -> NetworkSizes:
    windows = prepared.windows("train")
    return NetworkSizes(
        input_size=prepared.input_size,
        target_size=prepared.target_size,
        known_size=prepared.known_size,
        context_length=windows.x.shape[2],
        horizon=windows.y.shape[2],
        season_length=1,
        task=prepared.task,
        classes=len(prepared.classes),
        vocabulary=len(prepared.vocabulary),
        characters=len(prepared.characters),
        word_length=prepared.word_length,
        shapes=len(prepared.shape_names),
    )


def initial_network(spec: RunSpec, prepared: Prepared | PreparedSequences) -> Network:
    """The network of a spec before its first step, bit for bit the one that training starts from, on the CPU.

    torch's global random generator is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(spec.training.seed)
        return build_network(spec.model, network_sizes(prepared))


def _rows(prepared: Prepared | PreparedSequences) -> int:
    """Rows of all series or sequences together, as far as they are held."""
    if isinstance(prepared, PreparedSequences):
        return sum(prepared.windows(part).x.shape[1] * prepared.windows(part).x.shape[2] for part in ("train", "validation", "test"))
    return int(prepared.bounds.end * prepared.windows("train").x.shape[0])


class TrainingSession:
    """A run being trained in this process.

    Made by :meth:`start` or :meth:`resume`. Iterate over :meth:`events`; leaving the iteration
    pauses, iterating again goes on.

    Args:
        spec: the spec, with its data's fingerprint.
        prepared: its data.
        device: where it is trained, and ``device_reason`` why.
        threads: CPU threads; a run repeats exactly only with the same number.
        state: where training stands.
    """

    def __init__(
        self, spec: RunSpec, prepared: Prepared | PreparedSequences, device: torch.device, device_reason: str, threads: int
    ) -> None:
        self.spec = spec
        self.prepared = prepared
        self.device = device
        self.device_reason = device_reason
        self.threads = threads
        torch.set_num_threads(threads)
        train, validation = prepared.windows("train"), prepared.windows("validation")
        sizes = network_sizes(prepared)
        rows = _rows(prepared)
        estimate = estimate_memory(
            spec.model, sizes, rows=rows, batch_size=spec.training.batch_size, windows=max(len(train), len(validation))
        )
        check_memory(estimate, device)
        network = initial_network(spec, prepared).to(device)
        if isinstance(network, Translator):
            network.teacher_forcing = spec.training.teacher_forcing
        self._train: Batches | FreshBatches = Batches.of(train, device)
        if isinstance(prepared, PreparedSequences) and prepared.endless:
            self._train = FreshBatches(lambda epoch: prepared.fresh_windows(spec.training.seed, epoch), len(train), device)
        self._validation = Batches.of(validation, device)
        batches = -(-len(train) // spec.training.batch_size)
        self.state = TrainState(
            network=network,
            optimizer=build_optimizer(network.parameters(), spec.training),
            losses=torch.zeros(batches, device=device),
            norms=torch.zeros(batches, device=device),
            best_weights={name: value.detach().clone() for name, value in network.state_dict().items()},
        )
        self._objective = Objective.of(network, spec.training, prepared.class_counts if isinstance(prepared, PreparedSequences) else ())
        self._events: Iterator[BatchProgress | EpochRecord] | None = None

    @classmethod
    def start(cls, spec: RunSpec, *, threads: int | None = None) -> Self:
        """A fresh session.

        Args:
            spec: what to train.
            threads: CPU threads; ``None`` chooses by the cell.

        Raises:
            SeqlabError: the spec, the data, the device or the memory does not allow it.
        """
        device, reason = choose_device(spec.training.device)
        spec, prepared = prepare_spec(spec)
        return cls(spec, prepared, device, reason, threads or choose_threads(spec.model.cell))

    @classmethod
    def resume(cls, spec: RunSpec, checkpoint: Path, *, threads: int | None = None) -> Self:
        """A session that goes on from a checkpoint; with the same threads, bit for bit.

        Raises:
            CheckpointError: no readable checkpoint of this spec.
        """
        session = cls.start(spec, threads=threads)
        load_state(checkpoint, session.state, session.spec)
        return session

    @property
    def outcome(self) -> str | None:
        """``None`` while there is more to do, else ``finished``, ``early_stopped`` or ``diverged``."""
        return self.state.outcome

    @property
    def message(self) -> str:
        """The outcome as a sentence."""
        return self.state.message

    @property
    def history(self) -> tuple[EpochRecord, ...]:
        """Records of the finished epochs."""
        return tuple(self.state.history)

    def events(self) -> Iterator[BatchProgress | EpochRecord]:
        """Train on, yielding a record after every batch and every epoch.

        The same iterator is handed out until it ends, so a loop that was left goes on where it was.
        """
        if self._events is None:
            self._events = train_epochs(self.state, self._train, self._validation, self.spec.training, self._objective)
        return self._events

    def save_checkpoint(self, path: Path) -> None:
        """Store everything needed to go on exactly, in one atomic file."""
        save_state(path, self.state, self.spec)

    def preview(self) -> Prediction:
        """What the network says of the validation part with the weights of this moment: forecasts from a few evenly spaced origins, or
        the answers to some hundred sequences.
        """
        windows = self.prepared.windows("validation")
        if isinstance(self.prepared, PreparedSequences):
            return predict_sequences(self.state.network, self.prepared, "validation", name="validation", limit=PREVIEW_SEQUENCES)
        count = len(windows.origins)
        chosen = np.unique(np.linspace(0, count - 1, min(PREVIEW_ORIGINS, count)).round().astype(np.int64))
        return predict_windows(self.state.network, self.prepared, "validation", chosen, name="validation")

    def fitted(self) -> Fitted:
        """The model with its best weights, ready to be used and opened; with those of this moment if no epoch has ended yet."""
        state = self.state
        first_epoch = state.best_epoch == 0 and state.outcome is None
        network = build_network(self.spec.model, network_sizes(self.prepared))
        network.load_state_dict(state.network.state_dict() if first_epoch else state.best_weights)
        return Fitted(
            model=network.to(self.device).eval(),
            spec=self.spec,
            prepared=self.prepared,
            history=self.history,
            device=str(self.device),
            outcome=self.outcome or "stopped",
            message=self.message,
        )

    def environment(self) -> dict[str, Any]:
        """What the run was made with: device, threads, versions."""
        return {
            "device": str(self.device),
            "device_reason": self.device_reason,
            "threads": self.threads,
            "machine": platform.machine(),
            "python": platform.python_version(),
            "torch": torch.__version__,
            "numpy": np.__version__,
            "seqlab": __version__,
            "parameters": sum(p.numel() for p in self.state.network.parameters()),
            "train_windows": len(self._train),
            "validation_windows": len(self._validation),
        }

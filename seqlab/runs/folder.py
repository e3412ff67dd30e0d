"""A run's folder: the truth about the run, readable by anybody at any time, without torch."""

from functools import cached_property
from pathlib import Path
from typing import Any

import orjson

from seqlab.config import RunSpec
from seqlab.errors import RunError
from seqlab.records import Forecast, Prediction
from seqlab.runs.arrays import StoredTrace, load_forecast, load_trace
from seqlab.runs.comparison_log import ComparedModel, compared_forecast, compared_prediction, read_compared
from seqlab.runs.durable import make_folder, read_json, write_json
from seqlab.runs.export import export_zip
from seqlab.runs.job import JobFolder
from seqlab.runs.metrics import Record, read_metrics
from seqlab.runs.predictions import load_prediction, load_preview
from seqlab.runs.result import RunResult
from seqlab.runs.side_jobs import SIDE_JOBS

__all__ = ["RunFolder"]


class RunFolder:
    """One run: a spec, and what happened with it.

    ======================= ==========================================================================
    file                    what it holds
    ======================= ==========================================================================
    spec.json               everything needed to repeat the run
    about.json              the run's name, and when it was made
    environment.json        device, threads, versions: written when training first starts
    metrics.jsonl           one line per record, only ever appended to
    preview.json            the newest forecast of the validation part
    checkpoint.safetensors  everything needed to go on exactly
    snapshots.safetensors   the weights at up to 50 steps on the way
    model.safetensors       the best weights, once the run is over
    forecast.npz            the forecasts of the test part, in data units
    prediction.npz          of another task than forecasting: what the model said of the test part
    result.json             how the run ended; written last
    comparison/             the run beside the baselines: models.jsonl, forecast-<number>.npz, calibration-<number>.npz
    backtest/ leaks/        other side jobs; like comparison/ each with a request.json and a result.json of its own
    ======================= ==========================================================================

    Making one costs nothing; every property looks at the disk when it is asked, except ``spec``,
    which is read once.

    Args:
        path: the folder.
        read_only: whether it belongs to the package.
    """

    def __init__(self, path: Path | str, *, read_only: bool = False) -> None:
        self.path = Path(path)
        self.read_only = read_only
        self.training = JobFolder(self.path, "train", read_only=read_only)
        self._sides = {key: JobFolder(self.path / entry.folder, key, read_only=read_only) for key, entry in SIDE_JOBS.items()}

    def __repr__(self) -> str:
        return f"RunFolder({str(self.path)!r})"

    @classmethod
    def create(cls, path: Path, spec: RunSpec, about: dict[str, Any]) -> "RunFolder":
        """Make the folder of a new run; it appears complete or not at all.

        Raises:
            FileExistsError: the folder is there already.
        """
        folder = cls(path)
        make_folder(path, {"spec.json": spec.to_json().encode(), "about.json": orjson.dumps(about)})
        return folder

    def job(self, kind: str) -> JobFolder:
        """The job folder of ``train``, or of a key of :data:`seqlab.runs.side_jobs.SIDE_JOBS`."""
        return self.training if kind == "train" else self._sides[kind]

    @property
    def jobs(self) -> tuple[JobFolder, ...]:
        """Training and all side jobs, asked for or not."""
        return (self.training, *self._sides.values())

    def side_request(self, kind: str) -> dict[str, Any] | None:
        """What a side job was asked to do; ``None`` if it never was."""
        return read_json(self.job(kind).path / "request.json")

    def side_status(self, kind: str) -> str:
        """Status of a side job; empty if it was never asked for."""
        return self.job(kind).status if self.side_request(kind) is not None else ""

    @cached_property
    def spec(self) -> RunSpec:
        """What is trained.

        Raises:
            RunError: the folder is gone.
            ConfigError: it was written by another version of seqlab.
        """
        try:
            return RunSpec.from_json((self.path / "spec.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise RunError(f"The run {self.path.name} is gone. Choose another on the Runs page.") from error

    @property
    def about(self) -> dict[str, Any]:
        """``name`` and ``created`` (seconds since 1970)."""
        return read_json(self.path / "about.json") or {}

    def rename(self, name: str) -> None:
        """Give the run another name.

        Raises:
            RunError: the run is read-only.
        """
        if self.read_only:
            raise RunError("This is the example that comes with seqlab; it cannot be renamed. Train a run of your own.")
        write_json(self.path / "about.json", {**self.about, "name": name})

    @property
    def environment(self) -> dict[str, Any] | None:
        """What the run was made with: ``device``, ``threads``, versions, … ; ``None`` before it first started."""
        return read_json(self.path / "environment.json")

    @property
    def result(self) -> RunResult | None:
        """How training ended; ``None`` while it has not."""
        return self.training.result

    @property
    def status(self) -> str:
        """``queued`` ``running`` ``paused`` ``stopped`` ``finished`` ``diverged`` ``failed`` or ``interrupted``."""
        return self.training.status

    @property
    def alive(self) -> bool:
        """Whether a worker is training here, by its kernel lock."""
        return self.training.alive

    def request(self, what: str) -> None:
        """Ask for ``pause``, ``stop`` or ``resume``; a worker acts on it within a batch.

        Raises:
            RunError: another word, the run is over, or it is read-only.
        """
        self.training.request(what)

    def read_metrics(self, offset: int = 0) -> tuple[list[Record], int]:
        """The records (epochs, progress, notes) since the last call; see :func:`seqlab.runs.metrics.read_metrics`."""
        return read_metrics(self.path / "metrics.jsonl", offset)

    def preview(self) -> Prediction | None:
        """What the model said of the validation part last; ``None`` before the first."""
        return load_preview(self.path / "preview.json")

    @property
    def preview_stamp(self) -> int:
        """Changes with every new preview; 0 before the first. Cheap, to ask before :meth:`preview`."""
        try:
            return (self.path / "preview.json").stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    @property
    def model_path(self) -> Path:
        """The best weights; there once the run is over."""
        return self.path / "model.safetensors"

    @property
    def has_model(self) -> bool:
        """Whether there are weights to open."""
        return self.model_path.is_file()

    @property
    def checkpoint_path(self) -> Path:
        """Everything needed to go on exactly."""
        return self.path / "checkpoint.safetensors"

    @property
    def snapshots_path(self) -> Path:
        """The weights at some steps on the way, see :mod:`seqlab.runs.snapshots`; older runs have none."""
        return self.path / "snapshots.safetensors"

    def forecast(self) -> Forecast | None:
        """The forecasts of the test part; ``None`` before the run is over."""
        return load_forecast(self.path / "forecast.npz")

    def prediction(self) -> Prediction | None:
        """What the model said of the test part, whatever its task; ``None`` before the run is over."""
        return load_prediction(self.path)

    def trace(self) -> StoredTrace | None:
        """A stored trace; only the example has one, so that the first screen needs no torch."""
        return load_trace(self.path / "trace.npz")

    def comparison(self, offset: int = 0) -> tuple[list[ComparedModel], int]:
        """The models compared since the last call, and the offset for the next."""
        return read_compared(self.job("compare").path, offset)

    def comparison_forecast(self, model: ComparedModel, part: str = "test") -> Forecast | None:
        """The forecasts of one model of the comparison, from the same origins as all others.

        Args:
            model: the model.
            part: ``test``, or ``validation`` for those that intervals are calibrated on.
        """
        return compared_forecast(self.job("compare").path, model, part)

    def comparison_prediction(self, model: ComparedModel) -> Prediction | None:
        """What one model of the comparison said of the test part, whatever the task."""
        return compared_prediction(self.job("compare").path, model)

    def export_zip(self) -> bytes:
        """The run to take away: spec, weights, curve, result, and a script that repeats it.

        Raises:
            RunError: the folder is gone.
        """
        return export_zip(self.path)

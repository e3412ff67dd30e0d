"""The folders of sweeps: the truth about each, readable by anybody at any time, without Optuna."""

import re
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from seqlab.errors import ConfigError, RunError
from seqlab.runs.durable import make_folder, read_json, write_json
from seqlab.runs.store import RunStore
from seqlab.runs.sweep import SweepSpec, SweepTrial

__all__ = ["SweepEnd", "SweepFolder", "all_sweeps", "delete_sweep", "start_sweep", "stop_sweep", "sweep_folder", "sweeps_path"]

_SWEEP_ID = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepEnd:
    """How a sweep ended: ``finished``, ``stopped`` or ``failed``, a sentence, and when (seconds since 1970)."""

    status: str
    message: str
    ended: float


class SweepFolder:
    """One sweep.

    ============ =============================================================
    file         what it holds
    ============ =============================================================
    sweep.json   everything needed to repeat the sweep, its name, its beginning
    journal.log  Optuna's journal: the trials, as the sampler knows them
    trials.json  the same trials for whoever looks; rewritten at every change
    control.json that somebody asked for its end
    result.json  how it ended; written last
    ============ =============================================================

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"SweepFolder({str(self.path)!r})"

    @property
    def sweep_id(self) -> str:
        """Its id, as in the address."""
        return self.path.name

    @property
    def about(self) -> dict[str, Any]:
        """What ``sweep.json`` says.

        Raises:
            RunError: the folder is gone, or its file is damaged.
        """
        values = read_json(self.path / "sweep.json")
        if values is None:
            raise RunError(f"The sweep {self.path.name} is gone or damaged. Start another one.")
        return values

    @property
    def spec(self) -> SweepSpec:
        """What is searched.

        Raises:
            RunError: the folder is gone.
            ConfigError: it was written by another version of seqlab.
        """
        return SweepSpec.from_dict(self.about)

    @property
    def created(self) -> datetime:
        """When it was started, UTC."""
        return datetime.fromtimestamp(float(self.about.get("created", 0.0)), UTC)

    @property
    def journal_path(self) -> Path:
        """Optuna's journal."""
        return self.path / "journal.log"

    @property
    def stamp(self) -> tuple[int, bool]:
        """Changes whenever a trial or the sweep does; cheap, to ask before reading."""
        try:
            moment = (self.path / "trials.json").stat().st_mtime_ns
        except FileNotFoundError:
            moment = 0
        return moment, (self.path / "result.json").exists()

    def trials(self) -> tuple[SweepTrial, ...]:
        """The trials so far, in the order in which they were chosen."""
        values = read_json(self.path / "trials.json") or {}
        return tuple(SweepTrial.from_dict(each) for each in values.get("trials", ()))

    def write_trials(self, trials: tuple[SweepTrial, ...]) -> None:
        """Put down the trials for whoever looks. It can be made again from the journal, so it need not survive a power cut."""
        write_json(self.path / "trials.json", {"trials": [trial.to_dict() for trial in trials]}, durable=False)

    @property
    def stopping(self) -> bool:
        """Whether somebody asked for its end."""
        return (self.path / "control.json").exists()

    @property
    def stopping_runs(self) -> bool:
        """Whether trials on their way are to be stopped too."""
        values = read_json(self.path / "control.json")
        return values is not None and bool(values.get("runs_too"))

    @property
    def end(self) -> SweepEnd | None:
        """How it ended; ``None`` while it goes on."""
        values = read_json(self.path / "result.json")
        return None if values is None else SweepEnd(**values)

    def close(self, status: str, message: str) -> None:
        """Write how it ended: from now on it is over."""
        write_json(self.path / "result.json", {"status": status, "message": message, "ended": time.time()})


def sweeps_path(store: RunStore) -> Path:
    """Where the sweeps of a store are kept; it may not exist yet."""
    return store.home / "sweeps"


def start_sweep(store: RunStore, spec: SweepSpec) -> str:
    """Begin a sweep: the store's supervisor drives it from now on, also after a restart.

    Returns:
        The sweep's id.

    Raises:
        RunError: the home folder cannot be written.
    """
    sweep_id = f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    try:
        make_folder(sweeps_path(store) / sweep_id, {"sweep.json": orjson.dumps(spec.to_dict() | {"created": time.time()})})
    except OSError as error:
        raise RunError(f"The sweep cannot be kept in {store.home}: {error}. Make room there, or set SEQLAB_HOME.") from error
    store.changed.set()
    return sweep_id


def all_sweeps(store: RunStore) -> tuple[SweepFolder, ...]:
    """All sweeps that this version can read, newest first."""
    path = sweeps_path(store)
    names = sorted((each.name for each in path.iterdir() if _SWEEP_ID.fullmatch(each.name)), reverse=True) if path.is_dir() else []
    return tuple(folder for folder in (SweepFolder(path / name) for name in names) if _is_readable(folder))


def _is_readable(folder: SweepFolder) -> bool:
    try:
        return bool(folder.spec.space)
    except (RunError, ConfigError, KeyError, TypeError):
        return False


def sweep_folder(store: RunStore, sweep_id: str) -> SweepFolder:
    """The folder of a sweep.

    Raises:
        RunError: there is none.
    """
    path = sweeps_path(store) / sweep_id
    # The id comes from an address that anybody can write: only our own pattern becomes a path.
    if not _SWEEP_ID.fullmatch(sweep_id) or not path.is_dir():
        raise RunError(f"There is no sweep called {sweep_id[:80]!r} on this machine. Choose another one.")
    return SweepFolder(path)


def stop_sweep(store: RunStore, sweep_id: str, *, runs_too: bool) -> None:
    """Ask for the end of a sweep: no further trial is begun.

    Args:
        store: the runs.
        sweep_id: the sweep.
        runs_too: whether trials on their way are stopped as well; if not, they are trained to their end.

    Raises:
        RunError: there is no such sweep, or it has ended.
    """
    folder = sweep_folder(store, sweep_id)
    if folder.end is not None:
        raise RunError("This sweep has ended already. Start another one to go on.")
    write_json(folder.path / "control.json", {"request": "stop", "runs_too": runs_too, "time": time.time()})
    store.changed.set()


def delete_sweep(store: RunStore, sweep_id: str) -> None:
    """Remove a sweep that has ended. Its runs stay.

    Raises:
        RunError: there is no such sweep, or it goes on.
    """
    folder = sweep_folder(store, sweep_id)
    if folder.end is None:
        raise RunError("This sweep is going on. Stop it before deleting it.")
    gone = folder.path.with_name(f".deleted-{sweep_id}-{secrets.token_hex(3)}")
    folder.path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)

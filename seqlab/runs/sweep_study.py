"""A sweep's trials as Optuna keeps them: a journal file in the sweep's folder, written by one process at a time."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from filelock import BaseFileLock
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.storages.journal._file import BaseJournalFileLock
from optuna.trial import TrialState

from seqlab.errors import RunError
from seqlab.runs.lock import try_hold
from seqlab.runs.search_space import SearchField, grid
from seqlab.runs.sweep import SweepSpec, SweepTrial

__all__ = ["SweepStudy"]

optuna.logging.set_verbosity(optuna.logging.WARNING)

_NAME = "sweep"
_PATIENCE = 30.0
_STATES = {TrialState.COMPLETE: "complete", TrialState.FAIL: "failed", TrialState.PRUNED: "pruned"}
_ENDS = {word: state for state, word in _STATES.items()}


class _KernelLock(BaseJournalFileLock):
    """A lock that the kernel frees when its holder dies. Optuna's own is a file that stays, and is waited for, after a crash."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: BaseFileLock | None = None

    def acquire(self) -> bool:
        self._held = try_hold(self._path, timeout=_PATIENCE)
        if self._held is None:
            raise RunError(f"Another process writes to {self._path.parent}. Stop it, or start the sweep again.")
        return True

    def release(self) -> None:
        if self._held is not None:
            self._held.release()
            self._held = None


class SweepStudy:
    """The trials of a sweep, and who chooses the next one.

    The sampler is made anew for every trial, from the sweep's seed and the trial's number. So a sweep that goes on
    after a restart chooses what it would have chosen without one.

    Args:
        folder: the sweep's folder.
        spec: what is searched.
    """

    def __init__(self, folder: Path, spec: SweepSpec) -> None:
        self._spec = spec
        journal = folder / "journal.log"
        _drop_half_line(journal)
        backend = JournalFileBackend(str(journal), lock_obj=_KernelLock(folder / "journal.lock"))
        self._storage = JournalStorage(backend)
        self._study = optuna.create_study(storage=self._storage, study_name=_NAME, direction="minimize", load_if_exists=True)
        self._distributions = {each.path: _distribution(each) for each in spec.space}
        self._grid = _shuffled(grid(spec.space, spec.points, spec.base)[0], spec.seed) if spec.sampler == "grid" else []

    def trials(self) -> tuple[SweepTrial, ...]:
        """All trials so far, in order."""
        found = []
        for trial in self._study.get_trials(deepcopy=False):
            complete = trial.state == TrialState.COMPLETE
            found.append(
                SweepTrial(
                    number=trial.number,
                    values=_plain(trial.params),
                    state=_STATES.get(trial.state, "running"),
                    loss=float(trial.values[0]) if complete and trial.values else float("nan"),
                    run_id=str(trial.user_attrs.get("run_id", "")),
                    reason=str(trial.user_attrs.get("reason", "")),
                )
            )
        return tuple(found)

    def ask(self) -> SweepTrial:
        """Choose the settings of one more trial. Of a grid, at most as many as it has combinations."""
        number = len(self._study.get_trials(deepcopy=False))
        self._study.sampler = self._sampler(number)
        if self._spec.sampler == "grid":
            self._study.enqueue_trial(self._grid[number])
            trial = self._study.ask(fixed_distributions=_listed(self._grid))
        else:
            trial = self._study.ask(fixed_distributions=self._distributions)
        return SweepTrial(number=trial.number, values=_plain(trial.params))

    def attach(self, number: int, run_id: str) -> None:
        """Note which run tries a trial's settings."""
        self._note(number, "run_id", run_id)

    def tell(self, number: int, state: str, *, loss: float | None = None, reason: str = "") -> None:
        """Note what came of a trial."""
        if reason:
            self._note(number, "reason", reason)
        self._study.tell(number, loss if state == "complete" else None, state=_ENDS[state])

    def _note(self, number: int, key: str, value: str) -> None:
        study_id = self._storage.get_study_id_from_name(_NAME)
        self._storage.set_trial_user_attr(self._storage.get_trial_id_from_study_id_trial_number(study_id, number), key, value)

    def _sampler(self, number: int) -> BaseSampler:
        seed = int(np.random.SeedSequence([self._spec.seed, number]).generate_state(1)[0])
        if self._spec.sampler == "tpe":
            return TPESampler(seed=seed, n_startup_trials=max(4, min(10, self._spec.trials // 3)))
        return RandomSampler(seed=seed)


def _plain(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value.item() if isinstance(value, np.generic) else value for name, value in params.items()}


def _distribution(field: SearchField) -> BaseDistribution:
    if field.choices:
        return CategoricalDistribution(field.choices)
    if field.whole:
        return IntDistribution(int(field.low), int(field.high), log=field.log)
    return FloatDistribution(field.low, field.high, log=field.log)


def _listed(combinations: list[dict[str, Any]]) -> dict[str, BaseDistribution]:
    return {path: CategoricalDistribution(tuple(dict.fromkeys(each[path] for each in combinations))) for path in combinations[0]}


def _shuffled(combinations: list[dict[str, Any]], seed: int) -> list[dict[str, Any]]:
    order = np.random.default_rng(seed).permutation(len(combinations))
    return [combinations[place] for place in order]


def _drop_half_line(journal: Path) -> None:
    """Cut off what a power cut left of a line: Optuna would write the next one behind it, and read neither."""
    if not journal.exists():
        return
    content = journal.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(journal, whole)

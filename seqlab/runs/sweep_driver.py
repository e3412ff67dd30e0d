"""Moves the open sweeps of a store along: tells what came of their trials, and queues the next ones."""

import contextlib
import dataclasses
import logging
import math

from seqlab.errors import RunError, SeqlabError
from seqlab.runs.result import ENDED
from seqlab.runs.rows import same_request
from seqlab.runs.search_space import spec_of
from seqlab.runs.spec_fields import short_label, short_value
from seqlab.runs.store import RunStore
from seqlab.runs.sweep import SweepSpec, SweepTrial, best_trial
from seqlab.runs.sweep_store import SweepFolder, sweeps_path

__all__ = ["SweepDriver"]

_log = logging.getLogger("seqlab.runs")

ASKED_AT_ONCE = 8  # trials that are chosen in one look, as some need no run: so that no look takes long


class SweepDriver:
    """What the supervisor remembers of open sweeps between two looks; it could read all of it again.

    Args:
        store: the runs.
    """

    def __init__(self, store: RunStore) -> None:
        self._store = store
        self._ended: set[str] = set()
        self._open: dict[str, _OpenSweep] = {}

    def advance(self, places: int) -> None:
        """Look at every open sweep once. An error ends its own sweep only.

        Args:
            places: runs that are trained at a time.
        """
        for name in self._names():
            folder = SweepFolder(sweeps_path(self._store) / name)
            if folder.end is not None:
                self._ended.add(name)
                self._open.pop(name, None)
                continue
            try:
                self._sweep(folder).advance(places)
            except Exception as error:
                self._open.pop(name, None)
                _log.exception("The sweep %s met an error and ends.", name)
                _close_broken(folder, error)

    def _names(self) -> list[str]:
        try:
            names = {path.name for path in sweeps_path(self._store).iterdir()}
        except FileNotFoundError:
            return []
        return sorted(name for name in names - self._ended if not name.startswith("."))

    def _sweep(self, folder: SweepFolder) -> "_OpenSweep":
        if folder.sweep_id not in self._open:
            self._open[folder.sweep_id] = _OpenSweep(self._store, folder)
        return self._open[folder.sweep_id]


class _OpenSweep:
    """One sweep that goes on."""

    def __init__(self, store: RunStore, folder: SweepFolder) -> None:
        from seqlab.runs.sweep_study import SweepStudy  # a third of a second, for those who sweep

        self._store = store
        self._folder = folder
        self._spec: SweepSpec = folder.spec
        self._planned = self._spec.planned
        self._study = SweepStudy(folder.path, self._spec)
        self._trials: dict[int, SweepTrial] = {trial.number: trial for trial in self._study.trials()}
        self._runs: dict[str, int] = {}  # what was asked for → the first trial that asked for it
        self._recover()

    def advance(self, places: int) -> None:
        ended = [self._look(trial) for trial in list(self._trials.values()) if trial.state == "running"]
        changed = any(ended)
        stopping = self._folder.stopping
        if stopping and self._folder.stopping_runs:
            self._stop_runs()
        for _ in range(0 if stopping else ASKED_AT_ONCE):
            on_their_way = len({trial.run_id for trial in self._trials.values() if trial.state == "running"})
            if len(self._trials) >= self._planned or on_their_way >= (self._spec.parallel or places):
                break
            self._begin()
            changed = True
        if changed:
            self._folder.write_trials(self._in_order())
        if all(trial.state != "running" for trial in self._trials.values()) and (stopping or len(self._trials) >= self._planned):
            self._folder.close("stopped" if stopping else "finished", self._closing_words(stopped=stopping))

    def _stop_runs(self) -> None:
        for trial in self._trials.values():
            if trial.state == "running":
                with contextlib.suppress(RunError):  # it ended a moment ago, or was deleted
                    if self._store.folder(trial.run_id).training.requested != "stop":
                        self._store.request(trial.run_id, "stop")

    def _in_order(self) -> tuple[SweepTrial, ...]:
        return tuple(self._trials[number] for number in sorted(self._trials))

    def _recover(self) -> None:
        """Take up the trials that were on their way when the last supervisor ended."""
        lost = [trial for trial in self._trials.values() if trial.state == "running" and not trial.run_id]
        found = _runs_of(self._store, self._folder.sweep_id) if lost else {}
        for trial in lost:
            if trial.number in found:
                self._attach(trial, found[trial.number])
            else:
                self._end(trial, "failed", reason="The server ended before this trial's run was queued.")
        for trial in self._in_order():
            if trial.run_id:
                self._runs.setdefault(same_request(spec_of(self._spec.base, trial.values)), trial.number)
        self._folder.write_trials(self._in_order())

    def _begin(self) -> None:
        """Choose the settings of one more trial and queue its run."""
        trial = self._study.ask()
        self._trials[trial.number] = trial
        try:
            spec = spec_of(self._spec.base, trial.values)
        except SeqlabError as error:
            self._end(trial, "pruned", reason=str(error))
            return
        asked = same_request(spec)
        first = self._runs.setdefault(asked, trial.number)
        if first != trial.number:
            # Trained again, the same seed would lead to the same loss.
            self._attach(trial, self._trials[first].run_id)
            self._look(self._trials[trial.number])
            return
        words = ", ".join(f"{short_label(path).lower()} {short_value(path, value)}" for path, value in trial.values.items())
        about = {"sweep": self._folder.sweep_id, "trial": trial.number}
        self._attach(trial, self._store.submit(spec, name=f"Trial {trial.number + 1}: {words}"[:200], about=about))

    def _attach(self, trial: SweepTrial, run_id: str) -> None:
        self._study.attach(trial.number, run_id)
        self._trials[trial.number] = dataclasses.replace(trial, run_id=run_id)

    def _look(self, trial: SweepTrial) -> bool:
        """Tell what came of a trial's run, if it has ended; whether it has."""
        outcome = _outcome(self._store, trial.run_id)
        if outcome is None:
            return False
        state, loss, reason = outcome
        first = next(each.number for each in self._in_order() if each.run_id == trial.run_id)
        if first != trial.number:
            reason = f"The same settings as trial {first + 1}. {reason}".strip()
        self._end(trial, state, loss=loss, reason=reason)
        return True

    def _end(self, trial: SweepTrial, state: str, *, loss: float = math.nan, reason: str = "") -> None:
        self._study.tell(trial.number, state, loss=loss, reason=reason)
        self._trials[trial.number] = dataclasses.replace(trial, state=state, loss=loss, reason=reason)

    def _closing_words(self, *, stopped: bool) -> str:
        best = best_trial(self._in_order())
        begun = f"Stopped after {len(self._trials)} of {self._planned} trials." if stopped else f"All {len(self._trials)} trials are over."
        return f"{begun} {'No trial has a loss.' if best is None else f'Trial {best.number + 1} has the smallest validation loss.'}"


def _outcome(store: RunStore, run_id: str) -> tuple[str, float, str] | None:
    """State, loss and reason of a trial by its run; ``None`` while the run goes on."""
    try:
        folder = store.folder(run_id)
    except RunError:
        return "failed", math.nan, "Its run was deleted before it ended."
    result = folder.result
    if result is None or result.status not in ENDED:
        return None
    if result.status == "finished" and math.isfinite(result.best_validation_loss):
        return "complete", result.best_validation_loss, ""
    if result.status == "finished":
        return "failed", math.nan, "No epoch had a finite validation loss."
    if result.status == "failed" and not result.error_id:
        return "pruned", math.nan, result.message  # one of our own sentences: these settings do not go with the data
    said = "It was stopped before its end: its loss would say little about its settings." if result.status == "stopped" else result.message
    return "failed", math.nan, said or result.status


def _runs_of(store: RunStore, sweep_id: str) -> dict[int, str]:
    """Trial → run of a sweep, as the runs' own folders tell it."""
    found = {}
    for run in store.list():
        about = run.folder.about
        if about.get("sweep") == sweep_id:
            found[int(about["trial"])] = run.run_id
    return found


def _close_broken(folder: SweepFolder, error: Exception) -> None:
    said = str(error) if isinstance(error, SeqlabError) else f"Something went wrong inside seqlab: {type(error).__name__}: {error}."
    try:
        if folder.path.is_dir():
            folder.close("failed", f"The sweep ended because of an error. {said}")
    except OSError:
        _log.exception("The end of the sweep %s could not be written.", folder.sweep_id)

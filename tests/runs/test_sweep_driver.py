"""Sweeps are driven by the supervisor's looks; the executor only takes notes, and the test writes the results."""

import math
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from seqlab.errors import RunError
from seqlab.runs.job import JobFolder
from seqlab.runs.result import RunResult
from seqlab.runs.rows import same_request
from seqlab.runs.search_space import SearchField
from seqlab.runs.store import RunStore
from seqlab.runs.supervisor import Supervisor
from seqlab.runs.sweep import SweepSpec, best_trial
from seqlab.runs.sweep_store import SweepFolder, all_sweeps, delete_sweep, start_sweep, stop_sweep, sweep_folder

SPACE = (SearchField(path="model.hidden_size", low=2, high=64, log=True), SearchField(path="training.learning_rate", low=1e-4, high=1e-2))


class InstantExecutor:
    """Every run ends as soon as it is started, as the test says."""

    def __init__(self, end: Callable[[JobFolder], RunResult | None]) -> None:
        self.end = end
        self.working: set[Path] = set()

    def submit(self, job: JobFolder) -> None:
        result = self.end(job)
        if result is not None:
            job.end(result)
        else:
            self.working.add(job.path)

    def wait(self, job: JobFolder, timeout: float = 0.0) -> bool:
        return job.path not in self.working

    def cancel(self, job: JobFolder) -> None:
        return

    def recover(self, job: JobFolder) -> bool:
        return False

    def keep_ready(self) -> None:
        return

    def close(self) -> None:
        return


def finished(job: JobFolder) -> RunResult:
    """A loss that is smallest at 16 units."""
    hidden = orjson.loads((job.path / "spec.json").read_bytes())["model"]["hidden_size"]
    return RunResult(status="finished", best_validation_loss=abs(math.log2(hidden) - 4) + 0.1)


def sweep(spec, **changes) -> SweepSpec:
    return SweepSpec(**{"base": spec, "space": SPACE, "trials": 4} | changes)


def drive(store: RunStore, end: Callable[[JobFolder], RunResult | None] = finished, looks: int = 60, places: int = 1) -> Supervisor:
    supervisor = Supervisor(store, executor=InstantExecutor(end), max_runs=places)
    for _ in range(looks):
        supervisor.tick()
    return supervisor


def test_all_trials_are_tried_told_and_known_to_their_runs(store: RunStore, spec) -> None:
    folder = sweep_folder(store, start_sweep(store, sweep(spec)))
    assert [each.path for each in all_sweeps(store)] == [folder.path]
    drive(store)
    trials = folder.trials()
    assert [trial.state for trial in trials] == ["complete"] * 4
    assert folder.end.status == "finished"
    best = best_trial(trials)
    assert f"Trial {best.number + 1} has the smallest" in folder.end.message
    for trial in trials:
        run = store.get(trial.run_id)
        assert run.folder.about["sweep"] == folder.sweep_id
        assert run.folder.about["trial"] == trial.number
        assert run.spec.model.hidden_size == trial.values["model.hidden_size"]
        assert run.spec.training.learning_rate == trial.values["training.learning_rate"]
        assert run.result.best_validation_loss == trial.loss
    delete_sweep(store, folder.sweep_id)
    assert all_sweeps(store) == ()
    assert len([run for run in store.list() if not run.read_only]) == 4


def test_failed_diverged_stopped_and_impossible_are_told_as_what_they_are(store: RunStore, spec) -> None:
    ends = iter(
        [
            RunResult(status="diverged", message="The loss is not finite.", best_validation_loss=0.5),
            RunResult(status="stopped", best_validation_loss=0.1),
            RunResult(status="finished"),
            RunResult(status="failed", message="Something went wrong.", error_id="abc"),
            RunResult(status="failed", message="The context is too short."),
        ]
    )
    space = (SearchField(path="model.segment_length", choices=(1, 5)), SearchField(path="model.hidden_size", low=2, high=512))
    folder = sweep_folder(store, start_sweep(store, sweep(spec, space=space, sampler="random", trials=16, seed=1)))
    drive(store, lambda job: next(ends, finished(job)))
    trials = folder.trials()
    pruned = [trial for trial in trials if trial.state == "pruned"]
    assert [trial.reason for trial in pruned if trial.run_id] == ["The context is too short."]
    assert "cannot be cut into segments of 5" in next(trial.reason for trial in pruned if not trial.run_id)
    failed = [trial.reason for trial in trials if trial.state == "failed"]
    assert failed[0] == "The loss is not finite."
    assert "stopped before its end" in failed[1]
    assert "finite validation loss" in failed[2]
    assert failed[3] == "Something went wrong."
    assert len(pruned) + len(failed) + sum(trial.state == "complete" for trial in trials) == 16
    assert folder.end.status == "finished"


def test_a_sweep_goes_on_after_a_restart_as_if_nothing_had_been(tmp_path: Path, spec) -> None:
    def values(restarts: bool, home: Path) -> list[dict[str, object]]:
        store = RunStore(home)
        folder = sweep_folder(store, start_sweep(store, sweep(spec, trials=8, seed=5)))
        for _ in range(40):
            drive(store, looks=1 if restarts else 40)
        assert {trial.state for trial in folder.trials()} == {"complete"}
        return [dict(trial.values) for trial in folder.trials()]

    assert values(restarts=True, home=tmp_path / "a") == values(restarts=False, home=tmp_path / "b")


def test_after_a_crash_lost_trials_fail_and_found_runs_go_on(store: RunStore, spec) -> None:
    folder = sweep_folder(store, start_sweep(store, sweep(spec, trials=3)))
    drive(store, lambda job: None, looks=1)
    [trial] = folder.trials()
    # As if the process had ended before it noted the run, and while it wrote about another trial.
    lines = [line for line in folder.journal_path.read_bytes().splitlines(keepends=True) if b"run_id" not in line]
    folder.journal_path.write_bytes(b"".join(lines) + b'{"op_code": 4, "wor')
    (folder.path / "journal.lock").touch()
    (folder.path / "trials.json").unlink()
    drive(store, lambda job: None, looks=2)
    assert [(each.state, each.run_id) for each in folder.trials()] == [("running", trial.run_id)]
    # And as if it had ended before there was a run.
    folder.journal_path.write_bytes(b"".join(lines))
    about = store.folder(trial.run_id).path / "about.json"
    about.write_bytes(b'{"name": "of somebody else"}')
    store.folder(trial.run_id).training.end(RunResult(status="finished"))
    drive(store)
    first, *others = folder.trials()
    assert (first.state, first.run_id) == ("failed", "")
    assert "before this trial's run was queued" in first.reason
    assert [each.state for each in others] == ["complete", "complete"]


def test_stopping_begins_nothing_new_and_lets_runs_end_or_stops_them(store: RunStore, spec) -> None:
    for runs_too in (False, True):
        folder = sweep_folder(store, start_sweep(store, sweep(spec, trials=9, seed=int(runs_too))))
        drive(store, lambda job: None, looks=1)
        [trial] = folder.trials()
        stop_sweep(store, folder.sweep_id, runs_too=runs_too)
        drive(store, lambda job: None, looks=1)
        assert store.folder(trial.run_id).training.requested == ("stop" if runs_too else "")
        drive(store)
        assert [each.state for each in folder.trials()] == ["failed" if runs_too else "complete"]
        assert folder.end.status == "stopped"
        with pytest.raises(RunError, match="ended already"):
            stop_sweep(store, folder.sweep_id, runs_too=True)


def test_repeated_settings_are_not_trained_twice_and_places_are_kept(store: RunStore, spec) -> None:
    space = (SearchField(path="model.hidden_size", choices=(4, 8, 16)),)
    folder = sweep_folder(store, start_sweep(store, sweep(spec, space=space, sampler="random", trials=10, parallel=2)))
    drive(store, lambda job: None, looks=2, places=1)
    assert len({trial.run_id for trial in folder.trials()}) == 2
    drive(store)
    trials = folder.trials()
    runs = [run for run in store.list() if not run.read_only]
    assert len(runs) == len({same_request(run.spec) for run in runs}) <= 3
    assert [trial.state for trial in trials] == ["complete"] * 10
    assert sum("The same settings as trial" in trial.reason for trial in trials) == 10 - len(runs)


def test_a_grid_tries_every_combination_once(store: RunStore, spec) -> None:
    space = (SearchField(path="model.hidden_size", low=2, high=8), SearchField(path="model.cell", choices=("gru", "rnn")))
    folder = sweep_folder(store, start_sweep(store, sweep(spec, space=space, sampler="grid", points=2, trials=50)))
    drive(store)
    tried = sorted((trial.values["model.hidden_size"], trial.values["model.cell"]) for trial in folder.trials())
    assert tried == [(2, "gru"), (2, "rnn"), (8, "gru"), (8, "rnn")]


def test_a_broken_sweep_ends_with_a_message_and_the_others_go_on(store: RunStore, spec, caplog: pytest.LogCaptureFixture) -> None:
    broken = sweep_folder(store, start_sweep(store, sweep(spec)))
    broken.journal_path.write_bytes(b"no journal\n" * 3)
    healthy = sweep_folder(store, start_sweep(store, sweep(spec, trials=1)))
    drive(store, looks=10)
    assert broken.end.status == "failed"
    assert "because of an error" in broken.end.message
    assert healthy.end.status == "finished"
    assert "met an error and ends" in caplog.text


def test_a_deleted_run_fails_its_trial_and_a_strange_id_opens_nothing(store: RunStore, spec) -> None:
    folder = sweep_folder(store, start_sweep(store, sweep(spec, trials=1)))
    supervisor = drive(store, lambda job: None, looks=1)
    store.delete(folder.trials()[0].run_id)
    supervisor.tick()
    assert "deleted" in folder.trials()[0].reason
    with pytest.raises(RunError, match="no sweep called"):
        sweep_folder(store, "../runs")


def test_no_sweep_costs_no_optuna(store: RunStore) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from seqlab.runs.store import RunStore; from seqlab.runs.supervisor import Supervisor; "
        f"Supervisor(RunStore({str(store.home)!r}), executor=object()).tick(); "
        "import seqlab.runs.sweep_store; assert 'optuna' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_readable_folder_needs_its_file(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="gone or damaged"):
        _ = SweepFolder(tmp_path).spec

import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from seqlab.config import ModelConfig, RunSpec
from seqlab.errors import RunError
from seqlab.runs.folder import RunFolder
from seqlab.runs.migrations import MIGRATIONS
from seqlab.runs.result import RunResult
from seqlab.runs.store import RunStore
from seqlab.runs.summary import default_name

SUBMIT = """
import sys
from seqlab.config import RunSpec
from seqlab.runs.store import RunStore
store = RunStore(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(store.submit(RunSpec(dataset="sunspots")), flush=True)
"""


def own(store: RunStore) -> list[str]:
    return [summary.run_id for summary in store.list() if not summary.read_only]


def test_a_submitted_run_is_found_by_its_id(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    summary = store.get(run_id)
    assert summary.spec == spec
    assert summary.status == "queued"
    assert summary.position == 1
    assert summary.name == "LSTM 8 on Airline passengers"
    assert store.folder(run_id).spec == spec
    assert own(store) == [run_id]
    assert store.changed.is_set()


def test_a_double_click_makes_one_run(store: RunStore, spec: RunSpec) -> None:
    assert store.submit(spec) == store.submit(spec)
    assert store.submit(spec.replace(fingerprint="ab" * 32)) == store.submit(spec)  # the data's fingerprint is filled in later
    other = store.submit(spec.replace(model=ModelConfig(hidden_size=4)))
    assert len(own(store)) == 2
    assert store.queue_position(other) == 2


@pytest.mark.parametrize(("status", "ago", "same"), [("finished", 0.5, True), ("failed", 0.5, True), ("finished", 60.0, False)])
def test_a_run_that_has_just_ended_is_meant_but_not_an_old_one(store: RunStore, spec: RunSpec, status: str, ago: float, same: bool) -> None:
    run_id = store.submit(spec)
    store.folder(run_id).training.end(RunResult(status=status, ended=time.time() - ago))
    assert (store.submit(spec) == run_id) is same


def test_threads_that_submit_at_once_make_one_run(store: RunStore, spec: RunSpec) -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(RunStore(store.home).submit(spec))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 6
    assert len(set(made)) == 1


@pytest.mark.slow
def test_processes_that_submit_at_once_make_one_run(store: RunStore) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-c", SUBMIT, str(store.home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    made = [process.communicate()[0].strip() for process in processes]
    assert made[0] == made[1] == own(store)[0]
    assert len(own(store)) == 1


def test_status_and_result_come_from_the_folder(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    store.request(run_id, "pause")
    assert store.get(run_id).status == "paused"
    assert store.get(run_id).position is None
    store.request(run_id, "resume")
    assert store.get(run_id).status == "queued"
    store.folder(run_id).training.end(RunResult(status="finished", scores={"mae": 1.0}))
    summary = store.get(run_id)
    assert (summary.status, summary.result and summary.result.scores) == ("finished", {"mae": 1.0})
    with pytest.raises(RunError, match=r"over \(finished\)"):
        store.request(run_id, "stop")


def test_requests_that_nobody_knows_are_refused(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    with pytest.raises(RunError, match="one of: pause, stop, resume"):
        store.request(run_id, "explode")
    with pytest.raises(RunError, match="can be stopped"):
        store.request(run_id, "pause", kind="compare")


def test_an_interrupted_run_can_be_resumed(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    (job,) = store.open_jobs()
    store.note_start(job, starts=4, progress="x")
    result = RunResult(status="interrupted")
    job.folder.end(result)
    store.close_job(job, result)
    assert store.open_jobs() == ()
    store.request(run_id, "resume")
    (job,) = store.open_jobs()
    assert (job.run_id, job.starts, job.folder.status) == (run_id, 0, "queued")


@pytest.mark.parametrize("run_id", ["", "nonsense", "..", "../../etc", "20250101-000000-abcdef", "20250101-000000-abcdef\n", "example/.."])
def test_an_id_that_names_no_run_is_an_error_and_never_a_path(store: RunStore, run_id: str) -> None:
    for look in (store.get, store.folder, store.delete):
        with pytest.raises(RunError, match="There is no run called"):
            look(run_id)
    assert store.queue_position(run_id) is None


def test_names_are_text(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec, name="  *bold* <b>  ")
    assert store.get(run_id).name == "*bold* <b>"
    store.rename(run_id, "a\nnew   name")
    assert store.get(run_id).name == "a new name"
    with pytest.raises(RunError, match="1 to 200"):
        store.rename(run_id, " ")
    with pytest.raises(RunError, match="1 to 200"):
        store.rename(run_id, "x" * 201)


def test_default_names_tell_cell_size_and_data() -> None:
    spec = RunSpec(dataset="upload:" + "ab" * 32, model=ModelConfig(cell="gru", hidden_size=16, num_layers=2))
    assert default_name(spec) == "GRU 16 × 2 on uploaded data"


def test_deleting_removes_folder_and_row(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    folder = store.folder(run_id)
    store.delete(run_id)
    assert own(store) == []
    assert list(folder.path.parent.iterdir()) == []
    with pytest.raises(RunError, match="is gone"):
        _ = folder.spec
    with pytest.raises(RunError, match="is gone"):
        folder.export_zip()


def test_a_lost_index_is_rebuilt_from_the_folders(store: RunStore, spec: RunSpec) -> None:
    first = store.submit(spec, name="first")
    store.folder(first).training.end(RunResult(status="finished", ended=1.0))
    second = store.submit(spec, name="second")
    store.rename(second, "renamed")
    store.home.joinpath("index.sqlite").unlink()
    assert {s.name: s.status for s in store.list() if not s.read_only} == {"first": "finished", "renamed": "queued"}
    assert [job.run_id for job in store.open_jobs()] == [second]
    before = own(store)
    store.rebuild()
    assert own(store) == before


@pytest.mark.parametrize("damage", [b"this is no database at all" * 100, None])
def test_a_damaged_index_is_kept_aside_and_rebuilt(store: RunStore, spec: RunSpec, damage: bytes | None) -> None:
    run_id = store.submit(spec)
    path = store.home / "index.sqlite"
    content = path.read_bytes()
    path.write_bytes(damage or content[:4096] + b"\xff" * (len(content) - 4096))
    assert own(store) == [run_id]
    assert len(list(store.home.glob("index.sqlite.damaged-*"))) == 1


def test_an_index_of_a_newer_seqlab_is_left_alone(store: RunStore, spec: RunSpec) -> None:
    store.submit(spec)
    db = sqlite3.connect(store.home / "index.sqlite")
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    with pytest.raises(RunError, match="Update seqlab"):
        store.list()


def test_reconciling_takes_in_strangers_and_sweeps_leftovers(store: RunStore, spec: RunSpec) -> None:
    gone = store.submit(spec)
    runs = store.home / "runs"
    RunFolder.create(runs / "20240101-000000-aaaaaa", spec, {"name": "found"})
    (runs / ".new-20240101-000000-bbbbbb-1-2").mkdir()
    (runs / ".deleted-x").mkdir()
    (runs / "20240101-000000-cccccc").mkdir()
    (runs / "20240101-000000-cccccc" / "spec.json").write_text("{broken")
    (runs / "my notes").mkdir()
    store.folder(gone).path.rename(store.home / "elsewhere")
    store.reconcile()
    assert own(store) == ["20240101-000000-aaaaaa"]
    assert sorted(p.name for p in runs.iterdir()) == ["20240101-000000-aaaaaa", "20240101-000000-cccccc", "my notes"]


def test_a_home_that_cannot_be_written_is_said(tmp_path: Path, spec: RunSpec) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunError, match="set SEQLAB_HOME"):
        RunStore(tmp_path / "file").submit(spec)


def test_a_comparison_needs_a_finished_model(store: RunStore, spec: RunSpec) -> None:
    run_id = store.submit(spec)
    folder = store.folder(run_id)
    with pytest.raises(RunError, match="no finished model"):
        store.submit_side(run_id, "compare", {"baselines": ["naive"]})
    assert folder.side_status("compare") == ""
    folder.model_path.write_bytes(b"weights")
    folder.training.end(RunResult(status="finished", has_model=True))
    store.submit_side(run_id, "compare", {"baselines": ["naive", "drift"]})
    store.submit_side(run_id, "compare", {"baselines": ["naive", "drift"]})
    assert folder.side_request("compare") == {"baselines": ["naive", "drift"]}
    assert folder.side_status("compare") == "queued"
    with pytest.raises(RunError, match="going on"):
        store.submit_side(run_id, "compare", {"baselines": ["ets"]})
    folder.job("compare").end(RunResult(status="finished"))
    store.submit_side(run_id, "compare", {"baselines": ["ets"]})
    assert [(job.kind, job.folder.status) for job in store.open_jobs() if job.kind == "compare"] == [("compare", "queued")]

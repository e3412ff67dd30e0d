import math

import orjson
import pytest

from seqlab.evaluation.leaks import LeakError, LeakResult
from seqlab.runs.folder import RunFolder
from seqlab.runs.leak_job import leaks_folder
from seqlab.runs.leak_log import append_leak, read_leaks
from seqlab.runs.side_progress import read_progress
from seqlab.training.fit import fit

NONE = LeakError(error=math.nan, naive=1.0, relative=math.nan, windows=3)
MADE = LeakResult(leak="scaler", reported=NONE, untouched=None, honest=NONE, caught=("Wire",), notes=("Note.",), seconds=0.5)


@pytest.fixture
def run(tmp_path, spec):
    fitted = fit(spec)
    folder = RunFolder.create(tmp_path / "run", fitted.spec, {"name": "n", "created": 0.0})
    fitted.save(folder.model_path)
    folder.job("leaks").path.mkdir()
    return folder


def ask(run, *leaks):
    (run.job("leaks").path / "request.json").write_bytes(orjson.dumps({"leaks": leaks}))
    run.job("leaks").reopen()


def test_leaks_asked_for_are_made_once_and_kept(run):
    ask(run, "scaler", "stop_on_test")
    leaks_folder(run)
    folder = run.job("leaks").path
    first = read_leaks(folder)
    assert list(first) == ["scaler", "stop_on_test"]
    assert run.job("leaks").result.status == "finished"
    assert read_progress(folder).of == 2
    ask(run, "scaler", "stop_on_test", "overlap", "no such leak")
    leaks_folder(run)
    again = read_leaks(folder)
    assert list(again) == ["scaler", "stop_on_test", "overlap"]
    assert again["scaler"] == first["scaler"]
    assert not run.comparison()[0]  # nothing broken enters the honest table


def test_a_result_survives_the_disk_and_a_torn_line(tmp_path):
    append_leak(tmp_path, MADE)
    with (tmp_path / "leaks.jsonl").open("ab") as file:
        file.write(b'{"leak": "over')
    append_leak(tmp_path, MADE)
    found = read_leaks(tmp_path)["scaler"]
    assert repr(found) == repr(MADE)
    assert read_leaks(tmp_path / "nowhere") == {}

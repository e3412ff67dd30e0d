import json
import subprocess
import sys
from pathlib import Path

import pytest

from seqlab.config import RunSpec
from seqlab.errors import ConfigError, RunError
from seqlab.runs.examples import example_folders
from seqlab.runs.ship import main, ship
from seqlab.runs.store import RunStore

LOOK = """
import pathlib, sys
from seqlab.runs.examples import example_folders
from seqlab.runs.store import RunStore
import seqlab.runs.supervisor
run = example_folders(pathlib.Path(sys.argv[1]))["example"]
assert run.trace().trace.max_error < 1e-5
assert run.forecast() is not None and run.comparison()[0] and run.read_metrics()[0] and run.spec and run.result.scores
store = RunStore(sys.argv[2])
store.submit(run.spec)
store.list()
heavy = sorted({name.split(".")[0] for name in sys.modules} & {"torch", "statsmodels", "streamlit", "plotly", "scipy"})
print(heavy)
"""


@pytest.mark.usefixtures("home")
def test_a_shipped_run_is_complete_and_read_only(tmp_path: Path, spec: RunSpec) -> None:
    for _ in range(2):  # the second takes the place of the first
        ship("airline", spec, tmp_path, label="An example", baselines=("naive",))
    assert [p.name for p in tmp_path.iterdir() if p.name != "home"] == ["airline"]
    run = example_folders(tmp_path)["example"]
    assert (run.status, run.side_status("compare"), run.read_only, run.about["name"]) == ("finished", "finished", True, "An example")
    assert [model.key for model in run.comparison()[0]] == ["fitted", "naive", "seed:1", "seed:2"]
    stored = run.trace()
    assert stored is not None
    assert stored.trace.max_error < 1e-5
    assert stored.trace.values("f").shape[:2] == stored.x.shape[:2]
    assert not (run.path / "checkpoint.safetensors").exists()
    looked = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path), str(tmp_path / "home")], capture_output=True, text=True, check=True, timeout=60
    )
    assert looked.stdout.strip() == "[]"


@pytest.mark.usefixtures("home")
def test_what_cannot_be_shipped_leaves_nothing(tmp_path: Path, spec: RunSpec, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ConfigError, match="no folder name"):
        ship("../x", spec, tmp_path / "shipped")
    with pytest.raises(RunError, match="did not finish"):
        ship("x", spec.replace(dataset="no_such_data"), tmp_path / "shipped")
    assert list((tmp_path / "shipped").iterdir()) == []
    (tmp_path / "spec.json").write_text(json.dumps({"format": 99}))
    assert main(["x", str(tmp_path / "spec.json")]) == 1
    assert "another format" in capsys.readouterr().err


def test_examples_are_listed_read_only(store: RunStore) -> None:
    for run_id in example_folders():
        summary = store.get(run_id)
        assert summary.read_only
        assert summary in store.list()
        with pytest.raises(RunError, match="cannot be deleted"):
            store.delete(run_id)
    assert sum(summary.read_only for summary in store.list()) == len(example_folders())

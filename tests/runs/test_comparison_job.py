"""A comparison in the worker: what it holds, what it leaves out, and that nothing is done twice."""

import io
import math
import runpy
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from seqlab.config import CompareConfig, RunSpec
from seqlab.errors import DataError
from seqlab.evaluation import comparison as pieces
from seqlab.runs.comparison_job import compare_folder
from seqlab.runs.durable import write_json
from seqlab.runs.export import comparison_zip
from seqlab.runs.folder import RunFolder
from seqlab.runs.side_progress import read_progress
from seqlab.runs.store import RunStore
from seqlab.training.fit import fit


@pytest.fixture
def run(store: RunStore, spec: RunSpec) -> RunFolder:
    folder = store.folder(store.submit(spec))
    fit(spec).save(folder.model_path)
    folder.job("compare").path.mkdir()
    return folder


def ask(run: RunFolder, **choices: object) -> None:
    write_json(run.job("compare").path / "request.json", CompareConfig(**choices).to_dict())
    run.job("compare").reopen()


def test_seeds_intervals_and_what_was_skipped_are_kept_and_not_done_again(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(run, baselines=("naive", "var"), seeds=2)
    compare_folder(run)
    found = {model.key: model for model in run.comparison()[0]}
    assert list(found) == ["var", "fitted", "naive", "seed:1"]
    assert "at least 2 target columns" in found["var"].skipped
    own, again = (run.comparison_forecast(found[key]) for key in ("fitted", "seed:1"))
    assert own is not None
    assert again is not None
    assert again.model == f"{own.model}, seed 1"
    assert (again.origins == own.origins).all()
    assert (again.y_pred != own.y_pred).any()
    calibration = run.comparison_forecast(found["naive"], "validation")
    assert calibration is not None
    assert calibration.origins.max() < own.origins.min()
    assert run.comparison_forecast(found["seed:1"], "validation") is None
    progress = read_progress(run.job("compare").path)
    assert progress is not None
    assert (progress.done, progress.of) == (4, 5)

    computed = []
    real = pieces.Comparison.compute
    monkeypatch.setattr(pieces.Comparison, "compute", lambda self, piece, say: computed.append(piece.key) or real(self, piece, say))
    ask(run, baselines=("naive", "drift"), seeds=2)
    compare_folder(run)
    assert computed == ["drift", "drift"]  # its forecasts of the test part, then of the validation part


def test_one_baseline_that_cannot_be_fitted_does_not_end_the_others(run: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(key: str, *rest: object) -> None:
        raise DataError(f"{key} cannot.")

    monkeypatch.setattr(pieces, "forecast_baseline", refuse)
    ask(run, baselines=("naive",), seeds=1)
    compare_folder(run)
    assert [(model.key, model.skipped) for model in run.comparison()[0]] == [("fitted", ""), ("naive", "naive cannot.")]
    assert run.side_status("compare") == "finished"


def test_the_packed_script_repeats_the_comparison_to_the_last_bit(run: RunFolder, tmp_path: Path) -> None:
    ask(run, baselines=("naive", "theta"), seeds=2, intervals=False)
    compare_folder(run)
    zipfile.ZipFile(io.BytesIO(comparison_zip(run.path))).extractall(tmp_path)
    runpy.run_path(str(tmp_path / run.path.name / "compare.py"), run_name="__main__")
    again = pd.read_csv(tmp_path / run.path.name / "comparison.again.csv", index_col="model")
    for model in run.comparison()[0]:
        means = {score.metric: score.value for score in model.scores if not score.target}
        assert {"mae", "mase"} <= set(means)
        assert all(math.isclose(again.loc[model.model, metric], value, rel_tol=1e-12) for metric, value in means.items())

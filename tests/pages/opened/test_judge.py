"""The Compare page of runs that say classes, tags, or write: every view opens by its address and has its numbers."""

import shutil
import time

import orjson
import pytest

from seqlab.config import CompareConfig, ModelConfig, RunSpec, TrainConfig
from seqlab.data.catalog import load_dataset
from seqlab.evaluation.judge import judge
from seqlab.runs.comparison_job import compare_folder
from seqlab.runs.folder import RunFolder
from seqlab.runs.metrics import MetricsLog
from seqlab.runs.predictions import save_prediction
from seqlab.runs.result import RunResult
from seqlab.training.fit import fit
from seqlab.ui.judge.views import views_of

RUNS = {
    "20260101-000000-cccccc": ("five_steps", {"sequences": 20}),
    "20260101-000000-dddddd": ("generated_entities", {"sequences": 100}),
    "20260101-000000-eeeeee": ("additions", {"sequences": 10}),
}


def make_run(folder, dataset, options):
    """A run as the workers leave it, with the cheapest baseline beside it."""
    spec = RunSpec(
        dataset=dataset,
        dataset_options=options,
        fingerprint=load_dataset(dataset, **options).fingerprint,
        model=ModelConfig(hidden_size=4, embedding_size=4),
        training=TrainConfig(epochs=1, device="cpu"),
    )
    run = RunFolder.create(folder, spec, {"name": "My *run*", "created": time.time()})
    fitted = fit(spec)
    fitted.save(run.model_path)
    said, scores = judge(fitted)
    save_prediction(folder, said)
    metrics = MetricsLog(folder / "metrics.jsonl")
    metrics.append(list(fitted.history))
    metrics.close()
    comparison = folder / "comparison"
    comparison.mkdir()
    cheapest = ("copy_source",) if fitted.prepared.task == "translate" else ("majority",)
    (comparison / "request.json").write_bytes(orjson.dumps(CompareConfig(baselines=cheapest, seeds=1).to_dict()))
    compare_folder(run)
    values = {score.metric: score.value for score in scores}
    run.training.end(RunResult(status="finished", message="Done.", scores=values, has_model=True, epochs=1, parameters=42))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judged")
    for run_id, (dataset, options) in RUNS.items():
        make_run(folder / run_id, dataset, options)
    return folder


@pytest.fixture
def judged(made, home):
    shutil.copytree(made, home / "runs")


def opened(app):
    assert not app.exception
    assert not app.error
    return app


@pytest.mark.parametrize(("run", "dataset"), [(run, dataset) for run, (dataset, _) in RUNS.items()])
def test_every_view_opens_by_its_key(judged, no_example, open_page, run, dataset):
    for view in views_of(load_dataset(dataset, **RUNS[run][1])):
        app = opened(open_page("compare", run=run, view=view))
        assert app.get_by_key("view").value == view
        assert app.get("download_button"), view


def test_a_cell_of_the_matrix_names_its_sequences(judged, home, no_example, open_page):
    run = next(iter(RUNS))
    prediction = RunFolder(home / "runs" / run).prediction()
    right = int(((prediction.y_true == 0) & (prediction.y_pred == 0)).sum())
    app = opened(open_page("compare", run=run, view="confusion", true="falls", said="falls"))
    said = " ".join(markdown.value for markdown in app.markdown)
    assert (f"{right:,} sequences are **falls** and were recognized" if right else "No **falls** was recognized") in said

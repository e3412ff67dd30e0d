import math
from pathlib import Path

from seqlab.runs.job import JobFolder
from seqlab.runs.result import RunResult


def test_a_result_comes_back_as_it_was(tmp_path: Path) -> None:
    job = JobFolder(tmp_path, "train")
    assert job.result is None
    result = RunResult(
        status="finished",
        message="Done.",
        scores={"mae": 1.5},
        notes=("a", "b"),
        seconds=2.0,
        epochs=3,
        best_validation_loss=0.25,
        ended=9.0,
    )
    job.end(result)
    assert job.result == result


def test_a_score_that_cannot_be_computed_is_nan_not_zero() -> None:
    result = RunResult.from_dict({"status": "finished", "scores": {"mase": None}})
    assert math.isnan(result.scores["mase"])
    assert math.isnan(result.best_validation_loss)


def test_fields_of_a_newer_seqlab_are_left_out() -> None:
    assert RunResult.from_dict({"status": "failed", "later": 1}).status == "failed"

"""What a worker does with a comparison: judge the run's network and the baselines, one after the other."""

import time

from seqlab.baselines.table import by_cost
from seqlab.evaluation.comparison import compare
from seqlab.runs.comparison_log import append_compared, read_compared
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.training.fit import load

__all__ = ["FITTED", "compare_folder"]

FITTED = "fitted"  # the key of the run's own network among the baselines' keys


def compare_folder(run: RunFolder) -> None:
    """Compare what has not been compared yet, and write the result. The caller holds the comparison's lock.

    Raises:
        SeqlabError: the model cannot be opened, or a baseline cannot be fitted.
    """
    if run.comparing.result is not None:
        return
    began = time.monotonic()
    known = {model.key for model in read_compared(run.comparing.path)[0]}
    asked = tuple(key for key in run.compared_with or () if key not in known)
    fitted = load(run.model_path, run.spec)
    for key, (forecast, scores) in zip((FITTED, *by_cost(asked)), compare(fitted, asked), strict=True):
        if key not in known:
            append_compared(run.comparing.path, key, forecast, tuple(scores))
    run.comparing.end(RunResult(status="finished", seconds=time.monotonic() - began, ended=time.time()))

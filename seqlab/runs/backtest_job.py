"""What a worker does with a backtest: one model and fold after the other, each stored as soon as it is there."""

import time

from seqlab.baselines.table import BASELINES
from seqlab.config import BacktestConfig
from seqlab.evaluation.backtest import Backtest
from seqlab.runs.backtest_log import StoredBacktest, append_fold, backtest_request, begin_backtest, read_backtest
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.runs.side_progress import SideProgress
from seqlab.training.fit import load

__all__ = ["backtest_folder"]


def backtest_folder(run: RunFolder) -> None:
    """Compute what has not been computed yet, and write the result. The caller holds the job's lock.

    Asked for the same again, it goes on where it was stopped; asked for anything else, it begins anew.

    Raises:
        SeqlabError: the model cannot be opened, or the folds cannot be laid out.
    """
    job = run.job("backtest")
    if job.result is not None:
        return
    began = time.monotonic()
    request = run.side_request("backtest") or backtest_request(BacktestConfig(), tuple(BASELINES))
    fitted = load(run.model_path, run.spec)
    backtest = Backtest(fitted.series.dataset, [fitted], request["baselines"], BacktestConfig.from_dict(request["config"]))
    stored = read_backtest(job.path, request)
    if stored is None:
        stored = StoredBacktest(
            request=request, labels=backtest.labels, folds=backtest.plan.folds, skipped=backtest.skipped, notes=backtest.notes
        )
        begin_backtest(job.path, stored)
    done = {(result.key, result.fold.number) for result in stored.results}
    watch = _Watch(SideProgress(job.path), len(done), stored.pieces)
    for result in backtest.events(done, watch.say):
        append_fold(job.path, result)
        watch.done += 1
    job.end(RunResult(status="finished", seconds=time.monotonic() - began, ended=time.time()))


class _Watch:
    """Turns what the backtest says into the progress that pages poll."""

    def __init__(self, progress: SideProgress, done: int, pieces: int) -> None:
        self._progress = progress
        self._doing = ""
        self._pieces = pieces
        self.done = done

    def say(self, doing: str, detail: str) -> None:
        if doing != self._doing:
            self._doing = doing
            self._progress.begin(f"{doing}.", done=self.done, of=self._pieces)
        elif detail:
            self._progress.say(detail)

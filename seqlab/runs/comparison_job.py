"""What a worker does with a comparison: the run's network, the baselines, other seeds and intervals, one after the other."""

import time

from seqlab.config import CompareConfig
from seqlab.data.prepare import Prepared
from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.errors import SeqlabError
from seqlab.evaluation.comparison import NETWORK, Comparison, Piece
from seqlab.evaluation.score import mean_over_targets, score_columns
from seqlab.evaluation.sequence_comparison import SequenceComparison
from seqlab.evaluation.verdict import compare_pair
from seqlab.records import Forecast, Prediction, Score
from seqlab.runs.comparison_log import Chance, append_calibration, append_compared, append_skipped, calibrated, read_compared
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import RunResult
from seqlab.runs.side_progress import SideProgress
from seqlab.training.fit import load

__all__ = ["compare_folder"]


def compare_folder(run: RunFolder) -> None:
    """Compute what has not been computed yet, and write the result. The caller holds the comparison's lock.

    Raises:
        SeqlabError: the model cannot be opened.
    """
    job = run.job("compare")
    if job.result is not None:
        return
    began = time.monotonic()
    fitted = load(run.model_path, run.spec)
    config = CompareConfig.from_dict(run.side_request("compare") or {})
    prepared = fitted.prepared
    comparison: Comparison | SequenceComparison = (
        SequenceComparison(fitted, config) if isinstance(prepared, PreparedSequences) else Comparison(fitted, config)
    )
    progress = SideProgress(job.path)
    known = {model.key for model in read_compared(job.path)[0]}
    for key, reason in comparison.skipped.items():
        if key not in known:
            append_skipped(job.path, key, comparison.name(key), reason)
    waiting = [piece for piece in comparison.pieces if not _is_done(run, piece)]
    done = len(comparison.pieces) - len(waiting)
    for number, piece in enumerate(waiting):
        progress.begin(piece.label, done=done + number, of=len(comparison.pieces))
        try:
            said: Prediction = comparison.compute(piece, progress.say)
        except SeqlabError as error:
            if piece.key == NETWORK:
                raise
            if piece.part == "test":
                append_skipped(job.path, piece.key, comparison.name(piece.key), str(error))
            continue
        if piece.part == "test":
            chance = _chance(run, said) if isinstance(said, Forecast) and isinstance(comparison, Comparison) else None
            append_compared(job.path, piece.key, said, _scores(comparison, said, prepared), chance)
        elif isinstance(said, Forecast):
            append_calibration(job.path, piece.key, said)
    job.end(RunResult(status="finished", seconds=time.monotonic() - began, ended=time.time()))


def _scores(comparison: Comparison | SequenceComparison, said: Prediction, prepared: Prepared | PreparedSequences) -> tuple[Score, ...]:
    """The scores of a task; of forecasts the means over the targets, then, where there are several, every target by itself."""
    if isinstance(comparison, SequenceComparison):
        return comparison.scores(said)
    if not isinstance(said, Forecast) or isinstance(prepared, PreparedSequences):
        raise TypeError("a series is forecast")
    columns = score_columns(said, prepared)
    means = mean_over_targets(columns)
    return (*means, *columns) if len(said.targets) > 1 else means


def _chance(run: RunFolder, forecast: Forecast) -> Chance | None:
    """How likely the gap to the network is luck; it is computed here because the statistics are slow to import for a page."""
    network = next((model for model in run.comparison()[0] if model.key == NETWORK), None)
    own = run.comparison_forecast(network) if network is not None else None
    if own is None:
        return None
    test = compare_pair(own, forecast, loss="absolute")
    return Chance(p_value=test.p_value, method=test.method, reason=test.reason)


def _is_done(run: RunFolder, piece: Piece) -> bool:
    folder = run.job("compare").path
    if piece.part == "test":
        return any(model.key == piece.key for model in read_compared(folder)[0])
    return calibrated(folder, piece.key)

"""A run's loss curve and figures, followed from the tail of its ``metrics.jsonl``."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from seqlab.records import BatchProgress, EpochRecord
from seqlab.ui.live_chart import Line, LiveChart
from seqlab.ui.live_levels import Levels

__all__ = ["LiveCurve", "duration"]

# Where epochs take at least so many seconds, the loss within the epoch is drawn too; in shorter ones it would only flicker.
_SLOW_EPOCH = 0.3
_RECENT = 5
_TIP_POINTS = 100

Read = Callable[[int], tuple[Sequence[Any], int]]
NO_LEVELS = Levels()


class LiveCurve:
    """What the page knows of a run: as many records as the file has, each read once.

    Args:
        run_id: the run, which names the stream of the chart.
        read: ``read(offset) -> (records, new offset)``, the run folder's ``read_metrics``.
        epochs: epochs asked for.
        batch_size: windows per step.
        levels: horizontal lines, such as the loss of the trivial predictor.
        loss: what the loss is, for the axis.
        answers: whether answers are right or wrong, so that there is an accuracy to follow; it has a chart of its own.
    """

    def __init__(
        self,
        run_id: str,
        read: Read,
        *,
        epochs: int,
        batch_size: int,
        levels: Levels = NO_LEVELS,
        loss: str = "Loss on scaled values",
        answers: bool = False,
    ) -> None:
        self._read = read
        self._offset = 0
        self._epochs = epochs
        self._batch_size = batch_size
        self.history: list[EpochRecord] = []
        self.progress: BatchProgress | None = None
        self.notes: list[str] = []
        self._tip: list[BatchProgress] = []
        self._best: EpochRecord | None = None
        self.chart = LiveChart(
            key="loss_curve",
            stream=run_id,
            lines=(Line("Training", 0), Line("Validation", 1), Line("This epoch", 0, "dashed")),
            x_label="Epoch",
            y_label=loss,
            alt="Training and validation loss by epoch",
            empty="Waiting for the first loss",
            height=330,
            log=True,
            hint=True,
            levels=levels.loss,
        )
        self.accuracy = LiveChart(
            key="accuracy_curve",
            stream=f"{run_id} accuracy",
            lines=(Line("Validation accuracy", 1),) if answers else (),
            x_label="Epoch",
            y_label="Share right",
            alt="Share of right answers on the validation part by epoch",
            empty="Waiting for the first epoch",
            height=190,
            levels=levels.accuracy,
        )

    def poll(self, *, over: bool = False) -> None:
        """Reads what was appended since the last call, and brings the chart's lines up to date.

        Args:
            over: whether the run has ended; then no epoch is under way.
        """
        records, self._offset = self._read(self._offset)
        epochs: list[EpochRecord] = []
        for record in records:
            if isinstance(record, EpochRecord):
                epochs.append(record)
                self.progress, self._tip = None, []
            elif isinstance(record, BatchProgress):
                self.progress = record
                self._tip.append(record)
            else:
                self.notes.append(record.text)
        self.history += epochs
        for record in epochs:
            if record.best:
                self._best = record
        self.chart.line("Training").append([r.epoch for r in epochs], [r.train_loss for r in epochs])
        self.chart.line("Validation").append([r.epoch for r in epochs], [r.validation_loss for r in epochs])
        judged = [(r.epoch, r.validation_accuracy) for r in epochs if r.validation_accuracy is not None]
        for line in self.accuracy.lines:
            line.append([number for number, _ in judged], [share for _, share in judged])
        if over:
            self._tip = []
        self._draw_tip()
        self.chart.marks = [(self._best.epoch, "best" if over else "best so far")] if self._best else []

    def draw(self) -> None:
        """The loss, and below it the accuracy where there is one."""
        self.chart.draw()
        if self.accuracy.lines:
            self.accuracy.draw()

    def _draw_tip(self) -> None:
        tip = [r for r in self._tip if math.isfinite(r.train_loss)]
        if not self.history and not tip:
            return
        shown = tip if not self.history or self.history[-1].seconds >= _SLOW_EPOCH else []
        every = max(1, len(shown) // _TIP_POINTS)
        kept = shown[::-1][::every][::-1]
        self.chart.line("This epoch").replace([r.epoch - 1 + r.batch / max(1, r.batches) for r in kept], [r.train_loss for r in kept])

    @property
    def last(self) -> EpochRecord | BatchProgress | None:
        """The newest record with figures."""
        return self.progress or (self.history[-1] if self.history else None)

    @property
    def best(self) -> EpochRecord | None:
        """The epoch with the best validation loss so far."""
        return self._best

    @property
    def share_done(self) -> float:
        """From 0 to 1, of the epochs asked for."""
        within = self.progress.batch / max(1, self.progress.batches) if self.progress else 0.0
        return min(1.0, (len(self.history) + within) / max(1, self._epochs))

    @property
    def windows_per_second(self) -> float:
        """Training windows handled per second; NaN before anything was."""
        if self.history:
            return self.history[-1].windows_per_second
        if self.progress and self.progress.seconds > 0:
            return self.progress.batch * self._batch_size / self.progress.seconds
        return math.nan

    @property
    def seconds_left(self) -> float:
        """Until the last epoch asked for; early stopping may end it sooner. NaN before anything is known."""
        left = (1.0 - self.share_done) * self._epochs
        recent = [record.seconds for record in self.history[-_RECENT:]]
        if recent:
            return left * sum(recent) / len(recent)
        if self.progress and self.progress.batch:
            return left * self.progress.seconds * self.progress.batches / self.progress.batch
        return math.nan


def duration(seconds: float) -> str:
    """Seconds in words, as exact as is useful.

    Example:
        >>> duration(7.4), duration(95), duration(7300), duration(float("nan"))
        ('7 s', '1 min 35 s', '2 h 1 min', '–')
    """
    if not math.isfinite(seconds):
        return "–"
    whole = max(0, round(seconds))
    units = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))
    for (size, name), (small, small_name) in pairwise(units):
        if whole >= size:
            rest = whole % size // small
            return f"{whole // size} {name} {rest} {small_name}" if rest else f"{whole // size} {name}"
    return f"{whole} s"

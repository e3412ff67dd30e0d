"""What a network says of the validation part, drawn as the model stands at this moment; a forecast here, other tasks in their own files."""

from typing import Protocol

import numpy as np
import pandas as pd

from seqlab.config import RunSpec
from seqlab.data.series import SeriesDataset
from seqlab.data.tokens import TokenDataset
from seqlab.records import Forecast, Prediction
from seqlab.runs.folder import RunFolder
from seqlab.tasks import task_entry
from seqlab.ui.datasets import Dataset
from seqlab.ui.live_chart import Line, LiveChart
from seqlab.ui.when import when

__all__ = ["ForecastPreview", "LivePreview", "preview_of"]

_CONTEXT_SHOWN = 3  # horizons of the past that are drawn before the forecast


class LivePreview(Protocol):
    """A small picture of what the network says now."""

    def poll(self, folder: RunFolder, *, over: bool = False) -> None:
        """Takes over the newest preview; costs one ``stat`` if it has been seen."""

    def draw(self) -> None:
        """Puts it on the page."""


def preview_of(run_id: str, spec: RunSpec, dataset: Dataset) -> LivePreview:
    """The preview that fits a run's task.

    Args:
        run_id: the run, which names the stream of a chart.
        spec: its settings.
        dataset: its data.
    """
    if isinstance(dataset, SeriesDataset):
        return ForecastPreview(run_id, dataset)
    from seqlab.ui.preview_classes import ClassesPreview, TagsPreview
    from seqlab.ui.preview_numbers import NumbersPreview
    from seqlab.ui.preview_written import WrittenPreview

    if isinstance(dataset, TokenDataset) and dataset.task == "translate":
        return WrittenPreview(dataset)
    task = task_entry(dataset.task)
    if not task.classes and not isinstance(dataset, TokenDataset):
        return NumbersPreview(run_id, dataset)
    return TagsPreview(dataset, spec.sequence.unit) if task.per_step else ClassesPreview(dataset)


class ForecastPreview:
    """A small chart of one validation forecast beside what came true.

    Args:
        run_id: the run, which names the stream of the chart.
        dataset: the data that the run reads.
    """

    def __init__(self, run_id: str, dataset: SeriesDataset) -> None:
        self._dataset = dataset
        self._dated = isinstance(dataset.frame.index, pd.DatetimeIndex)
        self._stamp = 0
        self.chart = LiveChart(
            key="preview",
            stream=f"{run_id} preview",
            lines=(Line("Observed", "text"), Line("Forecast", 1)),
            x_label="Date" if self._dated else "Row",
            y_label="",
            x_kind="time" if self._dated else "number",
            alt="Forecast on the validation part beside the observed values",
            empty="Waiting for the first forecast",
            caption="A forecast appears here after the first epoch, and gets better as the model learns.",
            height=300,
        )

    def poll(self, folder: RunFolder, *, over: bool = False) -> None:
        """Takes over the newest preview; costs one ``stat`` if it has been seen.

        Args:
            folder: where it lies.
            over: whether the run has ended.
        """
        stamp = folder.preview_stamp
        if stamp != self._stamp and (said := folder.preview()) is not None:
            self._stamp = stamp
            self.show(said, over=over)

    def draw(self) -> None:
        """Puts it on the page."""
        self.chart.draw()

    def show(self, said: Prediction, *, over: bool = False) -> None:
        """Draws the forecast from the middle one of its origins."""
        if not isinstance(said, Forecast) or not len(said.origins):
            return
        forecast = said
        middle = len(forecast.origins) // 2
        origin, horizon = int(forecast.origins[middle]), forecast.y_pred.shape[1]
        target = forecast.targets[0]
        first = max(0, origin - _CONTEXT_SHOWN * horizon)
        rows = np.arange(first, min(origin + horizon, len(self._dataset.frame)))
        values = self._dataset.frame[target].to_numpy(dtype=np.float64)
        ahead = np.arange(origin, origin + horizon)[: max(0, len(self._dataset.frame) - origin)]
        self.chart.y_label = target
        self.chart.line("Observed").replace(self._x(rows), values[rows])
        self.chart.line("Forecast").replace(self._x(ahead), forecast.y_pred[middle, : len(ahead), 0])
        self.chart.marks = [(self._x(np.array([origin]))[0], "forecast starts")]
        weights = "weights from shortly before the end" if over else "the weights of this moment"
        start = when(self._dataset.frame.index, origin)
        self.chart.caption = f"Validation part: {horizon} steps of {target}, forecast from {start} on with {weights}."

    def _x(self, rows: np.ndarray) -> list[float]:
        if not self._dated:
            return [float(row) for row in rows]
        stamps = self._dataset.frame.index[rows].to_numpy().astype("datetime64[ms]").astype(np.int64)
        return [float(stamp) for stamp in stamps]

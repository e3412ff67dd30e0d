"""The forecast on the validation part, drawn as the model stands at this moment."""

import numpy as np
import pandas as pd

from seqlab.data.series import SeriesDataset
from seqlab.records import Forecast
from seqlab.runs.folder import RunFolder
from seqlab.ui.live_chart import Line, LiveChart
from seqlab.ui.when import when

__all__ = ["LivePreview"]

_CONTEXT_SHOWN = 3  # horizons of the past that are drawn before the forecast


class LivePreview:
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
        if stamp != self._stamp and (forecast := folder.preview()) is not None:
            self._stamp = stamp
            self.show(forecast, over=over)

    def show(self, forecast: Forecast, *, over: bool = False) -> None:
        """Draws the forecast from the middle one of its origins."""
        if not len(forecast.origins):
            return
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
        weights = "the last weights" if over else "the weights of this moment"
        start = when(self._dataset.frame.index, origin)
        self.chart.caption = f"Validation part: {horizon} steps of {target}, forecast from {start} on with {weights}."

    def _x(self, rows: np.ndarray) -> list[float]:
        if not self._dated:
            return [float(row) for row in rows]
        stamps = self._dataset.frame.index[rows].to_numpy().astype("datetime64[ms]").astype(np.int64)
        return [float(stamp) for stamp in stamps]

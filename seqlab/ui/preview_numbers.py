"""Numbers that a network says of sequences while it learns: said against true, or both along one sequence."""

import numpy as np

from seqlab.data.sequences import SequenceDataset
from seqlab.records import Forecast, Prediction
from seqlab.runs.folder import RunFolder
from seqlab.ui.live_chart import Line, LiveChart
from seqlab.ui.preview_html import LATELY, NOW, TESTED

__all__ = ["NumbersPreview"]

MOST_TARGETS = 3


class NumbersPreview:
    """A small chart of numbers said of the validation part.

    Args:
        run_id: the run, which names the stream of the chart.
        dataset: the run's data.
    """

    def __init__(self, run_id: str, dataset: SequenceDataset) -> None:
        self._steps = dataset.task == "regress_steps"
        self._targets = dataset.target_names[: MOST_TARGETS if self._steps else 1]
        self._stamp = 0
        lines = [Line("Said", 1, "dots"), Line("Right: said = true", "text", "dashed")]
        if self._steps:
            lines = [
                line
                for number, name in enumerate(self._targets)
                for line in (Line(f"{name}, true", number + 1, "dashed"), Line(f"{name}, said", number + 1))
            ]
        self.chart = LiveChart(
            key="preview",
            stream=f"{run_id} preview",
            lines=tuple(lines),
            x_label="Step" if self._steps else f"True {self._targets[0]}",
            y_label="" if self._steps else f"Said {self._targets[0]}",
            alt="Numbers said of the validation part beside the true ones",
            empty="Waiting for the first answers",
            caption="Answers appear here after the first epoch, and get better as the model learns.",
            height=330,
        )

    def poll(self, folder: RunFolder, *, over: bool = False) -> None:
        """Takes over the newest preview; costs one ``stat`` if it has been seen.

        Args:
            folder: where it lies.
            over: whether the run has ended.
        """
        stamp = folder.preview_stamp
        if over and (said := folder.prediction()) is not None:
            self.show(said, TESTED)
        elif stamp != self._stamp and (said := folder.preview()) is not None:
            self._stamp = stamp
            self.show(said, LATELY if over else NOW)

    def draw(self) -> None:
        """Puts it on the page."""
        self.chart.draw()

    def show(self, said: Prediction, where: str) -> None:
        """Draws what was said.

        Args:
            said: what the network says.
            where: of which part and with which weights, in words.
        """
        if not isinstance(said, Forecast) or not len(said.origins):
            return
        if self._steps:
            middle = len(said.origins) // 2
            steps = int(np.isfinite(said.y_true[middle]).any(axis=1).sum())
            for number, name in enumerate(self._targets):
                places = np.arange(1, steps + 1)
                self.chart.line(f"{name}, true").replace(places, said.y_true[middle, :steps, number])
                self.chart.line(f"{name}, said").replace(places, said.y_pred[middle, :steps, number])
            self.chart.caption = f"{where}: sequence {int(said.origins[middle]) + 1:,}, step by step."
            return
        true, pred = said.y_true[:, 0, 0], said.y_pred[:, 0, 0]
        order = np.argsort(true)
        ends = np.array([np.nanmin(true), np.nanmax(true)])
        self.chart.line("Said").replace(true[order], pred[order])
        self.chart.line("Right: said = true").replace(ends, ends)
        self.chart.caption = f"{where}: {len(true):,} sequences. On the dashed line an answer is right."

"""A run while it is going on: one fragment that reads the tail of the run's folder a few times a second.

Every element in the fragment is a message per look, so it holds only what changes all the time. Badge and buttons
stand outside: a new status runs the whole page.
"""

import math
import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from seqlab.data.series import SeriesDataset
from seqlab.runs.folder import RunFolder
from seqlab.runs.result import ENDED
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui.datasets import open_dataset
from seqlab.ui.fitting_settings import task_of
from seqlab.ui.live_chart import LiveChart
from seqlab.ui.live_curve import LiveCurve, duration
from seqlab.ui.live_levels import levels_of, loss_label
from seqlab.ui.messages import attempt, escape
from seqlab.ui.preview import preview_of
from seqlab.ui.run_text import STATUS, in_queue, number
from seqlab.ui.supervision import store

__all__ = ["LiveRun"]

INTERVAL = 0.25  # seconds between two looks
FIRST_LOSS = 0.2  # seconds that the page waits, at most, for the first one


class LiveRun:
    """What the page remembers of one run between two looks. Made by each full run of the page.

    Args:
        summary: the run.
    """

    def __init__(self, summary: RunSummary) -> None:
        spec = summary.spec
        self.summary = summary
        self.folder: RunFolder = summary.folder
        dataset = open_dataset(spec.dataset, spec.dataset_options)
        self._what = "windows" if isinstance(dataset, SeriesDataset) else "sequences"
        self.curve = LiveCurve(
            summary.run_id,
            self.folder.read_metrics,
            epochs=spec.training.epochs,
            batch_size=spec.training.batch_size,
            levels=levels_of(spec, dataset),
            loss=loss_label(spec, dataset),
            answers=task_entry(task_of(dataset)).classes and task_of(dataset) != "translate",
        )
        self.preview = preview_of(summary.run_id, spec, dataset)
        self._figures = LiveChart(key="live_figures", stream=summary.run_id, alt="The newest figures of the run")
        self._environment: dict[str, Any] | None = None

    def follow(self) -> None:
        """Draws the run, and goes on drawing it until its status changes; then the page runs once more."""
        self._await_first_loss()
        status = self.folder.status
        self._draw_head(status)
        st.fragment(self._look, run_every=INTERVAL, key="live_run")(status)

    def _await_first_loss(self) -> None:
        """Gives a warm worker the moment it needs, so that the first picture has the first loss, not an empty chart."""
        deadline = time.monotonic() + FIRST_LOSS
        while self.curve.last is None and self.folder.status in ("queued", "running") and time.monotonic() < deadline:
            time.sleep(0.01)
            self.curve.poll()

    def poll(self, *, over: bool = False) -> None:
        """Reads what is new in the run's folder.

        Args:
            over: whether the run has ended.
        """
        self.curve.poll(over=over)
        self.preview.poll(self.folder, over=over)

    def draw_charts(self) -> None:
        """Loss curve and preview, side by side where there is room."""
        left, right = st.columns([3, 2], gap="medium")
        with left:
            self.curve.draw()
        with right:
            self.preview.draw()

    def _look(self, drawn: str) -> None:
        """One look.

        Args:
            drawn: the status that the page shows.
        """
        status = self.folder.status
        if status in ENDED or status != drawn:
            st.rerun()
        self.poll()
        st.progress(self.curve.share_done, text=self._where(status))
        self._figures.figures = self._newest()
        self._figures.draw()
        self.draw_charts()
        self._foot()

    def _draw_head(self, status: str) -> None:
        text = STATUS[status]
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(text.label, icon=text.icon, color=text.colour)
            st.markdown(f"**{escape(self.summary.name)}**", width="stretch")
            self._button("pause", "Pause", ":material/pause:", disabled=status != "running")
            self._button("resume", "Resume", ":material/play_arrow:", disabled=status != "paused")
            self._button("stop", "Stop", ":material/stop:", disabled=False)

    def _button(self, what: str, label: str, icon: str, *, disabled: bool) -> None:
        asked = (store().request, self.summary.run_id, what)
        st.button(label, icon=icon, key=f"request_{what}", disabled=disabled, on_click=attempt, args=asked)

    def _where(self, status: str) -> str:
        epochs = self.summary.spec.training.epochs
        if status == "queued":
            position = store().queue_position(self.summary.run_id)
            if position is not None and (position > 1 or store().training_now()):
                return in_queue(position)
            return "Starting: a fresh worker takes a few seconds"
        if self.curve.last is None:
            return "Preparing the data"
        return f"Epoch {min(len(self.curve.history) + 1, epochs)} of {epochs}"

    def _newest(self) -> tuple[tuple[str, str], ...]:
        """Label and value of the figures above the charts."""
        last, best = self.curve.last, self.curve.best
        validation = self.curve.history[-1].validation_loss if self.curve.history else math.nan
        return (
            ("Validation loss", number(validation)),
            ("Best so far", f"{number(best.validation_loss)} (epoch {best.epoch})" if best else "–"),
            *self._accuracy(),
            ("Speed", f"{number(speed)} {self._what}/s" if math.isfinite(speed := self.curve.windows_per_second) else "–"),
            ("Learning rate", number(last.learning_rate if last else math.nan, 3)),
            ("Gradient norm", number(last.gradient_norm if last else math.nan, 3)),
            ("Time left, at most", duration(self.curve.seconds_left)),
        )

    def _accuracy(self) -> tuple[tuple[str, str], ...]:
        """The newest share of right answers, where answers are right or wrong."""
        shares = [r.validation_accuracy for r in self.curve.history[-1:] if r.validation_accuracy is not None]
        return tuple(("Validation accuracy", f"{100 * share:.1f} %") for share in shares)

    def _foot(self) -> None:
        if self._environment is None:
            self._environment = self.folder.environment
        parts = list(self.curve.notes[-2:])
        if self._environment:
            parts += _machine(self._environment, self._what)
        st.caption(" · ".join(escape(part) for part in parts) or "Nothing has been trained yet.")


def _machine(environment: Mapping[str, Any], what: str) -> list[str]:
    """Where it is trained and why, and how large it is."""
    threads = environment.get("threads", 1)
    return [
        str(environment.get("device_reason", "")).rstrip("."),
        f"{threads} {'thread' if threads == 1 else 'threads'}",
        f"{environment.get('parameters', 0):,} parameters",
        f"{environment.get('train_windows', 0):,} training {what}",
    ]

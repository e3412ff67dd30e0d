"""What both ways of reading share in the view Change gates: a metric without and with the changes, the column, the changed steps."""

from itertools import groupby
from typing import Any

import numpy as np
import streamlit as st

from seqlab.gates.intervention import Intervention
from seqlab.records import SeriesPicture
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_effect import Effect
from seqlab.ui.lab.check import draw_check

__all__ = ["as_python", "bands_of", "draw_losses", "draw_metric", "effect_check", "series_of"]


def draw_metric(label: str, before: float, after: float, *, better: str = "down", help: str = "Without → with the change.") -> None:
    """A number without and with the changes, and by how much it grew.

    Args:
        label: what it is.
        before, after: without and with.
        better: which way is good: ``down`` for a loss, ``up`` for a share of right answers.
        help: tooltip.
    """
    color: Any = "inverse" if better == "down" else "normal"
    if not np.isfinite(before):
        st.metric(label, "not observed", border=True, width=260)
        return
    if not np.isfinite(after):
        st.metric(label, f"{before:.4g} → none", delta="no number any more", delta_color="inverse", border=True, width=260)
        return
    change = f"{100 * (after - before) / before:+,.1f} %" if before > 0 else f"{after - before:+.3g}"
    st.metric(
        label,
        f"{before:.4g} → {after:.4g}",
        delta=change if after != before else "no change",
        delta_color=color if after != before else "off",
        delta_arrow="auto" if after != before else "off",
        border=True,
        width=260,
        help=help,
    )


def draw_losses(bench: Bench, effect: Effect) -> None:
    """The loss of the window on the screen and of all, without and with the changes."""
    seen = np.isfinite(effect.loss_without)
    with st.container(horizontal=True, gap="medium"):
        draw_metric(f"Loss, this {bench.noun}", float(effect.loss_without[0]), float(effect.loss_changed[0]))
        if len(effect.loss_without) > 1 and seen.any():
            before, after = float(effect.loss_without[seen].mean()), float(effect.loss_changed[seen].mean())
            draw_metric(f"Mean loss, {int(seen.sum())} {bench.noun}s", before, after)
            worse = float((~(effect.loss_changed[seen] <= effect.loss_without[seen])).mean())  # no number at all is worse too
            st.metric(f"{bench.noun.capitalize()}s made worse", f"{100 * worse:.0f} %", border=True, width=220)


def effect_check(bench: Bench, effect: Effect) -> None:
    """The line that says how exact the replay is."""
    output = bench.entry.output
    several = f"{len(effect.moved)} {bench.noun}{'s' * (len(effect.moved) > 1)}"
    draw_check(
        effect.max_error,
        held=(
            f"replayed step by step without a change, {output} equals the output of the trained network; "
            f"largest |Δ| = {effect.max_error:.2g} over {several}. {effect.exact}"
        ),
        broken=f"Replayed without a change, {output} differs from the network's by",
    )


def series_of(bench: Bench) -> SeriesPicture:
    """The chosen column over all rows, in the data's own units."""
    prepared = bench.prepared
    name = prepared.target_names[bench.choice.column]
    return SeriesPicture(name=name, index=prepared.index, values=prepared.dataset.frame[name].to_numpy())


def bands_of(changes: list[Intervention], steps: int, segment_length: int) -> list[tuple[int, int]]:
    """(first, last) data steps at which anything is changed, counted from the window's first."""
    touched = sorted({step for change in changes for step in (range(steps) if change.steps is None else change.steps)})
    spans = [[step for _, step in run] for _, run in groupby(enumerate(touched), key=lambda pair: pair[1] - pair[0])]
    return [(span[0] * segment_length, (span[-1] + 1) * segment_length - 1) for span in spans]


def as_python(changes: list[Intervention]) -> str:
    """The changes as lines of a Python list."""
    return "\n".join(f"    {change!r}," for change in changes)

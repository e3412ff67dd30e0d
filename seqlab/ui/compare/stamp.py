"""What stands under every table of a comparison: what was measured, and how."""

import streamlit as st

from seqlab.evaluation.metric_table import METRICS
from seqlab.evaluation.stamp import Stamp, stamp_of
from seqlab.ui.compare.stand import SEED, Stand
from seqlab.ui.messages import escape

__all__ = ["draw_stamp", "stamp_lines", "stamp_of_stand"]

FITTED_ONCE = (
    "Baselines are fitted once, to all rows before the test part, in the data's own units; at every starting point they know all "
    "values before it, without being fitted again. The network was trained on the training part only."
)
PRACTICE = (
    FITTED_ONCE,
    "A value that was never observed counts in no error. With several target columns a metric is the mean over them.",
)


def stamp_of_stand(stand: Stand) -> Stamp:
    """The stamp of a comparison as it stands."""
    forecast = stand.forecast(stand.models[0]) if stand.models else stand.run.folder.forecast()
    return stamp_of(
        stand.run.spec,
        stand.dataset,
        stand.bounds,
        forecast=forecast,
        formulas={entry.label: entry.formula for entry in METRICS.values()},
        seeds=[int(model.key.removeprefix(SEED)) for model in stand.seeds],
        environment=stand.run.folder.environment,
    )


def stamp_lines(stand: Stand) -> tuple[str, ...]:
    """Plain lines: enough to do it again. For the head of a file."""
    return (*stamp_of_stand(stand).lines(), *PRACTICE)


def draw_stamp(stand: Stand) -> None:
    """The lines, and the formulas."""
    with st.expander("How this was measured", icon=":material/rule:"):
        lines = (*stamp_of_stand(stand).lines(formulas=False), *PRACTICE)
        st.markdown("\n".join(f"- {escape(line)}" for line in lines))
        with st.popover("Formulas", icon=":material/functions:"):
            for entry in METRICS.values():
                st.latex(rf"\text{{{entry.label.replace('%', chr(92) + '%')}}} = {entry.formula}")
                st.caption(entry.sentence)

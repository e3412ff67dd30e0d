"""The third honesty check: the same run, broken on purpose in one way after the other, and what it then pretends."""

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from seqlab.errors import SeqlabError
from seqlab.evaluation.leak_table import LEAKS, Leak
from seqlab.evaluation.leaks import LeakResult
from seqlab.figures.leaks import LeakBars, plot_leaks
from seqlab.runs.leak_log import read_leaks
from seqlab.ui.compare.leak_text import in_words
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.messages import attempt, escape
from seqlab.ui.opened import open_fitted
from seqlab.ui.run_text import number
from seqlab.ui.side_job import GOING_ON, follow_side, say_end, start_side

if TYPE_CHECKING:
    from seqlab.data.prepare import Prepared

__all__ = ["draw_leaks"]


def draw_leaks(stand: Stand) -> None:
    """What a leak is, a button for each, and the results as they arrive."""
    run = stand.run
    st.subheader("What would a leak have pretended?", anchor=False)
    st.markdown(
        "A leak is a way for the model to see, before the exam, what it will be asked. The commonest ones happen by accident, in a line of "
        "code that looks harmless. Break this run on purpose and see: the same network with the same seed is trained again, with one "
        "mistake in its data. Whatever comes out is shown, also where a leak gains nothing."
    )
    st.caption(":material/dangerous: Everything below is broken on purpose. It never enters a table of honest results.")
    status = run.folder.side_status("leaks")
    say_end(run, "leaks")
    if status in GOING_ON:
        follow_side(run, "leaks", lambda: _draw_all(stand, going_on=True))
    else:
        _draw_all(stand, going_on=False)


def _draw_all(stand: Stand, *, going_on: bool) -> None:
    results = read_leaks(stand.run.folder.job("leaks").path)
    if results:
        _draw_bars(stand, results)
    prepared = _prepared(stand)
    for leak in LEAKS.values():
        _draw_leak(stand, leak, results, prepared, going_on=going_on)
    left = [key for key in LEAKS if key not in results and not _why_not(prepared, key)]
    if not stand.run.read_only and not going_on and len(left) > 1:
        _button(stand, "Break it in all these ways", left, results, key="leak.all")
    if stand.run.read_only:
        st.caption("This is the example that comes with seqlab; train a run of your own to break it.")


def _prepared(stand: Stand) -> "Prepared | None":
    try:
        return open_fitted(stand.run.folder).series
    except SeqlabError:
        return None  # the tripwires above have said why


def _why_not(prepared: "Prepared | None", leak: str) -> str:
    from seqlab.evaluation.broken_data import why_not

    return "The run's model cannot be opened." if prepared is None else why_not(prepared, leak)


def _draw_leak(stand: Stand, leak: Leak, results: dict[str, LeakResult], prepared: "Prepared | None", *, going_on: bool) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape(leak.label)}.** {escape(leak.sentence)}")
        st.caption(f"How it happens: {escape(leak.accident)} What the honest run does: {escape(leak.honest)}")
        result = results.get(leak.key)
        if result is not None:
            _draw_result(result, many=len(stand.targets) > 1)
            return
        reason = _why_not(prepared, leak.key)
        if reason:
            st.caption(escape(reason))
        elif not stand.run.read_only:
            _button(stand, "Break it on purpose", [leak.key], results, key=f"leak.{leak.key}", disabled=going_on)


def _button(stand: Stand, label: str, keys: list[str], results: dict[str, LeakResult], *, key: str, disabled: bool = False) -> None:
    seconds = stand.run.result.seconds if stand.run.result is not None else float("nan")
    about = f" One training takes about {number(seconds, 2)} s." if seconds == seconds else ""
    st.button(
        label,
        icon=":material/bomb:",
        key=key,
        disabled=disabled,
        help=f"Trains the same network again, in the background, with the mistake in its data.{about}",
        on_click=attempt,
        args=(start_side, stand.run.run_id, "leaks", {"leaks": [*results, *keys]}),
    )


def _draw_result(result: LeakResult, *, many: bool) -> None:
    headline, *rest = in_words(result, many_targets=many)
    st.markdown(f":orange[:material/dangerous:] **{escape(headline)}** {escape(' '.join(rest))}")
    caught = "; ".join(result.caught)
    st.markdown(f"Tripwires that notice it: {escape(caught)}." if caught else "No tripwire notices it here.")
    with st.expander("What was done", icon=":material/rule:"):
        st.markdown("\n".join(f"- {escape(note)}" for note in result.notes))


def _draw_bars(stand: Stand, results: dict[str, LeakResult]) -> None:
    bars = [
        LeakBars(
            label=LEAKS[key].label,
            reported=result.reported.relative,
            untouched=result.untouched.relative if result.untouched is not None else float("nan"),
            honest=result.honest.relative,
        )
        for key, result in results.items()
        if key in LEAKS
    ]
    show_figure(
        plot_leaks(bars), key="honesty_leaks", alt="Error of every leaking model as reported, on unseen rows, and of the honest run"
    )
    few = min(result.reported.windows for result in results.values())
    if few < 30:
        st.caption(f"Some of these errors come from {few} windows only: chance plays a large part in them.")
    offer(stand, "leaks", lambda: _table(results), stamp=("BROKEN ON PURPOSE: not results of a model.", *stamp_lines(stand)))


def _table(results: dict[str, LeakResult]) -> pd.DataFrame:
    rows = []
    for key, result in results.items():
        for kind in ("reported", "untouched", "honest"):
            error = getattr(result, kind)
            if error is not None:
                rows.append(
                    {
                        "broken_on_purpose": key,
                        "kind": kind,
                        "mae": error.error,
                        "naive_mae": error.naive,
                        "relative": error.relative,
                        "windows": error.windows,
                        "false_gain": result.false_gain,
                    }
                )
    return pd.DataFrame(rows)

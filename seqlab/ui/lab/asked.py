"""What the address asks for and this run does not have: said once, instead of silently showing something else."""

import math
from collections.abc import Mapping, Sequence

import streamlit as st

from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import PARTS, order_labels
from seqlab.ui.messages import escape

__all__ = ["draw_missing", "missing", "read_address"]

_NOTE = "asked_note"
_ASKED = "asked_address"  # the address as it was before endless numbers were taken out
_WHOLE = ("window", "step", "bias_gap", "bias_seed")  # menus that take whole numbers
_LONGEST = 40


def read_address() -> dict[str, str]:
    """The words of the address, as they came.

    Endless numbers (``step=inf``, ``step=1e400``) are taken out of it and the page begins anew: Streamlit makes a whole
    number of them, which Python refuses. Call it before the first widget of the page.
    """
    kept: dict[str, str] | None = st.session_state.pop(_ASKED, None)
    if kept is not None:
        return kept
    asked = st.query_params.to_dict()
    # a widget that is on the screen already has read its word
    endless = [name for name in _WHOLE if name not in st.session_state and _is_endless(asked.get(name, ""))]
    if endless:
        st.session_state[_ASKED] = asked
        for name in endless:
            del st.query_params[name]
        st.rerun()
    return asked


def _is_endless(word: str) -> bool:
    try:
        return math.isinf(float(word))
    except ValueError:
        return False


def missing(asked: Mapping[str, str], there_are: Mapping[str, range | Sequence[str]]) -> list[str]:
    """The parts of an address that name nothing, each with what there is.

    Args:
        asked: the address's words, as they came.
        there_are: word → the numbers or names that mean something.

    Example:
        >>> missing({"unit": "999", "step": "3", "run": "x"}, {"unit": range(16), "step": range(1, 37)})
        ['unit 999 (there are 0 to 15)']
    """
    said = []
    for name, options in there_are.items():
        word = asked.get(name, "")
        if word and word not in {str(option) for option in options}:
            shown = word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"
            said.append(f"{name} {shown} ({_extent(options)})")
    return said


def _extent(options: range | Sequence[str]) -> str:
    if len(options) == 1:
        return f"there is only {options[0]}"
    if isinstance(options, range):
        return f"there are {options[0]:,} to {options[-1]:,}"
    return f"there are {', '.join(options)}"


def draw_missing(asked: Mapping[str, str], bench: Bench, views: Sequence[str], view: str) -> None:
    """Says what could not be opened, until something else is chosen.

    Args:
        asked: the address as it was before the first widget, which takes out what it cannot read.
        bench: what is shown instead.
        views: names of all views.
        view: the name of the one that is shown.
    """
    choice, prepared = bench.choice, bench.fitted.prepared
    drawn = prepared.target_names if bench.of_series else prepared.feature_names
    there_are: dict[str, range | Sequence[str]] = {
        "view": views,
        "part": PARTS,
        "column": drawn,
        "window": range(1, choice.windows + 1),
        "layer": range(1, bench.trace.num_layers + 1),
        "direction": bench.trace.directions,
        "order": list(order_labels(bench.trace.cell)),
        "unit": range(len(bench.order)),
        "step": range(1, bench.steps + 1),
    }
    if bench.noun == "text":
        del there_are["column"]  # words are no columns
    place = (bench.run.run_id, view, choice.part, choice.window, bench.layer, bench.direction, bench.unit, bench.step)
    kept_place, kept = st.session_state.get(_NOTE, (None, []))
    if kept_place != place:  # else this is a rerun of the same page, whose address has been put right in part
        kept = missing(asked, there_are)
        kept += [f"{name} {asked[name]} (it is no number)" for name in _WHOLE if name not in there_are and _is_endless(asked.get(name, ""))]
        st.session_state[_NOTE] = (place, kept)
    for name, options in there_are.items():
        # no menu is drawn for a single thing, so nobody else takes its word out of the address
        if len(options) == 1 and name in st.query_params and name not in st.session_state:
            del st.query_params[name]
    if kept:
        st.info(
            f"The address names something that this run does not have: {escape('; '.join(kept))}. What comes nearest is shown instead.",
            icon=":material/link_off:",
        )

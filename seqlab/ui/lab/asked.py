"""What the address asks for and this run does not have: said once, instead of silently showing something else."""

from collections.abc import Mapping, Sequence

import streamlit as st

from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import PARTS
from seqlab.ui.messages import escape

__all__ = ["draw_missing", "missing"]

_NOTE = "asked_note"
_LONGEST = 40


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
    choice = bench.choice
    there_are: dict[str, range | Sequence[str]] = {
        "view": views,
        "part": PARTS,
        "window": range(1, choice.windows + 1),
        "layer": range(1, bench.trace.num_layers + 1),
        "direction": bench.trace.directions,
        "unit": range(len(bench.order)),
        "step": range(1, bench.steps + 1),
    }
    place = (bench.run.run_id, view, choice.part, choice.window, bench.layer, bench.direction, bench.unit, bench.step)
    kept_place, kept = st.session_state.get(_NOTE, (None, []))
    if kept_place != place:  # else this is a rerun of the same page, whose address has been put right in part
        kept = missing(asked, there_are)
        st.session_state[_NOTE] = (place, kept)
    if kept:
        st.info(
            f"The address names something that this run does not have: {escape('; '.join(kept))}. What comes nearest is shown instead; "
            "choose above what you want to see.",
            icon=":material/link_off:",
        )

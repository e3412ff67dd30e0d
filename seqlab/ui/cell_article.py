"""Where the article's cells differ from the standard ones: in words, and with both cells' numbers side by side."""

import pandas as pd
import streamlit as st

from seqlab.gates.hand_lesson import hand_problem
from seqlab.gates.recipe import Doubles

__all__ = ["article_table", "draw_article"]

# What is compared: name on the screen, name in the standard cell, name in the article's.
_LSTM_PAIRS = (
    ("i", "i", "i"),
    ("f", "f", "f"),
    ("o", "o", "o"),
    ("candidate", "g", "c"),
    ("memory", "c", "h"),
    ("output", "h", "y"),
)
_GRU_PAIRS = (("r", "r", "r"), ("z", "z", "z"), ("candidate", "n", "n"), ("output", "h", "h"))

_LSTM_TEXT = r"""
- **Names.** What the article calls $c_t$ is the candidate (here $g$), its $h_t$ is the memory (here $c$), its $y_t$ the output (here $h$).
- **What the gates read.** A standard LSTM's gates read the last *output*; the article's read the *memory*. With a start of 0 both are the
  same at step 1, and part at step 2.
- **Shapes.** A 3 × 2 matrix times $[h_{t-1}, x_t]$ needs a vector of 2 numbers. With 3 units it is consistent only if each unit sees its
  own previous state (column 0) and the input (column 1). A standard layer has a full 3 × 3 matrix for the states: every unit sees all.
- **Biases.** torch has two of them per gate, $b_i$ and $b_h$; only their sum matters.
- **A shorthand that drops a tanh.** $y = o \cdot i \cdot c$ is not the output, not even at step 1: """

_GRU_TEXT = r"""
- **Names.** The gate called *update* (r) decides how much of the old output stays, the one called *reset* (z) how much of $c$ stays. The
  output is the state itself, $y = h$, as in a standard GRU.
- **Nothing resets the candidate.** In a GRU the reset gate decides how much of the past the candidate may use. Here the candidate always
  sees all of it.
- **Two leaky integrators, one behind the other.** $c$ is a running mean of candidates, and $h$ a running mean of $c$: a change has to
  pass both before it is seen. A standard GRU has one.
"""


def article_table(cell: str) -> pd.DataFrame:
    """Both cells with the article's numbers at steps 1 and 2, three units each.

    Args:
        cell: ``lstm`` or ``gru``.
    """
    pairs = _LSTM_PAIRS if cell == "lstm" else _GRU_PAIRS
    standard, article = hand_problem("article", cell).work(), hand_problem("article", f"article_{cell}").work()
    rows = []
    for name, ours, theirs in pairs:
        row = {"": name}
        for step in (1, 2):
            row[f"standard, step {step}"] = _three(standard[ours][step - 1])
            row[f"article, step {step}"] = _three(article[theirs][step - 1])
        rows.append(row)
    return pd.DataFrame(rows)


def _three(values: Doubles) -> str:
    return "  ".join(f"{value:.6f}" for value in values)


def shorthand() -> tuple[float, float]:
    """o·i·c and the true output of the article's LSTM, unit 0 at step 1."""
    values = hand_problem("article", "article_lstm").work()
    o, i, c, y = (float(values[name][0, 0]) for name in "oicy")
    return o * i * c, y


def draw_article() -> None:
    """Both comparisons."""
    st.subheader("Where the article's equations differ", anchor=False)
    st.markdown(
        "An introductory article prints simplified equations and works an example with them: x = 1 to 5, start at 0, every weight matrix "
        "[[.1, .2], [.3, .4], [.5, .6]], every bias [.1, .2, .3]. Below, its cells beside the standard ones with the same numbers, "
        "three units each."
    )
    lstm, gru = st.tabs(["LSTM", "GRU"])
    short, true = shorthand()
    with lstm:
        st.dataframe(article_table("lstm"), hide_index=True, width="content", key="hand_article_lstm")
        st.markdown(
            f"{_LSTM_TEXT}{short:.6f} instead of {true:.6f} for unit 0. The right one, with nothing remembered before, is "
            "$y = o \\cdot \\tanh(i \\cdot c)$."
        )
    with gru:
        st.dataframe(article_table("gru"), hide_index=True, width="content", key="hand_article_gru")
        st.markdown(_GRU_TEXT)

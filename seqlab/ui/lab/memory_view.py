"""Memory: what the state is made of, step by step, and how long every unit keeps what it has stored."""

import dataclasses

import streamlit as st

from seqlab.gates.ledger import has_ledger
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.memory_ledger import draw_ledger
from seqlab.ui.lab.memory_times import draw_times
from seqlab.ui.messages import escape

__all__ = ["draw"]

INTRO = Intro(
    shown=(
        "A memory that is kept by a gate is a sum: at every step the gate keeps a share of the old memory and something new is added. "
        "So the memory can be taken apart exactly into what each step wrote and how much of that is left: its ledger."
    ),
    look_for=(
        "Look for columns that stay coloured far down (something is kept for long) and for columns that fade within a few rows "
        "(it is forgotten); then whether any unit keeps things as long as the task needs."
    ),
    formulas=(
        (
            r"\begin{aligned} \text{LSTM: } c_t = & \sum_{j \le t} \Big(\prod_{k=j+1}^{t} f_k\Big) \odot i_j \odot g_j \\"
            r"& + \Big(\prod_{k \le t} f_k\Big) \odot c_0 \end{aligned}"
        ),
        (
            r"\begin{aligned} \text{GRU: } h_t = & \sum_{j \le t} \Big(\prod_{k=j+1}^{t} z_k\Big) \odot (1 - z_j) \odot n_j \\"
            r"& + \Big(\prod_{k \le t} z_k\Big) \odot h_0 \end{aligned}"
        ),
        r"\tau = -1 \big/ \operatorname{mean}_t \log f_t",
        r"\text{half-life} = \tau \ln 2, \quad \text{horizon} = \tau \ln 20",
        r"\text{from the bias } b \text{ alone:}\quad \tau = 1 / \log(1 + e^{-b})",
    ),
    sources=(
        "The ledger: Levy et al. 2018, Long Short-Term Memory as a Dynamically Computed Element-wise Weighted Sum, arXiv 1805.03716.",
        "Timescales and forget biases: Mahto et al. 2021, Multi-timescale Representation Learning in LSTM Language Models, 2009.12727.",
        "After τ steps 37 % of what was stored is left, after the half-life 50 %, after the horizon 5 %. For a GRU z stands for f.",
        "The state before the window is 0 in a forecaster, so nothing of it is left.",
    ),
    myths=(
        (
            "“A column shows how much the network knows of that step's input.”",
            (
                "It is content written at step j, not information from x_j only: what was written at j was computed from the hidden state "
                "too, and so from everything read before. And an input can act without being stored, through the gates."
            ),
        ),
        (
            "“LSTMs remember for ever.”",
            "A forget gate of 0.9 leaves 35 % after ten steps and 0.003 % after a hundred. Only gates very near 1 keep anything for long.",
        ),
        (
            "“A long timescale is good.”",
            "It says that the unit keeps what it holds, not that this is useful. Whether the forecast needs it is shown by changing it.",
        ),
    ),
)


SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    sources=(*INTRO.sources[:-1], "The state before a sequence is 0, so nothing of it is left."),
    myths=(
        *INTRO.myths[:-1],
        (
            INTRO.myths[-1][0],
            "It says that the unit keeps what it holds, not that this is useful. Whether the answer needs it is shown by changing it.",
        ),
    ),
)


def draw(bench: Bench) -> None:
    """The ledger of the picked unit, of all units at the cursor's step, and how long units remember."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    if not has_ledger(bench.trace.cell):
        st.info(
            f"Nothing is kept additively in a cell of the kind {escape(bench.entry.label)}: its whole state is computed anew at every "
            "step, so there is no ledger and no timescale of a gate. How far back inputs still move it is shown by the gradients. "
            "Train an LSTM or a GRU to see a ledger.",
            icon=":material/info:",
        )
        return
    draw_ledger(bench)
    draw_times(bench)

"""Gradient flow: how much of the loss's gradient arrives at every step of the window, and what carries it there."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.gradient_flow import FlowLine, flow_line, plot_gradient_flow, plot_gradient_terms, plot_jacobian_products, term_map
from seqlab.figures.palette import BASELINE_COLORS, MODEL
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.check import draw_check
from seqlab.ui.lab.choice import one_of
from seqlab.ui.lab.gradient_numbers import aligned, measure_error, measure_flow, measure_stretch, measure_terms, window_count
from seqlab.ui.lab.gradient_rivals import Rival, draw_training, fresh_rivals, own_rival, short_name, trained_rivals
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.reading import words_of
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.run_text import amount

if TYPE_CHECKING:
    from seqlab.gates.gradients import GradientFlow
    from seqlab.gates.jacobian import JacobianProducts

__all__ = ["draw"]

LAGS = (1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 300, 500, 1_000, 2_000, 5_000)
BIASES = {"as in this run": None, "0": 0.0, "1": 1.0, "3": 3.0}

INTRO = Intro(
    shown=(
        "The gradient of a step says how much the loss would change if the state of that step were pushed a little; it is all that "
        "training learns from. Drawn is its length at every step of the window, from the last one, where the forecast is made, back to "
        "the first."
    ),
    look_for=(
        "Look for how fast the lines fall to the left: where a thousandth is left, training hardly hears of what happened there. That is "
        "the vanishing gradient."
    ),
    formulas=(
        r"\Big\|\frac{\partial L}{\partial h_t}\Big\|_2",
        (
            r"\frac{\partial L}{\partial s_{t-1}} = \Big(\frac{\partial s_t}{\partial s_{t-1}}\Big)^{\!\top} "
            r"\frac{\partial L}{\partial s_t} + \text{what enters at } t-1"
        ),
        r"\text{RNN:}\ \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W_{hh}",
        r"\text{LSTM highway:}\ \Big(\prod_{k=t+1}^{T} f_k\Big) \odot \frac{\partial L}{\partial c_T}",
        r"\text{GRU highway:}\ \Big(\prod_{k=t+1}^{T} z_k\Big) \odot \frac{\partial L}{\partial h_T}",
        r"\text{Stretch:}\ \sigma_{\max}\Big(\frac{\partial s_T}{\partial s_t}\Big)",
    ),
    sources=(
        "Vanishing and exploding gradients: Bengio et al. 1994; Pascanu et al. 2013, arXiv 1211.5063.",
        "The way through the cell state: Hochreiter & Schmidhuber 1997; with a forget gate on it: Gers et al. 2000.",
        (
            "s is all that is carried to the next step: c and h of an LSTM, h of a GRU or RNN. L is the run's own loss over one window, "
            "on scaled values. The formulas of the highway hold where only the last step is read, as in the top layer of a forecaster."
        ),
    ),
    myths=(
        (
            "“LSTMs have no vanishing gradient.”",
            (
                "Only the way straight through the cell state is spared the recurrent weights, and on it the forget gate takes its share "
                "at every step. A fresh forget gate is near 0.5, and 0.5 multiplied 100 times leaves 10⁻³⁰. With a forget bias of 3 it is "
                "near 0.953: 0.8 % is left."
            ),
        ),
        (
            "“A gradient is a memory.”",
            (
                "It says what a push at that step would still change, not what is stored. A unit can hold a value for a hundred steps and "
                "pass no gradient, because the gate that wrote it is saturated."
            ),
        ),
        (
            "“A vanishing gradient is a mistake.”",
            (
                "Where the forecast needs the last few steps only, a gradient that ends there is right. It is a trouble where the data's "
                "own lag, its season for example, lies farther back than the gradient reaches."
            ),
        ),
    ),
)

SCRIPT = """
import copy

import numpy as np
import pandas as pd
from seqlab.gates.gradients import gradient_flow

model = copy.deepcopy(fitted.model).double()  # numbers far below what float32 holds stay numbers
x, future, y = x[:{windows}], future[:{windows}], y[:{windows}]
flow = gradient_flow(model, x, y, future=future, loss={loss!r})
columns = {{"dL_d" + state: flow.values(state, layer, direction) for state in flow.states}}
if flow.highway_state:
    columns["highway_" + flow.highway_state] = flow.highway_values(layer, direction)
windows, steps = columns["dL_dh"].shape
table = pd.DataFrame({{name: values.ravel() for name, values in columns.items()}})
table.insert(0, "step", np.tile(np.arange(1, steps + 1), windows))
table.insert(0, "window", np.repeat(np.arange(1, windows + 1), steps))  # 1 is the window on the screen
"""


SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    shown=(
        "The gradient of a step says how much the loss would change if the state of that step were pushed a little; it is all that "
        "training learns from. Drawn is its length at every step of the sequence, from the last one back to the first."
    ),
    sources=(
        *INTRO.sources[:-1],
        (
            "s is all that is carried to the next step. L is the run's own loss over one sequence. The formulas of the highway hold where "
            "only the last step is read. Sequences of unequal length are laid so that they end together."
        ),
    ),
    myths=(
        *INTRO.myths[:-1],
        (
            INTRO.myths[-1][0],
            (
                "Where the answer needs the last few steps only, a gradient that ends there is right. It is a trouble where what decides "
                "lies farther back than the gradient reaches."
            ),
        ),
    ),
)


def draw(bench: Bench) -> None:
    """The trained model, other cells beside it, the loss itemised, the stretch by lag."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    share = one_of(
        "Scale", ["Share of the last step", "As it is"], "Share of the last step", key="gradients_scale",
        help="Shares let models be compared whose losses differ in size.",
    ) == "Share of the last step"  # fmt: skip
    whole = measure_flow(own_rival(bench), bench)
    flow = aligned(whole, bench)
    _draw_own(bench, flow, share=share)
    rivals = _draw_beside(bench, flow, share=share)
    _draw_terms(bench)
    _draw_stretch(bench, rivals)
    offer(bench, "gradient_flow", lambda: _table(whole, bench), SCRIPT.format(windows=window_count(bench), loss=bench.loss))


def _last(bench: Bench) -> int:
    """The step that the direction reads last."""
    return 0 if bench.direction == "backward" else bench.steps - 1


def _draw_own(bench: Bench, flow: "GradientFlow", *, share: bool) -> None:
    last, where = _last(bench), (bench.layer, bench.direction)
    lines = [
        flow_line(f"∂L/∂{state}, all paths", flow.values(state, *where), last=last, share=share, color=color, unequal=not bench.of_series)
        for state, color in zip(reversed(flow.states), (MODEL, BASELINE_COLORS[1]), strict=False)
    ]
    if flow.highway_state:
        full = flow.values(flow.highway_state, *where)
        gate = bench.entry.keep_gate or "the sum"
        lines.append(
            flow_line(
                f"∂L/∂{flow.highway_state}, highway only: through {gate} alone", flow.highway_values(*where), of=full, last=last,
                share=share, color=BASELINE_COLORS[3], dash="dash", band=False, unequal=not bench.of_series,
            )
        )  # fmt: skip
    st.subheader(f"{escape(bench.fitted.name)}, trained")
    st.markdown(_reading(bench, flow))
    show_figure(
        plot_gradient_flow(
            lines,
            last=last,
            share=share,
            step=bench.step,
            segment_length=bench.trace.segment_length,
            noun=bench.noun,
            words=words_of(bench),
        ),
        key="gradients_own",
        alt=f"Norm of the gradient by each state over the steps of the {bench.noun}, on a log axis, full and through the highway alone",
    )
    bands = ""
    if lines[0].band:
        bands = f"Lines: median of {lines[0].windows:,} {bench.noun}s; bands: the middle 80 % of them; dotted: this {bench.noun}. "
    note = (
        "The highway is the way straight through the kept state; all paths through the recurrent weights are cut."
        if flow.highway_state
        else "This cell has no highway: everything goes through the recurrent weights at every step."
    )
    if bench.direction == "backward":
        note += f" The backward half reads the {bench.noun} from its end: its last step is step 1."
    if bench.layer < bench.trace.num_layers - 1:
        note += " The layer above reads every step of this one, so gradient enters at every step, not at the last one only."
    st.caption(f"{bands}{note}")
    error = measure_error(own_rival(bench), bench)
    draw_check(
        error,
        held=(
            "carried on to the input, this gradient equals the one that torch computes; "
            f"largest difference {error:.1g} of the largest value."
        ),
        broken="Carried on to the input, this gradient differs from the one that torch computes, as a share of the largest value by up to",
        below=1e-8,  # it is computed in double precision
    )


def _reading(bench: Bench, flow: "GradientFlow") -> str:
    """What is left how far back, in the actual numbers."""
    lag = max((lag for lag in LAGS if lag < bench.steps), default=0)
    where = (bench.layer, bench.direction)
    if not lag:
        return f"This {bench.noun} has one step only: there is nothing to carry back."
    found = {state: _left(flow.values(state, *where), bench, lag) for state in flow.states}
    if not np.isfinite(found["h"]):
        return f"No loss reaches this layer from these {bench.noun}s: no target was observed, or the gradient is zero."
    back = _back(lag, bench)
    said = f"{back[0].upper() + back[1:]}, **{amount(found['h'])}** of the last step's gradient ∂L/∂h is left"
    said += "".join(f", and {amount(part)} of ∂L/∂{state}" for state, part in found.items() if state != "h")
    said += f" (median over the {bench.noun}s)."
    if flow.highway_state:
        state = flow.highway_state
        part = _left(flow.highway_values(*where), bench, lag, of=flow.values(state, *where))
        said += f" The highway alone would leave {amount(part)} of ∂L/∂{state}."
    far = _reach(flow.values("h", *where), bench)
    said += f" It falls below 1 % {far:,} step{'' if far == 1 else 's'} back." if far else " It stays above 1 % all the way."
    cursor = abs(bench.step - _last(bench))
    if cursor and cursor != lag:
        said += f" At the cursor, {cursor:,} back, {amount(_left(flow.values('h', *where), bench, cursor))} of ∂L/∂h is left."
    return said


def _back(lag: int, bench: Bench) -> str:
    length = bench.trace.segment_length
    data = f" ({lag * length:,} steps of the data)" if length > 1 else ""
    return f"{lag:,} step{'' if lag == 1 else 's'} back{data}"


def _shares(norms: npt.NDArray[np.floating], bench: Bench, of: npt.NDArray[np.floating] | None = None) -> npt.NDArray[np.float64]:
    """(lag,) median over the windows of what is left."""
    line = flow_line("", norms, last=_last(bench), share=True, color=MODEL, of=of, unequal=not bench.of_series).middle
    return np.asarray(line if bench.direction == "backward" else line[::-1], dtype=np.float64)


def _left(norms: npt.NDArray[np.floating], bench: Bench, lag: int, of: npt.NDArray[np.floating] | None = None) -> float:
    return float(_shares(norms, bench, of)[lag])


def _reach(norms: npt.NDArray[np.floating], bench: Bench) -> int:
    """The first lag at which less than 1 % is left; 0 if there is none."""
    return int(np.argmax(_shares(norms, bench) < 0.01))


def _draw_beside(bench: Bench, flow: "GradientFlow", *, share: bool) -> list[Rival]:
    from seqlab.gates.siblings import MATCHES  # imports torch

    st.subheader("RNN, LSTM and GRU side by side")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        label = one_of(
            "Same", list(MATCHES.values()), MATCHES["hidden"], key="gradients_match",
            help="An LSTM has four times the weights of an RNN of the same hidden size, a GRU three times.",
        )  # fmt: skip
        bias = one_of("Forget bias of the untrained LSTM", list(BIASES), next(iter(BIASES)), key="gradients_bias")
        match = next(key for key, text in MATCHES.items() if text == label)
    fresh, trained = fresh_rivals(bench, match, BIASES[bias]), trained_rivals(bench)
    own = own_rival(bench)
    lines: list[FlowLine] = []
    left: dict[str, list[str]] = {"dash": [], "solid": []}
    lag = max((lag for lag in LAGS if lag < bench.steps), default=0)
    for rival in (own, *trained, *fresh):
        norms = (flow if rival is own else aligned(measure_flow(rival, bench), bench)).values("h", bench.layer, bench.direction)
        line = flow_line(
            rival.name, norms, last=_last(bench), share=share, color=rival.color, dash=rival.dash, band=False, unequal=not bench.of_series
        )
        lines.append(line)
        name = (
            "this run"
            if rival is own
            else f"the {short_name(rival.cell)}"
            if rival.dash == "dash"
            else escape(rival.name.removesuffix(", trained"))
        )
        left[rival.dash].append(f"{amount(_left(norms, bench, lag))} in {name}")
    if lag:
        back = _back(lag, bench)
        st.markdown(
            f"{back[0].upper() + back[1:]}, there is left of ∂L/∂h: before any training {', '.join(left['dash'])}; "
            f"after it {', '.join(left['solid'])}."
        )
    show_figure(
        plot_gradient_flow(
            lines,
            last=_last(bench),
            share=share,
            step=bench.step,
            segment_length=bench.trace.segment_length,
            noun=bench.noun,
            words=words_of(bench),
        ),
        key="gradients_beside",
        alt=f"Norm of the gradient by h over the steps of the {bench.noun} for RNN, LSTM and GRU, untrained and trained",
    )
    st.caption(
        f"Medians over the same {bench.noun}s. The untrained networks are drawn from this run's seed."
        + (
            " A fresh forecast head starts at zero and would pass no gradient; these heads start as torch's linear layers do."
            if bench.of_series
            else ""
        )
    )
    draw_training(bench, match)
    return [own, *trained, *fresh]


def _draw_terms(bench: Bench) -> None:
    st.subheader(f"Which step of the {bench.answer} it comes from")
    reason = _one_term(bench)
    if reason:
        st.caption(reason)
        return
    states = [gate.name for gate in reversed(bench.entry.gates) if gate.is_state]
    state = one_of("State", states, "h", key="gradients_state")
    terms = measure_terms(own_rival(bench), bench, state)
    norms = terms.norms[0, :, bench.target]
    written = () if bench.of_series else _answered(bench, len(norms))
    st.markdown(_reading_terms(norms, _last(bench), state, bench))
    show_figure(
        plot_gradient_terms(
            norms, last=_last(bench), step=bench.step, segment_length=bench.trace.segment_length, name=state,
            height=int(np.clip(130 + 14 * len(norms), 220, 480)), noun=bench.noun, answer=bench.answer, words=words_of(bench),
            written=written,
        ),
        key="gradients_terms",
        alt=f"Heat map of the gradient's norm, a row per step of the {bench.answer} and a column per step of the {bench.noun}",
    )  # fmt: skip
    st.caption(
        f"This {bench.noun} only{_how_many_columns(norms)}. "
        f"A row with an error near zero is dark throughout: where the {bench.answer} is right, nothing is to be learnt. "
        f"Check: the rows' gradients add up to the whole one; largest difference {terms.max_error:.1g} of the largest value."
    )


def _how_many_columns(norms: npt.NDArray[np.floating]) -> str:
    """What is left out of the map, for the end of a sentence.

    Example:
        >>> _how_many_columns(np.ones((2, 600))), _how_many_columns(np.ones((2, 1001)))
        ('', ', and 501 of its 1,001 steps')
    """
    steps, drawn = norms.shape[1], len(term_map(norms).columns)
    return f", and {drawn:,} of its {steps:,} steps" if drawn < steps else ""


MOST_TERMS = 300


def _one_term(bench: Bench) -> str:
    """Why the loss of this run is not itemised; empty if it is."""
    if bench.loss == "crf":
        return "A conditional random field judges all tags together, so its loss has one term: the picture above is all there is."
    if bench.y.shape[1] == 1:
        what = "forecasts one step" if bench.of_series else f"gives one answer to a whole {bench.noun}"
        return f"This run {what}, so its loss has one term: the picture above is all there is."
    if not bench.of_series and bench.steps > MOST_TERMS:
        return f"This {bench.noun} has more than {MOST_TERMS} steps with an answer each: too many to carry all their gradients back."
    return ""


def _answered(bench: Bench, count: int) -> tuple[str, ...]:
    """(step of the answer,) the right symbols or tags, as names of the rows; empty where they are numbers."""
    prepared = bench.sequences
    if bench.task == "translate":
        return (*prepared.target_symbols(bench.choice.part, bench.choice.window), "(end)", *[""] * count)[:count]
    if bench.task != "tag":
        return ()
    numbers = bench.y[0, :count, 0]
    return tuple("" if np.isnan(number) else prepared.classes[int(number)] for number in numbers)


def _reading_terms(norms: npt.NDArray[np.floating], last: int, state: str, bench: Bench) -> str:
    strength = norms[:, last]
    if not np.isfinite(strength).any():
        where = "in the steps ahead of this window" if bench.of_series else f"of this {bench.noun}"
        return f"Nothing was observed {where}, so it has no loss."
    step = int(np.nanargmax(strength))
    if not strength[step] > 0:
        return f"The loss of this {bench.noun} sends no gradient back."
    part = strength[step] / np.nansum(strength)
    which = f"step {step + 1} ahead" if bench.of_series else f"the answer at step {step + 1}"
    return f"The strongest gradient by {state} at the last step comes from {which}: {100 * part:.0f} % of the rows' sum."


def _draw_stretch(bench: Bench, rivals: list[Rival]) -> None:
    st.subheader("How much a push can be stretched at most")
    if bench.steps < 2:
        st.caption(f"This {bench.noun} has one step only: nothing is carried from step to step.")
        return
    found = [(rival, measure_stretch(rival, bench)) for rival in rivals]
    curves = [(rival, stretch) for rival, stretch in found if stretch is not None]
    left_out = [rival.name for rival, stretch in found if stretch is None]
    if curves:
        st.markdown(_reading_stretch(curves[0][1], bench))
        show_figure(
            plot_jacobian_products([(rival.name, rival.color, rival.dash, stretch.lags, stretch.log10) for rival, stretch in curves]),
            key="gradients_stretch",
            alt="Largest singular value of the product of Jacobians by the number of steps, on a logarithmic axis",
        )  # fmt: skip
    st.caption(
        "How the last state answers to a push of the state so many steps before, at most: the largest singular value of the product of the "
        f"steps' Jacobians, in this {bench.noun}. Whatever the loss, no gradient is carried better than this. Above "
        "the dotted line some push grows, below it every push fades."
    )
    if left_out:
        st.caption(f"Left out, as these states are too wide for a quick answer: {', '.join(escape(name) for name in left_out)}.")


def _reading_stretch(found: "JacobianProducts", bench: Bench) -> str:
    lag, log10 = int(found.lags[-1]), float(found.log10[-1])
    beyond = 300 <= abs(log10) < np.inf  # more than a float holds; a product that has vanished has -inf
    what = f"10^{log10:.0f}" if beyond else amount(10.0**log10)
    return f"In the trained {short_name(bench.trace.cell)}, over {lag:,} steps the largest stretch is {what}" + (
        " of the push." if "times" not in what else " the push."
    )


def _table(flow: "GradientFlow", bench: Bench) -> pd.DataFrame:
    where = (bench.layer, bench.direction)
    columns = {f"dL_d{state}": flow.values(state, *where) for state in flow.states}
    if flow.highway_state:
        columns[f"highway_{flow.highway_state}"] = flow.highway_values(*where)
    windows, steps = columns["dL_dh"].shape
    table = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    table.insert(0, "step", np.tile(np.arange(1, steps + 1), windows))
    table.insert(0, "window", np.repeat(np.arange(1, windows + 1), steps))
    return table

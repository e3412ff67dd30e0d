"""State transplant: one window read with the memory of another, to see what of the forecast the memory carries."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.transplant import FlipInfo, plot_flip, plot_transplant
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import follow_default, one_of
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.reading import places_of, words_of
from seqlab.ui.lab.sequence_choice import first_words, right_answer
from seqlab.ui.lab.take_away import offer
from seqlab.ui.lab.transplant_answer import draw_transplanted
from seqlab.ui.messages import escape
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.gates.transplant import FlipScore, Transplant

__all__ = ["draw"]

MOST_STEPS = 200
MOST_WORK = 20_000_000  # donors times steps times steps times units: about a second

INTRO = Intro(
    shown=(
        "One window of the data (A, the one chosen above) is read up to a step. Then the network's memory is exchanged for the one it has "
        "at the same step of another window (B), and the rest of A is read as if nothing had happened."
    ),
    look_for=(
        "A flip score of 1 means that the forecast has become B's, 0 that it has stayed A's: where the curve rises shows how far back "
        "the memory reaches that decides the forecast."
    ),
    formulas=(
        r"\text{flip} = \frac{\hat y(A \leftarrow B) - \hat y(A)}{\hat y(B) - \hat y(A)}",
        r"d_k = \hat y_k(B) - \hat y_k(A)",
        r"m_k = \hat y_k(A \leftarrow B) - \hat y_k(A)",
        r"\text{whole forecast: } \textstyle\sum_k m_k d_k \big/ \sum_k d_k^2",
    ),
    sources=(
        "An interchange intervention: Geiger, Lu, Icard & Potts 2021, Causal Abstractions of Neural Networks, arXiv 2106.02997.",
        "Scores are computed on the scale on which the network works; k counts the steps ahead (and the columns).",
    ),
    myths=(
        (
            "“A unit that is busy is used.”",
            "Activity shows nothing about use. Exchange the unit and look whether the forecast follows.",
        ),
        (
            "“A score above 1 or below 0 must be an error.”",
            "No: B's memory meets A's inputs, a mixture the network has never read, and it may overshoot or turn the other way.",
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    shown=(
        "One sequence (A, the one chosen above) is read up to a step. Then the network's memory is exchanged for the one it has "
        "at the same step of another sequence (B), and the rest of A is read as if nothing had happened."
    ),
    look_for=(
        "A flip score of 1 means that the answer has become B's, 0 that it has stayed A's: where the curve rises shows how far back "
        "the memory reaches that decides the answer."
    ),
    formulas=(*INTRO.formulas[:-1], r"\text{whole answer: } \textstyle\sum_k m_k d_k \big/ \sum_k d_k^2"),
    sources=(
        INTRO.sources[0],
        (
            "Scores of classes are computed from the logits; k counts the outputs, and the steps that have an answer of their own, from "
            "the exchange on. A translator is told A's symbols all the way, also as B: so only what was read differs."
        ),
    ),
    myths=((INTRO.myths[0][0], INTRO.myths[0][1].replace("forecast", "answer")), INTRO.myths[1]),
)

SEQUENCE_SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.transplant import transplant_state

made = transplant_state(
    fitted.model, x[0], x[[{donor}]], receiver_future=future[0], donor_futures=future[[{donor}]],
    layer={layer}, direction=direction, units={units}, steps={steps},
)
flips = made.flips()
steps, answers, outputs = made.mixed.shape[1:]
table = pd.DataFrame({{
    "step": np.repeat(made.steps + 1, answers * outputs),
    "answer_step": np.tile(np.repeat(np.arange(1, answers + 1), outputs), steps),
    "output": np.tile(np.arange(1, outputs + 1), steps * answers),
    "answer_a_with_state_of_b": made.mixed[0].ravel(),
    "flip_score": flips.by_target[0].ravel(),
    "flip_score_whole_answer": np.repeat(flips.overall[0], answers * outputs),
}})
"""

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.transplant import transplant_state

made = transplant_state(
    fitted.model, x[0], x[[{donor}]], receiver_future=future[0], donor_futures=future[[{donor}]],
    layer={layer}, direction=direction, units={units}, steps={steps},
)
flips = made.flips(beyond_reference={beyond})


def in_data_units(values):  # (..., horizon, target) on the model's scale -> (..., horizon) of the chosen column
    flat = values.reshape(-1, *values.shape[-2:])
    return fitted.prepared.to_data_units(flat, np.full(len(flat), {series}))[..., {target}].reshape(values.shape[:-1])


steps, horizon = made.mixed.shape[1:3]
table = pd.DataFrame({{
    "step": np.repeat(made.steps + 1, horizon),
    "steps_ahead": np.tile(np.arange(1, horizon + 1), steps),
    "forecast_a": np.tile(in_data_units(made.receiver), steps),
    "forecast_b": np.tile(in_data_units(made.donors[0]), steps),
    "forecast_a_with_state_of_b": in_data_units(made.mixed[0]).ravel(),
    "flip_score": flips.by_target[0, ..., {target}].ravel(),
    "flip_score_whole_forecast": np.repeat(flips.overall[0], horizon),
}})
"""


def draw(bench: Bench) -> None:
    """Choices, the curve of flip scores, the three forecasts at the cursor's step."""
    from seqlab.gates.transplant import transplant_state  # imports torch

    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    if len(bench.samples) < 2:
        st.info(f"A transplant needs a second {bench.noun}, and this part has one only. Choose another part.", icon=":material/info:")
        return
    donor, units, layer, beyond = _choose(bench)
    steps = _steps(bench)
    made = transplant_state(
        bench.fitted.model,
        bench.x[0],
        bench.x[_donors(bench, donor, len(steps))],
        receiver_future=bench.future[0],
        donor_futures=bench.future[_donors(bench, donor, len(steps))],
        layer=layer,
        direction=bench.direction,
        units=units,
        steps=steps,
    )
    flips = made.flips(beyond_reference=beyond)
    at = int(np.flatnonzero(made.steps == bench.step)[0])
    for sentence in _reading(bench, flips, made.steps, at, donor, units):
        st.caption(sentence)
    _draw_figures(bench, made, flips, at, beyond=beyond)
    if flips.reason:
        st.caption(escape(flips.reason.replace("forecasts", f"{bench.answer}s")))
    script = (SCRIPT if bench.of_series else SEQUENCE_SCRIPT).format(
        donor=donor, layer=layer, units=units, steps=made.steps.tolist(), beyond=beyond, series=bench.series, target=bench.target
    )
    offer(bench, "transplant", lambda: _table(bench, made, flips) if bench.of_series else _sequence_table(made, flips), script)


def _sequence_table(made: "Transplant", flips: "FlipScore") -> pd.DataFrame:
    steps, answers, outputs = made.mixed.shape[1:]
    return pd.DataFrame(
        {
            "step": np.repeat(made.steps + 1, answers * outputs),
            "answer_step": np.tile(np.repeat(np.arange(1, answers + 1), outputs), steps),
            "output": np.tile(np.arange(1, outputs + 1), steps * answers),
            "answer_a_with_state_of_b": made.mixed[0].ravel(),
            "flip_score": flips.by_target[0].ravel(),
            "flip_score_whole_answer": np.repeat(flips.overall[0], answers * outputs),
        }
    )


def _choose(bench: Bench) -> tuple[int, list[int] | None, int | None, bool]:
    """Place of the donor among the samples, units, layer, and whether the reference is left out."""
    windows = bench.choice.windows
    numbers = {int(sample) % windows + 1: place for place, sample in enumerate(bench.samples) if place}
    names = {str(number): place for number, place in sorted(numbers.items())}
    default = _most_different(bench, names)
    follow_default("transplant_donor", default)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        chosen = st.selectbox(
            f"{bench.noun.capitalize()} B, which gives its memory",
            list(names),
            list(names).index(default),
            key="transplant_donor",
            bind="query-params",
            width=240,
            format_func=lambda name: name if bench.of_series else _named(bench, int(name)),
            help=f"A {bench.noun} of the same part. At first the one whose {bench.answer} differs most from A's.",
        )
        layers = ["All layers", f"Layer {bench.layer + 1}"] if bench.trace.num_layers > 1 else ["All layers"]
        where = one_of("Exchanged in", layers, "All layers", key="transplant_layers", help="Layer: the one chosen above.")
        units = st.multiselect(
            "Units exchanged",
            [str(unit) for unit in range(len(bench.order))],
            key="transplant_units",
            bind="query-params",
            placeholder="All units",
            width=300,
            help=f"Leave empty for all. Fewer units: which of them carry what the {bench.answer} needs?",
        )
        judged = ["What the network adds", f"The whole {bench.answer}"]
        if not bench.of_series or bench.fitted.spec.model.reference == "none":
            judged = judged[1:]
        of = one_of(
            "Score of",
            judged,
            judged[0],
            key="transplant_score",
            help="This network adds something to a reference path, which is computed from A's inputs and is no part of its memory.",
        )
    chosen = chosen if chosen in names else default
    picked = sorted(int(unit) for unit in units) or None
    return names[chosen], picked, None if where == "All layers" else bench.layer, of == "What the network adds"


def _named(bench: Bench, number: int) -> str:
    """A sequence in the menu: its number, its right answer, how it begins."""
    part, prepared = bench.choice.part, bench.sequences
    answer = right_answer(prepared, part, number - 1) if prepared.task == "classify" else ""
    return " · ".join(piece for piece in (str(number), answer, first_words(prepared, part, number - 1, 30)) if piece)


def _most_different(bench: Bench, names: dict[str, int]) -> str:
    """The donor whose forecast lies farthest from A's; of sequences one that is not shorter than A, if there is any."""
    from seqlab.gates.transplant import forecast_distances  # imports torch

    away = forecast_distances(bench.fitted.model, bench.x, bench.future)
    lengths = bench.trace.lengths
    long = [name for name in names if lengths is None or lengths[names[name]] >= bench.steps]
    return max(long or names, key=lambda name: float(away[names[name]]))


def _steps(bench: Bench) -> list[int]:
    """All steps, or some spread over the window with the cursor's among them."""
    spread = np.linspace(0, bench.steps - 1, min(bench.steps, MOST_STEPS)).astype(np.int64)
    return [int(step) for step in np.union1d(spread, [bench.step])]


def _donors(bench: Bench, donor: int, steps: int) -> list[int]:
    """Places of the chosen donor and of as many others as can be computed in about a second."""
    units = len(bench.order) * len(bench.trace.directions) * bench.trace.num_layers
    most = int(np.clip(MOST_WORK // max(1, steps * bench.steps * units), 1, len(bench.samples)))
    others = [place for place in range(1, len(bench.samples)) if place != donor]
    return [donor, *others[: most - 1]]


def _reading(bench: Bench, flips: "FlipScore", steps: npt.NDArray[np.int64], at: int, donor: int, units: list[int] | None) -> list[str]:
    what = "the whole memory" if units is None else f"{len(units)} of {len(bench.order)} units"
    score = float(flips.overall[0, at])
    none = f"Their {bench.answer}s are the same, so there is no way to go. Choose another {bench.noun} B."
    if bench.trace.lengths is not None and bench.step >= bench.trace.lengths[donor]:
        none = f"B ends before step {bench.step + 1:,}, so it has no state there. Choose an earlier step, or another {bench.noun} B."
    said = [
        _who(bench, donor)
        + (
            f"With {what} exchanged after step {bench.step + 1:,}, the {bench.answer} goes {round(100 * score):,} % of the way from A's to "
            "B's."
            if np.isfinite(score)
            else none
        )
    ]
    backward = bench.direction == "backward"
    late = _half_way(flips.overall[0][:: -1 if backward else 1])
    if late is not None:
        step = int(steps[::-1][late] if backward else steps[late])
        after = (step if backward else bench.steps - 1 - step) * bench.trace.segment_length
        said.append(
            f"It goes more than half-way as long as A reads no more than {after:,} step{'' if after == 1 else 's'} after the exchange; "
            "of an earlier one, A's own inputs leave less than half."
            if after
            else "It goes more than half-way only if A reads nothing more after the exchange: its own next input takes back more than half."
        )
    if len(bench.trace.directions) > 1:
        said.append(f"Only the {bench.direction} half is exchanged; the other one reads A as it is, so the score need not reach 1.")
    return said


def _who(bench: Bench, donor: int) -> str:
    """What A and B are, to begin a sentence with; empty for sequences, which the menu names."""
    if not bench.of_series:
        return ""
    prepared = bench.prepared
    origin = int(prepared.windows(bench.choice.part).origins[int(bench.samples[donor]) % bench.choice.windows])
    return f"B forecasts from {when(prepared.index, origin)}, A from {when(prepared.index, bench.choice.origin)}. "


def _half_way(scores: npt.NDArray[np.float64]) -> int | None:
    """Place of the first step from which on all scores are above a half; ``None`` if the last is not.

    Example:
        >>> _half_way(np.array([0.9, 0.1, 0.6, 1.0])), _half_way(np.array([0.2, np.nan]))
        (2, None)
    """
    below = np.flatnonzero(~(scores > 0.5))
    first = int(below[-1]) + 1 if len(below) else 0
    return first if first < len(scores) else None


def _draw_figures(bench: Bench, made: "Transplant", flips: "FlipScore", at: int, *, beyond: bool) -> None:
    places, words = places_of(bench), words_of(bench)
    info = FlipInfo(
        places=places[made.steps],
        scores=flips.overall[0],
        others=flips.overall[1:],
        by_horizon=flips.by_target[0, ..., bench.target] if bench.of_series else np.empty((len(made.steps), 1)),
        cursor=places[bench.step],
        answer=bench.answer,
        words=[words[step] for step in made.steps] if words else (),
    )
    if not bench.of_series:
        show_figure(plot_flip(info), key="transplant_flip", alt="Flip score of the answer by the step after which the state was exchanged")
        draw_transplanted(bench, made, at)
        return
    prepared = bench.prepared
    origin = bench.choice.origin
    horizon = len(made.receiver)
    donor = made.donors[0] - made.donor_references[0] + made.receiver_reference if beyond else made.donors[0]
    with st.grid(2, min_column_width=420):
        show_figure(
            plot_flip(info), key="transplant_flip", alt="Flip score of the forecast by the step after which the state was exchanged"
        )
        show_figure(
            plot_transplant(
                _in_data_units(bench, made.receiver),
                _in_data_units(bench, donor),
                _in_data_units(bench, made.mixed[0, at]),
                prepared.y_true([origin])[0, :, bench.choice.column],
                unit=prepared.target_names[bench.choice.column],
                labels=[when(prepared.index, origin + ahead) for ahead in range(horizon)],
                donor_name="what B adds, on A's reference" if beyond else "B",
            ),
            key="transplant_forecasts",
            alt="Forecasts of A, of B, and of A with B's state",
        )


def _in_data_units(bench: Bench, values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """(..., horizon, target) on the model's scale → (..., horizon) of the chosen column."""
    prepared = bench.prepared
    flat = values.reshape(-1, *values.shape[-2:])
    series = np.full(len(flat), bench.series)
    data: npt.NDArray[np.float64] = prepared.to_data_units(flat, series)[..., bench.target].reshape(values.shape[:-1])
    return data


def _table(bench: Bench, made: "Transplant", flips: "FlipScore") -> pd.DataFrame:
    steps, horizon = made.mixed.shape[1:3]
    return pd.DataFrame(
        {
            "step": np.repeat(made.steps + 1, horizon),
            "steps_ahead": np.tile(np.arange(1, horizon + 1), steps),
            "forecast_a": np.tile(_in_data_units(bench, made.receiver), steps),
            "forecast_b": np.tile(_in_data_units(bench, made.donors[0]), steps),
            "forecast_a_with_state_of_b": _in_data_units(bench, made.mixed[0]).ravel(),
            "flip_score": flips.by_target[0, ..., bench.target].ravel(),
            "flip_score_whole_forecast": np.repeat(flips.overall[0], horizon),
        }
    )

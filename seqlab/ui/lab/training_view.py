"""Through training: the same network at up to fifty moments, from its first weights to its last."""

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.forecast import plot_forecast
from seqlab.figures.gradient_flow import flow_line, plot_gradient_flow
from seqlab.figures.palette import BASELINE_COLORS, MODEL, TRUTH
from seqlab.figures.saturation import TriangleInfo
from seqlab.figures.through_training import COLORS, Curve, StoryInfo, StoryRow, plot_story, unit_curves
from seqlab.records import Forecast, SeriesPicture
from seqlab.runs.snapshots import stored_steps
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.choice import choose_number
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.memory_text import timescale
from seqlab.ui.lab.reading import words_of
from seqlab.ui.lab.take_away import offer
from seqlab.ui.lab.training_answer import answer_row, draw_answer
from seqlab.ui.lab.triangles import draw_triangles
from seqlab.ui.run_text import amount, number

if TYPE_CHECKING:
    from seqlab.figures.layout import Figure
    from seqlab.gates.through_training import ThroughTraining
    from seqlab.training.fitted import Fitted

__all__ = ["draw"]

MOST_WINDOWS = 16
LAGS = (1, 10, 30, 100)

INTRO = Intro(
    shown=(
        "While this network was trained, its weights were kept at up to fifty steps; here every one of them is opened over the same "
        "windows, so that the whole training is one picture, and the slider shows one moment of it."
    ),
    look_for=(
        "Look where the loss falls, and what changes at the same step: whether units begin to remember longer, gates begin to close, or "
        "the gradient begins to reach back."
    ),
    formulas=(
        r"\tau = -1 \big/ \operatorname{mean}_t \log f_t \quad (z_t \text{ in a GRU})",
        r"\text{open} = \operatorname{mean}_t\,[\,a_t > 0.9\,], \qquad \text{shut} = \operatorname{mean}_t\,[\,a_t < 0.1\,]",
        r"\text{left } k \text{ steps back} = \lVert \partial L / \partial h_{T-k} \rVert \,/\, \lVert \partial L / \partial h_T \rVert",
    ),
    sources=(
        "Timescale: Mahto et al. 2021, arXiv 2009.12727. Saturation: Karpathy et al. 2015, arXiv 1506.02078.",
        "Gradient: Pascanu et al. 2013, arXiv 1211.5063; median over the windows.",
        "Snapshots lie evenly on a logarithmic axis of steps, as most happens early. Step 0 is the network before training.",
    ),
    myths=(
        (
            "“Training improves everything a little at every step.”",
            (
                "Often little seems to happen for a long time, then much within a few steps: something has to be stored before reading it "
                "pays."
            ),
        ),
        (
            "“The last weights are the model.”",
            "The finished model has the weights of the best validation loss, at the dotted line; later steps may only fit the noise.",
        ),
    ),
)

SEQUENCE_INTRO = dataclasses.replace(
    INTRO,
    shown=INTRO.shown.replace("windows", "sequences"),
    sources=tuple(source.replace("windows", "sequences") for source in INTRO.sources),
)

SCRIPT = """
import pandas as pd
from seqlab.gates.through_training import measure_through
from seqlab.runs.snapshots import snapshot_networks

few = slice(0, {windows})
networks = snapshot_networks(fitted, here / "snapshots.safetensors")
story = measure_through(
    networks, x[few], y[few], future=future[few], loss={loss!r}, layer=layer, direction=direction
)
columns = {{"step": story.steps, "loss": story.loss}}
columns |= {{f"gradient_left_after_{{lag}}": story.left_after(lag) for lag in {lags}}}
for number, gate in enumerate(story.gates):
    columns |= {{f"{{gate}}_open": story.open[:, number].mean(axis=1), f"{{gate}}_shut": story.shut[:, number].mean(axis=1)}}
columns |= {{f"timescale_of_unit_{{unit}}": story.timescale[:, unit] for unit in range(story.timescale.shape[1])}}
table = pd.DataFrame(columns)
"""


def draw(bench: Bench) -> None:
    """The story of the training, one moment of it, and what it says in numbers."""
    introduce(INTRO if bench.of_series else SEQUENCE_INTRO)
    steps = stored_steps(bench.run.folder.snapshots_path)
    if not steps:
        st.info(
            "This run has no snapshots: it was trained before snapshots were kept, or its model is too large for them. Train it again "
            "(on the Runs page its settings can be used anew) to see it learn.",
            icon=":material/info:",
        )
        return
    story = _measure_cached(bench)
    place = choose_number("Snapshot", "training_snapshot", len(steps)) - 1
    st.markdown(_reading(bench, story, place))
    show_figure(
        plot_story(_story(bench, story, place)),
        key="training_story",
        alt="Loss, memory timescale of every unit, saturation of the gates and reach of the gradient against the optimizer step",
    )
    st.caption(_foot(bench, story, place))
    _draw_moment(bench, story, place)
    lags = _lags(bench)
    script = SCRIPT.format(windows=_windows(bench), lags=lags, loss=bench.loss)
    offer(bench, "through_training", lambda: _table(story, lags), script, also=("snapshots.safetensors",))


def _windows(bench: Bench) -> int:
    return min(MOST_WINDOWS, len(bench.samples))


def _lags(bench: Bench) -> tuple[int, ...]:
    return tuple(lag for lag in LAGS if lag < bench.steps)


def _measure_cached(bench: Bench) -> "ThroughTraining":
    folder, few = bench.run.folder, _windows(bench)
    stamp = folder.snapshots_path.stat().st_mtime_ns
    samples = tuple(bench.samples[:few].tolist())
    return _measure(str(folder.path), stamp, bench.choice.part, samples, bench.layer, bench.direction, _fitted=bench.fitted, _bench=bench)


@st.cache_data(max_entries=32, show_spinner="Opening the network at every snapshot")
def _measure(
    path: str,  # noqa: ARG001  names the run for the cache, as the stamp does
    stamp: int,  # noqa: ARG001
    part: str,  # noqa: ARG001  the samples are of this part
    samples: tuple[int, ...],
    layer: int,
    direction: str,
    _fitted: "Fitted",
    _bench: Bench,
) -> "ThroughTraining":
    from seqlab.gates.through_training import measure_through  # imports torch
    from seqlab.runs.snapshots import snapshot_networks

    few = slice(0, len(samples))
    networks = snapshot_networks(_fitted, _bench.run.folder.snapshots_path)
    return measure_through(
        networks,
        _bench.x[few],
        _bench.y[few],
        future=_bench.future[few],
        loss=_bench.loss,
        layer=layer,
        direction=direction,
    )


def _kept(bench: Bench) -> tuple[int, int] | None:
    """Epoch and step whose weights the finished model has."""
    best = [record for record in bench.fitted.history if record.best]
    return (best[-1].epoch, best[-1].step) if best else None


def _story(bench: Bench, story: "ThroughTraining", place: int) -> StoryInfo:
    steps = story.steps.astype(np.float64)
    length = bench.trace.segment_length
    kept = _kept(bench)
    history = bench.fitted.history
    rows = [
        StoryRow(
            title="loss (scaled)" if bench.of_series else "loss",
            log=True,
            curves=[
                Curve(
                    name="validation part",
                    steps=np.array([record.step for record in history], dtype=np.float64),
                    values=np.array([record.validation_loss for record in history], dtype=np.float64),
                    color=BASELINE_COLORS[0],
                    dash="dash",
                    width=1.5,
                ),
                Curve(name=f"these {bench.noun}s", steps=steps, values=story.loss, color=MODEL),
            ],
        )
    ]
    if not bench.of_series:
        rows.append(answer_row(bench, story))
    if story.timescale.shape[1]:
        rows.append(
            StoryRow(
                title="τ (steps)",
                log=True,
                curves=unit_curves(steps, story.timescale * length, bench.unit),
                level=float(bench.fitted.spec.window.context_length if bench.of_series else bench.steps * length),
                level_label=f"length of the {bench.noun}",
            )
        )
    if story.gates:
        curves = []
        for index, gate in enumerate(story.gates):
            color = COLORS[index % len(COLORS)]
            curves.append(Curve(name=f"{gate} open", steps=steps, values=story.open[:, index].mean(axis=1), color=color))
            curves.append(Curve(name=f"{gate} shut", steps=steps, values=story.shut[:, index].mean(axis=1), color=color, dash="dot"))
        rows.append(StoryRow(title="share of units and steps", share=True, curves=curves))
    lags = _lags(bench)
    if lags:
        curves = [
            Curve(
                name=f"{lag * length:,} step{'' if lag * length == 1 else 's'} back",
                steps=steps,
                values=story.left_after(lag),
                color=COLORS[index],
            )
            for index, lag in enumerate(lags)
        ]
        rows.append(StoryRow(title="gradient left", log=True, curves=curves))
    return StoryInfo(rows=rows, steps=story.steps, current=int(story.steps[place]), kept=kept[1] if kept else None)


def _reading(bench: Bench, story: "ThroughTraining", place: int) -> str:
    step = int(story.steps[place])
    batches = max(1, bench.fitted.history[0].step) if bench.fitted.history else 1
    when = "before training" if not step else f"after step {step:,} (epoch {-(-step // batches):,})"
    said = f"**{when[0].upper()}{when[1:]}** the loss over {_windows(bench):,} {bench.noun}s is {number(float(story.loss[place]))}"
    if place:
        said += f", where it began at {number(float(story.loss[0]))}"
    said += "."
    if story.timescale.shape[1]:
        now, first = (story.timescale[at] * bench.trace.segment_length for at in (place, 0))
        longest = int(np.argmax(now))  # NaN, if there is one
        if np.isnan(now[longest]):
            said += f" How long its units remember is {timescale(now[longest])}."
        else:
            said += (
                f" Unit {longest} remembers longest: {timescale(now[longest])} (before training: {timescale(first[longest])}); "
                f"the middle unit: {timescale(float(np.median(now)))}."
            )
    lags = _lags(bench)
    if lags:
        left = story.left_after(lags[-1])[place]
        back = lags[-1] * bench.trace.segment_length
        if np.isfinite(left):
            said += f" Of the gradient ∂L/∂h {amount(left)} is left {back:,} steps back."
    return said


def _foot(bench: Bench, story: "ThroughTraining", place: int) -> str:
    kept = _kept(bench)
    said = "The orange line is the moment of the slider."
    if kept and kept[1] == story.steps[place]:
        said += f" It is the end of epoch {kept[0]:,}, whose weights the finished model has."
    elif kept:
        said += f" Dotted: step {kept[1]:,}, the end of epoch {kept[0]:,}, whose weights the finished model has."
    said += f" {len(story.steps)} snapshots, measured over {_windows(bench):,} {bench.noun}s of the {bench.choice.part} part."
    if bench.of_series and (not np.isfinite(story.gradient[0]).all() or not story.gradient[0].any()):
        said += " At step 0 the head passes no gradient, as it starts at zero."
    return said


def _draw_moment(bench: Bench, story: "ThroughTraining", place: int) -> None:
    step = int(story.steps[place])
    st.subheader(f"The network at step {step:,}")
    columns = st.columns(2, gap="medium")
    with columns[0]:
        st.markdown(f"**Its {bench.answer} {'of' if bench.of_series else 'to'} the {bench.noun} on the screen**")
        if bench.of_series:
            show_figure(_forecast(bench, story, place), key="training_forecast", alt="Forecast at this step and of the finished model")
        else:
            draw_answer(bench, story, place)
    with columns[1]:
        st.markdown("**How far its gradient reaches back**")
        unequal = not bench.of_series
        lines = [
            flow_line(name, story.gradient[at], last=story.last, share=True, color=color, dash=dash, band=False, unequal=unequal)
            for name, at, color, dash in (("last snapshot", -1, TRUTH, "dash"), (f"step {step:,}", place, MODEL, "solid"))
        ]
        show_figure(
            plot_gradient_flow(
                lines,
                last=story.last,
                share=True,
                step=bench.step,
                segment_length=bench.trace.segment_length,
                height=320,
                noun=bench.noun,
                words=words_of(bench),
            ),
            key="training_gradient",
            alt=f"Share of the last step's gradient by step of the {bench.noun}",
        )
    if not story.gates:
        st.caption("This cell has no gates between 0 and 1: no memory timescale and no saturation can be shown.")
        return
    st.markdown("**How its gates are saturated**; a thin line leads from where a unit started")
    labels = {gate.name: gate.label for gate in bench.entry.gates}
    triangles = [
        TriangleInfo(
            name=gate,
            label=labels[gate],
            left=story.shut[place, index],
            right=story.open[place, index],
            start_left=story.shut[0, index],
            start_right=story.open[0, index],
            unit=bench.unit,
        )
        for index, gate in enumerate(story.gates)
    ]
    draw_triangles(triangles, key="training_saturation", now=f"at step {step:,}")


def _forecast(bench: Bench, story: "ThroughTraining", place: int) -> "Figure":
    """The window's truth, the forecast at this moment, and the finished model's."""
    from seqlab.training.fitted import predict_windows  # imports torch

    fitted, choice, prepared = bench.fitted, bench.choice, bench.prepared
    name = prepared.target_names[choice.column]
    origins = np.array([choice.origin])
    final = predict_windows(fitted.model, prepared, choice.part, np.array([choice.window]), name="finished model")
    shared = prepared.target_size == 1
    values = prepared.to_data_units(story.prediction[place][None], np.array([choice.column if shared else 0]))
    whole: npt.NDArray[np.float64] = np.array(final.y_pred, dtype=np.float64)
    if shared:
        whole[0, :, choice.column] = values[0, :, 0]
    else:
        whole = values
    now = Forecast(model=f"step {int(story.steps[place]):,}", targets=final.targets, origins=origins, y_pred=whole, y_true=final.y_true)
    series = SeriesPicture(name=name, index=prepared.index, values=prepared.dataset.frame[name].to_numpy())
    context = fitted.spec.window.context_length
    return plot_forecast([now, final], series=series, origins=[choice.origin], context_length=context, target=choice.column)


def _table(story: "ThroughTraining", lags: tuple[int, ...]) -> pd.DataFrame:
    columns = {"step": story.steps, "loss": story.loss}
    columns |= {f"gradient_left_after_{lag}": story.left_after(lag) for lag in lags}
    for index, gate in enumerate(story.gates):
        columns |= {f"{gate}_open": story.open[:, index].mean(axis=1), f"{gate}_shut": story.shut[:, index].mean(axis=1)}
    columns |= {f"timescale_of_unit_{unit}": story.timescale[:, unit] for unit in range(story.timescale.shape[1])}
    return pd.DataFrame(columns)

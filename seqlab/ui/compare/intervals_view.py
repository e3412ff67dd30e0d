"""Intervals: a band around every forecast, and whether it holds as many values as it promises."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from seqlab.evaluation.interval_table import DEFAULT_METHOD, INTERVAL_METHODS
from seqlab.evaluation.metric_table import METRICS, PROBABILISTIC_METRICS
from seqlab.figures.intervals import plot_band_forecast, plot_coverage_by_step
from seqlab.records import SeriesPicture
from seqlab.runs.comparison_log import ComparedModel
from seqlab.ui.compare.intervals_numbers import Banded, banded, best_by_msis, long_table, score_table, verdict_on
from seqlab.ui.compare.scores import score_of
from seqlab.ui.compare.stamp import stamp_lines
from seqlab.ui.compare.stand import NETWORK, Stand
from seqlab.ui.compare.take_away import offer
from seqlab.ui.compare.verdict import best_model, reference_model
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.choice import choose_number, one_of
from seqlab.ui.messages import escape
from seqlab.ui.run_text import number
from seqlab.ui.when import when

__all__ = ["draw"]

NOT_COMPUTABLE = "not computable"
LOWEST, USUAL, HIGHEST = 50, 90, 99
FIRST = 3  # models chosen at first

EXPLANATION = """
- A model's errors on the **validation part**, which it was not fitted to, show how wrong it can be 1, 2, 3, … steps ahead. The
  band reaches as far to both sides as would have held the wanted share of these errors (conformal prediction: the
  ⌈(n + 1) · level⌉-th smallest of n absolute errors). Nothing is assumed about their distribution.
- With new errors that come about like the old ones the promise is a theorem. Series change, and forecasts from neighbouring
  starting points share most of their future, so here it is not one: that is why the measured share is shown.
- **Adaptive** follows Gibbs & Candès (2021): after every value that falls outside, the level asked for rises by 0.02 · level, after
  every one inside it falls by 0.02 · (1 − level) (by less for levels above 90 %). A value h steps ahead corrects it h steps later.
- The band is as wide at noon as at midnight: it promises its share over all starting points, not at every hour.
- The network's validation errors also chose its best epoch, and are a little too small for that. A baseline that forecasts the
  test part has seen the validation part too; for its validation errors it was fitted to the training part only.
- **MSIS** (M4 competition) charges a band for its width and for every value outside, so it cannot be made good by making the band
  wide. **WQL** and **CRPS** judge the whole distribution, from nine quantiles of the same errors, signed; a band's own correction
  (“adaptive”) has no part in them.
"""


def draw(stand: Stand) -> None:
    """The choices, the verdict, one forecast with its bands, coverage by step, and the table."""
    st.markdown(
        "How far off can a forecast be? The band around it promises to hold a share of the values. Look at whether it kept its "
        "promise on the test part, and at how wide it had to be for that."
    )
    ranked = [model for model in _ranked(stand) if stand.forecast(model) is not None]
    if not ranked:
        st.info("The forecasts of these models are gone. Compare again.", icon=":material/info:")
        return
    level, method, target = _choose(stand)
    models = _choose_models(stand, ranked)
    bands = banded(stand, models, level, method, target)
    if not _say_missing(stand, bands, method):
        return
    _draw_verdict(bands)
    if any(_has_bounds(one, stand.targets.index(target)) for one in bands):
        _draw_pictures(stand, bands, level, target)
    _draw_table(bands)
    with st.expander("How the bands are made, and what they do not say", icon=":material/help:"):
        st.markdown(EXPLANATION)
    offer(stand, "intervals", lambda: long_table(bands, stand.index, target), stamp=(*stamp_lines(stand), *_notes(bands, level, method)))


def _choose(stand: Stand) -> tuple[float, str, str]:
    """Level, method and column."""
    labels = {entry.label: key for key, entry in INTERVAL_METHODS.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        percent = st.slider(
            "Share of values to hold",
            LOWEST,
            HIGHEST,
            USUAL,
            format="%d %%",
            key="intervals_level",
            bind="query-params",
            width=320,
            help="The arrow keys move by one.",
        )
        chosen = one_of("How it is made", list(labels), INTERVAL_METHODS[DEFAULT_METHOD].label, key="intervals_method")
        target = stand.targets[0]
        if len(stand.targets) > 1:
            name = st.selectbox("Column", stand.targets, key="intervals_column", bind="query-params", width=240)
            target = name if name in stand.targets else target
    method = labels[chosen]
    st.caption(f"**{chosen}**: {INTERVAL_METHODS[method].sentence}")
    return percent / 100, method, target


def _ranked(stand: Stand) -> list[ComparedModel]:
    """The network, then the others by their mean absolute error."""
    return sorted(stand.models, key=lambda model: (model.key != NETWORK, np.nan_to_num(score_of(model, "mae"), nan=np.inf)))


def _choose_models(stand: Stand, ranked: list[ComparedModel]) -> list[ComparedModel]:
    names = {model.model: model for model in ranked}
    wanted = [stand.network, reference_model(stand.models, stand.season_length), best_model(stand.models)]
    first = list(dict.fromkeys(model.model for model in wanted if model is not None and model.model in names))
    default = [*first, *[name for name in names if name not in first][: max(FIRST - len(first), 0)]]
    chosen = st.multiselect(
        "Models", list(names), default, key="intervals_models", bind="query-params", help="In the order of their mean absolute error."
    )
    return [names[name] for name in names if name in chosen] or [names[name] for name in default]


def _say_missing(stand: Stand, bands: Sequence[Banded], method: str) -> bool:
    """Names models that have no errors on the validation part yet; whether anything is left to show."""
    if INTERVAL_METHODS[method].reach is None:
        return True
    missing = [escape(one.model.model) for one in bands if stand.calibration(one.model) is None]
    if missing:
        remedy = "A comparison computes them last; if none is going on, compare again."
        if stand.run.read_only:
            remedy = "This example was compared without them. Train a run of your own, or choose “The model's own”."
        st.info(
            f"{', '.join(missing)}: no forecasts of the validation part, so there are no errors to make a band from. {remedy}",
            icon=":material/hourglass_empty:",
        )
    return len(missing) < len(bands)


def _has_bounds(one: Banded, target: int) -> bool:
    return bool(np.isfinite(one.band.upper[..., target]).any())


def _draw_verdict(bands: Sequence[Banded]) -> None:
    judged = [one for one in bands if not one.scores["coverage"].reason]
    # Where the network has no band, the first model that has one is judged too.
    sentences = [verdict_on(one) for one in (bands[:1] if judged[:1] == bands[:1] else [*bands[:1], *judged[:1]])]
    best = best_by_msis(bands)
    if best is not None:
        others = [one for one in bands if one is not best and math.isfinite(one.scores["msis"].value)]
        rest = ", ".join(f"{one.model.model} {number(one.scores['msis'].value)}" for one in others)
        sentences.append(
            f"Width and misses together (interval score MSIS, smaller is better): {best.model.model} has the best band with "
            f"{number(best.scores['msis'].value)}; {rest}."
        )
    if sentences:
        st.markdown(f"**{escape(sentences[0])}** {escape(' '.join(sentences[1:]))}")


def _draw_pictures(stand: Stand, bands: Sequence[Banded], level: float, target: str) -> None:
    place = stand.targets.index(target)
    first = next(one for one in bands if _has_bounds(one, place))
    st.subheader("From one starting point", anchor=False)
    origins = [int(origin) for origin in bands[0].forecast.origins]
    chosen = choose_number("Starting point", "intervals_start", len(origins))
    origin = origins[chosen - 1]
    st.caption(
        f"Starting point {chosen:,} of {len(origins):,}: the first step forecast is {when(stand.index, origin)}. "
        f"{_held_here(first, chosen - 1, place)} Click a model in the legend to see or hide its band."
    )
    pairs = [(one.forecast, one.band) for one in bands]
    show_figure(
        plot_band_forecast(
            pairs,
            series=SeriesPicture(name=target, index=stand.index, values=stand.values(target)),
            origin=origin,
            context_length=min(stand.run.spec.window.context_length, max(3 * stand.horizon, 24)),
            target=place,
            hidden=[one.model.model for one in bands[1:] if one is not first],
        ),
        key="intervals_band",
        alt=f"Forecast of {target} from one starting point with a {100 * level:.0f} % band, beside the truth",
    )
    if stand.horizon == 1:
        return
    st.subheader("Values inside the band, by step ahead", anchor=False)
    show_figure(
        plot_coverage_by_step(pairs, level=level, target=place),
        key="intervals_steps",
        alt="Share of values inside the band of every model by number of steps ahead, beside the share promised",
    )
    st.caption(
        "Grey: where 95 of 100 bands lie that keep their promise. Forecasts from neighbouring starting points share steps and are no "
        "independent evidence, so at step h only starting points at least h apart are counted for it, and it widens to the right. It is "
        "a rough guide. Use it to judge “split”; “adaptive” steers towards the promise and stays closer to it than chance would."
    )


def _held_here(one: Banded, place: int, target: int) -> str:
    truth, low, high = (values[place, :, target] for values in (one.forecast.y_true, one.band.lower, one.band.upper))
    seen = np.isfinite(truth) & np.isfinite(low)
    if not seen.any():
        return ""
    held = int((seen & (low <= truth) & (truth <= high)).sum())
    return f"The band of {escape(one.model.model)} holds {held:,} of the {int(seen.sum()):,} values here."


def _draw_table(bands: Sequence[Banded]) -> None:
    st.subheader("All bands", anchor=False)
    table = score_table(bands)
    labels = {METRICS[key].label: METRICS[key].sentence for key in PROBABILISTIC_METRICS}
    config = {label: st.column_config.TextColumn(help=sentence, alignment="right") for label, sentence in labels.items()}
    shown = pd.DataFrame(
        {"Model": table["Model"], **{label: [_shown(value, percent=label == "Coverage") for value in table[label]] for label in labels}}
    )
    st.dataframe(
        shown,
        hide_index=True,
        height="content",
        column_config={"Model": st.column_config.TextColumn(pinned=True, width="medium"), **config},
        alt="Coverage, width and interval scores of every model's band",
    )
    st.caption("Sorted by MSIS, the smallest first. Coverage should be the share asked for; of the others, smaller is better.")
    _say_reasons(bands)


def _shown(value: float, *, percent: bool) -> str:
    if not math.isfinite(value):
        return NOT_COMPUTABLE
    return f"{100 * value:.1f} %" if percent else number(value)


def _say_reasons(bands: Sequence[Banded]) -> None:
    """Every reason and note once, with the models it holds for."""
    found: dict[str, list[str]] = {}
    for one in bands:
        reasons: dict[str, list[str]] = {}
        for score in one.scores.values():
            if score.reason:
                reasons.setdefault(score.reason, []).append(METRICS[score.metric].label)
        for reason, metrics in reasons.items():
            what = "" if len(metrics) == len(one.scores) else f" ({', '.join(metrics)})"
            found.setdefault(f"Not computable{what}: {reason}", []).append(one.model.model)
        for note in one.band.notes:
            found.setdefault(note, []).append(one.model.model)
    if found:
        st.caption("\n".join(f"- {escape(', '.join(names))}: {escape(text)}" for text, names in found.items()))


def _notes(bands: Sequence[Banded], level: float, method: str) -> tuple[str, ...]:
    """What the head of the file says of the bands."""
    entry = INTERVAL_METHODS[method]
    return (f"Bands: {100 * level:.4g} %, method {entry.label}. {entry.sentence}", *[verdict_on(one) for one in bands])

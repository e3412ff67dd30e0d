"""Search: mark a span, and find where else in the data the same units do the same."""

import dataclasses
import functools
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.gate_numbers import round_limit
from seqlab.figures.search import SpanInfo, plot_span
from seqlab.gates.part_trace import gather_gate, spread_samples
from seqlab.gates.search import SpanHit, SpanSearch, active_signs, find_spans
from seqlab.ui import trace_canvas as canvas
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.reading import read_name, read_series, words_of
from seqlab.ui.lab.search_choice import CANVAS, SearchChoice, choose_search, take_span
from seqlab.ui.lab.step_series import step_series
from seqlab.ui.lab.take_away import offer
from seqlab.ui.lab.trace_picture import FEW_ROWS, trace_canvas
from seqlab.ui.lab.trace_view import pick
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["draw"]

MOST_HITS = 12
MOST_WINDOWS = 512
MOST_NUMBERS = 3_000_000  # values searched: about half a second
MOST_UNITS = 16  # in the picture of a hit

INTRO = Intro(
    shown=(
        "Mark some steps of the window: the units that are active throughout them are taken as a pattern, and the spans elsewhere in the "
        "data where the same units are active are listed, most similar first."
    ),
    look_for=(
        "Look for what the found spans have in common in the series above them: the same season, the same slope, the same peak. That is "
        "what this set of units stands for; if they have nothing in common, the set stands for nothing."
    ),
    formulas=(
        r"S = \{u : |v_{u,t}| \ge \ell \text{ with one sign, for all } t \in [a, b]\}",
        r"\text{LSTMVis: most } |S \cap A|, \text{ then fewest } |A \setminus S|, \text{ then the longest run of } S \cap A",
        r"\text{Jaccard} = |S \cap A| \, / \, |S \cup A|",
    ),
    sources=(
        "LSTMVis: Strobelt, Gehrmann, Pfister & Rush 2018, arXiv 1606.07461.",
        (
            "A is the set of units active throughout another span of the same length. A state of +0.8 means another thing than −0.8, so it "
            "must be active with the same sign; with the other sign it counts as another unit."
        ),
        (
            "Windows overlap, so the marked steps appear in other windows too: spans that share a row with the marked one, or with "
            "a better one, are left out."
        ),
    ),
    myths=(
        (
            "“These units detect what I see in the first few hits.”",
            "Look at all of them, and at how many spans have the whole pattern: a pattern that is there half of the time detects nothing.",
        ),
        (
            "“Active means important.”",
            "Activity shows when a unit does something, not whether the forecast uses it. Change the unit and look.",
        ),
    ),
)

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.part_trace import gather_gate, spread_samples
from seqlab.gates.search import Span, find_spans

prepared = fitted.prepared
windows = prepared.windows({part!r})
others = spread_samples({count}, {most}, first={offset})
samples = np.r_[{sample}, others[others != {sample}]]  # the window on the screen is the first
rows = windows.origins[samples % windows.window_count] - fitted.spec.window.context_length
length = fitted.model.segment_length
found = find_spans(
    gather_gate(fitted.model, windows, samples, {gate!r}, layer, direction),
    Span(window=0, first={first}, last={last}),
    threshold={threshold}, units={units}, only_here={only_here}, rule={rule!r}, most={hits},
    rows=rows, segment_length=length,
)
begins = [int(rows[hit.span.window] + hit.span.first * length) for hit in found.hits]
table = pd.DataFrame({{
    "window": [int(samples[hit.span.window] % windows.window_count) + 1 for hit in found.hits],
    "first_step": [hit.span.first + 1 for hit in found.hits],
    "last_step": [hit.span.last + 1 for hit in found.hits],
    "first_row": begins,
    "units_matched": [hit.matched for hit in found.hits],
    "other_units_active": [hit.extra for hit in found.hits],
    "longest_run": [hit.run for hit in found.hits],
    "jaccard": [hit.jaccard for hit in found.hits],
}})
"""


SEQUENCE_SCRIPT = """
import numpy as np
import pandas as pd
from seqlab.gates.part_trace import gather_gate, spread_samples
from seqlab.gates.search import Span, find_spans

windows = fitted.prepared.windows({part!r})
others = spread_samples({count}, {most})
samples = np.r_[{sample}, others[others != {sample}]]  # the sequence on the screen is the first
found = find_spans(
    gather_gate(fitted.model, windows, samples, {gate!r}, layer, direction),
    Span(window=0, first={first}, last={last}),
    threshold={threshold}, units={units}, only_here={only_here}, rule={rule!r}, most={hits},
)
table = pd.DataFrame({{
    "sequence": [int(samples[hit.span.window]) + 1 for hit in found.hits],
    "first_step": [hit.span.first + 1 for hit in found.hits],
    "last_step": [hit.span.last + 1 for hit in found.hits],
    "units_matched": [hit.matched for hit in found.hits],
    "other_units_active": [hit.extra for hit in found.hits],
    "longest_run": [hit.run for hit in found.hits],
    "jaccard": [hit.jaccard for hit in found.hits],
}})
"""


def _intro(bench: Bench) -> Intro:
    if bench.of_series:
        return INTRO
    noun = bench.noun
    common = "the same words, the same place, the same answer" if noun == "text" else "the same shape, the same place, the same answer"
    return dataclasses.replace(
        INTRO,
        shown=INTRO.shown.replace("the window", f"the {noun}"),
        look_for=(
            f"Look for what the found spans have in common: {common}. That is what this set of units stands for; if they have nothing in "
            "common, the set stands for nothing."
        ),
        sources=INTRO.sources[:-1],
        myths=(INTRO.myths[0], (INTRO.myths[1][0], INTRO.myths[1][1].replace("forecast", "answer"))),
    )


def draw(bench: Bench) -> None:
    """Choices, the marked span, and what was found."""
    introduce(_intro(bench))
    if bench.steps < 2:
        longer = "Choose a run with a longer context." if bench.of_series else f"Choose a longer {bench.noun}."
        st.info(f"This {bench.noun} has one step only, so there is no span to mark. {longer}", icon=":material/info:")
        return
    choice = choose_search(bench)
    samples = _samples(bench)
    values = _gather(
        *model_key(bench.run.folder), bench.choice.part, samples.tobytes(), choice.gate.name, bench.layer, bench.direction, _bench=bench
    )
    rows = _first_rows(bench, samples) if bench.of_series else np.zeros(len(samples), dtype=np.int64)
    found = find_spans(
        values,
        choice.span,
        threshold=choice.threshold,
        units=choice.units,
        only_here=choice.only_here,
        rule=choice.rule,
        most=MOST_HITS,
        rows=rows if bench.of_series else None,  # sequences share no steps
        segment_length=bench.trace.segment_length,
    )
    _draw_marked(bench, choice, found)
    for sentence in _reading(bench, choice, found, len(samples)):
        st.caption(sentence)
    if not found.selected.any():
        st.info(
            f"No unit has |{choice.gate.name}| of {choice.threshold:g} or more throughout these {choice.span.length} steps"
            f"{' and only in them' if choice.only_here else ''}. Mark fewer steps, lower the threshold, or choose units by hand.",
            icon=":material/info:",
        )
        return
    if not found.hits:
        st.info("Nowhere else is one of these units active for so long. Mark fewer steps, or lower the threshold.", icon=":material/info:")
        return
    _draw_hits(bench, choice, found, values, samples, rows)
    offer(bench, "search", lambda: _table(bench, found, samples, rows), _script(bench, choice))


def _samples(bench: Bench) -> npt.NDArray[np.int64]:
    """The window on the screen, then others of the same column spread over the part."""
    windows = bench.choice.windows
    offset = int(bench.samples[0]) // windows * windows
    others = spread_samples(windows, _most_windows(bench), first=offset)
    return np.concatenate([bench.samples[:1], others[others != bench.samples[0]]])


def _most_windows(bench: Bench) -> int:
    steps = max(bench.steps, int(bench.trace.inside().sum()) // len(bench.samples))
    return int(np.clip(MOST_NUMBERS // (steps * len(bench.order)), 2, MOST_WINDOWS))


def _first_rows(bench: Bench, samples: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    origins = bench.prepared.windows(bench.choice.part).origins
    return np.asarray(origins[samples % bench.choice.windows] - bench.fitted.spec.window.context_length)


@st.cache_resource(max_entries=4, show_spinner=False)
def _gather(
    path: str,  # noqa: ARG001  names the model for the cache, as the stamp does
    stamp: int,  # noqa: ARG001
    part: str,
    samples: bytes,
    gate: str,
    layer: int,
    direction: str,
    _bench: Bench,
) -> npt.NDArray[np.floating]:
    """(window, step, hidden); kept, so that another span is found at once."""
    fitted: Fitted = _bench.fitted
    return gather_gate(fitted.model, fitted.prepared.windows(part), np.frombuffer(samples, dtype=np.int64), gate, layer, direction)


def _draw_marked(bench: Bench, choice: SearchChoice, found: SpanSearch) -> None:
    wanted = (bench.order == bench.unit) | (found.selected[bench.order] != 0)  # the cursor's unit, and those that are marked
    rows = max(min(len(bench.order), FEW_ROWS), int(np.flatnonzero(wanted)[-1]) + 1)
    picture = trace_canvas(bench, [choice.gate.name], forecast=None, rows=rows, lines=False)
    picture = dataclasses.replace(
        picture,
        alt=f"What is read, and {choice.gate.label} of every unit; steps {choice.span.first + 1} to {choice.span.last + 1} are marked",
        brush=True,
        spans=[canvas.Span(start=choice.span.first, end=choice.span.last)],
        highlight=[int(unit) for unit in np.flatnonzero(found.selected)],
    )
    st.caption("Hold Shift and drag over the picture to mark other steps. The units that are looked for are marked at the side.")
    picture.draw(CANVAS, on_select=functools.partial(pick, CANVAS), on_span=take_span)
    if rows < len(bench.order):
        st.caption(f"The first {rows:,} of {len(bench.order):,} units in this order are drawn.")


def _reading(bench: Bench, choice: SearchChoice, found: SpanSearch, windows: int) -> list[str]:
    units = np.flatnonzero(found.selected)
    if not len(units):
        return []
    signed = choice.gate.low is None or choice.gate.low < 0
    marks = {1: " (+)", -1: " (−)"} if signed else {1: ""}
    names = ", ".join(f"{unit}{marks[int(found.selected[unit])]}" for unit in units[:MOST_UNITS])
    more = f" and {len(units) - MOST_UNITS} more" if len(units) > MOST_UNITS else ""
    be = "is" if len(units) == 1 else "are"
    how = f"{be} looked for" if choice.units else f"{be} active throughout"
    said = [
        (
            f"Marked: {_marked(bench, choice)}, {choice.span.length} step{'' if choice.span.length == 1 else 's'}. "
            f"{len(units)} of {len(bench.order)} units {how}: {names}{more}."
        )
    ]
    if found.candidates:
        said.append(
            f"Of {found.candidates:,} other spans in {windows:,} of {bench.choice.windows:,} {bench.noun}s of the "
            f"{bench.choice.part} part, {found.complete:,} ({_percent(found.complete / found.candidates)}) have all of these units active. "
            + (
                "Spans of neighbouring windows show the same data, so only the best of those that overlap is listed."
                if bench.of_series
                else "Of spans that overlap only the best is listed."
            )
        )
    return said


def _marked(bench: Bench, choice: SearchChoice) -> str:
    """The marked span: its dates, its words or its steps."""
    if bench.of_series:
        index, length = bench.prepared.index, bench.trace.segment_length
        start, end = bench.first_row + choice.span.first * length, bench.first_row + (choice.span.last + 1) * length - 1
        return f"{when(index, start)} to {when(index, end)}"
    return _span_of(bench, words_of(bench), choice.span.first, choice.span.last)


def _span_of(bench: Bench, words: tuple[str, ...], first: int, last: int) -> str:
    """Words of a text, as Markdown; steps where there are none."""
    if not words:
        return f"steps {first + 1:,} to {last + 1:,}" if last > first else f"step {first + 1:,}"
    joint = "" if bench.sequences.unit == "character" else " "
    return f"“{escape(joint.join(words[first : last + 1]))}”"


def _percent(share: float) -> str:
    """A share in percent; a small one is not 0.

    Example:
        >>> _percent(0.0), _percent(0.0047), _percent(0.98)
        ('0 %', 'less than 1 %', '98 %')
    """
    return "less than 1 %" if 0 < share < 0.01 else f"{100 * share:.0f} %"


def _draw_hits(
    bench: Bench,
    choice: SearchChoice,
    found: SpanSearch,
    values: npt.NDArray[np.floating],
    samples: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
) -> None:
    selected, noun = int((found.selected != 0).sum()), bench.noun
    st.markdown(f"**{len(found.hits)} most similar span{'' if len(found.hits) == 1 else 's'}**")
    if selected > MOST_UNITS:
        st.caption(f"Each picture draws the first {MOST_UNITS} of the {selected:,} units that are looked for, in the order chosen above.")
    with st.grid(3, min_column_width=320):
        for number, hit in enumerate(found.hits, start=1):
            with st.container():
                window = int(samples[hit.span.window] % bench.choice.windows) + 1
                picture = _hit_picture(bench, choice, found, hit, values[hit.span.window], int(rows[hit.span.window]), window - 1)
                st.markdown(f"**{number}. {picture.title}**")
                of_all = f"{hit.matched} of {selected} unit{'' if selected == 1 else 's'}"
                st.caption(
                    f"{of_all}, {hit.extra} other{'' if hit.extra == 1 else 's'} active; "
                    f"Jaccard {hit.jaccard:.2f}; together for {hit.run} step{'' if hit.run == 1 else 's'}; {noun} {window:,}."
                )
                show_figure(
                    plot_span(dataclasses.replace(picture, title=""), height=260, small=True),
                    key=f"search_hit_{number}",
                    alt=f"Similar span {number}: what was read, and units from {picture.labels[0]} to {picture.labels[-1]}",
                )


def _hit_picture(
    bench: Bench, choice: SearchChoice, found: SpanSearch, hit: SpanHit, values: npt.NDArray[np.floating], first_row: int, window: int
) -> SpanInfo:
    length = bench.trace.segment_length
    if not bench.of_series:
        values = values[~np.isnan(values).all(axis=1)]  # up to its own end
    around = max(3, hit.span.length)
    start, stop = max(0, hit.span.first - around), min(len(values), hit.span.last + 1 + around)
    units = np.array([unit for unit in bench.order if found.selected[unit]][:MOST_UNITS], dtype=np.intp)
    signs = active_signs(values[hit.span.first : hit.span.last + 1, units], choice.threshold)
    gate = choice.gate
    limit = round_limit(bench.values(gate.name))
    words = words_of(bench, window)
    if bench.of_series:
        index, begins = bench.prepared.index, first_row + hit.span.first * length
        title = escape(f"{when(index, begins)} to {when(index, begins + hit.span.length * length - 1)}")
        labels = [f"step {step + 1:,}, {when(index, first_row + (step + 1) * length - 1)}" for step in range(start, stop)]
        series = step_series(bench.prepared, bench.choice.column, first_row, len(values), length)
    else:
        title = _span_of(bench, words, hit.span.first, hit.span.last)
        labels = [f"step {step + 1:,}{f', “{words[step]}”' if words else ''}" for step in range(start, stop)]
        series = read_series(bench, window)
    return SpanInfo(
        series=series[start:stop],
        series_name=read_name(bench),
        values=values[start:stop, units].T,
        units=units,
        matched=(signs == found.selected[units]).all(axis=0),
        first=hit.span.first - start,
        last=hit.span.last - start,
        offset=start,
        labels=labels,
        words=words[start:stop],
        gate=gate.name,
        low=-limit if gate.low is None else gate.low,
        high=limit if gate.high is None else gate.high,
        title=title,
    )


def _table(bench: Bench, found: SpanSearch, samples: npt.NDArray[np.int64], rows: npt.NDArray[np.int64]) -> pd.DataFrame:
    hits, length = found.hits, bench.trace.segment_length
    table = pd.DataFrame(
        {
            "window": [int(samples[hit.span.window] % bench.choice.windows) + 1 for hit in hits],
            "first_step": [hit.span.first + 1 for hit in hits],
            "last_step": [hit.span.last + 1 for hit in hits],
            "first_row": [int(rows[hit.span.window] + hit.span.first * length) for hit in hits],
            "units_matched": [hit.matched for hit in hits],
            "other_units_active": [hit.extra for hit in hits],
            "longest_run": [hit.run for hit in hits],
            "jaccard": [hit.jaccard for hit in hits],
        }
    )
    return table if bench.of_series else table.rename(columns={"window": "sequence"}).drop(columns="first_row")


def _script(bench: Bench, choice: SearchChoice) -> str:
    windows = bench.choice.windows
    return (SCRIPT if bench.of_series else SEQUENCE_SCRIPT).format(
        part=bench.choice.part,
        count=windows,
        most=_most_windows(bench),
        offset=int(bench.samples[0]) // windows * windows,
        sample=int(bench.samples[0]),
        gate=choice.gate.name,
        first=choice.span.first,
        last=choice.span.last,
        threshold=choice.threshold,
        units=choice.units,
        only_here=choice.only_here,
        rule=choice.rule,
        hits=MOST_HITS,
    )

"""Changes where the network reads its own forecasts: an error that is fed back can grow, or die out."""

from typing import TYPE_CHECKING, cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.figures.intervention import change_info, plot_change
from seqlab.gates.intervention import Intervention
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.change_parts import as_python, bands_of, draw_metric, series_of
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import escape
from seqlab.ui.when import when

if TYPE_CHECKING:
    from seqlab.gates.free_run import FreeRun
    from seqlab.models.forecaster import Forecaster

__all__ = ["draw_free_run"]

MOST_ROUNDS = 3
MOST_FREE_RUNS = 16
MOST_FREE_STEPS = 20_000  # replayed one after the other: about a second

SCRIPT = """
import numpy as np
import pandas as pd
from seqlab import Intervention
from seqlab.gates.free_run import free_run, recorded_windows

changes = [
{changes}
]
origins = {origins}
windows = [recorded_windows(fitted.prepared, origin, {rounds}, series={series}) for origin in origins]
x, future = (np.stack(pieces) for pieces in zip(*windows))
run = free_run(fitted.model, x, changes, future=future)
table = pd.DataFrame(
    [
        {{
            "first_row": origin, "steps_ahead": ahead + 1, "target": target + 1, "without": run.unchanged[number, ahead, target],
            "with": run.prediction[number, ahead, target],
        }}
        for number, origin in enumerate(origins)
        for ahead in range(run.prediction.shape[1])
        for target in range(run.prediction.shape[2])
    ]
)
"""


def draw_free_run(bench: Bench, changes: list[Intervention]) -> None:
    """The first run's picture, what becomes of the error in all of them, and the numbers."""
    from seqlab.gates.free_run import free_run, recorded_windows  # imports torch

    fitted = bench.fitted
    prepared, window = bench.prepared, fitted.spec.window
    origins, rounds = _free_origins(bench)
    series = int(prepared.windows(bench.choice.part).series(bench.samples[:1])[0])
    x, future = (
        np.stack(pieces) for pieces in zip(*(recorded_windows(prepared, origin, rounds, series=series) for origin in origins), strict=True)
    )
    run = free_run(cast("Forecaster", fitted.model), x, changes, future=future)
    info = change_info(
        series_of(bench),
        first_row=origins[0] - window.context_length,
        context=window.context_length,
        unchanged=_in_data_units(bench, run.unchanged[0], series),
        changed=_in_data_units(bench, run.prediction[0], series),
        moved=run.moved[0],
        moved_at=run.moved_at,
        usual=run.moved.mean(axis=0) if len(origins) > 1 else None,
        steps=bands_of(changes, bench.steps, bench.trace.segment_length),
        horizon=window.horizon,
    )
    _draw_errors(bench, run, origins, series)
    _say_free(bench, run, origins, rounds)
    show_figure(plot_change(info, series_of(bench)), key="change_free", alt="Forecasts fed back, with and without the change")
    script = SCRIPT.format(changes=as_python(changes), origins=origins, rounds=rounds, series=series)
    offer(bench, "changed_free_run", lambda: _free_table(run, origins), script)


def _free_origins(bench: Bench) -> tuple[list[int], int]:
    """Where free runs begin, and their rounds.

    The first begins at the chosen window, or as many horizons earlier as it takes to have a few rounds before the data ends
    (or a gap comes that no window may touch); the others are spread over what the network was not trained on, as one run
    proves nothing.
    """
    from seqlab.gates.free_run import rounds_from  # imports torch

    prepared, window = bench.prepared, bench.fitted.spec.window
    possible = [bench.choice.origin - back * window.horizon for back in range(MOST_ROUNDS)]
    origin = max(possible, key=lambda row: min(MOST_ROUNDS, rounds_from(prepared, row)))  # the latest of the best
    rounds = min(MOST_ROUNDS, rounds_from(prepared, origin))
    earliest, latest = prepared.bounds.train_end, prepared.bounds.end - rounds * window.horizon
    most = int(np.clip(MOST_FREE_STEPS // (bench.steps * rounds), 1, MOST_FREE_RUNS))
    others = np.unique(np.linspace(earliest, latest, most).astype(np.int64)).tolist() if earliest <= latest else []
    return [origin, *(other for other in others if other != origin and rounds_from(prepared, other) >= rounds)], rounds


def _draw_errors(bench: Bench, run: "FreeRun", origins: list[int], series: int) -> None:
    """Mean |error| in the data's own units, of the run on the screen and of all."""
    true = series_of(bench).values
    rows = np.array(origins)[:, None] + np.arange(run.prediction.shape[1])
    observed = np.where(rows < len(true), true[np.minimum(rows, len(true) - 1)], np.nan)
    made = [np.stack([_in_data_units(bench, one, series) for one in runs]) for runs in (run.unchanged, run.prediction)]
    errors = [np.abs(values - observed) for values in made]
    with st.container(horizontal=True, gap="medium"):
        for label, chosen in (("Mean error, this run", slice(0, 1)), (f"Mean error, {len(origins)} runs", slice(None))):
            if label.startswith("Mean error, this") or len(origins) > 1:
                before, after = (float(np.nanmean(one[chosen])) if np.isfinite(one[chosen]).any() else np.nan for one in errors)
                draw_metric(label, before, after)


def _say_free(bench: Bench, run: "FreeRun", origins: list[int], rounds: int) -> None:
    horizon, index = bench.fitted.spec.window.horizon, bench.prepared.index
    st.caption(
        f"{rounds} forecast{'s' * (rounds > 1)} of {horizon} step{'s' * (horizon > 1)} after each other, the first from "
        f"{escape(when(index, origins[0]))}: from there on the network reads its own forecasts; other columns stay as recorded. "
        f"A change stays at its steps while the window slides on. Forecasts of this run differ by at most "
        f"{np.abs(run.prediction[0] - run.unchanged[0]).max():.2g} on the network's scale. Shaded: the steps that are changed."
    )
    if origins[0] != bench.choice.origin:
        earlier = (bench.choice.origin - origins[0]) // horizon
        begins = f"{earlier} forecast{'s' * (earlier > 1)} earlier"
        st.caption(f"The data ends, or has a gap, too soon after the chosen window, so this run begins {begins}.")
    if len(origins) > 1:
        st.caption(f"The other {len(origins) - 1} runs begin at rows spread over the validation and test parts.")


def _in_data_units(bench: Bench, made: npt.NDArray[np.floating], series: int) -> npt.NDArray[np.float64]:
    """(step,) the chosen column of (round * horizon, target) scaled forecasts."""
    prepared, horizon = bench.prepared, bench.fitted.spec.window.horizon
    rounds = made.reshape(-1, horizon, prepared.target_size)
    values: npt.NDArray[np.float64] = prepared.to_data_units(rounds, np.full(len(rounds), series))[..., bench.target].ravel()
    return values


def _free_table(run: "FreeRun", origins: list[int]) -> pd.DataFrame:
    runs, steps, targets = run.prediction.shape
    return pd.DataFrame(
        {
            "first_row": np.repeat(origins, steps * targets),
            "steps_ahead": np.tile(np.repeat(np.arange(1, steps + 1), targets), runs),
            "target": np.tile(np.arange(1, targets + 1), runs * steps),
            "without": run.unchanged.ravel(),
            "with": run.prediction.ravel(),
        }
    )

"""Forget bias: a start value of the forget gate promises a memory; the latch task, whose lag is known, shows what becomes of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from seqlab.config import RunSpec
from seqlab.data.latch import LatchOptions
from seqlab.errors import SeqlabError
from seqlab.figures.forget_bias import TrialInfo, plot_forget_bias
from seqlab.options import option_of
from seqlab.runs.bias_sweep import BiasTrial, MemoryTimes, Outcome, trials
from seqlab.runs.rows import same_request
from seqlab.ui.figure import show_figure
from seqlab.ui.lab.bench import Bench
from seqlab.ui.lab.intro import Intro, introduce
from seqlab.ui.lab.take_away import offer
from seqlab.ui.messages import attempt, draw_problem, escape
from seqlab.ui.run_text import number
from seqlab.ui.supervision import store, supervise

if TYPE_CHECKING:
    from seqlab.runs.store import RunSummary

__all__ = ["draw"]

POLL = 1.0  # seconds between two looks while runs are being trained
GAP, MOST_GAP = 30, 200
MOST_SEED = 1_000

INTRO = Intro(
    shown=(
        "Ten small LSTMs learn the latch task (a value is shown once, noise follows, then the value is asked for) and differ in one thing: "
        "the bias that their forget gates start with. The picture compares the memory that the bias promises with the memory that is "
        "measured before and after training."
    ),
    look_for=(
        "Look where the promised memory crosses the dashed line, the lag of the task: biases to its left start too forgetful for any "
        "gradient to reach the cue, and mostly stay so."
    ),
    formulas=(
        r"f = \sigma(b), \qquad \tau = -1 / \log f = 1 / \log(1 + e^{-b})",
        r"\text{chrono: } b_f \sim \log \mathcal{U}(1,\, T_{\max} - 1), \qquad b_i = -b_f",
        r"\text{measured: } \tau = -1 \big/ \operatorname{mean}_t \log f_t",
    ),
    sources=(
        "The timescale of a bias: Mahto et al. 2021, arXiv 2009.12727. A bias of 0, 1, 2, 3, 4 promises 1.4, 3.2, 7.9, 20.6, 55 steps.",
        "A large forget bias: Gers, Schmidhuber & Cummins 2000; Jozefowicz, Zaremba & Sutskever 2015 (bias 1).",
        "Chrono initialisation: Tallec & Ollivier 2018, Can recurrent neural networks warp time?, arXiv 1804.11188; T_max is the lag here.",
        "Solved: the error is below a fifth of that of always forecasting 0. Not learned: it is above four fifths of it.",
    ),
    myths=(
        (
            "“Forget bias 1 makes an LSTM remember.”",
            "It promises 3.2 steps. For a lag of 30 steps 3 or 4 is needed; 1 is a start for short lags only.",
        ),
        (
            "“The more the better.”",
            (
                "With every gate open, noise piles up in the state too. Chrono initialisation spreads the units over all lags and starts "
                "with the input gates nearly shut."
            ),
        ),
        (
            "“Training sets the bias right anyway.”",
            "It can, if some gradient reaches the cue at the start. Compare the middle unit before and after training.",
        ),
    ),
)

SCRIPT = """
import pandas as pd
from seqlab.runs.bias_sweep import measure_outcome, measure_start, trials

trained = {trained}  # these are trained again here, in a few seconds each
rows = []
for trial in trials({gap}, seed={seed}):
    start = measure_start(trial.spec)
    row = {{
        "forget_bias": trial.label,
        "promised_low": trial.predicted[0],
        "promised_high": trial.predicted[1],
        "start_median": start.median,
        "start_longest": start.longest,
    }}
    if trial.label in trained:
        outcome = measure_outcome(seqlab.fit(trial.spec))
        row |= {{
            "median": outcome.times.median, "longest": outcome.times.longest, "error": outcome.error, "verdict": outcome.verdict
        }}
    rows.append(row)
table = pd.DataFrame(rows)
"""


def draw(bench: Bench) -> None:
    """Choices, the button that trains what is missing, and the picture, which fills as runs end."""
    introduce(INTRO)
    gap, seed = _choose(bench)
    planned = trials(gap, seed=seed)
    runs = _find(planned)
    missing = [trial for trial in planned if trial.label not in runs]
    if missing:
        many = f"these {len(missing)} runs" if len(missing) > 1 else "this run"
        st.button(
            f"Train {many}", type="primary", icon=":material/play_arrow:", key="bias_train", on_click=attempt, args=(_train, missing),
            help="They wait in the queue like other runs, a few seconds each, and appear on the Runs page.",
        )  # fmt: skip
        draw_problem()
    if any(run.result is None for run in runs.values()):
        st.fragment(_follow, run_every=POLL, key="bias_watch")(planned)
    else:
        _draw_found(planned, runs)
    trained = tuple(label for label in _outcomes(planned, runs))
    script = SCRIPT.format(gap=gap, seed=seed, trained=trained)
    offer(bench, "forget_bias", lambda: _table(planned, _outcomes(planned, runs)), script)


def _choose(bench: Bench) -> tuple[int, int]:
    """The gap, that of the bench's run where it is on the same task, and the seed of the networks."""
    spec = bench.run.spec
    gap = int(LatchOptions.from_dict(dict(spec.dataset_options)).gap) if spec.dataset == "latch" else GAP
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        gap = _number("Gap (steps)", "bias_gap", min(gap, MOST_GAP), 1, MOST_GAP, option_of(LatchOptions, "gap").help)
        seed = _number("Seed of the networks", "bias_seed", 0, 0, MOST_SEED, "One lucky seed is no result: try three.")
    return gap, seed


def _number(label: str, key: str, default: int, low: int, high: int, help: str) -> int:
    held = st.session_state.get(key)
    if held is not None and not low <= held <= high:  # Streamlit would refuse it
        st.session_state[key] = min(max(int(held), low), high)
    shared: dict[str, Any] = {"min_value": low, "max_value": high, "step": 1, "key": key, "bind": "query-params"}
    if key not in st.session_state:
        shared["value"] = default
    chosen = st.number_input(label, **shared, width=190, help=help)
    return min(max(int(default if chosen is None else chosen), low), high)


def _find(planned: Sequence[BiasTrial]) -> "dict[str, RunSummary]":
    """Label → the newest run of that very spec, whoever started it, that is on its way or finished.

    One that failed or was stopped says nothing about its bias; it is left out, so that it can be tried again.
    """
    wanted = {same_request(trial.spec): trial.label for trial in planned}
    found: dict[str, RunSummary] = {}
    for run in store().list():
        if run.spec.dataset != "latch" or (run.result is not None and not (run.status == "finished" and run.folder.has_model)):
            continue
        label = wanted.get(same_request(run.spec))
        if label is not None:
            found.setdefault(label, run)
    return found


def _train(missing: Sequence[BiasTrial]) -> None:
    supervise()
    for trial in missing:
        store().submit(trial.spec, name=trial.name)


def _follow(planned: Sequence[BiasTrial]) -> None:
    """One look at runs on their way; the page runs once more when all have ended."""
    runs = _find(planned)
    if all(run.result is not None for run in runs.values()):
        st.rerun()
    _draw_found(planned, runs)


def _draw_found(planned: Sequence[BiasTrial], runs: "Mapping[str, RunSummary]") -> None:
    done = _outcomes(planned, runs)
    waiting = [run for run in runs.values() if run.result is None]
    if waiting:
        now = next((run.name for run in waiting if run.status == "running"), None)
        said = f"{len(done)} of {len(planned)} trained" + (f"; now: {escape(now)}" if now else "; a worker is about to start")
        st.progress(len(done) / len(planned), text=said)
    st.markdown(_reading(planned, done))
    trivial = next(iter(done.values())).trivial if done else float("nan")
    show_figure(
        plot_forget_bias([_info(trial, done.get(trial.label)) for trial in planned], lag=planned[0].lag, trivial=trivial),
        key="bias_figure",
        alt="Promised and measured memory timescales by forget bias, with the lag of the task, and the test error below",
    )
    st.caption(
        "τ: after so many steps 37 % of what was stored is left. Measured over windows of the test part; half of the units have a longer "
        "memory than the middle unit. All networks have 8 units, the same data, the same seed and 60 epochs."
    )


def _info(trial: BiasTrial, outcome: Outcome | None) -> TrialInfo:
    start = _start(trial.spec.to_json())
    low, high = trial.predicted
    return TrialInfo(
        label=trial.label,
        bias=float("nan") if trial.bias is None else trial.bias,
        promised_low=low,
        promised_high=high,
        start_median=start.median,
        start_longest=start.longest,
        median=outcome.times.median if outcome else float("nan"),
        longest=outcome.times.longest if outcome else float("nan"),
        error=outcome.error if outcome else float("nan"),
        verdict=outcome.verdict if outcome else "",
    )


def _reading(planned: Sequence[BiasTrial], done: Mapping[str, Outcome]) -> str:
    lag = planned[0].lag
    one = next(trial for trial in planned if trial.bias == 1)
    start = _start(one.spec.to_json())
    said = (
        f"The value has to be kept for **{lag:,} steps**. A bias of 1 promises {one.predicted[0]:.2f} steps; measured before training, the "
        f"middle unit has {start.median:.2f}."
    )
    if not done:
        return f"{said} Nothing is trained yet."
    solved = [trial for trial in planned if trial.label in done and done[trial.label].verdict == "solved"]
    biases = [trial.label for trial in solved if trial.bias is not None]
    tried = sum(trial.bias is not None for trial in planned if trial.label in done)
    said += f" Of {tried} trained with a fixed bias, {len(biases)} solve the task" + (f" ({', '.join(biases)})." if biases else ".")
    chrono = next((done[trial.label] for trial in planned if trial.bias is None and trial.label in done), None)
    if chrono is not None:
        said += f" Chrono initialisation: {chrono.verdict or 'not computable'}, test error {number(chrono.error, 3)}."
    return said


@st.cache_data(max_entries=256, show_spinner=False)
def _start(spec: str) -> MemoryTimes:
    from seqlab.runs.bias_sweep import measure_start  # imports torch

    return measure_start(RunSpec.from_json(spec))


def _outcomes(planned: Sequence[BiasTrial], runs: "Mapping[str, RunSummary]") -> dict[str, Outcome]:
    """Label → what became of it, in the order planned, for the runs that have ended."""
    made = {}
    for trial in planned:
        run = runs.get(trial.label)
        if run is None or run.result is None:
            continue
        try:
            made[trial.label] = _outcome(str(run.folder.path), run.folder.model_path.stat().st_mtime_ns)
        except (SeqlabError, OSError) as error:
            st.warning(escape(f"{run.name} cannot be opened: {error}"), icon=":material/warning:")
    return made


@st.cache_data(max_entries=256, show_spinner=False)
def _outcome(path: str, stamp: int) -> Outcome:  # noqa: ARG001  the stamp notices new weights under the same path
    from seqlab.runs.bias_sweep import measure_outcome  # imports torch
    from seqlab.training.fit import load_run

    return measure_outcome(load_run(path))


def _table(planned: Sequence[BiasTrial], done: Mapping[str, Outcome]) -> pd.DataFrame:
    rows = []
    for trial in planned:
        start, outcome = _start(trial.spec.to_json()), done.get(trial.label)
        row: dict[str, object] = {
            "forget_bias": trial.label,
            "promised_low": trial.predicted[0],
            "promised_high": trial.predicted[1],
            "start_median": start.median,
            "start_longest": start.longest,
        }
        if outcome is not None:
            row |= {
                "median": outcome.times.median,
                "longest": outcome.times.longest,
                "error": outcome.error,
                "verdict": outcome.verdict,
            }
        rows.append(row)
    return pd.DataFrame(rows)

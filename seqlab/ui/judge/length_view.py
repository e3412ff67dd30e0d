"""By length: how many sequences come out right, against how long they are; of a teaching task also beyond what it was trained on."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.evaluation.fewer_errors import errors_of
from seqlab.evaluation.length_share import LengthShare, right_by_length, right_share
from seqlab.evaluation.teaching import Verdict, teaching_verdict
from seqlab.figures.length_accuracy import LengthCurve, plot_length_accuracy
from seqlab.records import EpochRecord, Forecast, Prediction
from seqlab.ui.compare.take_away import offer
from seqlab.ui.figure import show_figure
from seqlab.ui.judge.stamp import stamp_lines
from seqlab.ui.judge.stand import Dataset, JudgeStand
from seqlab.ui.messages import escape
from seqlab.ui.opened import model_key, open_fitted

__all__ = ["binned", "draw", "length_edges"]

BINS = 8
_ICON = {
    "solved": ":material/check_circle:",
    "partial": ":material/hourglass_top:",
    "plateau": ":material/horizontal_rule:",
    "above": ":material/trending_up:",
    "unknown": ":material/help:",
}


def draw(stand: JudgeStand) -> None:
    """A teaching task's verdict and its curve beyond the training length; of other data the test part by length."""
    if stand.dataset.trivial is not None or stand.dataset.tests_at:
        _draw_verdict(stand)
    if stand.dataset.tests_at:
        _draw_beyond(stand)
    if len(set(stand.dataset.lengths)) > 1:
        _draw_test_part(stand)


def _draw_verdict(stand: JudgeStand) -> None:
    said = stand.prediction(stand.network)
    share = right_share(said, stand.dataset).share if said is not None else float("nan")
    losses = [record.validation_loss for record in stand.run.folder.read_metrics()[0] if isinstance(record, EpochRecord)]
    verdict: Verdict = teaching_verdict(stand.dataset, losses, share)
    with st.container(border=True):
        st.markdown(f"{_ICON[verdict.kind]} {escape(verdict.sentence)}")


def _draw_beyond(stand: JudgeStand) -> None:
    with st.spinner("Asking the network about longer sequences …", show_time=False):
        shares = _beyond(*model_key(stand.run.folder), _stand=stand)
    known = [share for share in shares if not share.reason]
    said = stand.prediction(stand.network)
    own = right_share(said, stand.dataset) if said is not None else None
    st.markdown("**Sequences of other lengths**")
    whole = st.segmented_control(
        "A sequence counts as right", ["Every answer right", "Answers one by one"], default="Every answer right", key="length_counted",
        bind="query-params", required=True,
    )  # fmt: skip
    by_step = whole == "Answers one by one"
    curve = LengthCurve(
        name=stand.network.name,
        length=np.array([share.length for share in known]),
        right=np.array([round((share.step_share if by_step else share.share) * share.sequences) for share in known]),
        count=np.array([share.sequences for share in known]),
    )
    show_figure(
        plot_length_accuracy([curve] if known else [], trained=_trained(stand.dataset), unit=""),
        key="beyond",
        alt="Share of right sequences against their length",
    )
    for reason in dict.fromkeys(share.reason for share in shares if share.reason):
        st.caption(f"Not computable: {escape(reason)}")
    if own is not None and not own.reason:
        band = "; the band holds the true share with 95 %" if any(share.sequences > 1 for share in known) else ""
        st.caption(
            f"Of the {own.sequences:,} sequences of the test part, which are as long as those of training, "
            f"{100 * own.share:.1f} % come out right. Each point is a test set of its own{band}."
        )
    offer(stand, "by_length", lambda: pd.DataFrame([_row(share) for share in shares]), stamp=stamp_lines(stand))


def _row(share: LengthShare) -> dict[str, object]:
    return {name: getattr(share, name) for name in ("length", "sequences", "share", "step_share", "reason")}


def _trained(dataset: Dataset) -> int:
    """The longest length in training, where it is on the scale that the task counts by; 0 if it is not."""
    lengths = [int(name) for name in dataset.tests_at]
    longest = max(dataset.lengths)
    steps = {name: max(dataset.tests_at[name].lengths) for name in dataset.tests_at}
    # Length is what the task calls it (the n of aⁿbⁿ, a pause, digits). Where it grows with the steps, training's lies between two.
    if len(lengths) < 2:
        return 0
    order = sorted(steps, key=int)
    return int(np.interp(longest, [steps[name] for name in order], [int(name) for name in order], left=0, right=0))


@st.cache_data(max_entries=50, show_spinner=False)
def _beyond(path: str, stamp: int, _stand: JudgeStand) -> tuple[LengthShare, ...]:  # noqa: ARG001 - the key of the cache
    from seqlab.evaluation.longer import predict_tests  # opening a model imports torch

    return right_by_length(predict_tests(open_fitted(_stand.run.folder)), _stand.dataset)


def length_edges(lengths: npt.ArrayLike, bins: int = BINS) -> npt.NDArray[np.int64]:
    """Ends of bins of lengths that hold about equally many sequences, the last one included.

    Example:
        >>> length_edges([1, 1, 2, 3, 9, 9], 3).tolist()
        [1, 3, 9]
    """
    made = np.quantile(np.asarray(lengths), np.linspace(0, 1, bins + 1)[1:], method="inverted_cdf")
    return np.unique(made.astype(np.int64))


def binned(lengths: npt.ArrayLike, errors: npt.ArrayLike, edges: Sequence[int], name: str) -> LengthCurve:
    """What was right in every bin of lengths; a bin stands at its mean length.

    Args:
        lengths: (sequence,) steps of each.
        errors: (sequence,) 0 where all was right; NaN where nothing was asked.
        edges: ends of the bins.
        name: the model.
    """
    steps, wrong = np.asarray(lengths), np.asarray(errors)
    asked = np.isfinite(wrong)
    place = np.searchsorted(np.asarray(edges), steps[asked], side="left")
    count = np.bincount(place, minlength=len(edges))
    with np.errstate(invalid="ignore"):
        middle = np.bincount(place, weights=steps[asked], minlength=len(edges)) / count
    return LengthCurve(
        name=name,
        length=np.nan_to_num(middle).round().astype(np.int64),
        right=np.bincount(place[wrong[asked] == 0], minlength=len(edges)),
        count=count,
    )


def _draw_test_part(stand: JudgeStand) -> None:
    said = [(model.name, stand.prediction(model)) for model in stand.models]
    known = [(name, one) for name, one in said if one is not None and not isinstance(one, Forecast)]
    if not known:
        return
    lengths = np.array(stand.dataset.lengths)[_samples(known[0][1])]
    if len(set(lengths.tolist())) < 2:
        return
    edges = length_edges(lengths)
    curves = [binned(lengths, errors_of(one), edges.tolist(), name) for name, one in known][:6]
    st.markdown("**The test part by length**")
    show_figure(
        plot_length_accuracy(curves, unit=f"{stand.dataset_unit}s"), key="by_length", alt="Share of right sequences against their length"
    )
    every = " with every answer right" if stand.task == "tag" else ""
    st.caption(f"The share of sequences{every}, in bins of about equally many. The band holds the true share with 95 %.")
    offer(
        stand,
        "test_part_by_length",
        lambda: pd.concat(
            [
                pd.DataFrame({"model": one.name, "mean_length": one.length, "longest": edges, "right": one.right, "sequences": one.count})
                for one in curves
            ]
        ),
        stamp=stamp_lines(stand),
    )


def _samples(said: Prediction) -> npt.NDArray[np.int64]:
    return said.origins if isinstance(said, Forecast) else said.samples

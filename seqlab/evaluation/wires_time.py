"""Tripwires on time: the parts follow each other, share no row, and training ends where it ends."""

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.evaluation.check import Check

__all__ = ["check_apart", "check_order", "check_reach"]

PARTS = ("train", "validation", "test")


def check_order(prepared: Prepared) -> Check:
    """Whether all rows forecast by one part are earlier than those of the next."""
    label = "Parts follow each other in time"
    bounds = prepared.bounds
    spans = {part: _span(prepared, part) for part in PARTS}
    numbers = {f"{part}: {end} row forecast": float(row) for part in PARTS for end, row in zip(("first", "last"), spans[part], strict=True)}
    ordered = 0 < bounds.train_end < bounds.validation_end < bounds.end <= len(prepared.index)
    late = [
        (before, after)
        for before, after in (("train", "validation"), ("validation", "test"), ("train", "test"))
        if spans[before][1] >= spans[after][0]
    ]
    ok = ordered and not late
    sentence = "Every row that training forecasts is earlier than every one of the validation part, and those earlier than the test part's."
    if late:
        before, after = late[0]
        sentence = (
            f"The {before} part forecasts rows up to {spans[before][1]:,}, the {after} part from row {spans[after][0]:,} on: "
            "the model may have learned from what it is judged on, or from its neighbours."
        )
    elif not ordered:
        sentence = f"The parts end at rows {bounds.train_end:,}, {bounds.validation_end:,} and {bounds.end:,}, which is no order in time."
    return Check(key="order", label=label, ok=ok, sentence=sentence, numbers=numbers)


def check_apart(prepared: Prepared) -> Check:
    """Whether a row is forecast by windows of two parts."""
    label = "No row is forecast in two parts"
    marked = {part: _target_rows(prepared, part) for part in PARTS}
    numbers = {
        f"rows in {one} and {other}": float((marked[one] & marked[other]).sum())
        for one, other in (("train", "validation"), ("train", "test"), ("validation", "test"))
    }
    shared = sum(numbers.values())
    found = " and ".join(f"{count:,.0f} {name}" for name, count in numbers.items() if count)
    sentence = f"Rows forecast in two parts: {found}." if shared else "No row is to be forecast in more than one part."
    return Check(key="apart", label=label, ok=not shared, sentence=sentence, numbers=numbers)


def check_reach(prepared: Prepared) -> Check:
    """Whether a training window reaches past the last training row."""
    label = "Training windows end where training ends"
    origins, end = prepared.windows("train").origins, prepared.bounds.train_end
    horizon, context = prepared.spec.window.horizon, prepared.spec.window.context_length
    over = int((origins + horizon > end).sum())
    last = int(origins.max()) + horizon - 1
    numbers = {"last row of a training window": float(last), "last training row": float(end - 1), "windows that reach over": float(over)}
    if over:
        sentence = f"{over:,} of {len(origins):,} training windows reach past row {end - 1:,}, up to row {last:,}: into what comes later."
    else:
        back = int((prepared.windows("test").origins - context < prepared.bounds.validation_end).sum())
        sentence = (
            f"No training window reaches past row {end - 1:,}. The contexts of {back:,} test windows reach back before the test part, "
            "which is no leak: when a forecast is made, its past is known."
        )
    return Check(key="reach", label=label, ok=not over, sentence=sentence, numbers=numbers)


def _span(prepared: Prepared, part: str) -> tuple[int, int]:
    """First and last row that windows of a part forecast."""
    origins = prepared.windows(part).origins
    return int(origins.min()), int(origins.max()) + prepared.spec.window.horizon - 1


def _target_rows(prepared: Prepared, part: str) -> npt.NDArray[np.bool_]:
    """(time,) whether a row is to be forecast by a window of the part."""
    marked = np.zeros(len(prepared.index) + 1, dtype=np.int64)
    origins = prepared.windows(part).origins
    np.add.at(marked, np.clip(origins, 0, len(prepared.index)), 1)
    np.add.at(marked, np.clip(origins + prepared.spec.window.horizon, 0, len(prepared.index)), -1)
    return np.cumsum(marked)[:-1] > 0

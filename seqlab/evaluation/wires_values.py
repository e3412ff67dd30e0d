"""Tripwires on values: whose scale is in use, whether windows hold what the table holds, and whether test windows have twins."""

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.data.window import WindowSet
from seqlab.errors import DataError
from seqlab.evaluation.check import Check
from seqlab.evaluation.scaled_rows import ScaledRows, data_values

__all__ = ["check_rows", "check_scaler", "check_twins"]

Values = npt.NDArray[np.float64]

PARTS = ("train", "validation", "test")
SAME = 1e-6
"""Relative difference up to which two scales are the same."""
SAME_VALUE = 1e-4
"""Difference up to which two scaled 32-bit values are the same."""
LOOKED_AT = 300
"""Windows of each part that are compared value by value."""
MOST_BYTES = 100_000_000
MANY_TWINS = 0.05
"""Share of test windows with a twin from which on this is called a leak."""


def check_scaler(prepared: Prepared) -> Check:
    """Whether the scales in use are those of the training rows, computed again."""
    label = "Scaling knows the training part only"
    values = data_values(prepared)
    kind, given = prepared.spec.data.scaling, prepared.scaler
    own = _statistics(kind, values[: prepared.bounds.train_end])
    everything = _statistics(kind, values)
    name = prepared.scaled_columns[0]
    numbers = {
        f"center of {name}, in use": float(given.center[0]),
        f"center of {name}, training rows": float(own[0][0]),
        f"center of {name}, all rows": float(everything[0][0]),
        f"scale of {name}, in use": float(given.scale[0]),
        f"scale of {name}, training rows": float(own[1][0]),
        f"scale of {name}, all rows": float(everything[1][0]),
    }
    rows = f"{prepared.bounds.train_end:,} training rows"
    if not _same_scale(given.center, given.scale, own):
        whose = f"all {len(values):,} rows, the test part with them" if _same_scale(given.center, given.scale, everything) else "other rows"
        sentence = f"The scales in use are not those of the {rows}; they are those of {whose}. The model knows the size of what is to come."
        return Check(key="scaler", label=label, ok=False, sentence=sentence, numbers=numbers)
    if kind == "none":
        sentence = "Nothing is scaled, so no scale can carry anything over from later parts."
    elif _same_scale(given.center, given.scale, everything):
        sentence = f"The scales are those of the {rows}; those of all rows happen to be the same here, so there was nothing to leak."
    else:
        sentence = f"The scales, computed again, are those of the {rows}, and not those of all {len(values):,} rows."
    return Check(key="scaler", label=label, ok=True, sentence=sentence, numbers=numbers)


def _statistics(kind: str, values: Values) -> tuple[Values, Values]:
    """Center and scale of each column; written apart from the data layer, which is what is checked."""
    columns = [column[~np.isnan(column)] for column in values.T]
    if kind == "standard":
        return np.array([one.mean() for one in columns]), np.array([one.std() for one in columns])
    if kind == "minmax":
        return np.array([one.min() for one in columns]), np.array([one.max() - one.min() for one in columns])
    return np.zeros(len(columns)), np.ones(len(columns))


def _same_scale(center: Values, scale: Values, wanted: tuple[Values, Values]) -> bool:
    """Within a millionth of the scale; a column that never changes has none, and may have any."""
    flat = wanted[1] <= 1e-12 * np.maximum(np.abs(wanted[0]), np.finfo(np.float64).tiny)
    size = np.where(flat, 1.0, wanted[1])
    near_scale = flat | (np.abs(scale - size) <= SAME * size)
    return bool((near_scale & (np.abs(center - wanted[0]) <= SAME * np.maximum(size, np.abs(wanted[0])))).all())


def check_rows(prepared: Prepared, rows: ScaledRows) -> Check:
    """Whether windows, cut again from the table by their row numbers, are those the model was given."""
    label = "Windows hold what their rows hold"
    worst, looked_at = 0.0, 0
    for part in PARTS:
        try:
            looked, error = _compare_windows(prepared, rows, prepared.windows(part))
        except DataError as error_:
            sentence = f"A window of the {part} part is not where it says it is: {error_}"
            return Check(key="rows", label=label, ok=False, sentence=sentence)
        worst, looked_at = max(worst, error), looked_at + looked
    numbers = {"windows compared": float(looked_at), "largest difference (scaled)": worst}
    ok = worst <= SAME_VALUE
    sentence = (
        f"{looked_at:,} windows, cut again from the table by their row numbers, are the ones the model was given."
        if ok
        else f"Windows the model was given differ from the table at their row numbers, by up to {worst:.3g} on the scaled values, or hold "
        "columns that are not in it."
    )
    return Check(key="rows", label=label, ok=ok, sentence=sentence, numbers=numbers)


def _compare_windows(prepared: Prepared, rows: ScaledRows, windows: WindowSet) -> tuple[int, float]:
    """How many windows of a part were looked at, and the largest difference from the table; infinite if they have other channels."""
    chosen = np.unique(np.linspace(0, windows.window_count - 1, min(LOOKED_AT, windows.window_count)).round().astype(np.int64))
    span = prepared.spec.window
    worst = 0.0
    for series in range(windows.series_count):
        x, future, y = windows.gather(series * windows.window_count + chosen)
        before = windows.origins[chosen][:, None] + np.arange(-span.context_length, 0)
        ahead = windows.origins[chosen][:, None] + np.arange(span.horizon)
        if before.min() < 0 or ahead.max() >= rows.features.shape[1]:
            raise DataError(f"its rows go from {before.min()} to {ahead.max()}, the table has {rows.features.shape[1]}.")
        wanted = rows.features[series, ahead][..., rows.features.shape[2] - rows.known_size :]
        for given, right in ((x, rows.features[series, before]), (future, wanted), (y, rows.observed[series, ahead])):
            if given.shape != right.shape or (np.isnan(given) != np.isnan(right)).any():
                return len(chosen), float("inf")
            difference = np.abs(given - right)
            worst = max(worst, float(np.nanmax(difference)) if np.isfinite(difference).any() else 0.0)
    return len(chosen), worst


def check_twins(prepared: Prepared) -> Check:
    """Whether test windows have the very values of training windows."""
    label = "No test window stands in training too"
    values = prepared.dataset.frame[list(prepared.target_names)].to_numpy(dtype=np.float64)
    window = prepared.spec.window
    train, test = prepared.windows("train").origins, prepared.windows("test").origins
    room = MOST_BYTES // ((len(train) + len(test)) * values.shape[1] * values.itemsize)
    context = int(min(window.context_length, max(1, room - window.horizon)))
    met = {_stretch(values, int(origin), context, window.horizon) for origin in train}
    twins = sum(_stretch(values, int(origin), context, window.horizon) in met for origin in test)
    share = twins / len(test)
    numbers = {"test windows": float(len(test)), "with a twin in training": float(twins)}
    if not twins:
        return Check(
            key="twins", label=label, ok=True, sentence="No test window has the very same values as a training window.", numbers=numbers
        )
    sentence = (
        f"{twins:,} of {len(test):,} test windows have, value by value, a twin among the training windows: rows that were copied, or a "
        "series that repeats itself. Such windows can be learned by heart."
    )
    return Check(key="twins", label=label, ok=False if share > MANY_TWINS else None, sentence=sentence, numbers=numbers)


def _stretch(values: Values, origin: int, context: int, horizon: int) -> bytes:
    return values[max(0, origin - context) : origin + horizon].tobytes()

"""Tripwire on what the model is told about the steps it forecasts."""

import numpy as np

from seqlab.data.prepare import Prepared
from seqlab.evaluation.check import Check
from seqlab.evaluation.scaled_rows import ScaledRows

__all__ = ["check_known"]

SUSPICIOUS = 0.95
"""From this correlation with the target at the same time on, a column looks like the target itself."""


def check_known(prepared: Prepared, rows: ScaledRows) -> Check:
    """Whether the channels given for the forecast's own steps are the spec's, and whether one of them looks like the target."""
    label = "Known ahead is known ahead"
    declared = prepared.dataset.known_ahead
    columns = [name for name in prepared.known_names if name not in prepared.calendar.names]
    strange = [name for name in columns if name not in prepared.dataset.frame.columns]
    numbers = {
        f"correlation of {name} with {target} at the same time": _correlation(prepared, name, target)
        for name in columns
        if name not in strange
        for target in prepared.target_names
    }
    if strange:
        sentence = (
            f"The model is told the future of {', '.join(map(repr, strange))}, which is no column of the data and no calendar feature."
        )
        return Check(key="known", label=label, ok=False, sentence=sentence, numbers=numbers)
    if len(prepared.known_names) != rows.known_size:
        sentence = f"The model is told the future of {len(prepared.known_names)} columns; the spec names {rows.known_size}."
        return Check(key="known", label=label, ok=False, sentence=sentence, numbers=numbers)
    if not columns:
        what = "Only calendar features, computed from the dates, are given" if prepared.known_names else "No column is given"
        return Check(key="known", label=label, ok=True, sentence=f"{what} to the model for the steps it forecasts.", numbers=numbers)
    close = [
        name for name in columns if any(abs(r) > SUSPICIOUS for key, r in numbers.items() if key.startswith(f"correlation of {name} "))
    ]
    unsure = [name for name in columns if name not in declared]
    named = ", ".join(repr(name) for name in columns)
    if close:
        sentence = (
            f"{', '.join(map(repr, close))} moves almost exactly as the target does at the same time (|r| > {SUSPICIOUS:g}). "
            "Is it really known when the forecast is made?"
        )
        ok = None if all(name in declared for name in close) else False
    elif unsure:
        sentence = (
            f"The data does not say that {', '.join(map(repr, unsure))} is known ahead; you chose it. Is it really known when the "
            "forecast is made? The weather of tomorrow is not, a holiday is."
        )
        ok = None
    else:
        sentence = f"The future of {named} is given to the model; the data set declares it known ahead."
        ok = True
    return Check(key="known", label=label, ok=ok, sentence=sentence, numbers=numbers)


def _correlation(prepared: Prepared, name: str, target: str) -> float:
    """Of two columns at the same rows; NaN where either never changes."""
    pair = prepared.dataset.frame[[name, target]].to_numpy(dtype=np.float64)[: prepared.bounds.end]
    pair = pair[np.isfinite(pair).all(axis=1)]
    if len(pair) < 3 or (np.ptp(pair, axis=0) == 0).any():
        return float("nan")
    return float(np.corrcoef(pair.T)[0, 1])

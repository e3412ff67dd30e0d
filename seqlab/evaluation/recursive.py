"""Forecasts over more steps than a network makes at once: block by block, each read back as if it had been observed."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.data.calendar import extend_index
from seqlab.data.fill import fill_gaps
from seqlab.data.prepare import Prepared
from seqlab.errors import ConfigError

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["check_recursive", "forecast_recursively"]

Floats = npt.NDArray[np.float64]


def check_recursive(fitted: "Fitted", block: int) -> None:
    """Makes sure that a network can read its own forecasts back.

    Raises:
        ConfigError: it also reads columns whose future nobody knows, or the block is longer than what it forecasts.
    """
    past = fitted.spec.data.past_covariates
    if past:
        raise ConfigError(
            f"The network {fitted.name!r} also reads {', '.join(past)}, whose future nobody knows; so it cannot go on from its own "
            "forecast. Choose the direct strategy, or train a network without past covariates."
        )
    horizon = fitted.spec.window.horizon
    if block > horizon:
        raise ConfigError(
            f"The network {fitted.name!r} forecasts {horizon} steps, but blocks of {block} are asked for. "
            f"Choose a block of at most {horizon}."
        )


def forecast_recursively(fitted: "Fitted", origin: int, horizon: int, block: int) -> Floats:
    """A forecast in blocks: the first ``block`` steps are kept, put at the end of the context, and the network is asked again.

    Known-ahead columns and the calendar are read as they are; beyond the last row of the data a known-ahead column repeats its
    last value, which concerns only steps that are not kept.

    Args:
        fitted: a network without past covariates.
        origin: row of the first forecast step; one of the test part's windows.
        horizon: steps to forecast, as many as one likes.
        block: steps kept of each forecast, at most the network's own horizon.

    Returns:
        (horizon, target) in the data's own units.

    Raises:
        ConfigError: see :func:`check_recursive`.
        DataError: the origin is not one of the test part's windows.
    """
    import torch  # heavy; whoever only plans folds must not pay for it

    check_recursive(fitted, block)
    prepared, own = fitted.series, fitted.series.target_size
    windows = prepared.windows("test")
    context, _, _ = windows.gather(windows.samples_at([origin]).ravel())  # (series, time, feature)
    steps = fitted.spec.window.horizon
    known = _known_ahead(prepared, origin, horizon + steps)
    device = next(fitted.model.parameters()).device
    made = np.empty((len(context), horizon + block, own), dtype=np.float32)
    with torch.no_grad():
        for start in range(0, horizon, block):
            future = np.broadcast_to(known[start : start + steps], (len(context), steps, known.shape[1]))
            forecast = fitted.model(torch.from_numpy(context).to(device), torch.from_numpy(future.copy()).to(device)).cpu().numpy()
            made[:, start : start + block] = forecast[:, :block]
            read = np.concatenate([forecast[:, :block], future[:, :block]], axis=2)
            context = np.concatenate([context, read], axis=1)[:, block:]
    y_pred: Floats = prepared.by_origin(made[:, :horizon])[0]
    return y_pred


def _known_ahead(prepared: Prepared, origin: int, rows: int) -> npt.NDArray[np.float32]:
    """(row, known) scaled known-ahead columns and calendar from the origin on, as the windows hold them."""
    dataset, names = prepared.dataset, prepared.spec.data.known_covariates
    index = dataset.frame.index
    missing = max(0, origin + rows - len(index))
    dates = index[origin : origin + rows]
    if missing:
        dates = dates.append(extend_index(index, dataset.frequency, missing))
    columns = np.array([prepared.scaled_columns.index(name) for name in names], dtype=np.int64)
    values = dataset.frame[list(names)].to_numpy(dtype=np.float64)
    scaled = (values - prepared.scaler.center[columns]) / prepared.scaler.scale[columns]
    filled = fill_gaps(scaled, prepared.spec.data.missing, prepared.season_length, prepared.bounds)
    filled = np.concatenate([filled, np.repeat(filled[-1:], missing, axis=0)])[origin : origin + rows]
    return np.concatenate([filled, prepared.calendar.values(dates)], axis=1).astype(np.float32)

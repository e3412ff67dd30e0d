"""A run broken on purpose: trained again with a leak in its data, to show what the leak pretends."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from seqlab.config import RunSpec
from seqlab.data.prepare import Prepared
from seqlab.errors import UnknownKeyError
from seqlab.evaluation.broken_data import MEAN_LENGTH, break_data, growth_length, without_leak
from seqlab.evaluation.forecast import forecast_fitted
from seqlab.evaluation.leak_table import LEAKS
from seqlab.evaluation.origins import spread_origins
from seqlab.evaluation.tripwires import check_data
from seqlab.records import Forecast

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["LeakError", "LeakResult", "train_leaking"]

LIMIT = 500
"""Origins at most that a part is judged from."""
FEWEST_WINDOWS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakError:
    """A mean absolute error, and how hard the windows were on which it was made.

    Args:
        error: in the data's own units, the mean over the targets; NaN if it cannot be computed.
        naive: error of repeating the last value on the same windows.
        relative: error / naive by target, then the mean.
        windows: forecasts judged.
    """

    error: float
    naive: float
    relative: float
    windows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakResult:
    """What a leak pretended. Broken on purpose: never to be shown among honest results.

    Args:
        leak: key of :data:`seqlab.evaluation.leak_table.LEAKS`.
        reported: what the careless would report.
        untouched: the same trained model on rows it has really not seen; ``None`` where there are none.
        honest: the honest run's error on the test part.
        caught: labels of the tripwires that notice this leak.
        notes: what was done, and what limits the comparison.
        seconds: time it took to train and judge.
    """

    leak: str
    reported: LeakError
    untouched: LeakError | None
    honest: LeakError
    caught: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float

    @property
    def false_gain(self) -> float:
        """Share by which the reported error looks smaller than the honest run's, each relative to repeating the last value.

        On the same windows, as with all leaks but the random split, this is simply 1 - reported / honest.
        """
        return 1 - self.reported.relative / self.honest.relative

    @property
    def broken_promise(self) -> float:
        """Share by which the reported error looks smaller than the same model's on untouched rows; NaN if there are none."""
        return 1 - self.reported.relative / self.untouched.relative if self.untouched is not None else float("nan")


def _say_nothing(sentence: str) -> None:
    del sentence


def train_leaking(
    spec: RunSpec, leak: str, *, honest: "Fitted | None" = None, say: Callable[[str], None] = _say_nothing, threads: int | None = None
) -> LeakResult:
    """Trains the same spec with the same seed on data with a leak in it, and compares what it reports with the honest run.

    The result is what comes out: a leak may pretend much, little or nothing, and may even do harm.

    Args:
        spec: the honest run's.
        leak: key of :data:`seqlab.evaluation.leak_table.LEAKS`.
        honest: the honest run's model; ``None`` trains it.
        say: told of every epoch.
        threads: CPU threads; ``None`` chooses by the cell.

    Raises:
        UnknownKeyError: there is no such leak.
        ConfigError: the leak cannot be shown on this data.
        SeqlabError: the spec cannot be trained.
    """
    from seqlab.training.fit import fit  # imports torch

    if leak not in LEAKS:
        raise UnknownKeyError(f"There is no leak {leak!r}. Choose one of: {', '.join(LEAKS)}.")
    began = time.perf_counter()
    clean = honest if honest is not None else fit(spec)
    broken = break_data(clean.series, leak)
    leaking = _train(broken, say, threads)
    clean_error = _judge(clean, clean.series, clean.series.windows("test").origins)
    reported = _judge(leaking, broken, broken.windows("test").origins)
    untouched, notes = _untouched(leak, leaking, clean)
    return LeakResult(
        leak=leak,
        reported=reported,
        untouched=untouched,
        honest=clean_error,
        caught=tuple(check.label for check in check_data(broken) if check.ok is False),
        notes=(*notes, _epochs(leaking, clean)),
        seconds=time.perf_counter() - began,
    )


def _train(broken: Prepared, say: Callable[[str], None], threads: int | None) -> "Fitted":
    from seqlab.records import EpochRecord
    from seqlab.training.device import choose_device, choose_threads
    from seqlab.training.session import TrainingSession

    spec = broken.spec
    device, reason = choose_device(spec.training.device)
    session = TrainingSession(spec, broken, device, reason, threads or choose_threads(spec.model.cell))
    for event in session.events():
        if isinstance(event, EpochRecord):
            say(f"Epoch {event.epoch} of at most {spec.training.epochs}.")
    return session.fitted()


def _judge(fitted: "Fitted", prepared: Prepared, origins: npt.NDArray[np.int64]) -> LeakError:
    """The error of a model over some origins of a part called test, at most :data:`LIMIT` of them."""
    judged = replace(fitted, prepared=prepared)
    return _error(forecast_fitted(judged, spread_origins(origins, LIMIT, prepared.season_length)), prepared)


def _error(forecast: Forecast, prepared: Prepared) -> LeakError:
    values = prepared.dataset.frame[list(forecast.targets)].ffill().to_numpy(dtype=np.float64)
    last = values[forecast.origins - 1][:, None, :]
    seen = np.isfinite(forecast.y_true) & np.isfinite(last)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = _by_target(np.abs(np.asarray(forecast.y_pred, dtype=np.float64) - forecast.y_true), seen)
        naive = _by_target(np.abs(last - forecast.y_true), seen)
        relative = own / naive
    return LeakError(error=float(own.mean()), naive=float(naive.mean()), relative=float(relative.mean()), windows=len(forecast.origins))


def _by_target(errors: npt.NDArray[np.floating], seen: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """(target,) means over what was observed."""
    total = np.where(seen, errors, 0.0).sum(axis=(0, 1))
    made: npt.NDArray[np.float64] = total / seen.sum(axis=(0, 1))
    return made


def _untouched(leak: str, leaking: "Fitted", clean: "Fitted") -> tuple[LeakError | None, tuple[str, ...]]:
    """The leaking model on rows that it has really not seen, where there are any, and what is to be said about it."""
    broken, honest = leaking.series, clean.series
    test = honest.windows("test").origins
    if leak == "scaler":
        return None, ("No untouched rows are left: the scale knows them all.",)
    if leak == "random_split":
        trained, others = broken.windows("train").window_count, broken.windows("test").window_count
        note = (
            f"All windows before the test part were dealt at random, {trained:,} to training (the honest run has "
            f"{honest.windows('train').window_count:,}); what is reported comes from {others:,} others. The real test part was kept out, "
            "to show what the model is worth. "
            "These are different windows, so errors are compared as shares of the error of repeating the last value."
        )
        newer = (
            "The dealt training windows also hold the rows just before the test part, which the honest run keeps for validation: what the "
            "model gains by these newer rows on the real test part is no leak."
        )
        return _judge(leaking, honest, test), (note, newer)
    if leak == "overlap":
        last = int(broken.windows("train").origins.max()) + honest.spec.window.horizon
        beyond = test[test >= last]
        seen = last - honest.bounds.validation_end
        note = f"Training windows reach up to row {last - 1:,}" + (
            f": {seen:,} rows into the test part." if seen > 0 else ", into the validation part only; of the test part nothing was seen."
        )
        if seen <= 0:
            return None, (note,)
        if len(beyond) < FEWEST_WINDOWS:
            return None, (f"{note} Too little of the test part lies beyond that to judge the model by.",)
        return _judge(leaking, honest, beyond), (f"{note} Untouched are the {len(beyond):,} windows that forecast later rows.",)
    if leak == "stop_on_test":
        return None, ("With the same seed the way is the same; only the epoch that was kept differs. Untouched rows are not left.",)
    note = (
        f"The added column is the mean over {MEAN_LENGTH} rows around each row, less the same {growth_length(honest):,} rows earlier. "
        "When a forecast is really made, it ends before the origin; then its last value is repeated."
    )
    return _in_use(leaking, broken), (note,)


def _in_use(leaking: "Fitted", broken: Prepared) -> LeakError:
    """The model with the leaked covariate, judged as it would really be used."""
    windows = broken.windows("test")
    origins = spread_origins(windows.origins, LIMIT, broken.season_length)
    columns = []
    for series, samples in enumerate(windows.samples_at(origins)):
        x, future, _ = windows.gather(samples)
        x, future = without_leak(x, future, broken)
        columns.append(np.asarray(leaking.predict(x, future, series=series), dtype=np.float64))
    forecast = Forecast(
        model=leaking.name,
        targets=broken.target_names,
        origins=origins,
        y_pred=np.concatenate(columns, axis=-1),
        y_true=broken.y_true(origins),
    )
    return _error(forecast, broken)


def _epochs(leaking: "Fitted", clean: "Fitted") -> str:
    kept = [max((record.epoch for record in fitted.history if record.best), default=0) for fitted in (leaking, clean)]
    return (
        f"Weights of epoch {kept[0]} with the leak, of epoch {kept[1]} in the honest run. One seed each: a difference of a few per cent "
        "may be luck."
    )

"""Presets for a series, fitted to its length, seasons and growth."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from seqlab.config import DataConfig, ModelConfig, RunSpec, SplitConfig, TrainConfig, WindowConfig
from seqlab.presets.preset import Preset

__all__ = ["ENTRIES", "SeriesFacts"]

TRAIN_SHARE = SplitConfig().train_size
GROWTH = 1.5  # from here on the level of one quarter of the training part to another calls for a logarithm
OPTIMIZER_STEPS = 3_000  # what "Good forecast" plans for


class SeriesFacts(Protocol):
    """What a preset needs to know of a series; ``SeriesDataset`` has it."""

    @property
    def key(self) -> str:
        """Key of the data set."""

    @property
    def task(self) -> str:
        """Key of ``seqlab.tasks.TASKS``."""

    @property
    def frame(self) -> Any:
        """Table of float64 columns, one row per step."""

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns forecast by default."""

    @property
    def past(self) -> tuple[str, ...]:
        """Columns offered as past covariates."""

    @property
    def frequency(self) -> str | None:
        """Pandas offset alias, ``None`` for numbered rows."""

    @property
    def season_length(self) -> int:
        """Steps of the main season, 1 if none."""

    @property
    def seasons(self) -> tuple[int, ...]:
        """All seasons in steps, shortest first."""

    @property
    def published_test_start(self) -> int | None:
        """First row of a published test part."""

    @property
    def block_length(self) -> int:
        """Rows of one independent block, 0 if the series is one whole."""


def _training_part(series: SeriesFacts) -> npt.NDArray[np.float64]:
    """(time,) observed values of the first target in the default training part, gaps closed."""
    values = series.frame[series.targets[0]].to_numpy()[: int(TRAIN_SHARE * len(series.frame))]
    kept: npt.NDArray[np.float64] = values[np.isfinite(values)]
    return kept


def _horizon(series: SeriesFacts) -> int:
    """One shortest season where that is short, else a length usual for the frequency; never more than a twelfth of the rows."""
    shortest = series.seasons[0] if series.seasons else series.season_length
    usual = {"D": 7, "B": 5, "W": 13, "QS": 4}.get((series.frequency or "").partition("-")[0], 12)
    wanted = shortest if 2 <= shortest <= 48 else usual
    return max(1, min(wanted, len(series.frame) // 12))


def _reference(series: SeriesFacts, horizon: int) -> str:
    """The reference with the smaller mean absolute error over the training part: the last value or the value one season ago."""
    values, season = _training_part(series), series.season_length
    if season < 2 or len(values) < 2 * season + horizon:
        return "last"
    ahead = np.arange(1, horizon + 1)
    origins = np.arange(season, len(values) - horizon)
    truth = values[origins[:, None] + ahead]
    last = np.abs(truth - values[origins, None]).mean()
    seasonal = np.abs(truth - values[origins[:, None] + 1 - season + (ahead - 1) % season]).mean()
    return "seasonal" if seasonal < last else "last"


def _transform(series: SeriesFacts) -> str:
    """A logarithm for positive series whose level grows or shrinks a lot over the training part."""
    values = _training_part(series)
    whole = series.frame[list(series.targets)].to_numpy()
    if len(values) < 8 or not np.nanmin(whole) > 0:
        return "none"
    levels = [part.mean() for part in np.array_split(values, 4)]
    return "log" if max(levels) > GROWTH * min(levels) else "none"


def _calendar(series: SeriesFacts) -> bool:
    return series.frequency is not None and len(series.seasons) > 0


def _good(series: SeriesFacts) -> RunSpec:
    rows, horizon = len(series.frame), _horizon(series)
    reference = _reference(series, horizon)
    season = series.season_length
    segment = series.seasons[0] if len(series.seasons) > 1 else 1
    wanted = season if season >= 100 else max(2 * season, 2 * horizon)
    context = max(segment, wanted // segment * segment)
    if reference != "seasonal":
        context = max(1, min(context, rows // 8))
        segment = segment if context % segment == 0 else 1
    windows = max(1, int(TRAIN_SHARE * rows) - context - horizon)
    batch = 64 if windows > 1_000 else 16
    epochs = int(np.clip(OPTIMIZER_STEPS * batch // windows // 10 * 10, 20, 200))
    return RunSpec(
        dataset=series.key,
        data=DataConfig(transform=_transform(series), calendar=_calendar(series)),
        window=WindowConfig(context_length=context, horizon=horizon),
        model=ModelConfig(cell="gru", hidden_size=32, reference=reference, segment_length=segment),
        training=TrainConfig(
            epochs=epochs, batch_size=batch, learning_rate=3e-3, loss="mae", schedule="cosine", patience=max(5, epochs // 5)
        ),
    )


def _first_look(series: SeriesFacts) -> RunSpec:
    rows, horizon = len(series.frame), _horizon(series)
    shortest = series.seasons[0] if series.seasons else series.season_length
    context = max(2 * horizon, min(2 * shortest, 96))
    context = max(1, min(context, rows // 6))
    return RunSpec(
        dataset=series.key,
        data=DataConfig(transform=_transform(series)),
        window=WindowConfig(context_length=context, horizon=horizon, stride=max(1, rows // 4_000)),
        model=ModelConfig(cell="lstm", hidden_size=16, reference="last"),
        training=TrainConfig(epochs=40, batch_size=32, learning_rate=3e-3, patience=10),
    )


def _textbook(series: SeriesFacts) -> RunSpec:
    rows = len(series.frame)
    return RunSpec(
        dataset=series.key,
        window=WindowConfig(context_length=max(1, min(48, rows // 6)), horizon=1, stride=max(1, rows // 4_000)),
        model=ModelConfig(cell="lstm", hidden_size=50, reference="none", head_size=0),
        training=TrainConfig(epochs=30, batch_size=32, learning_rate=1e-3, patience=0, clip_norm=0.0),
    )


def _published(series: SeriesFacts) -> RunSpec:
    return RunSpec(
        dataset=series.key,
        data=DataConfig(past_covariates=series.past),
        split=SplitConfig(method="published", validation_size=0.15),
        window=WindowConfig(context_length=5, horizon=1),
        model=ModelConfig(cell="lstm", hidden_size=32, reference="none", head_size=32, dropout=0.1),
        training=TrainConfig(epochs=100, batch_size=64, learning_rate=1e-3, schedule="cosine", patience=20),
    )


def _latch(series: SeriesFacts) -> RunSpec:
    """A window is a whole block. Nothing is scaled, so that the gates' inputs are the numbers on the screen."""
    lag = series.block_length - 1
    return RunSpec(
        dataset=series.key,
        data=DataConfig(past_covariates=series.past, scaling="none"),
        window=WindowConfig(context_length=lag, horizon=1),
        model=ModelConfig(cell="lstm", hidden_size=8, chrono_length=max(3, lag), reference="none", head_size=0),
        training=TrainConfig(epochs=60, batch_size=32, learning_rate=1e-2, schedule="cosine", patience=0),
    )


def _in_blocks(series: SeriesFacts) -> bool:
    return series.task == "forecast" and series.block_length > 0


def _in_one_piece(series: SeriesFacts) -> bool:
    return series.task == "forecast" and series.block_length == 0


def _has_published_split(series: SeriesFacts) -> bool:
    return series.task == "forecast" and series.published_test_start is not None and not series.block_length


ENTRIES = (
    Preset(
        key="first_look",
        label="First look",
        sentence="A small LSTM that reads every step and trains in seconds: good for watching the gates.",
        build=_first_look,
        suits=_in_one_piece,
    ),
    Preset(
        key="good",
        label="Good forecast",
        sentence=(
            "Forecasts the difference from the better simple path (the last value or the value one season ago, whichever fits the "
            "training part), with calendar features; days are read as one step where there are days."
        ),
        build=_good,
        suits=_in_one_piece,
    ),
    Preset(
        key="textbook",
        label="Textbook LSTM",
        sentence="One step ahead, no reference, as most tutorials do it. Compare it with the naive forecast before you believe it.",
        build=_textbook,
        suits=_in_one_piece,
    ),
    Preset(
        key="published",
        label="Published setting",
        sentence="Five lags of all columns, one step ahead, on the split others have published numbers for.",
        build=_published,
        suits=_has_published_split,
    ),
    Preset(
        key="latch",
        label="Latch",
        sentence=(
            "A small LSTM that reads a whole block and answers at its end. Its forget gates start spread over memories as long as the gap, "
            "its input gates nearly shut (chrono initialisation): training has to open them at the cue."
        ),
        build=_latch,
        suits=_in_blocks,
    ),
)

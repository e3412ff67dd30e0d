"""What the views of a comparison share: the run, its data, and the models with their forecasts."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from seqlab.data.series import SeriesDataset
from seqlab.data.split import split_bounds
from seqlab.records import Forecast, SplitBounds
from seqlab.runs.comparison_log import ComparedModel
from seqlab.runs.folder import RunFolder
from seqlab.runs.store import RunSummary
from seqlab.ui.datasets import open_dataset

__all__ = ["NETWORK", "SEED", "Stand", "stand_of"]

NETWORK = "fitted"
"""Key of the run's own network among the models."""

SEED = "seed:"
"""Keys of the same network, trained again with another seed, begin with this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """A comparison as it stands now.

    Args:
        run: the run whose network is compared.
        dataset: its data.
        bounds: rows of the training, validation and test part.
        models: what was judged: the network first, then the baselines in the order in which they arrived.
        seeds: the same network with other seeds.
        skipped: what could not be judged, and why.
    """

    run: RunSummary
    dataset: SeriesDataset
    bounds: SplitBounds
    models: tuple[ComparedModel, ...]
    seeds: tuple[ComparedModel, ...]
    skipped: tuple[ComparedModel, ...]

    @property
    def season_length(self) -> int:
        """m, 1 if there is no season."""
        return self.dataset.season_length

    @property
    def horizon(self) -> int:
        """Steps ahead."""
        return self.run.spec.window.horizon

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the target columns."""
        return self.run.spec.data.targets or self.dataset.targets

    @property
    def index(self) -> pd.Index:
        """Dates or row numbers of the rows."""
        return self.dataset.frame.index

    @property
    def network(self) -> ComparedModel | None:
        """The run's own network; ``None`` before it is judged."""
        return self.find(NETWORK)

    def find(self, key: str) -> ComparedModel | None:
        """A model by its key."""
        return next((model for model in (*self.models, *self.seeds) if model.key == key), None)

    def values(self, target: str) -> npt.NDArray[np.float64]:
        """(time,) all values of a column, NaN where nothing was observed."""
        return self.dataset.frame[target].to_numpy(dtype=np.float64)

    def training(self, target: str) -> npt.NDArray[np.float64]:
        """(time,) the values of the training part."""
        return self.values(target)[: self.bounds.train_end]

    def forecast(self, model: ComparedModel) -> Forecast | None:
        """A model's forecasts of the test part, from the same origins as all others."""
        return _forecast(str(self.run.folder.path), model.number, "test", self._stamp)

    def calibration(self, model: ComparedModel) -> Forecast | None:
        """The same model's forecasts of the validation part; ``None`` if they are not there (yet)."""
        return _forecast(str(self.run.folder.path), model.number, "validation", self._stamp)

    @property
    def _stamp(self) -> str:
        """Changes when anything is added to the comparison."""
        folder = self.run.folder.job("compare").path
        return str(folder.stat().st_mtime_ns) if folder.is_dir() else ""


def stand_of(run: RunSummary) -> Stand:
    """The comparison of a run.

    Raises:
        SeqlabError: its data is gone.
    """
    dataset = cast("SeriesDataset", open_dataset(run.spec.dataset, run.spec.dataset_options))
    found, _ = run.folder.comparison()
    judged = [model for model in found if not model.skipped]
    own = [model for model in judged if not model.key.startswith(SEED)]
    return Stand(
        run=run,
        dataset=dataset,
        bounds=split_bounds(len(dataset.frame), run.spec.split, dataset.published_test_start, dataset.block_length),
        models=tuple(sorted(own, key=lambda model: model.key != NETWORK)),
        seeds=tuple(model for model in judged if model.key.startswith(SEED)),
        skipped=tuple(model for model in found if model.skipped),
    )


@st.cache_data(max_entries=400, show_spinner=False)
def _forecast(folder: str, number: int, part: str, stamp: str) -> Forecast | None:  # noqa: ARG001 - the stamp tells old files from new
    run = RunFolder(Path(folder))
    model = next(one for one in run.comparison()[0] if one.number == number)
    return run.comparison_forecast(model, part)

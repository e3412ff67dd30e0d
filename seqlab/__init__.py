"""seqlab: train small recurrent networks and see how they remember.

Shapes are always ``(batch, time, feature)``; a state is ``(batch, hidden)``; a trace is
``(batch, time, hidden)`` per (layer, direction, gate). A window is ``context_length`` steps the
model reads and ``horizon`` steps it forecasts.

Public names are resolved when first used (PEP 562), so ``import seqlab`` stays light.
"""

import importlib
from typing import TYPE_CHECKING, Any

from seqlab.version import __version__ as __version__

if TYPE_CHECKING:
    from seqlab.baselines.table import BASELINES as BASELINES
    from seqlab.config import CompareConfig as CompareConfig
    from seqlab.config import DataConfig as DataConfig
    from seqlab.config import ModelConfig as ModelConfig
    from seqlab.config import RunSpec as RunSpec
    from seqlab.config import SplitConfig as SplitConfig
    from seqlab.config import TrainConfig as TrainConfig
    from seqlab.config import WindowConfig as WindowConfig
    from seqlab.data.catalog import DATASETS as DATASETS
    from seqlab.data.catalog import load_dataset as load_dataset
    from seqlab.data.upload import read_table as read_table
    from seqlab.errors import SeqlabError as SeqlabError
    from seqlab.evaluation.backtest import backtest as backtest
    from seqlab.evaluation.comparison import compare as compare
    from seqlab.evaluation.judge import score as score
    from seqlab.gates.intervention import Intervention as Intervention
    from seqlab.gates.replay import replay as replay
    from seqlab.gates.trace import trace_gates as trace_gates
    from seqlab.models.table import CELLS as CELLS
    from seqlab.presets import PRESETS as PRESETS
    from seqlab.records import EpochRecord as EpochRecord
    from seqlab.records import GateTrace as GateTrace
    from seqlab.training.fit import fit as fit
    from seqlab.training.fit import load_run as load_run
    from seqlab.training.fit import train as train

_HOMES = {
    "BASELINES": "seqlab.baselines.table",
    "CELLS": "seqlab.models.table",
    "CompareConfig": "seqlab.config",
    "DATASETS": "seqlab.data.catalog",
    "DataConfig": "seqlab.config",
    "EpochRecord": "seqlab.records",
    "GateTrace": "seqlab.records",
    "Intervention": "seqlab.gates.intervention",
    "ModelConfig": "seqlab.config",
    "PRESETS": "seqlab.presets",
    "RunSpec": "seqlab.config",
    "SeqlabError": "seqlab.errors",
    "SplitConfig": "seqlab.config",
    "TrainConfig": "seqlab.config",
    "WindowConfig": "seqlab.config",
    "backtest": "seqlab.evaluation.backtest",
    "compare": "seqlab.evaluation.comparison",
    "fit": "seqlab.training.fit",
    "load_dataset": "seqlab.data.catalog",
    "load_run": "seqlab.training.fit",
    "read_table": "seqlab.data.upload",
    "replay": "seqlab.gates.replay",
    "score": "seqlab.evaluation.judge",
    "trace_gates": "seqlab.gates.trace",
    "train": "seqlab.training.fit",
}

__all__ = sorted(_HOMES)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'seqlab' has no attribute {name!r}; public names are: {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__

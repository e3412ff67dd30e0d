"""SIDE_JOBS: long work on a run that is over, done by a worker in a folder of its own within the run's."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from seqlab.runs.folder import RunFolder

__all__ = ["SIDE_JOBS", "SideJob"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SideJob:
    """One kind of work.

    Args:
        key: the kind of the job.
        label: what the user calls it, in the middle of a sentence.
        folder: name of its folder within the run's.
        log: the file in it to which every finished piece adds a line.
        implementation: ``module:function`` that takes the :class:`RunFolder`, imported by the worker.
    """

    key: str
    label: str
    folder: str
    log: str
    implementation: str

    def load(self) -> "Callable[[RunFolder], None]":
        """The function that does the work. It takes up what an earlier worker left, and writes the result at the end."""
        module, name = self.implementation.split(":")
        return cast("Callable[[RunFolder], None]", getattr(importlib.import_module(module), name))


_ENTRIES = (
    SideJob(
        key="compare",
        label="comparison",
        folder="comparison",
        log="models.jsonl",
        implementation="seqlab.runs.comparison_job:compare_folder",
    ),
    SideJob(
        key="backtest",
        label="backtest",
        folder="backtest",
        log="folds.jsonl",
        implementation="seqlab.runs.backtest_job:backtest_folder",
    ),
    SideJob(
        key="leaks",
        label="check of leaks",
        folder="leaks",
        log="leaks.jsonl",
        implementation="seqlab.runs.leak_job:leaks_folder",
    ),
)

SIDE_JOBS: Mapping[str, SideJob] = MappingProxyType({entry.key: entry for entry in _ENTRIES})

"""Runs and jobs as the lists show them."""

from dataclasses import dataclass
from datetime import UTC, datetime

from seqlab.config import RunSpec
from seqlab.data.catalog import DATASETS
from seqlab.models.network_name import network_name
from seqlab.runs.folder import RunFolder
from seqlab.runs.job import JobFolder
from seqlab.runs.result import RunResult

__all__ = ["Job", "RunSummary", "default_name", "example_summary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """One line of the list of runs.

    Args:
        run_id: its id, as in the address.
        name: what the user calls it; text, never markup.
        status: as :attr:`RunFolder.status`.
        created: when it was submitted, UTC.
        spec: what is trained.
        result: how it ended; ``None`` while it has not.
        folder: everything else.
        read_only: whether it is an example that comes with seqlab.
        position: place in the queue, 1 is next; ``None`` if it does not wait.
    """

    run_id: str
    name: str
    status: str
    created: datetime
    spec: RunSpec
    result: RunResult | None
    folder: RunFolder
    read_only: bool = False
    position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job that has not ended, for the supervisor.

    Args:
        run_id, kind: which job; ``kind`` is ``train`` or a key of ``SIDE_JOBS``.
        place: its place in the queue; the same job asked for again has another one.
        starts: how often a worker was started for it since it last got further.
        progress: :attr:`JobFolder.progress` at the last start.
        folder: its files.
    """

    run_id: str
    kind: str
    place: int
    starts: int
    progress: str
    folder: JobFolder


def default_name(spec: RunSpec) -> str:
    """A name made from a spec.

    Example:
        >>> default_name(RunSpec(dataset="airline_passengers"))
        'LSTM 32 on Airline passengers'
    """
    entry = DATASETS.get(spec.dataset)
    return f"{network_name(spec.model)} on {entry.label if entry else 'uploaded data'}"


def example_summary(run_id: str, folder: RunFolder) -> RunSummary:
    """The line of a run that comes with seqlab."""
    about = folder.about
    return RunSummary(
        run_id=run_id,
        name=str(about.get("name", "Example")),
        status=folder.status,
        created=datetime.fromtimestamp(float(about.get("created", 0.0)), UTC),
        spec=folder.spec,
        result=folder.result,
        folder=folder,
        read_only=True,
    )

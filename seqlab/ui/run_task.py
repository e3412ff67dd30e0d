"""What a run was asked: the task of its data set."""

from seqlab.config import RunSpec
from seqlab.data.catalog import DATASETS
from seqlab.errors import SeqlabError
from seqlab.ui.datasets import open_dataset
from seqlab.ui.fitting_settings import task_of

__all__ = ["task_of_spec"]


def task_of_spec(spec: RunSpec) -> str:
    """Key of :data:`seqlab.tasks.TASKS`; an upload is opened to know, and one that is gone counts as a series.

    Example:
        >>> task_of_spec(RunSpec(dataset="sunspots")), task_of_spec(RunSpec(dataset="parity"))
        ('forecast', 'tag')
    """
    entry = DATASETS.get(spec.dataset)
    if entry is not None:
        return entry.task
    try:
        return task_of(open_dataset(spec.dataset, spec.dataset_options))
    except SeqlabError:
        return "forecast"

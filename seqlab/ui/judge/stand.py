"""What the views of sequences, words and tags share: the run, its data, and the models with what they said of the test part."""

from dataclasses import dataclass
from typing import TypeAlias, cast

import streamlit as st

from seqlab.data.sequences import SequenceDataset
from seqlab.data.tokens import TokenDataset
from seqlab.errors import RunError
from seqlab.evaluation.task_metrics import TASK_METRICS
from seqlab.models.network_name import network_name
from seqlab.records import ClassPrediction, Prediction, Score, WrittenPrediction
from seqlab.runs.comparison_log import ComparedModel
from seqlab.runs.folder import RunFolder
from seqlab.runs.store import RunSummary
from seqlab.tasks import task_entry
from seqlab.ui.datasets import open_dataset

__all__ = ["NETWORK", "SEED", "Dataset", "JudgeStand", "JudgedModel", "judge_stand_of"]

NETWORK = "fitted"
"""Key of the run's own network among the models."""

SEED = "seed:"
"""Keys of the same network, trained again with another seed, begin with this."""

Dataset: TypeAlias = SequenceDataset | TokenDataset


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedModel:
    """One model, judged on the test part.

    Args:
        key: key of a baseline, ``fitted`` for the run's own network, or ``seed:<seed>`` for the same with another seed.
        name: name on the screen.
        scores: of its task, the one that sums it up first.
        notes: what the model wants said beside its numbers.
        seconds: time it took to fit and predict; NaN if unknown.
        skipped: why it could not be judged; empty for one that was.
    """

    key: str
    name: str
    scores: tuple[Score, ...]
    notes: tuple[str, ...] = ()
    seconds: float = float("nan")
    skipped: str = ""

    def score(self, metric: str) -> float:
        """The value of one metric; NaN if it is not computable."""
        return next((score.value for score in self.scores if score.metric == metric), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeStand:
    """A run of another task than forecasting, and what is known of it now.

    Args:
        run: the run.
        dataset: its data.
        models: the network first, then the baselines in the order in which they arrived.
        seeds: the same network with other seeds.
        skipped: what could not be judged, and why.
    """

    run: RunSummary
    dataset: Dataset
    models: tuple[JudgedModel, ...]
    seeds: tuple[JudgedModel, ...] = ()
    skipped: tuple[JudgedModel, ...] = ()

    @property
    def task(self) -> str:
        """Key of :data:`seqlab.tasks.TASKS`."""
        return self.dataset.task

    @property
    def network(self) -> JudgedModel:
        """The run's own network."""
        return self.models[0]

    @property
    def has_gates(self) -> bool:
        """Whether there is anything to see of the network on the Gates page; a convolution by itself has no gates."""
        return self.run.spec.model.network != "cnn"

    @property
    def unit(self) -> str:
        """What a step is called: ``word``, ``character`` or ``step``."""
        return self.dataset.reads_by(self.run.spec.sequence.unit) if isinstance(self.dataset, TokenDataset) else "step"

    @property
    def dataset_unit(self) -> str:
        """What the data set's own lengths count: ``word``, ``character`` or ``step``."""
        return self.dataset.unit if isinstance(self.dataset, TokenDataset) else "step"

    @property
    def close(self) -> bool:
        """Whether steps are characters, which stand close together."""
        return self.unit == "character"

    def prediction(self, model: JudgedModel) -> Prediction | None:
        """What a model said of the test part; all models were asked the same sequences in the same order."""
        return _prediction(str(self.run.folder.path), model.key, self._stamp)

    def classes(self, model: JudgedModel) -> ClassPrediction:
        """The same for a task whose answers are classes.

        Raises:
            RunError: the answers are not there.
        """
        said = self.prediction(model)
        if not isinstance(said, ClassPrediction):
            raise RunError(f"The answers of {model.name} are not stored with this run. Train it again to see them here.")
        return said

    def written(self, model: JudgedModel) -> WrittenPrediction:
        """The same for a task that writes sequences.

        Raises:
            RunError: the answers are not there.
        """
        said = self.prediction(model)
        if not isinstance(said, WrittenPrediction):
            raise RunError(f"What {model.name} wrote is not stored with this run. Train it again to see it here.")
        return said

    def steps_of(self, sample: int) -> tuple[str, ...]:
        """The words or characters of one sequence of the data set, as the model reads them; step numbers of a measured one."""
        if isinstance(self.dataset, TokenDataset):
            steps = self.dataset.tokens_by(self.unit)[sample]
        else:
            steps = tuple(str(step + 1) for step in range(self.dataset.lengths[sample]))
        return steps if self.dataset.fresh is not None else steps[: self.run.spec.sequence.longest]

    @property
    def _stamp(self) -> str:
        """Changes when anything is added."""
        folder = self.run.folder
        paths = [folder.path / "prediction.npz", folder.path / "forecast.npz", folder.job("compare").path]
        return "-".join(str(path.stat().st_mtime_ns) for path in paths if path.exists())


def judge_stand_of(run: RunSummary) -> JudgeStand:
    """Where a run stands.

    Raises:
        SeqlabError: its data is gone.
    """
    dataset = cast("Dataset", open_dataset(run.spec.dataset, run.spec.dataset_options))
    result = run.result
    reasons = dict(note.split(": ", 1) for note in (result.notes if result else ()) if note.split(": ", 1)[0] in TASK_METRICS)
    values = result.scores if result else {}
    # The result keeps its scores by name; the one that sums the task up comes first, then the order of the table.
    order = dict.fromkeys((task_entry(dataset.task).metric, *TASK_METRICS))
    network = JudgedModel(
        key=NETWORK,
        name=network_name(run.spec.model),
        scores=tuple(Score(metric=key, value=float(values[key]), reason=reasons.get(key, "")) for key in order if key in values),
    )
    found = [_judged(model) for model in run.folder.comparison()[0]]
    return JudgeStand(
        run=run,
        dataset=dataset,
        models=(network, *(model for model in found if not model.skipped and model.key != NETWORK and not model.key.startswith(SEED))),
        seeds=tuple(model for model in found if model.key.startswith(SEED) and not model.skipped),
        skipped=tuple(model for model in found if model.skipped),
    )


def _judged(model: ComparedModel) -> JudgedModel:
    return JudgedModel(
        key=model.key, name=model.model, scores=model.scores, notes=model.notes, seconds=model.seconds, skipped=model.skipped
    )


@st.cache_data(max_entries=60, show_spinner=False)
def _prediction(folder: str, key: str, stamp: str) -> Prediction | None:  # noqa: ARG001 - the stamp tells old files from new
    run = RunFolder(folder)
    if key == NETWORK:
        return run.prediction()
    model = next((one for one in run.comparison()[0] if one.key == key and not one.skipped), None)
    return None if model is None else run.comparison_prediction(model)

"""What a network says of the further test sets of a teaching task, such as sequences longer than any it was trained on."""

from typing import TYPE_CHECKING

import numpy as np

from seqlab.data.prepare_sequences import PreparedSequences
from seqlab.data.tokens import TokenDataset
from seqlab.errors import ConfigError
from seqlab.records import ClassPrediction, Forecast, Prediction, WrittenPrediction

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["predict_tests"]


def predict_tests(fitted: "Fitted") -> dict[str, Prediction]:
    """What a network says of each of ``dataset.tests_at``.

    Args:
        fitted: a network with its data.

    Returns:
        Name of the test set → its predictions; for :func:`seqlab.evaluation.length_share.right_by_length`.

    Raises:
        ConfigError: the data set is a series.
    """
    prepared = fitted.prepared
    if not isinstance(prepared, PreparedSequences):
        raise ConfigError("A series has no further test sets. Look at its test part.")
    return {name: _predict(fitted, prepared, name) for name in prepared.dataset.tests_at}


def _predict(fitted: "Fitted", prepared: PreparedSequences, name: str) -> Prediction:
    from seqlab.training.predicting import answer_classes  # imports torch
    from seqlab.training.writing import symbols_of, write

    dataset = prepared.dataset.tests_at[name]
    windows = prepared.windows_of(dataset)
    x, y = windows.x[0], windows.y[0]
    if isinstance(dataset, TokenDataset) and dataset.task == "translate":
        right = dataset.targets_by(prepared.spec.sequence.unit)
        symbols, _ = write(fitted.model, x, 1 + max(map(len, right)))
        return WrittenPrediction(
            model=fitted.name,
            samples=windows.origins,
            y_true=right,
            y_pred=tuple(symbols_of(row, prepared.classes) for row in symbols),
            joint=prepared.joint,
        )
    if prepared.classes:
        probability, said = answer_classes(fitted.model, x)
        return ClassPrediction(
            model=fitted.name,
            classes=prepared.classes,
            samples=windows.origins,
            y_true=np.where(np.isnan(y[..., 0]), -1, y[..., 0]).astype(np.int64),
            y_pred=said,
            probability=probability,
        )
    return Forecast(
        model=fitted.name,
        targets=prepared.target_names,
        origins=windows.origins,
        y_pred=np.asarray(fitted.predict(x), dtype=np.float64),
        y_true=prepared.to_data_units(y),
    )

"""LEAKS: mistakes that let a model see what it is judged on, and how people make them by accident."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["LEAKS", "Leak"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A mistake.

    Args:
        key: key in :data:`LEAKS`.
        label: name on the screen.
        sentence: what is broken.
        accident: how people do it without noticing.
        honest: what the honest run does instead.
    """

    key: str
    label: str
    sentence: str
    accident: str
    honest: str


_ENTRIES = (
    Leak(
        key="scaler",
        label="Scaling fitted on all rows",
        sentence="Mean and spread of the whole table, with the test part, scale the inputs: the model is told the size of what is to come.",
        accident="The whole column is scaled first and split afterwards, as one line of code does it.",
        honest="The scale is fitted on the training rows alone.",
    ),
    Leak(
        key="random_split",
        label="Windows dealt at random",
        sentence=(
            "Windows are shuffled before they are split. A window of the test set then has neighbours in the training set that share "
            "nearly all of its values."
        ),
        accident="The usual split function of a machine-learning library shuffles unless it is told not to.",
        honest="Training, validation and test part follow each other in time.",
    ),
    Leak(
        key="overlap",
        label="Training windows reach over the split",
        sentence="A window counts as training if it begins there, wherever it ends: the last ones are trained on rows of the later parts.",
        accident="Windows are cut from the whole series first, and the list of windows is split by where they begin.",
        honest="A training window ends, with its last forecast step, within the training part.",
    ),
    Leak(
        key="stop_on_test",
        label="Stopping on the test part",
        sentence="The epoch with the smallest error on the test part is kept: of many models, the one that happens to suit it.",
        accident="The test set is handed over as validation data, because there are only two sets.",
        honest="The validation part chooses the epoch; the test part is looked at once.",
    ),
    Leak(
        key="future_covariate",
        label="A covariate from the future",
        sentence=(
            "The growth of a smoothed target (of a mean around each row, so with rows after it) is given for the steps to be "
            "forecast, as if it were known."
        ),
        accident="A trend, a decomposition or a filter is computed over the whole table, and its result is used as one more column.",
        honest="Only columns that are known when the forecast is made, such as the calendar, are given ahead.",
    ),
)

LEAKS: Mapping[str, Leak] = MappingProxyType({entry.key: entry for entry in _ENTRIES})

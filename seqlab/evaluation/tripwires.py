"""Tripwires: what a run's own data, spec and loss curve say about leaks from the future into training. Each can fail."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from seqlab.data.prepare import Prepared
from seqlab.evaluation.check import Check
from seqlab.evaluation.scaled_rows import scaled_rows
from seqlab.evaluation.wires_known import check_known
from seqlab.evaluation.wires_stopping import check_best, check_loss
from seqlab.evaluation.wires_time import check_apart, check_order, check_reach
from seqlab.evaluation.wires_values import check_rows, check_scaler, check_twins
from seqlab.records import EpochRecord

if TYPE_CHECKING:
    from seqlab.training.fitted import Fitted

__all__ = ["check_data", "check_run", "check_stopping", "losses_now"]


def check_run(fitted: "Fitted") -> tuple[Check, ...]:
    """All tripwires on a trained run: its data, and which weights were kept."""
    return (*check_data(fitted.series), *check_stopping(fitted.history, losses_now(fitted)))


def check_data(prepared: Prepared) -> tuple[Check, ...]:
    """The tripwires that need only the data of a run, as it was handed to training.

    Example:
        >>> from seqlab.config import RunSpec
        >>> from seqlab.data.catalog import load_dataset
        >>> from seqlab.data.prepare import prepare
        >>> found = check_data(prepare(load_dataset("airline_passengers"), RunSpec(dataset="airline_passengers")))
        >>> [check.key for check in found if check.ok]
        ['scaler', 'rows', 'order', 'apart', 'reach', 'known', 'twins']
    """
    rows = scaled_rows(prepared)
    return (
        check_scaler(prepared),
        check_rows(prepared, rows),
        check_order(prepared),
        check_apart(prepared),
        check_reach(prepared),
        check_known(prepared, rows),
        check_twins(prepared),
    )


def check_stopping(history: Sequence[EpochRecord], losses: Mapping[str, float]) -> tuple[Check, ...]:
    """The tripwires on which weights were kept.

    Args:
        history: one record per epoch.
        losses: part → loss of the stored weights, computed again now, for ``validation`` and ``test``.
    """
    return (check_best(history), check_loss(history, losses))


def losses_now(fitted: "Fitted") -> dict[str, float]:
    """Loss of a model as it is on the validation and on the test part, computed as training does."""
    from seqlab.training.batches import Batches  # imports torch
    from seqlab.training.loop import evaluate_loss
    from seqlab.training.objective import Objective

    device = next(fitted.model.parameters()).device
    objective = Objective.of(fitted.model, fitted.spec.training)
    return {
        part: evaluate_loss(fitted.model, Batches.of(fitted.prepared.windows(part), device), objective)[0]
        for part in ("validation", "test")
    }

"""Tripwires on stopping: which epoch's weights were kept, and what chose it."""

from collections.abc import Mapping, Sequence

import numpy as np

from seqlab.evaluation.check import Check
from seqlab.records import EpochRecord

__all__ = ["check_best", "check_loss"]

LOSS_SAME = 5e-3
"""Relative difference up to which a loss computed again, maybe on another device, is the same."""


def check_best(history: Sequence[EpochRecord]) -> Check:
    """Whether the epoch marked as best is the one of the smallest validation loss."""
    label = "The best epoch is the one of the smallest validation loss"
    finite = [record for record in history if np.isfinite(record.validation_loss)]
    if not finite:
        return Check(key="best", label=label, ok=None, sentence="No epoch ended with a validation loss, so none could be chosen by it.")
    smallest = min(finite, key=lambda record: record.validation_loss)
    kept = next((record for record in reversed(history) if record.best), None)
    numbers = {"epoch of the smallest validation loss": float(smallest.epoch), "its validation loss": smallest.validation_loss}
    if kept is None:
        return Check(key="best", label=label, ok=False, sentence="The loss curve marks no epoch as the one that was kept.", numbers=numbers)
    numbers["epoch that was kept"] = float(kept.epoch)
    ok = kept.epoch == smallest.epoch
    sentence = (
        f"The weights of epoch {kept.epoch} were kept: its validation loss of {kept.validation_loss:.4g} is the smallest of {len(history)}."
        if ok
        else f"The weights of epoch {kept.epoch} were kept (validation loss {kept.validation_loss:.4g}), but epoch {smallest.epoch} "
        f"had the smallest, {smallest.validation_loss:.4g}: something else than the validation part chose."
    )
    return Check(key="best", label=label, ok=ok, sentence=sentence, numbers=numbers)


def check_loss(history: Sequence[EpochRecord], losses: Mapping[str, float]) -> Check:
    """Whether the kept epoch's validation loss comes out again from the stored weights on the validation part."""
    label = "Stopping looked at the validation part"
    kept = next((record for record in reversed(history) if record.best), None)
    if kept is None:
        return Check(key="loss", label=label, ok=None, sentence="No epoch was kept, so there is no loss to compute again.")
    again, test = losses["validation"], losses["test"]
    numbers = {"validation loss in the curve": kept.validation_loss, "computed again": again, "loss on the test part": test}
    if _near(kept.validation_loss, again):
        sentence = (
            f"The stored weights have a loss of {again:.5g} on the validation part, the {kept.validation_loss:.5g} of the curve; "
            f"on the test part it is {test:.5g}."
        )
        return Check(key="loss", label=label, ok=True, sentence=sentence, numbers=numbers)
    whose = "that of the test part" if _near(kept.validation_loss, test) else "that of neither part"
    sentence = (
        f"The curve says {kept.validation_loss:.5g} for the kept epoch, but on the validation part the stored weights have {again:.5g}: "
        f"the curve's number is {whose} (test part {test:.5g})."
    )
    return Check(key="loss", label=label, ok=False, sentence=sentence, numbers=numbers)


def _near(one: float, other: float) -> bool:
    return bool(np.isfinite(other) and abs(one - other) <= LOSS_SAME * max(abs(one), 1e-12))

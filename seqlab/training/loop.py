"""The training loop: a generator of records. It knows nothing of files, processes or screens.

Every random draw depends only on the seed and on how far training has come, so a loop that is
left at any ``yield`` and taken up again, in this process or another, goes on bit for bit.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import torch

from seqlab.config import TrainConfig
from seqlab.models.loss import CLASS_LOSSES
from seqlab.models.network import Network
from seqlab.models.said import said_classes, steps_there
from seqlab.records import BatchProgress, EpochRecord
from seqlab.training.batches import Batches, FreshBatches, batch_order
from seqlab.training.objective import Objective
from seqlab.training.optimizer import learning_rate_at

__all__ = ["TrainState", "evaluate_loss", "train_epochs"]

READ_EVERY = 0.1  # seconds between two reads of the running loss; each waits for the device
VALIDATION_BATCH = 1024
PLATEAU_EPOCHS = 5  # epochs without a better validation loss before the plateau schedule halves the rate


@dataclass(slots=True)
class TrainState:
    """Everything that changes while a network is trained.

    Args:
        network, optimizer: hold weights and moments.
        epoch: finished epochs.
        batch: batches done in the unfinished epoch.
        step: optimizer steps done.
        losses, norms: (batches,) loss and gradient norm of each batch of the unfinished epoch, on the device.
        seconds: training seconds spent in the unfinished epoch.
        halvings: halvings made by the plateau schedule.
        best_epoch, best_loss, best_weights: the best validation loss so far; epoch 0 is the untrained network.
        history: records of the finished epochs.
        outcome: ``None`` while there is more to do, else ``finished``, ``early_stopped`` or ``diverged``.
        message: the outcome as a sentence.
    """

    network: Network
    optimizer: torch.optim.Optimizer
    losses: torch.Tensor
    norms: torch.Tensor
    best_weights: dict[str, torch.Tensor]
    epoch: int = 0
    batch: int = 0
    step: int = 0
    seconds: float = 0.0
    halvings: int = 0
    best_epoch: int = 0
    best_loss: float = math.inf
    history: list[EpochRecord] = field(default_factory=list)
    outcome: str | None = None
    message: str = ""


@torch.no_grad()
def evaluate_loss(network: Network, batches: Batches, objective: Objective) -> tuple[float, float | None]:
    """Mean loss over all observed answers of a part, and the share of right classes (``None`` for numbers).

    Without dropout and class weights; the network is left in its mode.
    """
    was_training = network.training
    network.eval()
    total, count, right, asked = (torch.zeros((), dtype=torch.float64) for _ in range(4))
    for start in range(0, len(batches), VALIDATION_BATCH):
        samples = torch.arange(start, min(start + VALIDATION_BATCH, len(batches)), device=batches.x.device)
        x, future, y = batches.gather(samples)
        predicted = network(x, future)
        loss, weight = objective.sums(predicted, y)
        total += loss.cpu()
        count += weight.cpu()
        if objective.name in CLASS_LOSSES:
            observed = ~torch.isnan(y[..., 0])
            said = said_classes(network, predicted, steps_there(network, x, predicted))
            right += ((said == y[..., 0]) & observed).sum().cpu()
            asked += observed.sum().cpu()
    network.train(was_training)
    return float(total / count) if count else math.nan, float(right / asked) if asked else None


def train_epochs(
    state: TrainState, train: Batches | FreshBatches, validation: Batches, config: TrainConfig, objective: Objective
) -> Iterator[BatchProgress | EpochRecord]:
    """Train until the epochs are used up, validation stalls, or the loss is no longer a number.

    The caller owns the loop: it may stop at any record, store ``state``, and go on with it later.

    Args:
        state: where training stands; changed in place and consistent at every record.
        train, validation: windows of the two parts.
        config: how to train.
        objective: what to make small.

    Yields:
        A progress record after every batch and a record after every epoch.
    """
    network, optimizer = state.network, state.optimizer
    parameters = list(network.parameters())
    batches = math.ceil(len(train) / config.batch_size)
    while state.outcome is None:
        windows = train.of_epoch(state.epoch)
        order = torch.from_numpy(batch_order(config.seed, state.epoch, len(windows))).to(windows.x.device)
        network.train()
        # of the last step, should this be a state that was left after an epoch's last batch
        rate = learning_rate_at(config, max(state.step - 1, 0), batches, state.halvings)
        since = time.perf_counter()
        read_at = since - READ_EVERY  # the first batch is read at once
        while state.batch < batches:
            if network.needs_seed:
                torch.manual_seed(config.seed * 1_000_003 + state.step)
            rate = learning_rate_at(config, state.step, batches, state.halvings)
            for group in optimizer.param_groups:
                group["lr"] = rate
            x, future, y = windows.gather(order[state.batch * config.batch_size : (state.batch + 1) * config.batch_size])
            optimizer.zero_grad(set_to_none=True)
            loss = objective.batch_loss(network(x, future), y, masked=windows.masked)
            loss.backward()  # type: ignore[no-untyped-call]
            norm = torch.nn.utils.clip_grad_norm_(parameters, config.clip_norm or math.inf)
            optimizer.step()
            state.losses[state.batch] = loss.detach()
            state.norms[state.batch] = norm
            state.batch += 1
            state.step += 1
            now = time.perf_counter()
            state.seconds += now - since
            mean_loss = mean_norm = math.nan
            if now - read_at >= READ_EVERY:
                read_at = now
                mean_loss, mean_norm = (float(v[: state.batch].mean()) for v in (state.losses, state.norms))
                if not math.isfinite(mean_loss) and _diverged(state, batches):
                    return
            yield BatchProgress(
                epoch=state.epoch + 1,
                batch=state.batch,
                batches=batches,
                step=state.step,
                train_loss=mean_loss,
                learning_rate=rate,
                gradient_norm=mean_norm,
                seconds=state.seconds,
            )
            since = time.perf_counter()
        if _diverged(state, batches):
            return
        judged = evaluate_loss(network, validation, objective)
        state.seconds += time.perf_counter() - since
        yield _end_epoch(state, len(train), batches, judged, rate, config)


def _diverged(state: TrainState, batches: int) -> bool:
    """Whether a loss of this epoch is no number; if so, say at which step, and end."""
    bad = (~torch.isfinite(state.losses[: state.batch])).nonzero()
    if not len(bad):
        return False
    first = int(bad[0])
    state.outcome = "diverged"
    state.message = (
        f"Diverged: the training loss became {float(state.losses[first])} at step {state.step - state.batch + first + 1} "
        f"(epoch {state.epoch + 1}, batch {first + 1} of {batches}). {_kept(state)} Lower the learning rate or clip the gradient."
    )
    return True


def _kept(state: TrainState) -> str:
    return f"The weights of epoch {state.best_epoch} are kept." if state.best_epoch else "The untrained weights are kept."


def _end_epoch(
    state: TrainState, windows: int, batches: int, judged: tuple[float, float | None], rate: float, config: TrainConfig
) -> EpochRecord:
    """Close the epoch in ``state`` and describe it."""
    validation_loss, accuracy = judged
    best = validation_loss < state.best_loss
    record = EpochRecord(
        epoch=state.epoch + 1,
        step=state.step,
        train_loss=float(state.losses[:batches].mean()),
        validation_loss=validation_loss,
        learning_rate=rate,
        gradient_norm=float(state.norms[:batches].mean()),
        seconds=state.seconds,
        windows_per_second=windows / max(state.seconds, 1e-9),
        best=best,
        validation_accuracy=accuracy,
    )
    state.history.append(record)
    state.epoch += 1
    state.batch = 0
    state.seconds = 0.0
    if best:
        state.best_epoch, state.best_loss = state.epoch, validation_loss
        state.best_weights = {name: value.detach().clone() for name, value in state.network.state_dict().items()}
    waited = state.epoch - state.best_epoch
    if config.schedule == "plateau" and waited and waited % PLATEAU_EPOCHS == 0:
        state.halvings += 1
    if not math.isfinite(validation_loss):
        state.outcome = "diverged"
        state.message = (
            f"Diverged: the validation loss became {validation_loss} after epoch {state.epoch} (step {state.step}). "
            f"{_kept(state)} Lower the learning rate or clip the gradient."
        )
    elif config.patience and waited >= config.patience:
        state.outcome = "early_stopped"
        state.message = (
            f"Stopped early after epoch {state.epoch}: no better validation loss for {waited} epochs. "
            f"The weights of epoch {state.best_epoch} are kept."
        )
    elif state.epoch >= config.epochs:
        state.outcome = "finished"
        state.message = f"All {config.epochs} epochs done. {_kept(state)}"
    return record

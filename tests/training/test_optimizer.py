"""Learning-rate schedules, step by step."""

import pytest
import torch

from seqlab.config import TrainConfig
from seqlab.training.optimizer import build_optimizer, learning_rate_at


def _rates(schedule: str, epochs: int, steps: int) -> list[float]:
    config = TrainConfig(learning_rate=1.0, schedule=schedule, epochs=epochs)
    return [learning_rate_at(config, step, steps, 0) for step in range(epochs * steps)]


def test_cosine_equals_torchs_own_schedule() -> None:
    parameter = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([parameter], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=40)
    for ours in _rates("cosine", 10, 4):
        assert ours == pytest.approx(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()


def test_steps_halve_after_each_quarter_of_the_epochs() -> None:
    assert _rates("step", 8, 1) == [1, 1, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125]
    assert _rates("constant", 2, 3) == [1.0] * 6


def test_plateau_halves_as_often_as_told() -> None:
    assert learning_rate_at(TrainConfig(learning_rate=0.8, schedule="plateau"), 5, 5, 3) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW), ("sgd", torch.optim.SGD), ("rmsprop", torch.optim.RMSprop)]
)
def test_each_name_gives_torchs_optimizer_with_the_settings(name: str, kind: type) -> None:
    made = build_optimizer(
        [torch.nn.Parameter(torch.zeros(1))], TrainConfig(optimizer=name, learning_rate=0.5, weight_decay=0.25, momentum=0.5)
    )
    assert type(made) is kind
    group = made.param_groups[0]
    assert (group["lr"], group["weight_decay"]) == (0.5, 0.25)
    assert group.get("momentum", 0.5) == 0.5

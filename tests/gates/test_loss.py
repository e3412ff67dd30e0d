"""Losses by name against torch's, where all and where only some was observed."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from seqlab.config import TrainConfig
from seqlab.errors import TraceError
from seqlab.gates.loss import check_loss, window_losses
from seqlab.models.loss import LOSSES

FUNCTIONS = {"mse": functional.mse_loss, "mae": functional.l1_loss, "huber": functional.huber_loss}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_mean_over_what_was_observed_of_each_window(name: str) -> None:
    numbers = np.random.default_rng(0)
    prediction, y = numbers.normal(size=(3, 4, 2)) * 3, numbers.normal(size=(3, 4, 2))
    y[1, 2:] = np.nan
    y[2] = np.nan
    made = window_losses(name, prediction, y)
    for window, steps in ((0, 4), (1, 2)):
        expected = FUNCTIONS[name](torch.from_numpy(prediction[window, :steps]), torch.from_numpy(y[window, :steps])).item()
        assert made[window] == pytest.approx(expected, rel=1e-12)
    assert np.isnan(made[2])


def test_every_loss_one_can_train_with_is_there() -> None:
    for name in LOSSES:
        TrainConfig(loss=name)  # refuses what is no choice
    with pytest.raises(TraceError, match="mse, mae, huber"):
        check_loss("mape")

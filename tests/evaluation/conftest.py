"""Small trained networks that the tests of this folder share."""

from collections.abc import Callable

import pytest

from seqlab.config import DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.training.fit import fit
from seqlab.training.fitted import Fitted


def train_small(dataset: str, context_length: int, horizon: int, **data: object) -> Fitted:
    """One epoch of a tiny GRU: enough to forecast, not to be good."""
    spec = RunSpec(
        dataset=dataset,
        data=DataConfig(**data),
        window=WindowConfig(context_length=context_length, horizon=horizon, stride=5),
        model=ModelConfig(cell="gru", hidden_size=3, head_size=0),
        training=TrainConfig(epochs=1, device="cpu"),
    )
    return fit(spec)


@pytest.fixture(scope="session")
def airline_network() -> Fitted:
    """Horizon 12 on airline passengers."""
    return train_small("airline_passengers", 24, 12)


@pytest.fixture(scope="session")
def macro_network() -> Fitted:
    """Two targets with shared weights, horizon 4, on US macro data."""
    return train_small("macro_us", 12, 4, targets=("realgdp", "unemp"))


@pytest.fixture(scope="session")
def train_network() -> Callable[..., Fitted]:
    """For tests that need another one."""
    return train_small

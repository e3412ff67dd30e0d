"""The loop against a plain torch loop written out by hand: the same losses and the same weights."""

import numpy as np
import pytest
import torch

from seqlab.config import ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.models.build import build_network
from seqlab.training.batches import batch_order
from seqlab.training.session import TrainingSession, network_sizes


@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_two_epochs_equal_a_plain_torch_loop(loss: str) -> None:
    spec = RunSpec(
        dataset="airline_passengers",
        window=WindowConfig(context_length=12, horizon=3),
        model=ModelConfig(cell="gru", hidden_size=5),
        training=TrainConfig(epochs=2, batch_size=20, learning_rate=1e-2, loss=loss, clip_norm=0.5, seed=3, device="cpu"),
    )
    session = TrainingSession.start(spec)
    list(session.events())

    torch.manual_seed(3)
    network = build_network(spec.model, network_sizes(session.prepared))
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-2)
    criterion = torch.nn.MSELoss() if loss == "mse" else torch.nn.L1Loss()
    windows = session.prepared.windows("train")
    x, _, y = (torch.from_numpy(v) for v in windows.gather(np.arange(len(windows))))
    for epoch in range(2):
        losses = []
        for chosen in torch.from_numpy(batch_order(3, epoch, len(windows))).split(20):
            optimizer.zero_grad()
            value = criterion(network(x[chosen]), y[chosen])
            value.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 0.5)
            optimizer.step()
            losses.append(value.item())
        assert session.history[epoch].train_loss == pytest.approx(np.mean(losses), rel=1e-5)
    for name, value in network.state_dict().items():
        torch.testing.assert_close(session.state.network.state_dict()[name], value, rtol=1e-4, atol=1e-6)

"""What all tests share: hypothesis repeats its examples and sets no deadline, nobody's home folder is touched, a small trace."""

import numpy as np
import pytest
from hypothesis import settings

from seqlab.records import GateTrace

# Other work on the machine must not fail a test, and a failure must come again.
settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder of the test's own for runs and uploads."""
    monkeypatch.setenv("SEQLAB_HOME", str(tmp_path_factory.mktemp("home")))


@pytest.fixture
def trace():
    """Two windows, six steps, three units; unit u forgets with gate value (0.5, 0.9, 0.7)[u] at every step."""
    steps = np.arange(6.0)[None, :, None]
    gates = {(0, "forward", "f"): np.broadcast_to(np.array([0.5, 0.9, 0.7]), (2, 6, 3)).astype(np.float32)}
    for name, factor in (("i", 0.1), ("o", 0.15), ("g", -0.1), ("h", 0.1), ("c", 1.0)):
        gates[(0, "forward", name)] = (factor * steps * np.array([1.0, 2.0, -3.0]) / 3 * np.array([1.0, 2.0])[:, None, None]).astype(
            np.float32
        )
    return GateTrace(
        cell="lstm", gate_names=("i", "f", "g", "o", "c", "h"), num_layers=1, directions=("forward",), gates=gates, max_error=0.0
    )

"""Batches: the windows are shared with the data, and gathered the same way on both sides."""

import numpy as np
import torch

from seqlab.data.window import make_windows
from seqlab.training.batches import Batches, batch_order


def test_the_cpu_wraps_the_windows_without_copying_and_gathers_what_numpy_gathers() -> None:
    values = np.random.default_rng(0).standard_normal((3, 50, 2)).astype(np.float32)
    gaps = np.zeros(50, bool)
    gaps[20] = True
    windows = make_windows(values, values[..., :1], known_size=1, context_length=4, horizon=2, rows=(4, 50), stride=2, gaps=gaps)
    batches = Batches.of(windows, torch.device("cpu"))
    assert batches.x.data_ptr() == windows.x.ctypes.data
    assert batches.x.untyped_storage().nbytes() <= values.nbytes
    assert len(batches) == len(windows)
    samples = np.arange(len(windows))
    for ours, theirs in zip(batches.gather(torch.from_numpy(samples)), windows.gather(samples), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)


def test_every_window_comes_once_in_an_epoch_and_each_epoch_has_its_own_order() -> None:
    first, second = batch_order(0, 0, 100), batch_order(0, 1, 100)
    assert sorted(first) == list(range(100))
    assert (first != second).any()
    assert (first == batch_order(0, 0, 100)).all()

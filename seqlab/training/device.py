"""Which device a run uses, how many threads, and why."""

import os

import torch

from seqlab.errors import ConfigError

__all__ = ["available_devices", "choose_device", "choose_threads"]


def available_devices() -> tuple[str, ...]:
    """Names of the devices this machine has, best first."""
    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    return (*found, "cpu")


def choose_device(name: str) -> tuple[torch.device, str]:
    """The device for ``auto``, ``cuda``, ``mps`` or ``cpu``, and a sentence that says why.

    Raises:
        ConfigError: the machine does not have that device.

    Example:
        >>> choose_device("cpu")[1]
        'CPU, as chosen.'
    """
    found = available_devices()
    if name == "auto":
        best = found[0]
        if best == "cuda":
            return torch.device("cuda"), f"{torch.cuda.get_device_name()} (CUDA): the fastest device of this machine."
        if best == "mps":
            return torch.device("mps"), "Apple GPU (MPS): the fastest device of this machine."
        return torch.device("cpu"), "CPU: this machine has no GPU that PyTorch can use."
    if name not in found:
        raise ConfigError(f"This machine has no device {name!r}. It has: {', '.join(found)}. Choose 'auto' or one of these.")
    return torch.device(name), f"{name.upper()}, as chosen."


def choose_threads(cell: str) -> int:
    """CPU threads for training: all cores but one for an LSTM, one for the others.

    torch's LSTM has a parallel path on the CPU; its GRU and RNN, and all cells that are run step by step, do thousands of
    small operations a training step, which a second thread hardly helps.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, cores - 1) if cell == "lstm" else 1

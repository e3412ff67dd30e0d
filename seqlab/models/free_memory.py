"""How much memory is free on a device, and a number of bytes in words."""

from pathlib import Path

import psutil
import torch

__all__ = ["USABLE", "free_memory", "size_text"]

USABLE = 0.9
"""Share of the free memory that work may plan for."""


def free_memory(device: torch.device) -> int:
    """Bytes that are free on a device; on the CPU no more than a container is allowed."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = int(psutil.virtual_memory().available)
    limit, used = (Path("/sys/fs/cgroup") / name for name in ("memory.max", "memory.current"))
    if limit.is_file() and used.is_file() and (text := limit.read_text().strip()).isdigit():
        free = min(free, int(text) - int(used.read_text()))  # a container may have less than its machine
    return max(0, free)


def size_text(count: int) -> str:
    """Bytes in the largest unit that fits.

    Example:
        >>> size_text(1_234_567)
        '1.23 MB'
    """
    value, unit = float(count), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.3g} {unit}"

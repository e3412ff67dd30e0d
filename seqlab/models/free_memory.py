"""How much memory is free on a device, and a number of bytes in words."""

from pathlib import Path

import psutil
import torch

__all__ = ["USABLE", "free_memory", "size_text"]

USABLE = 0.9
"""Share of the free memory that work may plan for."""

CGROUP = Path("/sys/fs/cgroup")  # where Linux says what a container may use


def free_memory(device: torch.device) -> int:
    """Bytes that are free on a device; on the CPU no more than a container is allowed."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    free = int(psutil.virtual_memory().available)
    limit, used = (CGROUP / name for name in ("memory.max", "memory.current"))
    if limit.is_file() and used.is_file() and (text := limit.read_text().strip()).isdigit():
        free = min(free, int(text) - int(used.read_text()) + _cached())  # a container may have less than its machine
    return max(0, free)


def _cached() -> int:
    """Bytes of files that a container has read and not used since: they count as used, but make room when memory is wanted."""
    stat = CGROUP / "memory.stat"
    lines = stat.read_text().splitlines() if stat.is_file() else []
    return sum(int(line.split()[1]) for line in lines if line.startswith("inactive_file "))


def size_text(count: int) -> str:
    """Bytes in the largest unit that fits.

    Example:
        >>> size_text(1_234_567), size_text(999_999)
        ('1.23 MB', '1 MB')
    """
    value, unit = float(count), "bytes"
    for unit in ("bytes", "KB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":  # from there on three digits are a thousand
            break
        value /= 1000
    return f"{value:.3g} {unit}" if value < 999.5 else f"{value:,.0f} {unit}"

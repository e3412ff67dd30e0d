"""How far a share that was counted may be from the true one."""

import numpy as np
import numpy.typing as npt

__all__ = ["share_bounds"]

Z = 1.959964
"""95 of 100 values of a normal distribution lie within so many standard deviations."""

Floats = npt.NDArray[np.float64]


def share_bounds(share: npt.ArrayLike, count: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Wilson's interval: it holds the true share with 95 %, stays within 0 and 1, and is wide where little was counted.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.

    Args:
        share: (bin,) the share that was counted.
        count: (bin,) of how many; above 0.

    Returns:
        The lower and the upper bounds: (bin,) each.

    Example:
        >>> low, high = share_bounds([0.5, 1.0], [10, 3])
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.237, 0.439], [0.763, 1.0])
    """
    p, n = np.asarray(share, dtype=np.float64), np.asarray(count, dtype=np.float64)
    middle = (p + Z**2 / (2 * n)) / (1 + Z**2 / n)
    around = Z * np.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    return np.clip(middle - around, 0.0, 1.0), np.clip(middle + around, 0.0, 1.0)

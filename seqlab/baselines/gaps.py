"""Fill gaps of a history without looking ahead, for methods that need every value."""

import numpy as np
import numpy.typing as npt

__all__ = ["fill_causally", "gap_note"]

Floats = npt.NDArray[np.float64]


def fill_causally(y: Floats, season_length: int) -> Floats:
    """A missing value becomes the one a season earlier, or the one before where there is no earlier season.

    Args:
        y: (time,) whose first value was observed.
        season_length: steps of the season, 1 if there is none.

    Returns:
        (time,) without NaN.

    Example:
        >>> fill_causally(np.array([1.0, 2.0, np.nan, np.nan]), 2)
        array([1., 2., 1., 2.])
    """
    filled = y.copy()
    for row in np.flatnonzero(np.isnan(filled)):  # in time order, so a filled value can fill the next one
        filled[row] = filled[row - season_length] if row >= season_length else filled[row - 1]
    return filled


def gap_note(y: Floats, season_length: int) -> tuple[str, ...]:
    """One sentence that says how many values were filled, or none."""
    missing = int(np.isnan(y).sum())
    if not missing:
        return ()
    source = "the value one season earlier" if season_length > 1 else "the value before"
    return (f"{missing:,} of {y.size:,} values were missing; for this method each was filled with {source}.",)

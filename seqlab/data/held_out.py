"""Which of countless examples training may see: a hash of the example decides, so no list of them is kept."""

import numpy as np
import numpy.typing as npt

__all__ = ["PARTS", "part_of"]

PARTS = ("train", "validation", "test")
SHARES = 10  # one tenth each is kept for validation and test

FACTOR = np.uint64(0x9E3779B97F4A7C15)  # 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming 3, section 6.4)


def part_of(*numbers: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """The part of examples that are described by whole numbers; the same on every machine and in every run.

    Args:
        numbers: (example,) each; together they say what an example is.

    Returns:
        (example,) names of parts: about 80, 10 and 10 of 100.

    Example:
        >>> part_of([8, 9, 10, 11]).tolist(), bool(part_of([7], [8]) == part_of([7], [8]))
        (['train', 'validation', 'train', 'validation'], True)
    """
    mixed = np.zeros(np.shape(numbers[0]), dtype=np.uint64)
    for each in numbers:
        # unsigned products wrap around, which is what mixes; the upper bits are the well-mixed ones
        mixed = (mixed ^ np.asarray(each, dtype=np.uint64)) * FACTOR
        mixed ^= mixed >> np.uint64(32)
    tenth = (mixed * FACTOR >> np.uint64(40)) % np.uint64(SHARES)
    return np.array(PARTS)[np.where(tenth < 1, 1, np.where(tenth < 2, 2, 0))]

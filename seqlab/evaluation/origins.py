"""From which rows a part is forecast: the same for every model."""

import numpy as np
import numpy.typing as npt

from seqlab.data.prepare import Prepared
from seqlab.errors import ConfigError

__all__ = ["part_origins", "spread_origins", "test_origins"]

Integers = npt.NDArray[np.int64]

ENOUGH_PHASES = 0.9


def test_origins(prepared: Prepared, limit: int = 500) -> Integers:  # noqa: PT028 (of the test part; no pytest test)
    """Rows of the test part to forecast from; see :func:`part_origins`."""
    return part_origins(prepared, "test", limit)


# Its name begins like a pytest test; without this, pytest would collect it in every test file that imports it.
test_origins.__test__ = False  # type: ignore[attr-defined]


def part_origins(prepared: Prepared, part: str, limit: int = 500) -> Integers:
    """Rows of a part to forecast from.

    Every row whose whole horizon lies in the part, or about ``limit`` evenly spaced ones of them. Rows whose
    context touches a gap are not among them if the data was prepared with ``missing="skip"``.

    Args:
        prepared: the data of the model that is judged.
        part: ``test`` or ``validation``.
        limit: at most so many.

    Returns:
        (origin,) row numbers of first forecast steps, ascending.

    Raises:
        ConfigError: the limit is below 1.
    """
    return spread_origins(prepared.windows(part).origins, limit, prepared.season_length)


def spread_origins(possible: Integers, limit: int, season_length: int) -> Integers:
    """At most ``limit`` evenly spaced origins that meet the phases of the season alike.

    A step that is a multiple of the season would judge every model at one time of the day only. So where even
    spacing misses more than a tenth of the phases it could meet, a slightly smaller number of origins is taken.

    Args:
        possible: (origin,) ascending row numbers.
        limit: at most so many.
        season_length: m, 1 if there is no season.

    Raises:
        ConfigError: the limit is below 1.

    Example:
        >>> spread_origins(np.arange(100, 201), 5, 1).tolist()
        [100, 125, 150, 175, 200]
        >>> spread_origins(np.arange(0, 97), 5, 24).tolist()  # steps of 24 hours would meet one hour only
        [0, 32, 64, 96]
    """
    if limit < 1:
        raise ConfigError(f"The limit is {limit} origins. It must be at least 1.")
    if len(possible) <= limit:
        return possible
    best, most = possible[:1], 0.0
    for count in range(limit, limit // 2, -1):
        chosen = possible[np.unique(np.rint(np.linspace(0, len(possible) - 1, count)).astype(np.int64))]
        share = len(np.unique(chosen % season_length)) / min(season_length, count)
        if share > most:
            best, most = chosen, share
        if share >= ENOUGH_PHASES:
            break
    return best

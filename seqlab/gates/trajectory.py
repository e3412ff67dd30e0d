"""The path of a state through time, seen from the directions in which it moves most: its principal components."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from seqlab.errors import TraceError

__all__ = ["Trajectory", "project_states"]

Floats = npt.NDArray[np.float64]

# Below this share of the state's own size a spread is rounding, not movement.
ROUNDING = 1e-7


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """States in the directions in which they spread most.

    Args:
        projections: (window, time, component) distance from the mean state along each component; 0 beyond the last component there is,
            NaN after the end of a sequence.
        share: (component,) share of all variance that lies along each component, largest first.
        loadings: (component, hidden) weight of every unit in each component; unit length, the largest weight positive.
        mean: (hidden,) the mean state, where every component is 0.
        note: a sentence where there are fewer components than were asked for; else empty.
    """

    projections: Floats
    share: Floats
    loadings: Floats
    mean: Floats
    note: str = ""


def project_states(states: npt.ArrayLike, *, components: int = 3, inside: npt.NDArray[np.bool_] | None = None) -> Trajectory:
    """Principal components of states over all windows and steps, by a singular value decomposition of the centred states.

    A component and its mirror image explain the same; the sign is fixed so that the unit with the
    largest weight counts upward, and the picture does not flip from one window to the next.
    (Pearson 1901; Jolliffe 2002, *Principal Component Analysis*, 3.1 and 3.5.)

    Args:
        states: (window, time, hidden), such as ``trace.values("h")``.
        components: how many to give; those the states do not have are 0.
        inside: (window, time) whether a sequence has such a step, as from ``trace.inside()``; ``None`` if all have.

    Raises:
        TraceError: another shape, nothing in it, or values that are not numbers.

    Example:
        >>> line = np.arange(4.0)[None, :, None] * np.array([3.0, 4.0])  # two units that always move together
        >>> seen = project_states(line, components=2)
        >>> seen.share.round(6).tolist(), seen.loadings[0].round(6).tolist(), seen.projections[0, :, 0].round(6).tolist()
        ([1.0, 0.0], [0.6, 0.8], [-7.5, -2.5, 2.5, 7.5])
    """
    values = np.asarray(states, dtype=np.float64)
    if values.ndim != 3 or not values.size:
        raise TraceError(f"Trajectories need states of shape (window, time, hidden) with at least one of each; these are {values.shape}.")
    inside = np.ones(values.shape[:2], dtype=np.bool_) if inside is None else inside
    flat = values[inside]
    if not np.isfinite(flat).all():
        raise TraceError("The states hold NaN or infinite values, so they have no trajectory. The training run may have diverged.")
    mean = flat.mean(axis=0)
    centred = flat - mean
    sizes, directions = _spread(centred)
    floor = ROUNDING * np.sqrt(len(flat)) * max(1e-30, float(np.abs(flat).max()))
    found = min(components, int((sizes > floor).sum()))
    loadings = np.zeros((components, flat.shape[1]))
    loadings[:found] = _upright(directions[:found])
    share = np.zeros(components)
    if found:
        share[:found] = sizes[:found] ** 2 / (sizes**2).sum()
    projections = np.full((*values.shape[:2], components), np.nan)
    projections[inside] = centred @ loadings.T
    return Trajectory(
        projections=projections,
        share=share,
        loadings=loadings,
        mean=mean,
        note=_note(found, components, flat.shape[1]),
    )


def _spread(centred: Floats) -> tuple[Floats, Floats]:
    """Singular values and right singular vectors; of the small factor R, as Q would be as large as the states."""
    factor = np.linalg.qr(centred, mode="r") if len(centred) > centred.shape[1] else centred
    _, sizes, directions = np.linalg.svd(factor, full_matrices=False)
    return sizes, directions


def _upright(directions: Floats) -> Floats:
    """The directions, each with its largest weight positive; of weights equal but for rounding the first decides."""
    size = np.abs(directions)
    largest = np.argmax(size >= size.max(axis=1, keepdims=True) * (1 - 1e-9), axis=1)
    return directions * np.sign(np.take_along_axis(directions, largest[:, None], axis=1))


def _note(found: int, asked: int, hidden: int) -> str:
    if found >= asked:
        return ""
    if not found:
        return "The state is the same at every step of every window, so there is no path to see."
    if hidden <= found:
        return f"A layer of {hidden} unit{'' if hidden == 1 else 's'} has {found} component{'' if found == 1 else 's'}; the others are 0."
    return f"The states vary in {found} direction{'' if found == 1 else 's'} only; further components are 0."

"""Which sequences train, which validate and which test: published, by class, or by whole groups."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from seqlab.config import SplitConfig
from seqlab.data.sequence_checks import PARTS
from seqlab.errors import ConfigError, DataError

__all__ = ["split_sequences", "without_copies"]

SPLIT_SEED = 0  # of its own: runs with different seeds must be tested on the same sequences

Integers = npt.NDArray[np.int64]


def without_copies(sources: Sequence[Hashable], parts: Sequence[str] = ()) -> Integers:
    """Numbers of the texts that stay when every text may occur once, in ascending order.

    The first copy stays; with published parts a copy in the test part before one in the training part, and the test part stays
    as it was published.

    Example:
        >>> without_copies(["a", "b", "a"]).tolist(), without_copies(["a", "b", "a"], ["train", "train", "test"]).tolist()
        ([0, 1], [1, 2])
    """
    rank = {part: number for number, part in enumerate(reversed(PARTS))}
    order = sorted(range(len(sources)), key=lambda number: rank[parts[number]]) if parts else range(len(sources))
    seen: set[Hashable] = set()
    kept = []
    for number in order:
        if sources[number] not in seen or (parts and parts[number] == "test"):
            kept.append(number)
            seen.add(sources[number])
    return np.sort(np.array(kept, dtype=np.int64))


def split_sequences(
    kept: Integers, split: SplitConfig, *, strata: Sequence[str] = (), groups: Sequence[str] = (), parts: Sequence[str] = ()
) -> Mapping[str, Integers]:
    """The numbers of the sequences of each part, ascending; the same for every run on the same data.

    A size below 1 is a share of the sequences, from 1 on a number of them; a test size of 0 takes all that is left. With
    ``method="published"`` the published test part stays as it is, and where no validation part was published it is taken out of
    the training part. Classes are spread evenly over the parts, and the rarest begin in the training part; where there are groups,
    whole groups are spread instead.

    Args:
        kept: numbers of the sequences to be split.
        split: the method and the sizes.
        strata: (sequence,) the class of each of all sequences; empty if they have none.
        groups: (sequence,) the group of each; empty if they have none.
        parts: (sequence,) the published part of each; empty if there are none.

    Raises:
        ConfigError: the published split was asked for, but there is none.
        DataError: a part would be empty, or the parts need more sequences than there are.

    Example:
        >>> numbers = split_sequences(np.arange(10), SplitConfig(train_size=0.6, validation_size=0.2), strata=["a", "b"] * 5)
        >>> {part: len(chosen) for part, chosen in numbers.items()}
        {'train': 6, 'validation': 2, 'test': 2}
    """
    if split.method == "published":
        if not parts:
            raise ConfigError("This data set has no published split. Set the split to 'size' and choose the sizes of the parts.")
        published = {part: kept[[parts[number] == part for number in kept]] for part in PARTS}
        if len(published["validation"]):
            return published
        rest = published["train"]
        validation = _size(split.validation_size, len(rest))
        chosen = _dealt(rest, (len(rest) - validation, validation), strata, groups)
        return dict(zip(PARTS, (*chosen, published["test"]), strict=True))
    train, validation = _size(split.train_size, len(kept)), _size(split.validation_size, len(kept))
    test = _size(split.test_size, len(kept)) if split.test_size else len(kept) - train - validation
    if max(split.train_size, split.validation_size, split.test_size) < 1 and train + validation + test == len(kept) + 1:
        test -= 1  # three shares that make a whole may each be rounded up
    return dict(zip(PARTS, _dealt(kept, (train, validation, test), strata, groups), strict=True))


def _size(size: float, count: int) -> int:
    return round(size * count) if size < 1 else int(size)


def _dealt(numbers: Integers, sizes: Sequence[int], strata: Sequence[str], groups: Sequence[str]) -> list[Integers]:
    """``numbers`` dealt into parts of about those sizes."""
    if min(sizes) < 1 or sum(sizes) > len(numbers):
        raise DataError(
            f"The {len(numbers)} sequences cannot be split into parts of {', '.join(str(max(size, 0)) for size in sizes)}. Each part "
            f"needs at least one sequence, and together they may not exceed {len(numbers)}. Choose other sizes of the parts."
        )
    if groups:
        return _whole_groups(numbers, sizes, groups)
    order = _evenly_mixed(numbers, strata)
    ends = np.cumsum([0, *sizes])
    return [np.sort(order[start:end]) for start, end in pairwise(ends)]


def _evenly_mixed(numbers: Integers, strata: Sequence[str]) -> Integers:
    """A shuffled order in which every beginning holds the classes in the proportions of the whole, to one sequence each."""
    random = np.random.default_rng(SPLIT_SEED)
    shuffled = random.permutation(numbers)
    members: dict[str, list[int]] = {}
    for place, number in enumerate(shuffled):
        members.setdefault(strata[number] if strata else "", []).append(place)
    position = np.empty(len(shuffled))
    for name in sorted(members):
        places = members[name]
        position[places] = (np.arange(len(places)) + random.random()) / len(places)
        position[places[0]] = 0.0  # so that a class with one sequence can be learned
    return shuffled[np.lexsort((random.random(len(shuffled)), position))]


def _whole_groups(numbers: Integers, sizes: Sequence[int], groups: Sequence[str]) -> list[Integers]:
    """Shuffled groups, cut where the parts come nearest to their sizes; every part gets a group."""
    own = np.array([groups[number] for number in numbers])
    names, counts = np.unique(own, return_counts=True)
    if len(names) < len(sizes):
        raise DataError(
            f"Whole groups stay together, but there are only {len(names)} ({', '.join(map(repr, names[:3].tolist()))}) for {len(sizes)} "
            "parts. Give data of more groups, or leave the column of groups out."
        )
    order = np.random.default_rng(SPLIT_SEED).permutation(len(names))
    filled = np.concatenate([[0], np.cumsum(counts[order])])
    parts, start = [], 0
    for number, wanted in enumerate(np.cumsum(sizes)):
        later = len(sizes) - 1 - number
        end = int(np.argmin(np.abs(filled - wanted)))
        end = min(max(end, start + 1), len(names) - later)
        parts.append(np.sort(numbers[np.isin(own, names[order[start:end]])]))
        start = end
    return parts

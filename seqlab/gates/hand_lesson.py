"""HAND_LESSONS: small cells with weights set by hand, each to show one thing: remember, forget, overwrite, count, latch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from seqlab.errors import UnknownKeyError
from seqlab.gates.hand_cell import parameter_shapes, work_by_hand
from seqlab.gates.hand_table import hand_cell
from seqlab.gates.recipe import Doubles

__all__ = ["HAND_LESSONS", "HandLesson", "HandProblem", "hand_problem"]

ARTICLE_W = ((0.1, 0.2), (0.3, 0.4), (0.5, 0.6))
ARTICLE_B = (0.1, 0.2, 0.3)

_Unit = tuple[float, float, float]
"""(weight of the unit's own state, weight of the input, bias) of one gate of one unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandProblem:
    """Everything that is needed to work a cell by hand.

    Args:
        cell: key of ``HAND_CELLS``.
        parameters: as ``parameter_shapes`` names them.
        x: (time, 1) the inputs.
        initial: state → (units,) before the first step.
    """

    cell: str
    parameters: Mapping[str, Doubles] = field(repr=False)
    x: Doubles = field(repr=False)
    initial: Mapping[str, Doubles] = field(repr=False)

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(next(iter(self.initial.values())))

    def work(self) -> dict[str, Doubles]:
        """Every number of every step; see :func:`~seqlab.gates.hand_cell.work_by_hand`."""
        return work_by_hand(self.cell, self.parameters, self.x, self.initial)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandSetting:
    """The weights of a lesson for one cell.

    Args:
        gates: gate → its weights for every unit; gates and units that are not named have weights of 0.
        initial: state → its value before the first step, for every unit.
        said: what to see, in one or two sentences.
        can: whether the cell can do it: ``yes``, ``nearly`` or ``no``.
    """

    gates: Mapping[str, Sequence[_Unit]]
    said: str
    can: str = "yes"
    initial: Mapping[str, Sequence[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandLesson:
    """One thing to see.

    Args:
        key: its word in the address.
        label: name on the screen.
        x: the inputs.
        units: how many units show it best.
        step: the step at which most is to be seen, from 0.
        settings: cell → weights.
    """

    key: str
    label: str
    x: tuple[float, ...]
    units: int
    settings: Mapping[str, HandSetting]
    step: int = 1


# The own state is not looked at, the input neither: a gate that is open or shut for good.
_OPEN: _Unit = (0.0, 0.0, 10.0)
_SHUT: _Unit = (0.0, 0.0, -10.0)
_NOTHING: _Unit = (0.0, 0.0, 0.0)


def _article(cell: str, said: str) -> HandSetting:
    every: list[_Unit] = [(own, of_input, bias) for (own, of_input), bias in zip(ARTICLE_W, ARTICLE_B, strict=True)]
    return HandSetting(gates={node.name: every for node in hand_cell(cell).weighted}, said=said)


_ARTICLE = HandLesson(
    key="article",
    label="Article's example",
    x=(1.0, 2.0, 3.0, 4.0, 5.0),
    units=3,
    step=0,
    settings={
        "rnn": _article("rnn", "The article's numbers in a plain RNN: inputs 1 to 5 push the state towards 1, where tanh is flat."),
        "lstm": _article(
            "lstm",
            "The article's numbers in a standard LSTM. At step 1 all gates equal the article's; from step 2 on they part, "
            "because these gates read the output h and the article's read the memory.",
        ),
        "gru": _article(
            "gru", "The article's numbers in a standard GRU: z = 0.57 to 0.71 at step 1 means that most of the old state is kept."
        ),
        "article_lstm": _article(
            "article_lstm",
            "The article's worked example: x = 1 to 5, every W = [[.1, .2], [.3, .4], [.5, .6]], every b = [.1, .2, .3], start at 0.",
        ),
        "article_gru": _article(
            "article_gru", "The article's numbers in its GRU: two leaky integrators, one behind the other, so that h lags behind c."
        ),
    },
)

_REMEMBER = HandLesson(
    key="remember",
    label="Remember",
    x=(0.3, -0.8, 0.5, 1.0, -0.4, 0.9, -1.0, 0.2, 0.6, -0.7),
    units=1,
    settings={
        "rnn": HandSetting(
            gates={"h": [(1.0, 0.0, 0.0)]},
            initial={"h": [0.8]},
            can="no",
            said=(
                "It cannot. The input is shut out and the state weighed with exactly 1, yet tanh shrinks it at every step: "
                "0.8, 0.66, 0.58 … With a weight above 1 every start value is drawn to one of two resting points: a bit, not a number."
            ),
        ),
        "lstm": HandSetting(
            gates={"f": [_OPEN], "i": [_SHUT], "g": [(0.0, 2.0, 0.0)], "o": [_OPEN]},
            initial={"c": [0.8]},
            said="Biases hold the forget gate at 1 and the input gate at 0. Whatever comes in, the memory c stays at 0.8.",
        ),
        "gru": HandSetting(
            gates={"z": [_OPEN], "n": [(0.0, 2.0, 0.0)]},
            initial={"h": [0.8]},
            said="A bias holds the update gate z at 1, which in PyTorch keeps: h stays at 0.8. The same gate shuts out the candidate.",
        ),
        "article_lstm": HandSetting(
            gates={"f": [_OPEN], "i": [_SHUT], "c": [(0.0, 2.0, 0.0)], "o": [_OPEN]},
            initial={"h": [0.8]},
            said="As in a standard LSTM: f at 1, i at 0, and the memory, here called h, stays at 0.8.",
        ),
        "article_gru": HandSetting(
            gates={"r": [_OPEN], "z": [_OPEN], "n": [(0.0, 2.0, 0.0)]},
            initial={"h": [0.8], "c": [0.8]},
            said="Both gates at 1 keep: the one called update holds h, the one called reset holds c.",
        ),
    },
)

_HALVING = "Half-lives: 1 step with a bias of 0, 2.2 with 1, 14.3 with 3."

_FORGET = HandLesson(
    key="forget",
    label="Forget",
    x=(0.0,) * 10,
    units=3,
    settings={
        "rnn": HandSetting(
            gates={"h": [(0.5, 0.0, 0.0), (0.7, 0.0, 0.0), (0.9, 0.0, 0.0)]},
            initial={"h": [0.8, 0.8, 0.8]},
            said="The state is weighed with 0.5, 0.7 and 0.9 at every step, and tanh takes a little more. An RNN forgets at a fixed pace.",
        ),
        "lstm": HandSetting(
            gates={"f": [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 3.0)], "i": [_SHUT] * 3, "o": [_OPEN] * 3},
            initial={"c": [1.0, 1.0, 1.0]},
            said=f"Three units with a forget bias of 0, 1 and 3: every step multiplies c by f = 0.5, 0.73 and 0.95. {_HALVING}",
        ),
        "gru": HandSetting(
            gates={"z": [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 3.0)]},
            initial={"h": [1.0, 1.0, 1.0]},
            said=f"Three units with a bias of z of 0, 1 and 3, and a candidate of 0: every step multiplies h by z. {_HALVING}",
        ),
        "article_lstm": HandSetting(
            gates={"f": [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 3.0)], "i": [_SHUT] * 3, "o": [_OPEN] * 3},
            initial={"h": [1.0, 1.0, 1.0]},
            said=f"Three units with a forget bias of 0, 1 and 3: every step multiplies the memory h by f. {_HALVING}",
        ),
        "article_gru": HandSetting(
            gates={"r": [(0.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 3.0)], "z": [_SHUT] * 3},
            initial={"h": [1.0, 1.0, 1.0]},
            said=f"Three units; the gate called update has a bias of 0, 1 and 3 and multiplies h at every step. {_HALVING}",
        ),
    },
)

_OVERWRITE = HandLesson(
    key="overwrite",
    label="Overwrite",
    x=(1.0, -1.0, 0.5, 0.5, -0.5, 0.0, 0.8, -0.2, -1.0, 0.3),
    units=1,
    settings={
        "rnn": HandSetting(
            gates={"h": [(0.0, 1.0, 0.0)]},
            initial={"h": [0.8]},
            said="With no weight on the past the state is tanh(x) of this step alone. Overwriting is what an RNN does by nature.",
        ),
        "lstm": HandSetting(
            gates={"f": [_SHUT], "i": [_OPEN], "g": [(0.0, 1.0, 0.0)], "o": [_OPEN]},
            initial={"c": [0.8]},
            said="The forget gate is shut and the input gate open: c becomes the candidate tanh(x) at every step; the 0.8 is gone.",
        ),
        "gru": HandSetting(
            gates={"z": [_SHUT], "n": [(0.0, 1.0, 0.0)]},
            initial={"h": [0.8]},
            said="z is held at 0, which in PyTorch replaces: h becomes the candidate tanh(x) at every step.",
        ),
        "article_lstm": HandSetting(
            gates={"f": [_SHUT], "i": [_OPEN], "c": [(0.0, 1.0, 0.0)], "o": [_OPEN]},
            initial={"h": [0.8]},
            said="f is shut, i open: the memory, here called h, becomes the candidate at every step.",
        ),
        "article_gru": HandSetting(
            gates={"r": [_SHUT], "z": [_SHUT], "n": [(0.0, 1.0, 0.0)]},
            initial={"h": [0.8], "c": [0.8]},
            said="Both mixes are held at 0: c becomes the candidate and h becomes c within the same step.",
        ),
    },
)

_COUNT = HandLesson(
    key="count",
    label="Count",
    x=(1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0),
    units=1,
    step=2,
    settings={
        "rnn": HandSetting(
            gates={"h": [(1.0, 0.2, 0.0)]},
            can="no",
            said=(
                "It cannot. Each tick (an input of 1) lifts the state by less than 0.2, tanh shrinks it between ticks, "
                "and it can never pass 1."
            ),
        ),
        "lstm": HandSetting(
            gates={"f": [_OPEN], "i": [_OPEN], "g": [(0.0, 10.0, 0.0)], "o": [_OPEN]},
            said=(
                "f and i are both open and the candidate is 1 at a tick (an input of 1) and 0 otherwise: c rises by 1 per tick and waits "
                "in between. c has no bounds. The output h = tanh(c) has: it shows the first ticks, then saturates, though c counts on."
            ),
        ),
        "gru": HandSetting(
            gates={"z": [(0.0, -7.8, 10.0)], "n": [(0.0, 10.0, 0.0)]},
            can="no",
            said=(
                "It cannot. Its state is always a mean of the old state and a candidate between −1 and 1, so it never leaves that range. "
                "Here a tick moves h by a tenth of what is missing to 1: every tick counts less than the one before."
            ),
        ),
        "article_lstm": HandSetting(
            gates={"f": [_OPEN], "i": [_OPEN], "c": [(0.0, 10.0, 0.0)], "o": [_OPEN]},
            said="As in a standard LSTM: the memory, here called h, rises by 1 per tick (an input of 1). The output y = tanh(h) saturates.",
        ),
        "article_gru": HandSetting(
            gates={"r": [(0.0, -7.8, 10.0)], "z": [_SHUT], "n": [(0.0, 10.0, 0.0)]},
            can="no",
            said="It cannot: both integrators take means, so nothing ever leaves −1 to 1. Every tick counts less than the one before.",
        ),
    },
)

_LATCH = HandLesson(
    key="latch",
    label="Latch",
    x=(0.1, -0.2, 1.0, 0.2, -0.1, 0.15, -0.2, 0.05, -0.15, 0.2),
    units=1,
    step=2,
    settings={
        "rnn": HandSetting(
            gates={"h": [(2.0, 3.0, 0.0)]},
            initial={"h": [-0.96]},
            can="nearly",
            said=(
                "Nearly. With a weight of 2 on itself the state has two places to rest, near −0.96 and 0.96; the cue (an input of 1, "
                "step 3) throws it from one to the other. That holds one bit, but not exactly: every bit of noise shakes it."
            ),
        ),
        "lstm": HandSetting(
            gates={"f": [_OPEN], "i": [(0.0, 40.0, -20.0)], "g": [(0.0, 2.0, 0.0)], "o": [_OPEN]},
            said=(
                "The input gate opens for the cue (an input of 1, step 3) and for nothing else; the forget gate never closes. "
                "So c takes the cue in and holds it through the noise."
            ),
        ),
        "gru": HandSetting(
            gates={"z": [(0.0, -40.0, 20.0)], "n": [(0.0, 2.0, 0.0)]},
            said="z falls to 0 at the cue (an input of 1, step 3), so h takes it in, and is 1 otherwise: the cue is held.",
        ),
        "article_lstm": HandSetting(
            gates={"f": [_OPEN], "i": [(0.0, 40.0, -20.0)], "c": [(0.0, 2.0, 0.0)], "o": [_OPEN]},
            said="As in a standard LSTM: i opens for the cue (an input of 1, step 3) alone, and the memory, here called h, holds it.",
        ),
        "article_gru": HandSetting(
            gates={"r": [(0.0, -40.0, 20.0)], "z": [_SHUT], "n": [(0.0, 2.0, 0.0)]},
            said="c follows every input; the gate called update falls to 0 at the cue (step 3) alone, so h takes c in once and holds it.",
        ),
    },
)

HAND_LESSONS: Mapping[str, HandLesson] = MappingProxyType(
    {one.key: one for one in (_ARTICLE, _REMEMBER, _FORGET, _OVERWRITE, _COUNT, _LATCH)}
)


def hand_problem(lesson: str, cell: str, units: int | None = None, steps: int | None = None) -> HandProblem:
    """The numbers of a lesson for a cell.

    Args:
        lesson: key of :data:`HAND_LESSONS`.
        cell: key of ``HAND_CELLS``.
        units: how many units; those that the lesson does not know have weights of 0.
        steps: how many steps; inputs beyond the lesson's are 0.

    Raises:
        UnknownKeyError: there is no such lesson or cell.

    Example:
        >>> hand_problem("count", "lstm").work()["c"].ravel().round(1).tolist()
        [1.0, 1.0, 2.0, 3.0, 3.0, 3.0, 4.0, 5.0, 5.0, 6.0]
    """
    if lesson not in HAND_LESSONS:
        raise UnknownKeyError.of("lesson", lesson, list(HAND_LESSONS))
    recipe, its = hand_cell(cell), HAND_LESSONS[lesson]
    setting, count = its.settings[cell], units or its.units
    parameters: dict[str, Doubles] = {name: np.zeros(shape) for name, shape in parameter_shapes(recipe, count).items()}
    for node in recipe.weighted:
        own, of_input, bias = np.array([*setting.gates.get(node.name, ()), *[_NOTHING] * count])[:count].T
        if recipe.joined:
            letter = "c" if node.kind == "candidate" else node.name
            parameters |= {f"W_{letter}": np.stack([own, of_input], axis=1), f"b_{letter}": bias}
        else:
            parameters |= {f"W_i{node.name}": of_input[:, None], f"W_h{node.name}": np.diag(own), f"b_i{node.name}": bias}
    x = np.zeros(steps or len(its.x))
    x[: len(its.x)] = its.x[: len(x)]
    start = {state: np.array([*setting.initial.get(state, ()), *[0.0] * count])[:count] for state in recipe.states}
    return HandProblem(cell=cell, parameters=parameters, x=x[:, None], initial=start)

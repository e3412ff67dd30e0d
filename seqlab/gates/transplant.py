"""State transplant: the state of one sequence put into another, to see which of the answer it carries over.

An interchange intervention: sequence A is read up to a step, then its state is replaced by the one that
sequence B has at that step, and A's remaining inputs are read as before. What of B's answer appears is
what the state holds of B.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import TraceError
from seqlab.gates.lengths import sequence_lengths
from seqlab.gates.opening import OpenedStack, open_stack, stack_input, stack_steps
from seqlab.gates.trace import trace_gates
from seqlab.models.forecaster import Forecaster
from seqlab.models.network import Network
from seqlab.models.reference import reference_path
from seqlab.models.table import cell_entry
from seqlab.records import GateTrace
from seqlab.tasks import task_entry

__all__ = ["FlipScore", "Transplant", "flip_score", "forecast_distances", "transplant_state"]

Floats = npt.NDArray[np.floating]

# Variants run side by side while their outputs together stay below 64 MB.
MOST_NUMBERS = 16_000_000
# Two forecasts closer than this share of their own size do not differ: dividing by their difference would show rounding.
CLOSE = 1e-5


@dataclass(frozen=True, slots=True, kw_only=True)
class FlipScore:
    """How far a transplant moves a forecast from A's to B's: 0 not at all, 1 all the way.

    Args:
        by_target: (donor, step, horizon, target); NaN where the forecasts of A and B are alike, so that there is no way to go,
            and where a shorter sequence has no such step.
        overall: (donor, step) all steps ahead and targets together, by least squares; NaN likewise.
        reason: why some of them cannot be computed; empty if all can.
    """

    by_target: npt.NDArray[np.float64]
    overall: npt.NDArray[np.float64]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transplant:
    """Answers of a receiver A with the states of donors B: forecasts and numbers on the model's scale, or logits of classes.

    Args:
        steps: (step,) steps of the trace after which the state was replaced, from 0.
        receiver: (horizon, target) A's own answer.
        donors: (donor, horizon, target) their own answers; NaN at steps of A that B does not have.
        mixed: (donor, step, horizon, target) A's answer with that donor's state of that step; NaN where B has no such step.
        receiver_reference: (horizon, target) path that A's forecast is a difference from; 0 for a model without one.
        donor_references: (donor, horizon, target) likewise.
        there: (donor, step, horizon, 1) whether the exchange can be judged by that step of the answer: B has a state and an answer of
            such steps, and where every step has an answer of its own it is not given before the exchange; ``None`` if all can.
    """

    steps: npt.NDArray[np.int64]
    receiver: Floats
    donors: Floats
    mixed: Floats
    receiver_reference: Floats
    donor_references: Floats
    there: npt.NDArray[np.bool_] | None = None

    def flips(self, *, beyond_reference: bool = False) -> FlipScore:
        """The flip scores of all donors and steps.

        Args:
            beyond_reference: whether only the part that the network adds to its reference path is scored. A state cannot
                carry the reference over: it is computed from A's inputs.
        """
        if not beyond_reference:
            return flip_score(self.receiver, self.donors, self.mixed, there=self.there)
        added = self.receiver - self.receiver_reference
        return flip_score(added, self.donors - self.donor_references, self.mixed - self.receiver_reference, there=self.there)


def flip_score(
    receiver: npt.ArrayLike, donors: npt.ArrayLike, mixed: npt.ArrayLike, *, there: npt.NDArray[np.bool_] | None = None
) -> FlipScore:
    """``(y(A<-B) - y(A)) / (y(B) - y(A))`` for every step ahead and target, and over all of them together.

    The overall score is the number s for which ``y(A) + s (y(B) - y(A))`` comes closest to ``y(A<-B)``.

    Args:
        receiver: (horizon, target) forecast of A.
        donors: (donor, horizon, target) forecasts of the B.
        mixed: (donor, step, horizon, target) forecasts of A with their states.
        there: (donor, step, horizon, 1) what is compared; ``None`` for all.

    Example:
        >>> score = flip_score([[0.0], [1.0]], [[[4.0], [1.0]]], [[[[1.0], [1.0]], [[4.0], [1.0]]]])
        >>> score.by_target[0, :, :, 0].tolist(), score.overall.tolist()
        ([[0.25, nan], [1.0, nan]], [[0.25, 1.0]])
    """
    a, b, m = (np.asarray(values, dtype=np.float64) for values in (receiver, donors, mixed))
    asked = np.broadcast_to(True if there is None else there, m.shape)
    way = np.where(asked, (b - a)[:, None], 0.0)
    moved = np.where(asked, m - a, 0.0)
    size = np.maximum(np.abs(a), np.where(asked.any(axis=1), np.abs(b), 0.0)).max(axis=(1, 2))[:, None, None, None]
    numbers = np.isfinite(way) & np.isfinite(moved)
    apart = asked & numbers & (np.abs(way) > CLOSE * size)
    by_target = np.full(moved.shape, np.nan)
    np.divide(moved, way, out=by_target, where=apart)
    squared = np.where(apart, way, 0.0)
    length = (squared**2).sum(axis=(2, 3))
    overall = np.full(by_target.shape[:2], np.nan)
    with np.errstate(invalid="ignore"):  # an infinite forecast makes the sum NaN, as it should
        towards = (moved * squared).sum(axis=(2, 3))
    np.divide(towards, length, out=overall, where=length > 0)
    return FlipScore(by_target=by_target, overall=overall, reason=_reason(apart, numbers, asked))


def _reason(apart: npt.NDArray[np.bool_], numbers: npt.NDArray[np.bool_], asked: npt.NDArray[np.bool_]) -> str:
    if not numbers[asked].all():
        return "Some forecasts are no finite numbers: how far one moves towards another cannot be computed there."
    alike, count = int((~apart & asked).sum()), int(asked.sum())
    if not alike:
        return ""
    where = "" if alike == count else f" at {alike:,} of {count:,} values"
    return f"The forecasts of A and B are the same{where}: how far one moves towards the other cannot be computed there."


@torch.no_grad()
def transplant_state(
    model: nn.Module,
    receiver: npt.ArrayLike,
    donors: npt.ArrayLike,
    *,
    receiver_future: npt.ArrayLike | None = None,
    donor_futures: npt.ArrayLike | None = None,
    layer: int | None = None,
    direction: str = "forward",
    units: Sequence[int] | None = None,
    steps: Sequence[int] | None = None,
) -> Transplant:
    """Answers of A after its state was replaced by B's, for every donor B and every step.

    The state that a step leaves is replaced: h, and c for an LSTM. Layers above read the new h from that step on. In a
    bidirectional stack only the chosen direction is replaced, and the backward one reads on towards the first step.
    All variants ride in the batch dimension of one pass of fused calls from step to step. The model is left as it was.
    (Geiger et al. 2021, 2106.02997, on networks as causal models.)

    Args:
        model: a network.
        receiver: (time, feature) the window A, scaled, as the model reads it; NaN after the end of a sequence.
        donors: (donor, time, feature) windows B; padded to one length with A where they are of unequal length.
        receiver_future: (horizon, known) known-ahead features of A; may be left out when the model has none.
        donor_futures: (donor, horizon, known) those of the B. A translator is told A's symbols all the way, also with B's state and as B.
        layer: the layer whose state is replaced, from 0; ``None`` replaces those of all layers at once.
        direction: ``forward`` or ``backward``.
        units: units whose state is replaced; ``None`` for all.
        steps: steps of the trace after which the state is replaced, from 0; ``None`` for all, one variant each.

    Raises:
        TraceError: the model gives no answer, or there is no such layer, direction, unit or step, or the windows differ in shape.
        ConfigError: an input has another shape than the model was built for.
    """
    opened = open_stack(model)
    if not isinstance(model, Network):
        raise TraceError("A transplant is judged by the answer, and a bare recurrent module gives none. Give a trained network.")
    a, b = _windows(opened, receiver, donors)
    future_a, future_b = _futures(model, receiver_future, donor_futures, len(b))
    trace = trace_gates(model, b)
    counts = stack_steps(model, a)
    if counts is not None:
        a = a[:, : int(sequence_lengths(a.cpu().numpy())[0])]
    surgery = _surgery(opened, trace, layer=layer, direction=direction, units=units, steps=steps, count=stack_input(model, a).shape[1])
    was_training = model.training
    model.eval()
    mixed = []
    for outputs in _variants(opened, stack_input(model, a), surgery, len(b)):
        many = len(outputs)
        mixed.append(model.answer(outputs, a.expand(many, -1, -1), future_a.expand(many, -1, -1)).cpu().numpy())
    own, theirs = model(a, future_a)[0].cpu().numpy(), model(b, future_b).cpu().numpy()
    model.train(was_training)
    per_step = task_entry(model.sizes.task).per_step
    return Transplant(
        steps=surgery.steps,
        receiver=own,
        donors=_within_first(theirs, len(own)) if per_step else theirs,
        mixed=np.concatenate(mixed).reshape(len(b), len(surgery.steps), *own.shape),
        receiver_reference=_reference(model, a)[0],
        donor_references=_reference(model, b)[:, : len(own)],
        there=_there(opened, surgery, trace, len(own), model.lengths(b), per_step=per_step),
    )


def _within_first(answers: Floats, steps: int) -> Floats:
    """(donor, steps, target) of answers to sequences of other lengths: cut, or filled with 0 where there is none."""
    return np.pad(answers[:, :steps], ((0, 0), (0, max(0, steps - answers.shape[1])), (0, 0)))


def _there(
    opened: OpenedStack, surgery: "_Surgery", trace: GateTrace, answers: int, lengths: torch.Tensor | None, *, per_step: bool
) -> npt.NDArray[np.bool_] | None:
    """(donor, step, answer, 1) whether an exchange can be judged by a step of the answer; ``None`` if all can."""
    has_state = np.ones((len(trace.inside()), 1), np.bool_) if trace.lengths is None else surgery.steps < trace.lengths[:, None]
    if not per_step:
        return None if trace.lengths is None else np.broadcast_to(has_state[..., None, None], (*has_state.shape, answers, 1))
    step = np.arange(answers)
    ends = np.full(len(has_state), answers) if lengths is None else lengths.cpu().numpy()
    reached = np.ones((len(surgery.steps), answers), np.bool_)
    if len(opened.directions) == 1 or opened.stack.num_layers == 1:  # else a layer above carries it the other way, too
        at = surgery.steps[:, None]
        reached = step <= at if surgery.direction == "backward" else step >= at
    return np.asarray(has_state[..., None] & reached & (step < ends[:, None])[:, None])[..., None]


@torch.no_grad()
def forecast_distances(model: Network, x: npt.ArrayLike, future: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """How far each window's answer lies from the first's, references left out: which donor has the most to give.

    Args:
        model: a network in evaluation mode.
        x: (batch, time, feature), scaled; NaN after the end of a sequence.
        future: (batch, horizon, known)

    Returns:
        (batch,) Euclidean distances on the model's scale, over the steps of the answer that both have, as a mean over these where
        sequences are of unequal length; the first is 0.
    """
    like = next(model.parameters())
    windows, ahead = (torch.from_numpy(np.array(given)).to(like) for given in (x, future))
    if not isinstance(model, Forecaster):
        ahead = ahead[:1].expand(len(windows), -1, -1)
    added = model(windows, ahead).cpu().numpy() - _reference(model, windows)
    squares = ((added - added[:1]).astype(np.float64) ** 2).sum(axis=2)
    lengths = model.lengths(windows)
    if task_entry(model.sizes.task).per_step and lengths is not None:
        both = np.arange(squares.shape[1]) < np.minimum(lengths.cpu().numpy(), int(lengths[0]))[:, None]
        return np.asarray(np.sqrt((squares * both).sum(axis=1) / both.sum(axis=1)))
    return np.asarray(np.sqrt(squares.sum(axis=1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Surgery:
    """What is replaced.

    Args:
        direction: of which half.
        units: (unit,) which units.
        steps: (step,) after which steps.
        states: layer → what the donors' steps left behind, the output first, each (donor, time, hidden).
    """

    direction: str
    units: torch.Tensor
    steps: npt.NDArray[np.int64]
    states: dict[int, tuple[torch.Tensor, ...]]


def _surgery(
    opened: OpenedStack,
    trace: GateTrace,
    *,
    layer: int | None,
    direction: str,
    units: Sequence[int] | None,
    steps: Sequence[int] | None,
    count: int,
) -> _Surgery:
    like = next(opened.stack.parameters())
    names = cell_entry(opened.cell).carried_names
    states = {
        at: tuple(torch.from_numpy(_known(trace, trace.values(name, at, direction))).to(like) for name in names)
        for at in (range(opened.stack.num_layers) if layer is None else (layer,))
    }
    return _Surgery(
        direction=direction,
        units=torch.from_numpy(_chosen("unit", units, opened.stack.hidden_size)).to(like.device),
        steps=_chosen("step", steps, count, least=1),
        states=states,
    )


def _known(trace: GateTrace, values: Floats) -> Floats:
    """States with 0 where a sequence has ended: NaN would spread, and what is made of them is left out of every score."""
    return np.ascontiguousarray(values if trace.lengths is None else np.where(trace.inside()[..., None], values, 0))


def _chosen(what: str, given: Sequence[int] | None, count: int, *, least: int = 0) -> npt.NDArray[np.int64]:
    if given is None:
        return np.arange(count)
    chosen = np.unique(np.asarray(given, dtype=np.int64).reshape(-1))
    if len(chosen) < least or (len(chosen) and not 0 <= chosen[0] <= chosen[-1] < count):
        raise TraceError(f"The {what}s {list(given)} cannot be used. This model has {what}s 0 to {count - 1} here; name at least {least}.")
    return chosen


def _windows(opened: OpenedStack, receiver: npt.ArrayLike, donors: npt.ArrayLike) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, time, feature) and (donor, time, feature) on the model's device."""
    like = next(opened.stack.parameters())
    a, b = (torch.from_numpy(np.array(given)).to(like) for given in (receiver, donors))
    if a.ndim != 2 or b.ndim != 3 or not len(b) or a.shape != b.shape[1:]:
        raise TraceError(
            f"A transplant needs one window (time, feature) and donors (donor, time, feature) of the same length and features; "
            f"it was given {tuple(a.shape)} and {tuple(b.shape)}."
        )
    return a[None], b


def _futures(model: Network, receiver: npt.ArrayLike | None, donors: npt.ArrayLike | None, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """(1, horizon, known) and (donor, horizon, known); what is missing although the model needs it is refused by the model itself.

    A translator is told A's symbols in any case: answers to other symbols could not be compared.
    """
    like, sizes = next(model.parameters()), model.sizes
    if (receiver is None) != (donors is None) or (receiver is None and sizes.known_size):
        raise TraceError(
            f"This model reads {sizes.known_size} known-ahead features of each of the {sizes.horizon} steps ahead. "
            "Give both receiver_future and donor_futures."
        )
    if receiver is None or donors is None:
        return like.new_zeros(1, sizes.horizon, 0), like.new_zeros(count, sizes.horizon, 0)
    a, b = (torch.from_numpy(np.array(given)).to(like) for given in (receiver, donors))
    return a[None], b if isinstance(model, Forecaster) else a[None].expand(count, -1, -1)


def _reference(model: Network, x: torch.Tensor) -> Floats:
    """(batch, horizon, target) path that forecasts are a difference from; 0 for other answers."""
    if not isinstance(model, Forecaster):
        return np.zeros((len(x), 1, 1), dtype=np.float32)
    sizes = model.sizes
    path: Floats = reference_path(model.reference, x[..., : sizes.target_size], sizes.horizon, sizes.season_length).cpu().numpy()
    return path


def _variants(opened: OpenedStack, inputs: torch.Tensor, surgery: _Surgery, donors: int) -> Iterator[torch.Tensor]:
    """The stack's outputs of every variant, donor by donor and step by step, in as many pieces as memory asks for.

    Yields:
        (variant, time, directions * hidden)
    """
    donor = np.repeat(np.arange(donors), len(surgery.steps))
    at = np.tile(surgery.steps, donors)
    per_variant = inputs.shape[1] * max(opened.stack.hidden_size * len(opened.directions), inputs.shape[2])
    most = max(1, MOST_NUMBERS // per_variant)
    for start in range(0, len(at), most):
        piece = slice(start, start + most)
        yield _outputs(opened, inputs, surgery, donor[piece], at[piece])


def _outputs(
    opened: OpenedStack, inputs: torch.Tensor, surgery: _Surgery, donor: npt.NDArray[np.int64], at: npt.NDArray[np.int64]
) -> torch.Tensor:
    below = inputs.expand(len(at), -1, -1)
    for layer in range(opened.stack.num_layers):
        halves = []
        for direction in opened.directions:
            part = _one_layer(opened, layer, reverse=direction == "backward")
            states = surgery.states.get(layer, ()) if direction == surgery.direction else ()
            given = [state[torch.from_numpy(donor), torch.from_numpy(at)] for state in states]
            if direction == "backward":
                halves.append(_read(part, below.flip(1), given, inputs.shape[1] - 1 - at, surgery.units).flip(1))
            else:
                halves.append(_read(part, below, given, at, surgery.units))
        below = torch.cat(halves, dim=-1)
    return below


def _one_layer(opened: OpenedStack, layer: int, *, reverse: bool) -> nn.Module:
    """A fused module of one layer in one direction that shares the stack's weights; made without drawing random numbers."""
    ending = f"_l{layer}{'_reverse' if reverse else ''}"
    weights = {name.removesuffix(ending) + "_l0": value for name, value in opened.stack.named_parameters() if name.endswith(ending)}
    with torch.device("meta"):
        part = (
            cell_entry(opened.cell)
            .load()
            .build_stack(
                input_size=weights["weight_ih_l0"].shape[1],
                hidden_size=opened.stack.hidden_size,
                num_layers=1,
                bidirectional=False,
                dropout=0.0,
                forget_bias=None,
            )
        )
    part.load_state_dict(weights, assign=True)
    return part


def _read(part: nn.Module, x: torch.Tensor, given: Sequence[torch.Tensor], at: npt.NDArray[np.int64], units: torch.Tensor) -> torch.Tensor:
    """The output of one layer over a batch of variants, each with its state replaced after its own step.

    Args:
        part: the layer, as a fused module.
        x: (variant, time, input)
        given: (variant, hidden) for h and any further state; empty to replace nothing.
        at: (variant,) after which step.
        units: which units are replaced.

    Returns:
        (variant, time, hidden)
    """
    outputs, state, done = [], None, 0
    for step in np.unique(at) if given else ():
        output, state = part(x[:, done : step + 1], state)
        due = torch.from_numpy(np.flatnonzero(at == step))[:, None].to(x.device)
        parts = state if isinstance(state, tuple) else (state,)
        for held, new in zip(parts, given, strict=True):
            held[0, due, units] = new[due, units]
        output[due, -1, units] = given[0][due, units]
        outputs.append(output)
        done = int(step) + 1
    if done < x.shape[1]:
        outputs.append(part(x[:, done:], state)[0])
    return torch.cat(outputs, dim=1)

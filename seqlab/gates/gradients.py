"""Gradient flow: how much a change of the state at step t would still change the loss, for every t, layer and direction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from seqlab.errors import MemoryLimitError, TraceError
from seqlab.gates.loss import check_loss
from seqlab.gates.opening import OpenedStack, open_stack, stack_input, stack_steps
from seqlab.models.forecaster import Forecaster
from seqlab.models.free_memory import USABLE, free_memory, size_text
from seqlab.models.gradient import LayerGradients, PullBack
from seqlab.models.loss import each_loss
from seqlab.models.network import Network
from seqlab.models.padding import reverse_within, run_padded_layers, step_mask
from seqlab.models.stack import layer_weights
from seqlab.models.table import cell_entry
from seqlab.records import check_place

__all__ = ["GradientFlow", "GradientTerms", "Loss", "gradient_error", "gradient_flow", "gradient_terms"]

Floats = npt.NDArray[np.floating]
Key = TypeVar("Key")
Array = torch.Tensor | npt.ArrayLike
Loss = str | Callable[[torch.Tensor], torch.Tensor]
"""The name of a training loss, or a function of the model's output whose result is summed."""

_TRIFLE = 20_000_000  # bytes that are there anyway: asking would take longer than it tells
_ROOM = 1_000_000_000  # bytes that may be used at once; longer work is done some sequences at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientFlow:
    """Norms of ∂L/∂s_t for every state s, step t, layer and direction.

    Time runs as in the input for both directions. Every sequence has its own loss; they are not averaged over the batch.

    Args:
        cell: key of ``seqlab.CELLS``.
        states: names of the states, such as ``("c", "h")`` or ``("h",)``.
        num_layers: layers in the stack.
        directions: ``("forward",)`` or ``("forward", "backward")``.
        norms: ``norms[(layer, direction, state)]`` is (batch, time), ‖∂L/∂s_t‖₂: through everything that comes after t.
        highway_state: the state a gate keeps: ``c`` for an LSTM, ``h`` for a GRU, empty for an RNN.
        highway: ``highway[(layer, direction)]`` is (batch, time): the same for that state through the keeping gate's
            product alone, all paths through the recurrent weights cut.
        segment_length: input steps that one step stands for.
        lengths: (batch,) steps of each sequence, after which its norms are NaN; ``None`` if all fill the batch.
    """

    cell: str
    states: tuple[str, ...]
    num_layers: int
    directions: tuple[str, ...]
    norms: Mapping[tuple[int, str, str], Floats] = field(repr=False)
    highway_state: str
    highway: Mapping[tuple[int, str], Floats] = field(repr=False)
    segment_length: int = 1
    lengths: npt.NDArray[np.int64] | None = None

    def values(self, state: str = "h", layer: int = 0, direction: str = "forward") -> Floats:
        """(batch, time) norms of one state's gradient.

        Raises:
            TraceError: the model has no such state, layer or direction.
        """
        _check_state(state, self.cell)
        check_place(layer, direction, num_layers=self.num_layers, directions=self.directions)
        return self.norms[(layer, direction, state)]

    def highway_values(self, layer: int = 0, direction: str = "forward") -> Floats:
        """(batch, time) norms of the highway's part of ``values(highway_state)``.

        Raises:
            TraceError: no gate of this cell keeps a state, or there is no such layer or direction.
        """
        if not self.highway_state:
            raise TraceError(f"No gate of a {self.cell} cell keeps its state, so its gradient has no highway. An LSTM or a GRU has one.")
        check_place(layer, direction, num_layers=self.num_layers, directions=self.directions)
        return self.highway[(layer, direction)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradientTerms:
    """Gradient flow of one layer, direction and state, itemised by the step of the answer it comes from.

    Args:
        norms: (batch, horizon, target, time) ‖∂L_k/∂s_t‖₂, where L_k is the share of the loss that one target of one step
            of the answer has; NaN where that target was not observed, and after the end of a sequence.
        max_error: the terms' gradients add up to the whole loss's: the largest difference, relative to the largest gradient.
    """

    norms: Floats
    max_error: float


def gradient_flow(model: nn.Module, x: Array, y: Array | None = None, *, future: Array | None = None, loss: Loss = "mse") -> GradientFlow:
    """‖∂L/∂h_t‖₂, and ‖∂L/∂c_t‖₂ of an LSTM, at every step, layer and direction (Pascanu et al. 2013, 1211.5063).

    ∂L/∂h_t is the whole gradient: what reaches h_t from outside its layer, and through every later step.
    The model is read as in evaluation mode (no dropout) and is left as it was.

    Args:
        model: a :class:`~seqlab.models.network.Forecaster`, or a bare ``nn.LSTM``, ``nn.GRU`` or ``nn.RNN`` (tanh)
            with ``batch_first=True`` and biases.
        x: (batch, time, feature), scaled, as the model reads it; NaN after the end of a sequence.
        y: what the output is compared with: (batch, step, target) numbers or class numbers for a network, (batch, time,
            directions * hidden) for a bare module; NaN where nothing was observed. Not needed with a function for a loss.
        future: (batch, horizon, known) known-ahead features, where the model has some.
        loss: the name of a training loss (:func:`seqlab.models.loss.loss_name`), averaged over the observed targets of each sequence by
            itself; or a function of the output whose result is summed.

    Returns:
        The norms; NaN for a sequence without an observed target, which has no loss.

    Raises:
        TraceError: the model has no recurrent stack of a known cell, an input has the wrong shape, or the loss is unknown.
        ConfigError: a forecaster was built for another shape.
        MemoryLimitError: not even one sequence fits into the free memory; with a loss of your own, not all of them together.

    Example:
        >>> import torch
        >>> flow = gradient_flow(torch.nn.GRU(2, 3, batch_first=True), torch.zeros(1, 5, 2), loss=lambda h: h[:, -1].sum())
        >>> flow.values("h").shape, flow.highway_state
        ((1, 5), 'h')
    """
    given = _Given.of(model, x, y, future, loss)
    parts = [_flow(part) for part in given.parts(terms=1)]
    return GradientFlow(
        cell=given.opened.cell,
        states=cell_entry(given.opened.cell).state_names,
        num_layers=given.opened.stack.num_layers,
        directions=given.opened.directions,
        norms=_join([norms for norms, _ in parts]),
        highway_state=cell_entry(given.opened.cell).kept_state,
        highway=_join([highway for _, highway in parts]),
        segment_length=given.opened.segment_length,
        lengths=None if given.counts is None else given.counts.cpu().numpy().astype(np.int64),
    )


def gradient_terms(
    model: nn.Module,
    x: Array,
    y: Array,
    *,
    future: Array | None = None,
    loss: str = "mse",
    layer: int = 0,
    direction: str = "forward",
    state: str = "h",
) -> GradientTerms:
    """Gradient flow itemised by loss term: one per step of the forecast and target.

    Args:
        model: a network.
        x, y, future, loss: as for :func:`gradient_flow`; a conditional random field has no loss of single steps.
        layer, direction, state: where the gradient is taken.

    Raises:
        TraceError: the model is no forecaster, an input has the wrong shape, or there is no such layer, direction or state.
        MemoryLimitError: not even one sequence fits into the free memory.
    """
    given = _Given.of(model, x, y, future, loss)
    if not isinstance(model, Network):
        raise TraceError("Only a network's loss has one term per step of its answer. Give one, such as fitted.model.")
    if loss == "crf":
        raise TraceError("A conditional random field judges all tags of a sequence together: its loss has one term. See gradient_flow.")
    check_place(layer, direction, num_layers=given.opened.stack.num_layers, directions=given.opened.directions)
    _check_state(state, given.opened.cell)
    horizon, targets = given.y.shape[1:]
    norms, errors, sizes = [], [], []
    for part in given.parts(terms=horizon * targets, down_to=layer):
        stack, direct = _by_term(part)
        many = _back(part, stack, direct, down_to=layer)[(layer, direction)].states[state]
        whole = _back(part, *_by_loss(part), down_to=layer)[(layer, direction)].states[state][0]
        errors.append(float((many.sum(dim=0) - whole).abs().max()))
        sizes.append(float(whole.abs().max()))
        missing = torch.isnan(part.y).flatten(1).t()
        found = _norm(many).masked_fill_(missing.unsqueeze(-1), float("nan"))
        if part.counts is not None:
            found.masked_fill_(~step_mask(part.counts, found.shape[2]), float("nan"))
        norms.append(found.view(horizon, targets, *found.shape[1:]).permute(2, 0, 1, 3))
    return GradientTerms(norms=torch.cat(norms).cpu().numpy(), max_error=_relative(errors, sizes))


def gradient_error(model: nn.Module, x: Array, y: Array | None = None, *, future: Array | None = None, loss: Loss = "mse") -> float:
    """Largest difference between ∂L/∂x of our way back in time and of torch's own, relative to the largest gradient.

    The gradient of the input has passed every layer, so it is wrong if anything on the way is. Arguments as for :func:`gradient_flow`.
    """
    given = _Given.of(model, x, y, future, loss)
    errors, sizes = [], []
    for part in given.parts(terms=1):
        gradients = _back(part, *_by_loss(part))
        ours = sum((gradients[(0, direction)].inputs[0] for direction in part.opened.directions), torch.zeros_like(part.inputs))
        theirs = _by_torch(part)
        errors.append(float((ours - theirs).abs().max()))
        sizes.append(float(theirs.abs().max()))
    return _relative(errors, sizes)


def _relative(errors: list[float], sizes: list[float]) -> float:
    """The largest error, relative to the largest gradient where there is one."""
    # numpy's maximum: NaN must not pass as "no error", in whichever part it is
    worst, largest = float(np.max(errors)), float(np.max(sizes))
    return worst / largest if largest else worst


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Checked arguments, all on the model's device and in its precision; ``inputs`` is what the stack reads of ``x``."""

    model: nn.Module
    opened: OpenedStack
    inputs: torch.Tensor
    x: torch.Tensor
    y: torch.Tensor
    future: torch.Tensor | None
    loss: Loss
    counts: torch.Tensor | None

    @classmethod
    def of(cls, model: nn.Module, x: Array, y: Array | None, future: Array | None, loss: Loss) -> "_Given":
        opened = open_stack(model)
        with torch.no_grad():
            inputs = stack_input(model, x)
        like = inputs.detach()

        def tensor(values: Array) -> torch.Tensor:
            found = values if isinstance(values, torch.Tensor) else torch.from_numpy(np.array(values))
            return found.detach().to(device=like.device, dtype=like.dtype)

        if isinstance(loss, str):
            check_loss(loss)  # refuses an unknown name
        shape: tuple[int, ...] = (*inputs.shape[:2], opened.stack.hidden_size * len(opened.directions))
        if isinstance(model, Network):
            shape = model.y_shape(len(inputs), np.shape(x)[1])
        if y is None and isinstance(loss, str):
            raise TraceError(f"The loss {loss!r} compares the output with y. Give y of shape {shape}, or a function of the output.")
        expected = inputs.new_zeros(shape) if y is None else tensor(y)
        if expected.shape != shape:
            raise TraceError(f"The output is compared with y, so y must be {shape}; it is {tuple(expected.shape)}.")
        return cls(
            model=model,
            opened=opened,
            inputs=like,
            x=tensor(x),
            y=expected,
            future=None if future is None else tensor(future),
            loss=loss,
            counts=stack_steps(model, x),
        )

    def parts(self, *, terms: int, down_to: int = 0) -> Iterator["_Given"]:
        """Some sequences at a time, so that what is needed on the way stays small.

        A loss of the caller's own may mix sequences, so they stay together.

        Raises:
            MemoryLimitError: not even that would fit.
        """
        batch, each = len(self.inputs), self._bytes_each(terms, down_to)
        if batch * each <= _TRIFLE:
            yield self
            return
        free = free_memory(self.inputs.device)
        size = batch if callable(self.loss) else int(min(batch, max(1, min(USABLE * free, _ROOM) // each)))
        if size * each > USABLE * free:
            stack = self.opened.stack
            raise MemoryLimitError(
                f"These gradients would need about {size_text(size * each)}: {stack.hidden_size} units, "
                f"{stack.num_layers * len(self.opened.directions)} times (layers and directions), over {size:,} windows of "
                f"{self.inputs.shape[1]:,} steps, for {terms:,} parts of the loss. {size_text(free)} are free. "
                "Give a shorter window, a shorter forecast or fewer windows."
            )
        for start in range(0, batch, size):
            cut = slice(start, start + size)
            yield _Given(
                model=self.model,
                opened=self.opened,
                inputs=self.inputs[cut],
                x=self.x[cut],
                y=self.y[cut],
                future=None if self.future is None else self.future[cut],
                loss=self.loss,
                counts=None if self.counts is None else self.counts[cut],
            )

    def _bytes_each(self, terms: int, down_to: int) -> int:
        """Bytes that one sequence needs at the peak, on the generous side; counted in copies of one layer's h."""
        stack, entry, directions = self.opened.stack, cell_entry(self.opened.cell), len(self.opened.directions)
        blocks = entry.weight_blocks
        # of every term: the gradients of each layer's states, highway and inputs; what a layer works with, and turns round, meanwhile
        kept = len(entry.state_names) + bool(entry.keep_gate) + directions
        found = (stack.num_layers - down_to) * directions * kept + 3 * blocks + 10 * (directions - 1) + 1
        # of every sequence: each layer's record, also torch's own; the gates and the factors of the layer at work
        recorded = stack.num_layers * directions * (3 * blocks + directions) + 6 * blocks + 4
        return (terms * found + recorded) * self.inputs.shape[1] * stack.hidden_size * self.inputs.element_size()


_Records = list[list[PullBack]]
"""Per layer and direction, what carries gradients back through it."""


def _flow(part: _Given) -> tuple[dict[tuple[int, str, str], torch.Tensor], dict[tuple[int, str], torch.Tensor]]:
    norms, highway = {}, {}
    unobserved = torch.isnan(part.y).flatten(1).all(dim=1, keepdim=True)
    if part.counts is not None:
        unobserved = unobserved | ~step_mask(part.counts, part.inputs.shape[1])
    for (layer, direction), found in _back(part, *_by_loss(part)).items():
        for state, values in found.states.items():
            norms[(layer, direction, state)] = _norm(values[0]).masked_fill_(unobserved, float("nan"))
        if found.highway is not None:
            highway[(layer, direction)] = _norm(found.highway[0]).masked_fill_(unobserved, float("nan"))
    return norms, highway


def _norm(gradients: torch.Tensor) -> torch.Tensor:
    """Euclidean norm over the units; in float64, as squares of small float32 numbers would vanish."""
    norm: torch.Tensor = torch.linalg.vector_norm(gradients, dim=-1, dtype=torch.float64)
    return norm


def _forward(part: _Given, terms: int) -> tuple[torch.Tensor, _Records]:
    """Output of the top layer, (batch, time, directions * hidden), and the way back through every layer."""
    stack, implementation = part.opened.stack, cell_entry(part.opened.cell).load()
    below, records = part.inputs, []
    if part.counts is not None:
        below = below.masked_fill(~step_mask(part.counts, below.shape[1]).unsqueeze(-1), 0)
    for layer in range(stack.num_layers):
        outputs, back = [], []
        for direction in part.opened.directions:
            reverse = direction == "backward"
            weights = layer_weights(stack, layer, reverse=reverse)
            h, pull_back = implementation.record(_turned_round(part, below) if reverse else below, weights, terms=terms)
            outputs.append(_turned_round(part, h) if reverse else h)
            back.append(pull_back)
        below = torch.cat(outputs, dim=-1) if len(outputs) > 1 else outputs[0]
        records.append(back)
    return below, records


@torch.no_grad()
def _back(part: _Given, records: _Records, direct: torch.Tensor, *, down_to: int = 0) -> dict[tuple[int, str], LayerGradients]:
    """Gradients of all layers down to one, time as in the input, from what reaches the top layer's output.

    Args:
        direct: (term, batch, time, directions * hidden)
    """
    found: dict[tuple[int, str], LayerGradients] = {}
    for layer in range(len(records) - 1, down_to - 1, -1):
        halves = direct.chunk(len(part.opened.directions), dim=-1)
        for direction, pull_back, half in zip(part.opened.directions, records[layer], halves, strict=True):
            reverse = direction == "backward"
            gradients = pull_back(_terms_turned(part, half) if reverse else half)
            found[(layer, direction)] = _turned(part, gradients) if reverse else gradients
        direct = sum((found[(layer, direction)].inputs for direction in part.opened.directions[1:]), found[(layer, "forward")].inputs)
    return found


def _turned(part: _Given, gradients: LayerGradients) -> LayerGradients:
    """Time turned round."""
    return LayerGradients(
        states={name: _terms_turned(part, values) for name, values in gradients.states.items()},
        highway=None if gradients.highway is None else _terms_turned(part, gradients.highway),
        inputs=_terms_turned(part, gradients.inputs),
    )


def _turned_round(part: _Given, values: torch.Tensor) -> torch.Tensor:
    """(batch, time, …) from each sequence's last step to its first; its padding stays at the end."""
    return values.flip(1) if part.counts is None else reverse_within(values, part.counts)


def _terms_turned(part: _Given, values: torch.Tensor) -> torch.Tensor:
    """(term, batch, time, …) likewise."""
    return values.flip(2) if part.counts is None else torch.stack([reverse_within(one, part.counts) for one in values])


def _by_loss(part: _Given) -> tuple[_Records, torch.Tensor]:
    """The way back, and what the whole loss sends into it, (1, batch, time, directions * hidden)."""
    with torch.no_grad():
        output, records = _forward(part, terms=1)
    read = _read_by_head(part, output).requires_grad_()
    with torch.enable_grad():
        loss = _losses(part, _result(part, read)).sum()
    (gradient,) = torch.autograd.grad(loss, read, materialize_grads=True)
    return records, _placed(part, gradient.unsqueeze(0))


def _by_term(part: _Given) -> tuple[_Records, torch.Tensor]:
    """The way back, and what every target of every step of the forecast sends into it, (term, batch, time, directions * hidden)."""
    terms = part.y[0].numel()
    with torch.no_grad():
        output, records = _forward(part, terms=terms)
    read = _read_by_head(part, output).requires_grad_()
    with torch.enable_grad():
        each = _losses(part, _result(part, read)).flatten(1).sum(dim=0)
    # Sequences do not meet, so the gradient of a sum over them holds every sequence's own.
    gradients = [torch.autograd.grad(each[term], read, retain_graph=True)[0] for term in range(terms)]
    return records, _placed(part, torch.stack(gradients))


def _read_by_head(part: _Given, output: torch.Tensor) -> torch.Tensor:
    """What the rest of the model reads of the stack's output: a forecaster reads each direction's last state, a bare module has no rest."""
    if not (isinstance(part.model, Forecaster) and part.model.reads_last):
        if part.counts is not None:
            output = output.masked_fill(~step_mask(part.counts, output.shape[1]).unsqueeze(-1), 0)
        return output.clone()
    hidden = part.opened.stack.hidden_size
    ends = [output[:, -1, :hidden]] + ([output[:, 0, hidden:]] if len(part.opened.directions) > 1 else [])
    return torch.cat(ends, dim=-1)


def _placed(part: _Given, gradient: torch.Tensor) -> torch.Tensor:
    """(term, batch, time, directions * hidden) with the gradient by what :func:`_read_by_head` took put where it was taken."""
    if not (isinstance(part.model, Forecaster) and part.model.reads_last):
        return gradient
    hidden = part.opened.stack.hidden_size
    direct = gradient.new_zeros(*gradient.shape[:2], part.inputs.shape[1], gradient.shape[-1])
    direct[:, :, -1, :hidden] = gradient[..., :hidden]
    if len(part.opened.directions) > 1:
        direct[:, :, 0, hidden:] = gradient[..., hidden:]
    return direct


def _result(part: _Given, read: torch.Tensor) -> torch.Tensor:
    """The model's output from what the rest of it reads, without dropout."""
    if isinstance(part.model, Forecaster) and part.model.reads_last:
        return part.model.forecast_from(read, part.x, part.future)
    return part.model.answer(read, part.x, part.future) if isinstance(part.model, Network) else read


def _losses(part: _Given, output: torch.Tensor) -> torch.Tensor:
    """Parts of the loss that are summed: for a loss by name (batch, …), each sequence's mean over its observed targets."""
    if not isinstance(part.loss, str):
        return part.loss(output)
    each, weight = each_loss(part.loss, output, part.y, network=part.model if isinstance(part.model, Network) else None)
    return each * weight / weight.sum(dim=1, keepdim=True).clamp(min=1)


def _by_torch(part: _Given) -> torch.Tensor:
    """∂L/∂(what the stack reads), (batch, time, input), by torch's own backward pass through the fused module."""
    stack = part.opened.stack
    inputs = part.inputs.clone().requires_grad_()
    with torch.enable_grad():
        below = run_padded_layers(stack, inputs, part.counts, cell_entry(part.opened.cell).load().run_layers)[-1]
        loss = _losses(part, _result(part, _read_by_head(part, below))).sum()
    return torch.autograd.grad(loss, inputs, materialize_grads=True)[0]


def _check_state(state: str, cell: str) -> None:
    states = cell_entry(cell).state_names
    if state not in states:
        raise TraceError(f"A {cell} cell has no state {state!r}. Its states are: {' '.join(states)}.")


def _join(parts: list[dict[Key, torch.Tensor]]) -> dict[Key, Floats]:
    return {key: torch.cat([part[key] for part in parts]).cpu().numpy() for key in parts[0]}

"""The forget-bias experiment: one small LSTM on the latch task from many start biases; what each promises and what becomes of it."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from seqlab.config import DataConfig, ModelConfig, RunSpec, TrainConfig, WindowConfig
from seqlab.data.latch import CUE, LatchOptions
from seqlab.gates.memory import timescale_from_bias

if TYPE_CHECKING:
    from torch import nn

    from seqlab.data.prepare import Prepared
    from seqlab.training.fitted import Fitted

__all__ = ["BIASES", "BiasTrial", "MemoryTimes", "Outcome", "measure_outcome", "measure_start", "trials"]

BIASES = tuple(float(bias) for bias in range(-2, 7))
HIDDEN = 8
MOST_WINDOWS = 64
SOLVED, PLATEAU = 0.2, 0.8
"""Shares of the error of always forecasting 0: below the first the task is solved, above the second nothing was learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BiasTrial:
    """One run of the experiment.

    Args:
        label: what is varied, in words.
        bias: the forget bias; ``None`` for chrono initialisation.
        spec: the run.
    """

    label: str
    bias: float | None
    spec: RunSpec

    @property
    def lag(self) -> int:
        """Steps from the end of the cue to the answer."""
        return int(LatchOptions.from_dict(dict(self.spec.dataset_options)).gap) + 1

    @property
    def name(self) -> str:
        """Name of the run in lists."""
        what = f"Forget bias {self.bias:g}" if self.bias is not None else "Chrono initialisation"
        return f"{what}, gap {self.lag - 1}"

    @property
    def predicted(self) -> tuple[float, float]:
        """Shortest and longest timescale that the start biases promise, in steps."""
        if self.bias is not None:
            steps = float(timescale_from_bias(self.bias))
            return steps, steps
        longest = self.spec.model.chrono_length or 2
        low, high = timescale_from_bias([0.0, float(np.log(longest - 1.0))])
        return float(low), float(high)


def trials(gap: int, *, seed: int = 0) -> tuple[BiasTrial, ...]:
    """The runs of the experiment: biases from -2 to 6, then chrono initialisation for the task's own lag.

    Args:
        gap: steps of noise between cue and answer.
        seed: of the networks; the data is always the same.

    Raises:
        ConfigError: gap or seed out of range.

    Example:
        >>> made = trials(40)
        >>> len(made), made[5].name, made[-1].spec.model.chrono_length
        (10, 'Forget bias 3, gap 40', 41)
    """
    options = LatchOptions(gap=gap)
    lag = options.block_length - 1
    base = ModelConfig(cell="lstm", hidden_size=HIDDEN, reference="none", head_size=0)
    models: list[tuple[str, float | None, ModelConfig]] = [(f"{bias:g}", bias, replace(base, forget_bias=bias)) for bias in BIASES]
    models.append(("chrono", None, replace(base, chrono_length=max(3, lag))))
    return tuple(
        BiasTrial(
            label=label,
            bias=bias,
            spec=RunSpec(
                dataset="latch",
                dataset_options=options.to_dict(),
                data=DataConfig(past_covariates=(CUE,), scaling="none"),
                window=WindowConfig(context_length=lag, horizon=1),
                model=model,
                training=TrainConfig(epochs=60, batch_size=32, learning_rate=1e-2, schedule="cosine", patience=0, seed=seed, device="cpu"),
            ),
        )
        for label, bias, model in models
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryTimes:
    """Measured memory of a network, in steps, over windows of the test part.

    Args:
        median: timescale τ of the unit in the middle.
        longest: of the unit that remembers longest.
    """

    median: float
    longest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run.

    Args:
        times: measured memory after training.
        error: mean absolute error on the test part.
        trivial: that of always forecasting 0.
    """

    times: MemoryTimes
    error: float
    trivial: float

    @property
    def verdict(self) -> str:
        """``solved``, ``partly`` or ``not learned``; empty if the error is NaN, or there is nothing to compare it with."""
        if np.isnan(self.error) or not self.trivial > 0:
            return ""
        share = self.error / self.trivial
        return "solved" if share < SOLVED else "not learned" if share > PLATEAU else "partly"


def measure_start(spec: RunSpec) -> MemoryTimes:
    """The memory of a spec's network before its first step of training.

    Raises:
        SeqlabError: the spec, or its data, does not allow it.
    """
    from seqlab.training.session import initial_network, prepare_spec  # imports torch

    spec, prepared = prepare_spec(spec)
    return _times(initial_network(spec, prepared), cast("Prepared", prepared))  # the lesson is about a series


def measure_outcome(fitted: "Fitted") -> Outcome:
    """Memory and error of a trained network on the test part of its data."""
    from seqlab.evaluation.judge import score  # imports torch

    windows = fitted.series.windows("test")
    _, _, y = windows.gather(np.arange(len(windows)))
    return Outcome(
        times=_times(fitted.model, fitted.series), error=score(fitted)["mae"], trivial=float(np.abs(y.astype(np.float64)).mean())
    )


def _times(network: "nn.Module", prepared: "Prepared") -> MemoryTimes:
    from seqlab.gates.memory import memory_steps
    from seqlab.gates.part_trace import spread_samples
    from seqlab.gates.trace import trace_gates

    windows = prepared.windows("test")
    x, _, _ = windows.gather(spread_samples(len(windows), MOST_WINDOWS))
    steps = memory_steps(trace_gates(network, x), 0, "forward")
    assert steps is not None  # noqa: S101  an LSTM has a forget gate
    return MemoryTimes(median=float(np.median(steps)), longest=float(steps.max()))

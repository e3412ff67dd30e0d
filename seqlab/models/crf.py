"""A linear-chain conditional random field: the tags of a sequence are chosen together, by which tag may follow which."""

import torch
from torch import nn

from seqlab.errors import ConfigError

__all__ = ["FORBIDDEN", "LinearChainCRF"]

FORBIDDEN = -10_000.0
"""Score of a transition that a tag scheme forbids: its probability is 0 in floating point, its loss still finite."""


class LinearChainCRF(nn.Module):
    """Scores every sequence of tags by its emissions and its transitions (Lafferty et al. 2001; Lample et al. 2016, 1603.01360).

    s(x, y) = a[y_1] + Σ_t e_t[y_t] + Σ_t A[y_{t-1}, y_t] + b[y_T], p(y | x) = exp s(x, y) / Σ_y' exp s(x, y').

    Args:
        classes: how many tags there are.
        forbidden: (classes, classes), True where the column's tag must not follow the row's; ``None`` allows all.
        forbidden_start: (classes,), True where a sequence must not begin with the tag.
        forbidden_end: (classes,), True where a sequence must not end with the tag.

    Raises:
        ConfigError: a constraint has another shape.

    Example:
        >>> crf = LinearChainCRF(2, forbidden=torch.tensor([[False, True], [False, False]]))
        >>> crf.decode(torch.tensor([[[9.0, 0.0], [0.0, 5.0]]]), torch.ones(1, 2, dtype=torch.bool)).tolist()
        [[0, 0]]
    """

    _forbidden: torch.Tensor | None
    _forbidden_start: torch.Tensor | None
    _forbidden_end: torch.Tensor | None

    def __init__(
        self,
        classes: int,
        *,
        forbidden: torch.Tensor | None = None,
        forbidden_start: torch.Tensor | None = None,
        forbidden_end: torch.Tensor | None = None,
    ) -> None:
        super().__init__()
        self.classes = classes
        self.transitions = nn.Parameter(torch.empty(classes, classes).uniform_(-0.1, 0.1))
        self.start_transitions = nn.Parameter(torch.empty(classes).uniform_(-0.1, 0.1))
        self.end_transitions = nn.Parameter(torch.empty(classes).uniform_(-0.1, 0.1))
        for name, given in (("forbidden", forbidden), ("forbidden_start", forbidden_start), ("forbidden_end", forbidden_end)):
            shape = (classes, classes) if name == "forbidden" else (classes,)
            if given is not None and given.shape != shape:
                raise ConfigError(f"{name} of a CRF over {classes} tags must have the shape {shape}; it has {tuple(given.shape)}.")
            self.register_buffer(f"_{name}", given, persistent=False)

    def scores(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Start (classes,), transition (classes from, classes to) and end scores (classes,), constraints included."""
        start, between, end = (
            scores if forbidden is None else scores.masked_fill(forbidden, FORBIDDEN)
            for scores, forbidden in (
                (self.start_transitions, self._forbidden_start),
                (self.transitions, self._forbidden),
                (self.end_transitions, self._forbidden_end),
            )
        )
        return start, between, end

    def loss(self, emissions: torch.Tensor, tags: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The negative log likelihood of the right tags.

        Args:
            emissions: (batch, time, classes), finite wherever ``mask`` is True.
            tags: (batch, time) numbers of the right tags; below 0 where nobody knows the tag.
            mask: (batch, time), True for the steps of a sequence. Steps without a known tag before the last True are
                summed over; a sequence without any True has a loss of 0.

        Returns:
            (batch,)
        """
        known = mask & (tags >= 0)
        mask = mask.flip(1).cummax(dim=1).values.flip(1)  # up to the last step
        mask[:, 0] = True
        emissions, mask = self._within(emissions, mask)
        tags, known = tags[:, : mask.shape[1]], known[:, : mask.shape[1]]
        every = self._log_partition(emissions, mask)
        unknown = mask & ~known
        if not unknown.any():
            return (every - self._score(emissions, tags, mask)).to(emissions.dtype)
        right = tags.clamp_min(0).unsqueeze(-1) == torch.arange(self.classes, device=tags.device)
        return (every - self._log_partition(emissions, mask, right | unknown.unsqueeze(-1))).to(emissions.dtype)

    @torch.no_grad()
    def decode(self, emissions: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The most probable tags of each sequence (Viterbi).

        Args:
            emissions: (batch, time, classes), finite wherever ``mask`` is True.
            mask: (batch, time), True for the steps of a sequence: at least one, and none after the first False.

        Returns:
            (batch, time) numbers of tags, -1 outside of the sequences.
        """
        total = mask.shape[1]
        emissions, mask = self._within(emissions, mask)
        start, between, end = self.scores()
        into = between.t().contiguous()
        stay = torch.arange(self.classes, device=mask.device)
        best, came_from = start + emissions[:, 0], []
        for step in range(1, mask.shape[1]):
            value, previous = (best.unsqueeze(1) + into).max(dim=2)
            going = mask[:, step].unsqueeze(1)
            best = torch.where(going, value + emissions[:, step], best)
            came_from.append(torch.where(going, previous, stay))
        tags = [(best + end).argmax(dim=1, keepdim=True)]
        for previous in reversed(came_from):
            tags.append(previous.gather(1, tags[-1]))
        chosen = torch.cat(tags[::-1], dim=1).masked_fill(~mask, -1)
        return nn.functional.pad(chosen, (0, total - chosen.shape[1]), value=-1)

    def marginals(self, emissions: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """How probable each tag is at each step, whatever the others are: ∂ log Σ_y exp s(x, y) / ∂ e_t.

        Args:
            emissions, mask: as for :meth:`decode`.

        Returns:
            (batch, time, classes), summing to 1 over the tags; 0 outside of the sequences.
        """
        with torch.enable_grad():
            leaf = emissions.detach().requires_grad_()
            (by_emission,) = torch.autograd.grad(self._log_partition(*self._within(leaf, mask)).sum(), leaf)
        return by_emission

    def _within(self, emissions: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Both cut to the longest sequence; what stands at padded steps becomes 0."""
        if emissions.ndim != 3 or emissions.shape[2] != self.classes or mask.shape != emissions.shape[:2]:
            raise ConfigError(
                f"A CRF over {self.classes} tags reads emissions (batch, time, {self.classes}) and a mask (batch, time); "
                f"it was given {tuple(emissions.shape)} and {tuple(mask.shape)}."
            )
        if not mask[:, 0].all() or (mask[:, 1:] & ~mask[:, :-1]).any():
            raise ConfigError("The mask of a CRF must be True for the first steps of each sequence, one or more, and False after them.")
        longest = int(mask.sum(dim=1).max())
        mask = mask[:, :longest]
        return emissions[:, :longest].masked_fill(~mask.unsqueeze(-1), 0), mask

    def _score(self, emissions: torch.Tensor, tags: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """(batch,) s(x, y) of given tags."""
        start, between, end = self.scores()
        tags = tags.masked_fill(~mask, 0)
        ends = tags.gather(1, mask.sum(dim=1, keepdim=True) - 1).squeeze(1)
        emitted = emissions.gather(2, tags.unsqueeze(-1)).squeeze(-1).masked_fill(~mask, 0).sum(dim=1)
        followed = between[tags[:, :-1], tags[:, 1:]].masked_fill(~mask[:, 1:], 0).sum(dim=1)
        return start[tags[:, 0]] + emitted + followed + end[ends]

    def _log_partition(self, emissions: torch.Tensor, mask: torch.Tensor, allowed: torch.Tensor | None = None) -> torch.Tensor:
        """(batch,) log of the sum over all tag sequences, or over those that ``allowed`` (batch, time, classes) leaves.

        Probabilities are multiplied and scaled at every step (Rabiner 1989), in double precision: a matrix product where adding
        logarithms would take (batch, classes, classes) exponentials. A scale is a constant to the gradient, as it cancels out.
        """
        exact = torch.float32 if emissions.device.type == "mps" else torch.float64  # MPS knows no double precision
        tiny = torch.finfo(exact).tiny
        start, between, end = (scores.to(exact) for scores in self.scores())
        emitted = emissions.to(exact).transpose(0, 1)  # (time, batch, classes)
        if allowed is not None:
            emitted = emitted.masked_fill(~(allowed | ~mask.unsqueeze(-1)).transpose(0, 1), -torch.inf)
        highest = emitted.detach().amax(dim=2)
        factors = (emitted - highest.unsqueeze(-1)).exp().unbind(0)
        strongest = between.detach().max()
        passed = (between - strongest).exp()
        alpha = factors[0] * start.exp()
        alphas, scales = [alpha], [torch.ones_like(alpha[:, 0])]
        for factor in factors[1:]:
            scale = alpha.detach().sum(dim=1, keepdim=True).clamp_min(tiny)
            alpha = torch.mm(alpha / scale, passed) * factor
            alphas.append(alpha)
            scales.append(scale.squeeze(1))
        steps = mask.sum(dim=1)
        last = torch.stack(alphas)[steps - 1, torch.arange(len(steps), device=steps.device)]
        taken_out = (torch.stack(scales).log() + highest).t().masked_fill(~mask, 0).sum(dim=1) + strongest * (steps - 1)
        return (last * end.exp()).sum(dim=1).clamp_min(tiny).log() + taken_out

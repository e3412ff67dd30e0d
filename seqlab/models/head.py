"""The forecast head: last state and what is known of each step ahead in, all steps out at once."""

import torch
from torch import nn
from torch.nn import functional

__all__ = ["ForecastHead"]


class ForecastHead(nn.Module):
    """Turns the last state into the difference from the reference, for every step ahead.

    Two parts are added: a linear map from the state to all steps, and, if ``head_size`` > 0, a
    small network run once per step on the state, what is known of that step, and the step's own
    embedding. Both start at zero, so an untrained model forecasts its reference.

    Args:
        state_size: width of the state.
        known_size: known-ahead features of a step, the reference itself included.
        horizon: steps ahead.
        target_size: targets per step.
        head_size: width of the per-step network; 0 leaves it out, and what is known enters linearly.
    """

    def __init__(self, *, state_size: int, known_size: int, horizon: int, target_size: int, head_size: int) -> None:
        super().__init__()
        self.horizon = horizon
        self.target_size = target_size
        self.direct = nn.Linear(state_size, horizon * target_size)
        self.head_size = head_size
        if head_size:
            self.from_state = nn.Linear(state_size, head_size)
            self.from_known = nn.Linear(known_size, head_size, bias=False)
            self.step = nn.Parameter(torch.empty(horizon, head_size).uniform_(-0.1, 0.1))
            self.out = nn.Linear(head_size, target_size, bias=False)
        else:
            self.out = nn.Linear(known_size, target_size, bias=False)
        for zeroed in (self.direct.weight, self.direct.bias, self.out.weight):
            nn.init.zeros_(zeroed)

    def forward(self, state: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
        """The difference from the reference.

        Args:
            state: (batch, state_size)
            known: (batch, horizon, known_size)

        Returns:
            (batch, horizon, target)
        """
        direct = self.direct(state).view(-1, self.horizon, self.target_size)
        if self.head_size:
            known = functional.gelu(self.from_state(state).unsqueeze(1) + self.from_known(known) + self.step)
        result: torch.Tensor = direct + self.out(known)
        return result

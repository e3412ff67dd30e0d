"""Beam search: the few most probable beginnings are written on, until the best whole sequence is found among them."""

from collections.abc import Callable

import torch

from seqlab.models.decoder import State, pick_rows

__all__ = ["Step", "beam_search"]

Step = Callable[[torch.Tensor, State], tuple[torch.Tensor, State]]
"""(last symbols (row,), states) -> log probabilities of the next symbols (row, class), states after them."""


def beam_search(step: Step, state: State, *, start: int, end: int, beam: int, longest: int) -> torch.Tensor:
    """The sequences with the highest mean log probability per symbol that the search meets; greedy where ``beam`` is 1.

    A sequence is settled once ``beam`` whole ones of it were among the ``beam`` best continuations of a step.

    Args:
        step: one step of the decoder; row ``sequence * beam + number`` is one beginning of a sequence.
        state: the states before the first symbol, (layer, batch * beam, hidden) each.
        start: number of the symbol that the decoder is started with.
        end: number of the symbol that ends a sequence.
        beam: how many beginnings are kept.
        longest: symbols written at most; what has not ended by then is cut.

    Returns:
        (batch, step) numbers of symbols; after its end a sequence is filled with ``end``.
    """
    rows, device = state[0].shape[1], state[0].device
    batch = rows // beam
    first_row = torch.arange(batch, device=device).unsqueeze(1) * beam
    # At first all beginnings are the same empty one, so only one of them counts.
    scores = torch.full((batch, beam), -torch.inf, device=device)
    scores[:, 0] = 0
    begun = torch.full((batch, beam, longest), end, device=device)
    best, best_score = begun[:, 0].clone(), torch.full((batch,), -torch.inf, device=device)
    ended = torch.zeros(batch, dtype=torch.long, device=device)
    last = torch.full((rows,), start, device=device)
    written = 0
    while written < longest and not bool((ended >= beam).all()):
        chances, state = step(last, state)
        classes = chances.shape[1]
        every = (scores.unsqueeze(-1) + chances.view(batch, beam, classes)).view(batch, -1)
        # Of twice as many, at least half go on, as each beginning can end in one way only.
        top, place = every.topk(2 * beam, dim=1)
        parent, symbol = place // classes, place % classes
        ends = symbol == end

        whole = (top / (written + 1)).masked_fill(~ends | (ended >= beam).unsqueeze(1), -torch.inf)[:, :beam]
        ended += whole.isfinite().sum(dim=1)
        score, number = whole.max(dim=1)
        better = score > best_score
        best_score = torch.where(better, score, best_score)
        finished = begun[torch.arange(batch, device=device), parent.gather(1, number.unsqueeze(1)).squeeze(1)]
        finished[:, written] = end
        best = torch.where(better.unsqueeze(1), finished, best)

        scores, going = top.masked_fill(ends, -torch.inf).topk(beam, dim=1)
        parent, symbol = parent.gather(1, going), symbol.gather(1, going)
        begun = begun.gather(1, parent.unsqueeze(-1).expand(-1, -1, longest))
        begun[:, :, written] = symbol
        last = symbol.flatten()
        state = pick_rows(state, (first_row + parent).flatten()) if beam > 1 else state
        written += 1
    found = torch.where(best_score.isfinite().unsqueeze(1), best, begun[:, 0])
    return found[:, :written]

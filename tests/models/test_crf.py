from itertools import pairwise, product

import pytest
import torch
from torchcrf import CRF

from seqlab.errors import ConfigError
from seqlab.models.crf import LinearChainCRF
from seqlab.models.padding import step_mask


def _pair(classes: int) -> tuple[LinearChainCRF, CRF]:
    torch.manual_seed(0)
    ours, theirs = LinearChainCRF(classes).double(), CRF(classes, batch_first=True).double()
    for parameter in ours.parameters():
        torch.nn.init.normal_(parameter, std=2.0)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def test_loss_gradient_and_viterbi_equal_pytorch_crf() -> None:
    ours, theirs = _pair(7)
    emissions = (torch.randn(5, 11, 7, dtype=torch.float64) * 20).requires_grad_()
    tags = torch.randint(0, 7, (5, 11))
    mask = step_mask(torch.tensor([9, 1, 2, 6, 9]), 11)
    wanted = -theirs(emissions, tags, mask, reduction="none")
    loss = ours.loss(emissions, tags.masked_fill(~mask, -1), mask)
    torch.testing.assert_close(loss, wanted)
    weight = torch.arange(1.0, 6.0, dtype=torch.float64)
    by_theirs = torch.autograd.grad((wanted * weight).sum(), [emissions, *theirs.parameters()])
    by_ours = torch.autograd.grad(
        (loss * weight).sum(), [emissions, *(dict(ours.named_parameters())[n] for n, _ in theirs.named_parameters())]
    )
    torch.testing.assert_close(by_ours, by_theirs)
    decoded = ours.decode(emissions, mask)
    assert decoded.shape == (5, 11)
    assert [[tag for tag in row if tag >= 0] for row in decoded.tolist()] == theirs.decode(emissions, mask)


def test_partition_marginals_and_unknown_tags_equal_brute_force() -> None:
    crf, _ = _pair(3)
    start, between, end = crf.scores()
    emissions = torch.randn(1, 4, 3, dtype=torch.float64)
    every = list(product(range(3), repeat=4))
    scores = torch.stack(
        [start[y[0]] + sum(emissions[0, t, y[t]] for t in range(4)) + sum(between[a, b] for a, b in pairwise(y)) + end[y[3]] for y in every]
    )
    chances = scores.softmax(0)
    mask = torch.ones(1, 4, dtype=torch.bool)
    marginals = crf.marginals(emissions, mask)
    for t, tag in product(range(4), range(3)):
        wanted = sum(p for y, p in zip(every, chances, strict=True) if y[t] == tag)
        torch.testing.assert_close(marginals[0, t, tag], wanted)
    loss = crf.loss(emissions, torch.tensor([[-1, 2, -1, 0]]), mask)
    wanted = -torch.log(sum(p for y, p in zip(every, chances, strict=True) if y[1] == 2 and y[3] == 0))
    torch.testing.assert_close(loss[0], wanted)
    holes = crf.loss(emissions, torch.tensor([[0, 2, 0, 0]]), torch.tensor([[False, True, False, True]]))
    torch.testing.assert_close(holes, loss)
    assert crf.loss(emissions, torch.zeros(1, 4, dtype=torch.long), torch.zeros(1, 4, dtype=torch.bool)).abs() < 1e-12
    assert tuple(crf.decode(emissions, mask)[0].tolist()) == every[int(scores.argmax())]


def test_padding_of_any_value_changes_nothing() -> None:
    crf = LinearChainCRF(4)
    emissions = torch.randn(2, 6, 4)
    mask = step_mask(torch.tensor([6, 3]), 6)
    alone = crf.loss(emissions[1:, :3], torch.zeros(1, 3, dtype=torch.long), mask[1:, :3])
    spoiled = emissions.masked_fill(~mask.unsqueeze(-1), torch.nan).requires_grad_()
    loss = crf.loss(spoiled, torch.zeros(2, 6, dtype=torch.long), mask)
    torch.testing.assert_close(loss[1:], alone)
    loss.sum().backward()
    assert all(p.grad.isfinite().all() for p in (spoiled, *crf.parameters()))
    marginals = crf.marginals(spoiled, mask)
    torch.testing.assert_close(marginals.sum(2), mask.float())


def test_a_forbidden_transition_is_never_chosen_and_its_loss_stays_finite() -> None:
    # tags O, B, I: I follows B or I only, and begins no sequence
    forbidden = torch.tensor([[False, False, True], [False, False, False], [False, False, False]])
    crf = LinearChainCRF(3, forbidden=forbidden, forbidden_start=torch.tensor([False, False, True]))
    emissions = torch.tensor([[[5.0, 0.0, 50.0], [50.0, 0.0, 0.0], [0.0, 1.0, 50.0]]]).requires_grad_()
    mask = torch.ones(1, 3, dtype=torch.bool)
    assert crf.decode(emissions, mask).tolist() == [[0, 0, 1]]
    assert crf.marginals(emissions, mask)[0, 0, 2] == 0
    for tags in ([[2, 0, 2]], [[2, -1, 2]]):
        loss = crf.loss(emissions, torch.tensor(tags), mask)
        loss.sum().backward()
        assert loss.isfinite().all()
        assert crf.transitions.grad.isfinite().all()


def test_wrong_shapes_are_named() -> None:
    crf = LinearChainCRF(3)
    with pytest.raises(ConfigError, match="over 3 tags"):
        crf.decode(torch.zeros(1, 2, 4), torch.ones(1, 2, dtype=torch.bool))
    with pytest.raises(ConfigError, match="True for the first steps"):
        crf.decode(torch.zeros(1, 2, 3), torch.tensor([[False, True]]))
    with pytest.raises(ConfigError, match="forbidden_end"):
        LinearChainCRF(3, forbidden_end=torch.zeros(2, dtype=torch.bool))

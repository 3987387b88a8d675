"""The noise of a batch's gradient, against the gradients of its quarters taken one by one."""

import pytest
import torch
from look_reference import one_step
from torch import nn

import auscult
from auscult.runs import quantities as q

X, Y = (torch.randn(8, *shape, generator=torch.Generator().manual_seed(0)) for shape in ((2, 6, 6), (3,)))
PICTURES = nn.Sequential(nn.Conv2d(2, 4, 3, stride=2), nn.GELU(), nn.Flatten(), nn.Linear(16, 3))


def loss(model, x=X, y=Y):
    return (model(x) - y).square().mean()


def by_quarters(model):
    """|G|² and tr Σ/B by the book: the mean product of different quarters, and what the mean square has beyond it."""
    weights = [p for p in model.parameters() if p.ndim > 1]
    grads = [torch.autograd.grad(loss(model, X[i : i + 2], Y[i : i + 2]), weights) for i in range(0, 8, 2)]
    each = torch.stack([torch.cat([g.flatten() for g in of_part]) for of_part in grads]).double()
    gram = each @ each.T
    signal = float(gram.sum() - gram.trace()) / 12
    return signal, (float(gram.trace()) / 4 - signal) / 4


def recorded(run):
    return [run.at(0, name, [""])[""] for name in (q.GRAD_SIGNAL, q.GRAD_NOISE, q.BATCH)]


def test_parts_of_a_batch_tell_signal_and_noise():
    torch.manual_seed(0)
    plain = nn.Sequential(nn.AvgPool2d(2), nn.Flatten(), nn.Linear(18, 3))
    for model in (PICTURES, plain):
        signal, noise, batch = recorded(one_step(model, loss))
        assert (signal, noise) == pytest.approx(by_quarters(model), rel=1e-4)
        assert batch == 8


def test_passes_that_accumulate_are_one_batch():
    optimizer = torch.optim.SGD(PICTURES.parameters(), lr=0.0)
    with auscult.watch(PICTURES, optimizer, every=1) as recorder:
        for _ in range(3):
            (loss(PICTURES) / 3).backward()
        optimizer.step()
    signal, noise = by_quarters(PICTURES)
    assert recorded(recorder.run) == pytest.approx((signal, noise / 3, 24), rel=1e-4)


def test_what_batch_norms_tie_together_is_not_measured():
    tied = nn.Sequential(nn.Flatten(), nn.Linear(72, 8), nn.BatchNorm1d(8), nn.Linear(8, 3))
    assert q.GRAD_NOISE not in one_step(tied, loss).quantities
    assert q.GRAD_NOISE in one_step(tied.eval(), loss).quantities


WORDS = torch.randint(9, (8, 5), generator=torch.Generator().manual_seed(0))


class Speaks(nn.Module):
    """Says the next word after each; `last`: after the last only."""

    def __init__(self, kind: str, batch_first: bool = True, last: bool = False) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embed, self.head = nn.Embedding(9, 6), nn.Linear(7, 9)
        self.recur = getattr(nn, kind)(6, 7, batch_first=batch_first)
        self.last = last

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        hidden = self.recur(self.embed(words))[0]
        return self.head(torch.relu(hidden[:, -1] if self.last else hidden))


def said(model, words=WORDS):
    return nn.functional.cross_entropy(model(words).reshape(-1, 9), words[:, -1] if model.last else words.flatten())


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
@pytest.mark.parametrize("last", [False, True])
def test_behind_a_recurrence_the_layers_that_are_used_once_stand_for_all(kind, last):
    model = Speaks(kind, last=last)
    grads = [torch.autograd.grad(said(model, WORDS[i : i + 2]), model.head.weight)[0] for i in range(0, 8, 2)]
    gram = (each := torch.stack(grads).flatten(1).double()) @ each.T
    signal = float(gram.sum() - gram.trace()) / 12
    noise = (float(gram.trace()) / 4 - signal) / 4
    assert recorded(one_step(model, said)) == pytest.approx([signal, noise, 8], rel=1e-4)


@pytest.mark.parametrize("kind", ["RNN", "GRU", "LSTM"])
def test_rows_that_are_sorted_by_time_are_no_examples(kind):
    assert q.GRAD_NOISE not in one_step(Speaks(kind, batch_first=False), said).quantities


class ByHand(nn.Module):
    """A loop over time whose states are stacked along `dim`."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.enter, self.recur, self.head, self.dim = nn.Linear(6, 7), nn.Linear(7, 7), nn.Linear(7, 3), dim

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        entered, h, states = self.enter(x[:, 0]), torch.zeros(len(x), 7), []
        for t in range(6):
            states.append(h := torch.tanh(entered[:, t] + self.recur(h)))
        return self.head(torch.stack(states, self.dim)).mean(self.dim)


def test_states_stacked_after_the_examples_are_sorted_by_example():
    assert q.GRAD_NOISE in one_step(ByHand(1), loss).quantities
    assert q.GRAD_NOISE not in one_step(ByHand(0), loss).quantities


def test_a_layer_that_is_used_twice_is_no_recurrence():
    first, second, head = nn.Linear(72, 7), nn.Linear(7, 7), nn.Linear(7, 3)

    def at_both_depths(model, x=X, y=Y):
        h = torch.relu(first(x.flatten(1)))
        return (head(h) - y).square().mean() + (head(torch.relu(second(h))) - y).square().mean()

    run = one_step(nn.ModuleList([first, second, head]), at_both_depths)
    assert recorded(run)[2] == 8

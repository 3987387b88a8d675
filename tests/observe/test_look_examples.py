"""How many examples there are, by which of them come again."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

import auscult
from auscult.runs import quantities as q


class Net(nn.Module):
    """Takes features, and the number of a kind."""

    def __init__(self):
        super().__init__()
        self.kinds, self.body, self.head = nn.Embedding(3, 8), nn.Linear(16, 8), nn.LazyLinear(2)

    def forward(self, x, kind):
        return self.head(torch.relu(self.body(x) + self.kinds(kind)))


def batches(x, size, epochs, shuffled=True):
    for _ in range(epochs):
        yield from (x[torch.randperm(len(x))] if shuffled else x).split(size)


def trained(batches, model=None, inputs=lambda x: (x,)):
    model = model or nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for x in batches:
            F.mse_loss(model(*inputs(x)), torch.zeros(len(x), 2)).backward()
            optimizer.step()
    return recorder.run


@pytest.mark.parametrize("shuffled", [True, False])
@pytest.mark.parametrize("number", [300, 9000])
def test_the_data_is_counted_once_examples_come_again(number, shuffled):
    run = trained(batches(torch.randn(number, 16), number // 30, 4, shuffled))
    counted = run.series(q.DATA_EXAMPLES, "")
    assert counted.steps[0] >= 30  # in the second epoch
    assert counted.values[-1] == pytest.approx(number, rel=0.1)
    assert set(run.series(q.DATA_BATCH, "").values) == {number // 30}


@pytest.mark.parametrize("draw", [lambda: torch.randn(100, 16), lambda: torch.randn(3, 16)[torch.arange(100) % 3]])
def test_what_never_comes_again_or_cannot_be_told_apart_is_not_counted(draw):
    run = trained(draw() for _ in range(12))
    assert q.DATA_EXAMPLES not in run.quantities
    assert len(run.series(q.DATA_BATCH, "").values) == 12


def test_how_many_there_are_at_least_where_none_comes_again():
    """Of these 2,400 met none came again: of 5,000 hundreds would have."""
    run = trained(torch.randn(100, 16) for _ in range(24))
    least = run.series(q.DATA_EXAMPLES_LEAST, "").values
    assert least[-1] > 50_000
    assert least[0] >= 100
    (known,) = {
        len(run.series(q.DATA_EXAMPLES_LEAST, "").steps) for run in [trained(batches(torch.randn(50, 16), 50, 5))]
    }
    assert known == 1  # in the second pass they came again


def test_the_numbers_of_places_are_no_part_of_an_example():
    class Places(nn.Module):
        def __init__(self):
            super().__init__()
            self.words, self.places, self.head = nn.Embedding(500, 8), nn.Embedding(6, 8), nn.Linear(48, 2)

        def forward(self, x):
            return self.head(
                torch.relu(self.words(x) + self.places(torch.arange(6)) + self.places(torch.arange(6)[None])).flatten(1)
            )

    words = torch.randint(0, 500, (300, 6))
    run = trained(batches(words, 30, 6), Places())
    assert run.series(q.DATA_EXAMPLES, "").values[-1] == pytest.approx(300, rel=0.15)


def test_an_example_is_all_that_enters_for_it():
    x = torch.randn(200, 16).repeat_interleave(3, 0)  # each in three kinds
    rows = torch.cat([x, torch.arange(600)[:, None] % 3], 1)
    run = trained(batches(rows, 60, 5), Net(), lambda r: (r[:, :16], r[:, 16].long()))
    assert run.series(q.DATA_EXAMPLES, "").values[-1] == pytest.approx(600, rel=0.15)


def test_where_data_enters_that_nobody_keeps_they_are_not_counted():
    class Joined(Net):
        def forward(self, x, kind):
            return self.head(torch.relu(torch.cat([x[:, :8], self.kinds(kind)], 1)))

    kinds = torch.arange(300) % 3
    rows = torch.cat([torch.randn(300, 16), kinds[:, None]], 1)
    run = trained(batches(rows, 60, 5), Joined(), lambda r: (r[:, :16], r[:, 16].long()))
    assert q.DATA_EXAMPLES not in run.quantities


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_it_counts_in_every_precision(dtype):
    model = nn.Sequential(nn.Linear(16, 8), nn.ReLU(), nn.Linear(8, 2)).to(dtype)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    data = torch.randn(200, 16).to(dtype)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for x in batches(data, 50, 5):
            model(x).square().mean().backward()
            optimizer.step()
    np.testing.assert_allclose(recorder.run.series(q.DATA_EXAMPLES, "").values[-1], 200, rtol=0.1)


@pytest.mark.parametrize("bag", [True, False])
def test_words_are_no_examples(bag):
    words = nn.EmbeddingBag(50, 8, mode="sum") if bag else nn.Sequential(nn.Embedding(50, 8), nn.Flatten())
    model = nn.Sequential(words, nn.Linear(8, 2))
    size = (400, 5) if bag else (400, 1)
    run = trained(batches(torch.randint(0, 50, size), 40, 4), model)
    assert not len(run.series(q.DATA_EXAMPLES, "").values)

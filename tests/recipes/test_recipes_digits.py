"""The digits of scikit-learn: what is read, how it is split, and a Task on it."""

import sys

import pytest
import torch

from auscult.errors import AuscultError
from auscult.optim import Adam
from auscult.recipes import digits


def numbers(learn):
    return [row.numbers() for row in learn.table]


def test_what_is_read():
    pictures, labels = digits.read_digits()
    assert pictures.shape == (1797, 1, 8, 8)
    assert (float(pictures.min()), float(pictures.max())) == (0, 16)
    assert pictures[0, 0, 0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]  # scikit-learn's own page on them shows it
    assert labels[:10].tolist() == list(range(10))


def test_without_scikit_learn(monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "sklearn.datasets", raising=False)
    with pytest.raises(AuscultError, match=r"not installed.*pip install auscult\[demo\]"):
        digits.task()


def test_the_split_is_even_whole_and_the_seeds():
    _, labels = digits.read_digits()
    parts = digits.split(labels, 3)
    assert [len(part) for part in parts] == [1078, 360, 359]
    assert torch.cat(parts).sort().values.tolist() == list(range(1797))
    for part, share in zip(parts, (0.6, 0.2, 0.2), strict=True):
        of_class = labels[part].bincount() / labels.bincount()
        assert torch.allclose(of_class, torch.full((10,), share), atol=0.005)
    same, other = digits.split(labels, 3), digits.split(labels, 4)
    assert all(torch.equal(a, b) for a, b in zip(parts, same, strict=True))
    assert not torch.equal(parts[0], other[0])


def test_the_training_part_is_normalised():
    task = digits.task()
    x, y = task.train.tensors
    assert (float(x.mean()), float(x.std())) == pytest.approx((0, 1), abs=1e-5)
    assert x.dtype == torch.float32
    assert y.dtype == torch.int64


def test_a_learner_is_the_seeds_and_leaves_the_stream():
    task, results = digits.task(), []
    for seed, elsewhere in ((0, 1), (0, 2), (5, 1)):
        torch.manual_seed(elsewhere)
        before = torch.get_rng_state()
        learn = task.learner(Adam, seed=seed, quiet=True)
        assert torch.equal(torch.get_rng_state(), before)
        learn.fit_one_cycle(1, 3e-3)
        results.append(numbers(learn))
    assert results[0] == results[1]
    assert results[0] != results[2]

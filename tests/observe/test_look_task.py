"""What a look says of the loss, computed by the book from what goes into it."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from look_reference import layers_of, one_step
from torch import nn

import auscult
from auscult.runs import quantities as q

X = torch.randn(24, 6, generator=torch.Generator().manual_seed(0))
Y = torch.arange(24) % 4 * (torch.arange(24) % 5 > 0)


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 4))


def at(run, quantity, step=0):
    return run.at(step, quantity, [""])[""]


def entropy(share):
    share = np.asarray(share, float)
    share = share[share > 0] / share.sum()
    return float(-(share * np.log(share)).sum())


BY_INDEX = {
    "plain": lambda z: F.cross_entropy(z, Y),
    "sum, and scaled": lambda z: 3 * F.cross_entropy(z, Y, reduction="sum"),
    "each": lambda z: F.cross_entropy(z, Y, reduction="none").mean(),
    "class weights": lambda z: F.cross_entropy(z, Y, weight=torch.tensor([1.0, 2, 3, 4])),
    "label smoothing": lambda z: F.cross_entropy(z, Y, label_smoothing=0.1),
    "log-probabilities": lambda z: F.nll_loss(F.log_softmax(z, 1), Y),
    "with a penalty": lambda z: F.cross_entropy(z, Y) + 0.1 * z.square().mean(),
    "double": lambda z: F.cross_entropy(z.double(), Y),
}


@pytest.mark.parametrize("name", BY_INDEX)
def test_cross_entropy_however_it_is_written(model, name):
    run = one_step(model, lambda m: BY_INDEX[name](m(X)))
    logits = model(X).detach().double()
    logged = logits.log_softmax(1)
    assert (run.task.kind, run.task.classes, run.task.fed, run.task.losses) == ("cross-entropy", 4, "", 1)
    assert run.task.uniform == pytest.approx(math.log(4))
    assert at(run, q.TASK_LOSS) == pytest.approx(F.nll_loss(logged, Y).item(), rel=1e-5)
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(entropy(np.bincount(Y)), rel=1e-5)
    assert at(run, q.TASK_EXAMPLES) == 24
    centred = logits - logits.mean(1, keepdim=True)
    assert at(run, q.LOGIT_STD) == pytest.approx(centred.std().item(), rel=1e-5)
    assert at(run, q.LOGIT_MAX) == pytest.approx(centred.abs().max().item(), rel=1e-5)
    (stored,) = run.arrays(q.LOGITS)
    np.testing.assert_allclose(stored.values, [logged.exp().mean(0).numpy(), np.bincount(Y) / 24], rtol=1e-5)


@pytest.mark.parametrize("ignored", [-100, 0])
@pytest.mark.parametrize("softmax_before", [False, True])
def test_ignored_targets_do_not_count(model, ignored, softmax_before):
    targets = torch.where(torch.arange(24) < 10, ignored, Y)

    def loss(m):
        made = F.softmax(m(X), 1) if softmax_before else F.log_softmax(m(X), 1)
        return F.nll_loss(made, targets, ignore_index=ignored)

    run = one_step(model, loss)
    counted = targets != ignored
    logged = model(X).detach().double().log_softmax(1)[counted]
    assert run.task.fed == ("softmax" if softmax_before else "")
    assert at(run, q.TASK_LOSS) == pytest.approx(F.nll_loss(logged, targets[counted]).item(), rel=1e-5)
    assert at(run, q.TASK_EXAMPLES) == int(counted.sum())
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(entropy(np.bincount(targets[counted])), rel=1e-5)


def test_nothing_but_ignored_targets(model):
    run = one_step(model, lambda m: F.cross_entropy(m(X), torch.full((24,), -100), reduction="sum"))
    assert q.TASK_LOSS not in run.quantities
    assert run.task.kind == "cross-entropy"


@pytest.mark.parametrize(("fed", "function"), [("softmax", nn.Softmax(1)), ("sigmoid", nn.Sigmoid())])
def test_what_is_wrongly_done_before(model, fed, function):
    run = one_step(model, lambda m: F.cross_entropy(function(m(X)), Y))
    assert run.task.fed == fed
    expected = F.cross_entropy(function(model(X)).detach(), Y)
    assert at(run, q.TASK_LOSS) == pytest.approx(expected.item(), rel=1e-5)


def test_soft_targets(model):
    shares = torch.rand(24, 4).softmax(1)
    run = one_step(model, lambda m: F.cross_entropy(m(X), shares))
    assert (run.task.kind, run.task.classes) == ("cross-entropy", 4)
    assert at(run, q.TASK_LOSS) == pytest.approx(F.cross_entropy(model(X).double(), shares.double()).item(), rel=1e-5)
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(entropy(shares.sum(0)), rel=1e-5)


def test_an_entropy_is_no_loss_against_targets(model):
    run = one_step(model, lambda m: -(m(X).softmax(1) * m(X).log_softmax(1)).sum())
    assert run.task is None


@pytest.mark.parametrize("dimensions", [1, 2])
def test_targets_of_images_and_sequences(dimensions):
    conv, x = (
        (nn.Conv1d(3, 4, 3), torch.randn(2, 3, 9)) if dimensions == 1 else (nn.Conv2d(3, 4, 3), torch.randn(2, 3, 5, 5))
    )
    targets = torch.randint(0, 4, conv(x).shape[:1] + conv(x).shape[2:])
    run = one_step(conv, lambda m: F.cross_entropy(m(x), targets))
    assert at(run, q.TASK_LOSS) == pytest.approx(F.cross_entropy(conv(x).double(), targets).item(), rel=1e-5)
    assert at(run, q.TASK_EXAMPLES) == targets.numel()
    assert (run.task.classes, run.layers[0].is_output) == (4, True)


def test_one_example_without_a_batch(model):
    run = one_step(model, lambda m: F.cross_entropy(m(X[0]), Y[0]))
    assert at(run, q.TASK_LOSS) == pytest.approx(F.cross_entropy(model(X[0]), Y[0]).item(), rel=1e-5)
    assert at(run, q.TASK_EXAMPLES) == 1


@pytest.mark.parametrize("logits", [True, False])
def test_binary_cross_entropy(model, logits):
    targets = (
        torch.rand(24, 4, generator=torch.Generator().manual_seed(1)) > torch.tensor([0.1, 0.5, 0.8, 0.9])
    ).float()

    def loss(m):
        if logits:
            return F.binary_cross_entropy_with_logits(m(X), targets)
        return F.binary_cross_entropy(m(X).sigmoid(), targets)

    run = one_step(model, loss)
    made, wanted = model(X).detach().double(), targets.double()
    assert (run.task.kind, run.task.fed, run.task.uniform) == ("binary-cross-entropy", "", pytest.approx(math.log(2)))
    assert at(run, q.TASK_LOSS) == pytest.approx(F.binary_cross_entropy_with_logits(made, wanted).item(), rel=1e-5)
    yes = targets.mean(0)
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(np.mean([entropy([p, 1 - p]) for p in yes]), rel=1e-4)
    assert at(run, q.TASK_EXAMPLES) == 24
    if logits:
        assert at(run, q.LOGIT_STD) == pytest.approx(made.std().item(), rel=1e-5)
        assert at(run, q.LOGIT_MAX) == pytest.approx(made.abs().max().item(), rel=1e-5)
    assert layers_of(run)["0"].is_output


def test_a_sigmoid_before_the_loss_that_has_its_own(model):
    run = one_step(model, lambda m: F.binary_cross_entropy_with_logits(m(X).sigmoid(), torch.ones(24, 4)))
    assert run.task.fed == "sigmoid"


def test_squared_and_absolute_errors(model):
    targets = torch.randn(24, 4) * torch.tensor([1.0, 2, 3, 4]) + 5
    run = one_step(model, lambda m: 0.5 * F.mse_loss(m(X), targets, reduction="sum"))
    assert (run.task.kind, run.task.uniform) == ("squared-error", None)
    assert at(run, q.TASK_LOSS) == pytest.approx((model(X) - targets).square().mean().item(), rel=1e-5)
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(targets.double().var(0, correction=0).mean().item(), rel=1e-4)
    whose_targets_nobody_keeps = {
        "absolute-error": lambda m: F.l1_loss(m(X), targets),
        "squared-error": lambda m: 0.5 * ((m(X) - targets) ** 2).mean(),
    }
    for kind, loss in whose_targets_nobody_keeps.items():
        run = one_step(model, loss)
        assert run.task.kind == kind
        assert run.layers[0].is_output
    assert at(run, q.TASK_LOSS) == pytest.approx((model(X) - targets).square().mean().item(), rel=1e-5)
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(targets.double().var(0, correction=0).mean().item(), rel=1e-4)


@pytest.mark.parametrize("turns", [0.3, 1.0, 4.0, 100.0])
@pytest.mark.parametrize(("loss", "named"), [(F.huber_loss, "delta"), (F.smooth_l1_loss, "beta")])
def test_hubers_loss_and_that_of_its_best_constant(model, loss, named, turns):
    torch.manual_seed(4)
    targets = torch.randn(24, 4).exp() * torch.tensor([1.0, 2, 3, 4])
    run = one_step(model, lambda m: loss(m(X), targets, **{named: turns}))
    assert run.task.kind == "absolute-error"
    assert at(run, q.TASK_LOSS) == pytest.approx(loss(model(X), targets, **{named: turns}).item(), rel=1e-5)
    assert at(run, q.TASK_EXAMPLES) == 24
    constants = torch.linspace(0, 40, 40_001)[:, None].expand(-1, 24)
    of_each = [
        loss(constants, row.expand_as(constants), reduction="none", **{named: turns}).mean(1).min().item()
        for row in targets.T
    ]
    assert at(run, q.TASK_LOSS_BASE) == pytest.approx(np.mean(of_each), rel=1e-4)


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, lambda a, b: ((a - b) ** 2).sum()])
def test_predictions_that_meet_all_targets(loss):
    column = nn.Linear(6, 1)
    run = one_step(column, lambda m: loss(m(X), torch.arange(24.0)))
    assert run.task.fed == "broadcast"
    assert one_step(column, lambda m: loss(m(X), torch.arange(24.0)[:, None])).task.fed == ""
    if run.task.kind == "squared-error":
        assert at(run, q.TASK_LOSS_BASE) == pytest.approx(torch.arange(24.0).var(correction=0).item(), rel=1e-4)


def test_the_base_rate_is_of_all_labels_seen_so_far(model):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with auscult.watch(model, optimizer, every=1) as recorder:
        for step in range(4):
            optimizer.zero_grad()
            F.cross_entropy(model(X), torch.full((24,), step)).backward()
            optimizer.step()
    bases = recorder.run.series(q.TASK_LOSS_BASE).values
    np.testing.assert_allclose(bases, [math.log(n) for n in (1, 2, 3, 4)], rtol=1e-5)


GUESSED = {  # the loss; the targets of step i, (24,) or (24, 4); what the best constant of all targets seen has of some
    "classes": (
        F.cross_entropy,
        lambda i: (torch.arange(24) * (i + 1)) % 4,
        lambda seen, t: -torch.bincount(seen, minlength=4).div(len(seen)).log()[t],
    ),
    "shares of classes": (
        F.cross_entropy,
        lambda i: (torch.randn(24, 4) + i).softmax(1),
        lambda seen, t: -(t * seen.mean(0).log()).sum(1),
    ),
    "yes or no": (
        F.binary_cross_entropy_with_logits,
        lambda i: (torch.rand(24, 4) < 0.2 + 0.2 * i).float(),
        lambda seen, t: F.binary_cross_entropy(seen.mean(0).expand_as(t), t, reduction="none"),
    ),
    "squares": (
        F.mse_loss,
        lambda i: torch.randn(24, 4) * (i + 1) + i,
        lambda seen, t: (seen.mean(0) - t).square(),
    ),
    "distances": (
        F.l1_loss,
        lambda i: torch.randn(24, 4).exp() * (i + 1),
        lambda seen, t: (torch.tensor(np.median(seen, axis=0)) - t).abs(),
    ),
}


@pytest.mark.parametrize("kind", GUESSED)
def test_what_the_guess_has_of_the_labels_of_one_step(model, kind):
    loss, targets, guessed = GUESSED[kind]
    torch.manual_seed(3)
    steps = [targets(i) for i in range(3)]
    coming = iter(steps)
    run = one_step(model, lambda m: loss(m(X), next(coming)), steps=3)
    for i, target in enumerate(steps):
        seen = torch.cat(steps[: i + 1])
        assert at(run, q.TASK_LOSS_GUESS, i) == pytest.approx(guessed(seen, target).mean().item(), rel=1e-4)
        assert at(run, q.TASK_LOSS_BASE, i) == pytest.approx(guessed(seen, seen).mean().item(), rel=1e-4)


def test_several_losses_are_counted_and_the_nearest_described(model):
    head = nn.Linear(6, 1)
    both = nn.ModuleDict({"a": model, "b": head})

    def loss(m):
        return F.cross_entropy(m["a"](X), Y) + 0.5 * F.mse_loss(m["b"](X)[:, 0], torch.ones(24))

    run = one_step(both, loss)
    assert (run.task.kind, run.task.losses) == ("cross-entropy", 2)
    assert {n for n, x in layers_of(run).items() if x.is_output} == {"a.0", "b"}


def test_losses_nobody_knows(model):
    deeper = nn.Sequential(nn.Linear(6, 6), nn.Tanh(), model)

    def loss(m):  # the penalty is made last, and of no layer
        return (m(X) - 1).abs().pow(1.5).mean() + 0.1 * sum(p.square().sum() for p in m.parameters())

    run = one_step(deeper, loss)
    assert run.task is None
    assert q.TASK_LOSS not in run.quantities
    assert [x.name for x in run.layers if x.is_output] == ["2.0"]
    run = one_step(deeper, lambda m: F.cross_entropy(m(X), Y) + 0.1 * sum(p.square().sum() for p in m.parameters()))
    assert [x.name for x in run.layers if x.is_output] == ["2.0"]

"""The learning rate finder: no trace, its sweep, and what it reads off it."""

import numpy as np
import plotly.graph_objects as go
import pytest
import torch
import torch.nn.functional as F
from learner_models import everything, learner, same
from torch import nn

import auscult
from auscult.errors import LearnerError
from auscult.learner import Callback, EarlyStop, GradientClip, Learner, MixedPrecision
from auscult.learner.suggestions import minimum, slide, steep, valley


def momentum(p, lr):
    return torch.optim.SGD(p, lr, momentum=0.9)


@pytest.mark.parametrize("opt", [torch.optim.Adam, momentum])
@pytest.mark.parametrize("callbacks", [[], [GradientClip(0.1), MixedPrecision(), EarlyStop()]])
def test_it_leaves_no_trace(opt, callbacks):
    learn = learner(opt=opt, noisy=True, generator=True, callbacks=callbacks)
    learn.fit(1, 1e-2)
    learn.model[3].eval()
    learn.model[0].weight.grad = torch.ones(16, 6)
    before = everything(learn)
    learn.lr_find()
    assert same(before, everything(learn))
    learn.fit(1, 1e-2)
    after = everything(learn)
    learn = learner(opt=opt, noisy=True, generator=True, callbacks=callbacks)
    learn.fit(1, 1e-2)
    learn.model[3].eval()
    learn.fit(1, 1e-2)
    assert same(after, everything(learn))


def test_it_leaves_no_trace_where_it_fails():
    class Fails(Callback):
        in_lr_find = True

        def after_backward(self, fit):
            if fit.learner.step == 30:
                raise ZeroDivisionError

    learn = learner(noisy=True, generator=True, callbacks=[Fails()])
    before = everything(learn)
    with pytest.raises(ZeroDivisionError):
        learn.lr_find()
    assert same(before, everything(learn))


def test_the_sweep():
    """Rates, losses and smoothing as documented; the losses are those of a loop written out."""
    torch.manual_seed(0)
    model = nn.Linear(6, 1)
    x = torch.randn(40, 6)
    batches = [(x[:20], x[:20, :1]), (x[20:], x[20:, :1])]
    learn = Learner(model, batches, None, F.mse_loss, torch.optim.SGD, quiet=True)
    found = learn.lr_find(1e-4, 0.1, 50, smoothing=0.9)
    rates = np.geomspace(1e-4, 0.1, 50)
    assert found.lrs == pytest.approx(rates, rel=1e-12)
    assert found.ended == "all made"
    assert len(found.losses) == 50
    with torch.no_grad():
        w, b = model.weight.clone(), model.bias.clone()
    mean, smoothed = 0.0, []
    for i, rate in enumerate(rates):
        xb, yb = batches[i % 2]
        w.requires_grad_(), b.requires_grad_()
        loss = F.mse_loss(F.linear(xb, w, b), yb)
        assert found.losses[i] == pytest.approx(float(loss.detach()), rel=1e-5)
        gw, gb = torch.autograd.grad(loss, (w, b))
        w, b = (w - rate * gw).detach(), (b - rate * gb).detach()
        mean = 0.9 * mean + 0.1 * found.losses[i]
        smoothed.append(mean / (1 - 0.9 ** (i + 1)))
    assert found.smoothed == pytest.approx(smoothed, rel=1e-12)
    first = 5
    for name, suggest in (("valley", valley), ("steep", steep), ("slide", slide), ("minimum", minimum)):
        assert getattr(found, name) == suggest(rates[first:], np.array(smoothed)[first:])


def test_it_stops_where_the_loss_blows_up():
    x = torch.randn(64, 6, generator=torch.Generator().manual_seed(0))
    learn = Learner(nn.Linear(6, 1), [(x, x[:, :1])], None, F.mse_loss, torch.optim.SGD, quiet=True)
    found = learn.lr_find()
    assert found.ended == "ended at a loss 4 times the best"
    assert found.smoothed[-1] > 4 * min(found.smoothed) >= found.smoothed[-2]
    assert 0.1 < found.lrs[-1] < 10
    assert found.lrs[-1] > found.minimum * 10 > found.valley
    with pytest.raises(LearnerError, match=r"lr_find ended at a loss .* after \d steps, too few"):
        learn.lr_find(start=1e3, end=1e9)


def test_suggestions_of_a_curve_that_is_known():
    lrs = np.geomspace(1e-6, 1, 61)  # ten a decade
    t = np.arange(61.0)
    losses = np.where(t < 20, 2.0, np.where(t < 40, 2.0 - 0.05 * (t - 20), 1.0 + 0.2 * (t - 40)))
    losses[30] -= 0.03  # between its neighbours still, and steepest on its left
    assert minimum(lrs, losses) == pytest.approx(1e-6 * 10**4 / 10)
    assert steep(lrs, losses) == pytest.approx(1e-6 * 10**2.9)
    assert valley(lrs, losses) == pytest.approx(1e-6 * 10**3)  # falls from index 20 to 40
    assert slide(lrs, losses) == pytest.approx(lrs[60 - 15])  # both ends on the rise, equally steep


def test_the_slide_moves_left_until_the_slopes_agree():
    lrs, t = np.geomspace(1e-6, 1, 61), np.arange(61.0)
    bowl = np.where(t < 50, 1.0, 1 + (t - 50) ** 3)
    assert slide(lrs, bowl) == lrs[49 - 15]
    assert slide(lrs, t**2) == lrs[0]  # nowhere: at the left end


def test_the_longest_valley_may_have_bumps():
    lrs = np.geomspace(1e-3, 1, 7)
    losses = np.array([5.0, 4.0, 4.5, 3.0, 3.5, 2.0, 9.0])
    assert valley(lrs, losses) == pytest.approx(np.sqrt(lrs[0] * lrs[5]))


def test_as_text_and_as_a_plot():
    found = learner().lr_find()
    lines = str(found).splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[0] for line in lines[3:]] == ["valley", "steep", "slide", "minimum"]
    assert isinstance(found.plot, go.Figure)
    assert [trace.name.split()[0] for trace in found.plot.data] == ["of", "smoothed", *found.suggestions]
    assert found.plot.layout.xaxis.type == "log"
    assert "plotly" in found._repr_html_()


def test_it_is_no_part_of_the_run_of_a_watched_model():
    learn = learner()
    with auscult.watch(learn.model, learn.optimizer) as recorder:
        learn.lr_find()
        learn.fit(1, 1e-3)
    assert recorder.run.steps == 4


@pytest.mark.parametrize(
    ("kwargs", "what"),
    [
        ({"start": 1.0, "end": 0.1}, "goes up from start to end, got 1.0 and 0.1"),
        ({"steps": 5}, "takes 10 steps or more, got 5"),
        ({"stop_at": 1}, "stop_at is a factor above 1"),
    ],
)
def test_what_is_no_sweep(kwargs, what):
    with pytest.raises(LearnerError, match=what):
        learner().lr_find(**kwargs)


def test_a_model_that_cannot_be_copied():
    learn = learner()
    learn.model.stuck = (i for i in [])
    with pytest.raises(LearnerError, match="copying failed with TypeError"):
        learn.lr_find()


def test_a_loss_that_is_not_finite_at_once():
    learn = learner(loss=lambda o, t: F.cross_entropy(o, t) * float("nan"))
    with pytest.raises(LearnerError, match="lr_find ended at a loss of nan after 0 steps"):
        learn.lr_find()

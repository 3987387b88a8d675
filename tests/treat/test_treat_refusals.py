"""Whatever a remedy refuses, and however far it has come, the model is bit-identical afterwards."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from treat_models import assert_same, badly, everything, mlp, points

from auscult.errors import AuscultError, TargetError, TreatError
from auscult.treat import calibrate_norms, compare_norms, fold_bias, gains, initialise, lsuv

REMEDIES = (initialise, gains, lsuv, fold_bias, compare_norms)


def trained():
    """A model with norms, statistics, gradients and parts in eval mode."""
    torch.manual_seed(0)
    model = badly(mlp(norm=nn.BatchNorm1d))
    x, y = points()
    for _ in range(3):
        F.cross_entropy(model(x), y).backward()
    model[1].eval()
    return model


class Raises:
    """A loss that raises the nth time it is called, or gives what is asked for."""

    def __init__(self, after, gives=None):
        self.left, self.gives = after, gives

    def __call__(self, outputs, targets):
        self.left -= 1
        loss = F.cross_entropy(outputs, targets)
        if self.left >= 0:
            return loss
        if self.gives is None:
            raise ZeroDivisionError("half way")
        return self.gives(loss)


@pytest.mark.parametrize("remedy", REMEDIES)
@pytest.mark.parametrize("after", [0, 1, 2, 3])
@pytest.mark.parametrize("gives", [None, lambda x: x * float("nan"), lambda x: x.detach(), lambda x: x.expand(2)])
def test_a_loss_that_fails_half_way(remedy, after, gives):
    model = trained()
    before = everything(model)
    loss = Raises(after, gives)
    try:
        done = remedy(model, points(), loss)
    except AuscultError:
        assert loss.left < 0
        assert_same(before, everything(model))
    else:
        if remedy is compare_norms:
            assert_same(before, everything(model))
            assert any(row.failed for row in done.rows)  # the row of a copy that failed says so
        else:
            assert (remedy, after) in [(gains, 2), (gains, 3)]  # two passes are all it makes


@pytest.mark.parametrize("remedy", REMEDIES)
def test_inputs_that_are_not_finite(remedy):
    model, (x, y) = trained(), points()
    x[3, 4] = float("nan")
    before = everything(model)
    with pytest.raises(TargetError, match="the loss is nan"):
        remedy(model, (x, y), F.cross_entropy)
    assert_same(before, everything(model))


@pytest.mark.parametrize("remedy", REMEDIES)
def test_all_frozen(remedy):
    model = trained().requires_grad_(False)
    before = everything(model)
    with pytest.raises(TargetError, match="requires a gradient"):
        remedy(model, points(), F.cross_entropy)
    assert_same(before, everything(model))


@pytest.mark.parametrize("remedy", REMEDIES)
def test_lazy_modules(remedy):
    model = nn.Sequential(nn.LazyLinear(8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 5))
    with pytest.raises(TreatError, match="lazy"):
        remedy(model, points(), F.cross_entropy)
    assert nn.parameter.is_lazy(model[0].weight)


@pytest.mark.filterwarnings("ignore:.*weight_norm.*:FutureWarning")
@pytest.mark.parametrize("remedy", REMEDIES)
@pytest.mark.parametrize(
    "put_on",
    [nn.utils.parametrizations.weight_norm, nn.utils.parametrizations.spectral_norm, nn.utils.weight_norm],
)
def test_weights_that_are_computed(remedy, put_on):
    model = trained()
    put_on(model[0])
    before = everything(model)
    with pytest.raises(TreatError, match="of 0 are computed from others"):
        remedy(model, points(), F.cross_entropy)
    assert_same(before, everything(model))


@pytest.mark.parametrize("remedy", [initialise, lsuv])
def test_infinite_inputs_that_a_tanh_hides(remedy):
    model, (x, y) = mlp(), points()
    x[3, 4] = float("inf")
    before = everything(model)
    with pytest.raises(AuscultError, match="not finite"):
        remedy(model, (x, y), F.cross_entropy)
    assert_same(before, everything(model))


@pytest.mark.parametrize("remedy", [initialise, lsuv])
def test_inputs_all_alike(remedy):
    model = mlp()
    before = everything(model)
    with pytest.raises(TreatError, match="no spread"):
        remedy(model, (torch.zeros(64, 20), points()[1]), F.cross_entropy)
    assert_same(before, everything(model))


def test_interrupted():
    model = trained()
    before = everything(model)

    def interrupt(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        initialise(model, points(), F.cross_entropy, progress=interrupt)
    assert_same(before, everything(model))


def test_a_progress_that_fails():
    model = trained()
    before = everything(model)
    with pytest.raises(TreatError, match="initialise failed with ZeroDivisionError"):
        initialise(model, points(), F.cross_entropy, progress=lambda done, total: 1 // 0)
    assert_same(before, everything(model))


@pytest.mark.parametrize("remedy", [*REMEDIES, calibrate_norms])
def test_what_is_no_model(remedy):
    with pytest.raises(AuscultError, match="the model is a int"):
        remedy(3, points(), F.cross_entropy) if remedy is not calibrate_norms else remedy(3, [points()])


def test_nothing_to_treat():
    model = nn.Sequential(nn.Embedding(20, 5))
    with pytest.raises(TreatError, match="no linear layer"):
        initialise(model, (points()[1], points()[1]), F.cross_entropy)


def test_gains_of_equal_weights():
    model = trained()
    with torch.no_grad():
        model[3].weight.fill_(0.1)
    before = everything(model)
    with pytest.raises(TreatError, match=r"3\.weight has std 0"):
        gains(model, points(), F.cross_entropy)
    assert_same(before, everything(model))


@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize("kind", ["raises", "nan", "empty", "one value", "three"])
def test_calibrating_on_bad_batches(exact, kind):
    model, (x, y) = trained(), points()
    data = [(x[i : i + 16], y[i : i + 16]) for i in range(0, 64, 16)]
    if kind == "raises":
        data[2] = (torch.ones(16, 7), y[:16])
    elif kind == "nan":
        data[2] = (x[:16] * float("nan"), y[:16])
    elif kind == "three":
        data[2] = (x, y, y)
    else:
        data = [] if kind == "empty" else [(x[:1], y[:1])]
    before = everything(model)
    with pytest.raises(TreatError):
        calibrate_norms(model, data, exact=exact)
    assert_same(before, everything(model))

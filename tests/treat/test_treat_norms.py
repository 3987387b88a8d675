import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from treat_models import LanguageModel, assert_same, by_token, cnn, everything, images, mlp, points, tokens

from auscult.errors import TargetError, TreatError
from auscult.treat import compare_norms
from auscult.treat.replacing import KINDS, Norm, NotHere, replaced


def channels_first(x, kind, groups=1):
    """What each kind gives, by the formula: which dimensions a statistic is taken over."""
    n, c = x.shape[:2]
    parts = x.reshape(n, groups, c // groups, -1) if kind == "group" else x.reshape(n, 1, c, -1)
    dims = {"batch": (0, 3), "layer": (2, 3), "group": (2, 3), "instance": (3,)}[kind]
    centred = parts - parts.mean(dims, keepdim=True)
    return (centred / (parts.var(dims, unbiased=False, keepdim=True) + 1e-5).sqrt()).reshape(x.shape)


@pytest.mark.parametrize("kind", ["batch", "layer", "group", "instance"])
@pytest.mark.parametrize("shape", [(6, 16, 5, 4), (6, 16, 5), (6, 16)])
def test_each_kind_is_its_formula(kind, shape):
    torch.manual_seed(0)
    x = torch.randn(shape, dtype=torch.float64) * 3 + 1
    norm = Norm(kind, 16, False, 1e-5, 2).double()
    if kind == "instance" and len(shape) == 2:
        with pytest.raises(NotHere):
            norm(x)
        return
    torch.testing.assert_close(norm(x), channels_first(x, kind, 2))
    last = Norm(kind, 16, True, 1e-5, 2).double()(x.movedim(1, -1)).movedim(-1, 1)
    if kind in ("batch", "instance"):
        torch.testing.assert_close(last, channels_first(x, kind))
    else:  # each place by itself
        places = x.movedim(1, -1).reshape(-1, 16)
        torch.testing.assert_close(last.movedim(1, -1).reshape(-1, 16), channels_first(places, kind, 2))


def test_a_replacement_keeps_gain_bias_and_everything_else():
    torch.manual_seed(0)
    model = mlp(norm=nn.BatchNorm1d)
    with torch.no_grad():
        model[1].weight.uniform_()
        model[1].bias.uniform_()
    for kind in KINDS:
        twin = replaced(model, kind)
        assert torch.equal(twin[0].weight, model[0].weight)
        if kind == "none":
            assert isinstance(twin[1], nn.Identity)
        elif kind != "batch":
            assert torch.equal(twin[1].core.weight, model[1].weight)
            assert torch.equal(twin[1].core.bias, model[1].bias)
    assert isinstance(model[1], nn.BatchNorm1d)


def test_a_norm_in_two_places_is_replaced_in_both():
    norm = nn.BatchNorm1d(20)
    twin = replaced(nn.Sequential(norm, nn.Linear(20, 20), norm), "layer")
    assert isinstance(twin[0], Norm)
    assert twin[0] is twin[2]


def test_a_cnn_with_batch_norm():
    torch.manual_seed(0)
    model, told = cnn(True), []
    F.cross_entropy(model(images()[0]), images()[1]).backward()
    before = everything(model)
    done = compare_norms(model, images(), F.cross_entropy, steps=5, lr=0.05, progress=lambda *at: told.append(at))
    assert_same(before, everything(model))
    assert [row.norm for row in done.rows] == list(KINDS)
    assert all(row.last_loss < row.first_loss for row in done.rows)
    assert done.row("batch").eval_agrees is False
    assert done.row("batch").alone_agrees is False
    for kind in ("layer", "group", "instance", "none"):
        assert done.row(kind).eval_agrees
        assert done.row(kind).alone_agrees
    assert done.row("none").first_activation_std < done.row("batch").first_activation_std
    assert done.replaced == ("1", "4", "8")
    assert told[-1] == (25, 25)
    lines = str(done).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(line.split()[:1] == ["batch"] and line.split()[-2:] == ["no", "no"] for line in lines)


def test_first_losses_and_gradients_are_the_models_own():
    torch.manual_seed(0)
    model, (x, y) = mlp(norm=nn.BatchNorm1d), points()
    done = compare_norms(model, (x, y), F.cross_entropy, steps=1, norms=("batch",))
    hidden = model[:3](x)
    hidden.retain_grad()
    loss = F.cross_entropy(model[3:](hidden), y)
    loss.backward()
    row = done.rows[0]
    assert row.first_loss == pytest.approx(float(loss.detach()))
    assert row.first_activation_std == pytest.approx(float(hidden.detach().std()), rel=1e-5)
    assert row.first_gradient_std == pytest.approx(float(hidden.grad.std()), rel=1e-5)


def test_it_is_repeatable_and_all_kinds_see_the_same_data():
    torch.manual_seed(0)
    model = nn.Sequential(*mlp(norm=nn.BatchNorm1d), nn.Dropout(0.3))
    batches = [points(seed=s) for s in range(3)]
    made = [
        compare_norms(model, batches[0], F.cross_entropy, steps=7, batches=batches, norms=norms)
        for norms in (("batch", "layer"), ("layer", "batch"))
    ]
    assert made[0].row("layer") == made[1].row("layer")
    assert made[0].row("batch") == made[1].row("batch")


@pytest.mark.parametrize("norm_first", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_a_transformer(norm_first, training):
    torch.manual_seed(0)
    model = LanguageModel(norm_first=norm_first).train(training)
    done = compare_norms(model, tokens(), by_token, steps=3, lr=0.01)
    assert not any(row.failed for row in done.rows)
    assert done.row("batch").eval_agrees is False
    assert done.row("layer").eval_agrees
    assert done.row("layer").alone_agrees
    assert model.training == training
    assert torch.backends.mha.get_fastpath_enabled()


def test_what_is_not_defined_has_a_row_that_says_so():
    done = compare_norms(mlp(norm=nn.BatchNorm1d), points(), F.cross_entropy, steps=2)
    assert "several places" in done.row("instance").failed
    assert math.isnan(done.row("instance").first_loss)
    assert "several places" in str(done)
    done = compare_norms(mlp(norm=nn.BatchNorm1d), points(), F.cross_entropy, steps=60, lr=1e6, norms=("none",))
    assert done.rows[0].failed or done.rows[0].last_loss > 10


def test_the_general_form():
    model, (x, y) = mlp(norm=nn.BatchNorm1d), points()
    one = compare_norms(model, (x, y), F.cross_entropy, steps=2)
    other = compare_norms(
        model, {"x": x, "y": y}, step=lambda m, b: F.cross_entropy(m(b["x"]), b["y"]), steps=2,
        optimizer=lambda parameters: torch.optim.SGD(parameters, 0.1),
    )  # fmt: skip
    assert str(one) == str(other)


def test_refusals():
    model, bare, batch = mlp(norm=nn.BatchNorm1d), mlp(), points()
    wide = nn.Sequential(nn.LayerNorm([4, 5]), nn.Linear(5, 5))
    before = everything(model)
    for wrong, says in [
        ({"norms": ("batch", "weight")}, "some of batch"),
        ({"norms": ()}, "some of batch"),
        ({"steps": 0}, "above 0"),
        ({"batches": []}, "no batches"),
    ]:
        with pytest.raises(TreatError, match=says):
            compare_norms(model, batch, F.cross_entropy, **wrong)
    with pytest.raises(TreatError, match="no norm to replace"):
        compare_norms(bare, batch, F.cross_entropy)
    with pytest.raises(TreatError, match="normalises over shape"):
        compare_norms(wide, batch, F.cross_entropy)
    with pytest.raises(TargetError, match="got both"):
        compare_norms(model, batch, F.cross_entropy, step=lambda m, b: m(b))
    with pytest.raises(TreatError, match="model of its own"):
        compare_norms(model, batch, step=lambda m, b: F.cross_entropy(model(b[0]), b[1]))
    assert_same(before, everything(model))

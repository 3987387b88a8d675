"""What a look says of units: flat parts, gains, copies, maps, histograms and lives."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from look_reference import Reference, layers_of, one_step
from torch import nn

import auscult
from auscult.observe.look import BINS
from auscult.observe.units import LASTING, Units
from auscult.runs import quantities as q

X, Y = torch.randn(40, 6, generator=torch.Generator().manual_seed(0)), torch.arange(40) % 4


@pytest.fixture(autouse=True)
def seeded():
    torch.manual_seed(0)


def classify(model):
    return F.cross_entropy(model(X.to(next(model.parameters()).dtype)), Y)


def both(model, loss=classify, **kwargs):
    reference = Reference(model, loss)
    return one_step(model, loss, **kwargs), reference


def at(run, quantity, layer, step=0):
    return run.at(step, quantity, [layer])[layer]


def test_saturation_and_gain_of_a_tanh():
    model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4))
    model[0].weight.data *= 5
    model[0].bias.data[3] = 50.0  # saturated for every example
    run, reference = both(model)
    into, out = reference.given["0"].detach(), reference.given["1"].detach()
    assert at(run, q.SATURATED, "0") == pytest.approx((out.abs() > 0.97).double().mean().item(), abs=1e-6)
    assert at(run, q.SATURATED_99, "0") == pytest.approx((out.abs() > 0.99).double().mean().item(), abs=1e-6)
    dead = (out.abs() > 0.99).all(0).double().mean().item()
    assert dead >= 1 / 12
    assert at(run, q.DEAD, "0") == pytest.approx(dead)
    assert at(run, q.UNIT_EXAMPLES, "0") == 40
    assert at(run, q.GAIN, "0") == pytest.approx((into.square().mean() / out.square().mean()).sqrt().item(), rel=1e-5)
    assert q.OFF not in run.quantities


class Gated(nn.Module):
    """A hand-written LSTM, which keeps what its gates were."""

    def __init__(self):
        super().__init__()
        self.of_x, self.of_h, self.head = nn.Linear(6, 20), nn.Linear(5, 20, bias=False), nn.Linear(5, 4)
        self.of_x.weight.data *= 15

    def forward(self, x):
        h = c = torch.zeros(len(x), 5)
        self.gates = []
        for _ in range(2):
            i, f, o, g = (self.of_x(x) + self.of_h(h)).chunk(4, 1)
            self.gates.append(torch.stack([torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)]).detach())
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
        return self.head(h)


def test_gates_of_a_recurrent_layer():
    model = Gated()
    run = one_step(model, classify)
    stuck = [float(((2 * gates - 1).abs() > 0.97).float().mean()) for gates in model.gates]
    told = [at(run, q.GATES, name) for name in ("of_h", "of_h#2")]
    assert 0.3 < min(stuck) < max(stuck) < 1
    assert told == pytest.approx(
        stuck, rel=0.1
    )  # of the second step's, f, which multiplies what was kept, is counted too


@pytest.mark.parametrize("through", ["nothing", "batch-norm", "instance-norm"])
def test_units_of_images_that_are_off(through):
    norm = {
        "nothing": nn.Identity(),
        "batch-norm": nn.BatchNorm2d(5),
        "instance-norm": nn.InstanceNorm2d(5, affine=True),
    }
    model = nn.Sequential(nn.Conv2d(3, 5, 3), norm[through], nn.ReLU(), nn.Flatten(), nn.Linear(5 * 16, 4))
    with torch.no_grad():
        if through == "nothing":
            model[0].bias[2] = -100.0
        else:
            model[1].weight.uniform_(0.5, 2)
            model[1].bias[2] = -100.0
    images = torch.randn(8, 3, 6, 6)
    run, reference = both(model, lambda m: F.cross_entropy(m(images.to(m[0].weight.dtype)), torch.arange(8) % 4))
    out = reference.given["2"].detach()
    into = reference.given["1" if through != "nothing" else "0"].detach()
    assert at(run, q.OFF, "0") == pytest.approx((out <= 0).double().mean().item(), abs=1e-6)
    assert at(run, q.DEAD, "0") == pytest.approx((out <= 0).amin((0, 2, 3)).double().mean().item())
    assert at(run, q.DEAD, "0") >= 0.2
    assert at(run, q.UNIT_EXAMPLES, "0") == 8
    assert at(run, q.GAIN, "0") == pytest.approx((into.square().mean() / out.square().mean()).sqrt().item(), rel=1e-4)
    (first,) = run.arrays(q.MAP, "0")
    np.testing.assert_allclose(first.values, out.amax((2, 3)).float().numpy(), rtol=2e-3, atol=1e-3)


def test_maps_of_features_and_of_sequences():
    run, reference = both(nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4)))
    (first,) = run.arrays(q.MAP, "0")
    assert first.values.dtype == np.float16
    np.testing.assert_allclose(first.values, reference.given["1"].detach().numpy(), atol=1e-3)
    sequences = torch.randn(3, 5, 6)

    def loss(m):
        return m(sequences.to(m[0].weight.dtype)).square().mean()

    run, reference = both(nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4)), loss)
    (first,) = run.arrays(q.MAP, "0")
    np.testing.assert_allclose(first.values, reference.given["1"].detach().flatten(0, 1).numpy(), atol=1e-3)
    assert at(run, q.UNIT_EXAMPLES, "0") == 15
    tall = nn.Sequential(nn.Linear(6, 600), nn.ReLU(), nn.Linear(600, 1))
    run = one_step(tall, lambda m: m(torch.randn(100, 6)).square().mean())
    assert run.arrays(q.MAP, "0")[0].values.shape == (64, 512)
    assert run.arrays(q.UNITS, "0")[0].values.shape == (3, 600)


def test_histograms_count_what_is_there():
    model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4))
    run, reference = both(model)
    made, act = reference.given["0"], reference.given["1"]
    for kind, x in (
        (q.HISTOGRAM_OUTPUT, made), (q.HISTOGRAM_OUTPUT_GRAD, made.grad), (q.HISTOGRAM_ACTIVATION, act),
        (q.HISTOGRAM_ACTIVATION_GRAD, act.grad),
    ):  # fmt: skip
        (stored,) = run.arrays(kind, "0")
        x = x.detach().numpy().ravel()
        low, high, counts = stored.values[0], stored.values[1], stored.values[2:]
        assert [low, high] == pytest.approx([x.min(), x.max()], rel=1e-5)
        assert counts.sum() == x.size
        expected = np.histogram(x, BINS)[0]
        assert np.abs(np.cumsum(counts) - np.cumsum(expected)).max() <= 2  # rounding at the edges of bins


@pytest.mark.parametrize("value", [0.0, 1e30, 1e-45, float("inf"), float("nan")])
def test_histograms_of_odd_values(value):
    model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 4))
    model[0].weight.data.zero_()
    model[0].bias.data.fill_(value)
    model[0].bias.data[0] = 0.0
    run = one_step(model, lambda m: m(X).square().mean())
    (stored,) = run.arrays(q.HISTOGRAM_OUTPUT, "0")
    finite = np.isfinite(np.float32(value))
    assert stored.values[2:].sum() == 40 * (12 if finite else 1)
    assert stored.values[0] <= 0 <= stored.values[1]
    assert at(run, q.OUTPUT_NONFINITE, "0") == (0 if finite else 40 * 11)


def test_copied_units():
    for turned in (False, True):
        W = torch.randn(6, 10)
        W[:, 7] = W[:, 2] = W[:, 4]
        b = torch.randn(10)
        b[7] = b[4]
        W, b = W.requires_grad_(), b.requires_grad_()
        V = torch.randn(10, 4, requires_grad=True)
        T = W.detach().T.contiguous().requires_grad_()
        target = {"W": T if turned else W, "b": b, "V": V}
        run = one_step(
            target,
            lambda t: F.cross_entropy(torch.tanh((X @ t["W"].T if turned else X @ t["W"]) + t["b"]) @ t["V"], Y),  # noqa: B023
            parameters=list(target.values()),
        )
        assert at(run, q.COPIED, "W") == pytest.approx(0.2)  # 4 and 7; 2 has another bias
        assert at(run, q.COPIED, "V") == 0
    table = nn.Sequential(nn.Embedding(3000, 4), nn.Linear(4, 4))
    table[0].weight.data[:, 1] = table[0].weight.data[:, 3]
    run = one_step(table, lambda m: F.cross_entropy(m(torch.arange(4)), torch.arange(4)))
    assert at(run, q.COPIED, "0") == pytest.approx(0.5)
    conv = nn.Sequential(nn.ConvTranspose1d(3, 4, 3), nn.Tanh(), nn.Flatten(), nn.Linear(4 * 8, 4))
    nn.init.zeros_(conv[0].bias)
    conv[0].weight.data[:, 1] = conv[0].weight.data[:, 3]
    run = one_step(conv, lambda m: F.cross_entropy(m(torch.randn(4, 3, 6)), torch.arange(4)))
    assert at(run, q.COPIED, "0") == pytest.approx(0.5)


def test_an_activation_that_stands_alone_counts_the_units_of_what_it_carries_on():
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.head, self.relu = nn.Conv1d(4, 4, 3, padding=1), nn.Linear(4, 4), nn.ReLU()

        def forward(self, x):
            return self.head(self.relu(x + self.relu(self.a(x))).mean(-1))

    signals = torch.randn(6, 4, 7)
    run, reference = both(Residual(), lambda m: F.cross_entropy(m(signals.to(m.a.weight.dtype)), torch.arange(6) % 4))
    assert [x.shown_as for x in run.layers] == ["relu(a)", "relu(a)", "head"]
    alone = run.layers[1].name
    assert layers_of(run)["head"].after == (alone,)
    out = reference.given["relu#2"].detach()
    assert at(run, q.UNIT_EXAMPLES, alone) == 6
    assert at(run, q.OFF, alone) == pytest.approx((out <= 0).double().mean().item(), abs=1e-6)
    assert len(run.arrays(q.UNITS, alone)[0].values[0]) == 4


def test_lengths_that_change_from_step_to_step():
    g = torch.ones((), requires_grad=True)
    optimizer = torch.optim.SGD([g], lr=0.01)
    with auscult.watch({"g": g}, optimizer, every=1) as recorder:
        for length in (3, 5, 5, 2):
            optimizer.zero_grad()
            F.softplus(torch.randn(8, length) * g).mean().backward()
            optimizer.step()
    assert recorder.bill.faults == 0
    assert len(recorder.run.series(q.OFF, "softplus")) == 4


class TestUnits:
    def test_lives(self):
        units = Units(3)
        flat = np.array([[0.0, 1.0, 1.0], [0.5, 1.0, 1.0], [1.0, 1.0, 0.2]])
        for step, share in enumerate(flat):
            units.look(step, share, LASTING)
        assert units.record().tolist() == [[1, -1, 2], [LASTING, 3 * LASTING, 0], [0, 0, 1]]

    def test_a_short_silence_is_no_death(self):
        units = Units(1)
        for step, share in enumerate([0.0, 1.0, 0.0]):
            units.look(step, np.array([share]), LASTING - 1)
        assert units.record().tolist() == [[2], [0], [0]]

    def test_pictures_are_taken_as_more_units_die(self):
        units = Units(1)
        assert [units.rises(share) for share in (0.3, 0.39, 0.41, 0.45, 0.52)] == [False, False, True, False, True]


def test_undefined_values_are_not_flat():
    model = nn.Sequential(nn.Linear(6, 12), nn.Tanh(), nn.Linear(12, 4))
    run = one_step(model, lambda m: m(X * math.nan).square().mean())
    assert at(run, q.ACTIVATION_NONFINITE, "0") == 480
    assert at(run, q.DEAD, "0") == 0
    assert math.isnan(at(run, q.ACTIVATION_STD, "0"))

"""The first look, read from runs written by hand."""

import math

import numpy as np
import pytest
import torch
from torch import nn

from auscult.runs import Layer, Run, RunWriter, Task
from auscult.runs import quantities as q
from auscult.runs.facts import record_of
from auscult.runs.start import GAINS, ideal_std, start_of


def written(folder, layers, frames, task=None):
    """A run of values {(quantity, subject): value} by step."""
    writer = RunWriter(folder)
    writer.fact("layers", [record_of(layer) for layer in layers])
    if task is not None:
        writer.fact("task", record_of(task))
    for step, values in frames.items():
        writer.frame(step, writer.layout(list(values)), np.array(list(values.values()), np.float32))
    writer.close("finished")
    return Run(folder)


HIDDEN = Layer("fc", "linear", weight="fc.weight", fan_in=100, units=50, activation="tanh", weight_std=0.5)
OUTPUT = Layer("out", "linear", weight="out.weight", fan_in=50, units=10, weight_std=1.0, is_output=True, after=("fc",))


def test_a_start(tmp_path):
    first = {
        (q.TASK_LOSS, ""): 5.0, (q.TASK_LOSS_BASE, ""): 2.0, (q.LOGIT_STD, ""): 2.0, (q.OUTPUT_STD, "fc"): 5.0,
        (q.ACTIVATION_STD, "fc"): 0.9, (q.ACTIVATION_GRAD_STD, "fc"): 1e-3, (q.OUTPUT_GRAD_STD, "fc"): 1e-4,
        (q.SATURATED, "fc"): 0.6, (q.DEAD, "fc"): 0.02, (q.GAIN, "fc"): 4.0, (q.OUTPUT_STD, "out"): 3.0,
        (q.OUTPUT_GRAD_STD, "out"): 2e-3,
    }  # fmt: skip
    later = dict.fromkeys(first, 0.0)
    run = written(tmp_path / "r", [HIDDEN, OUTPUT], {3: first, 4: later}, Task("cross-entropy", 10, math.log(10)))
    start = start_of(run)
    assert (start.step, start.loss, start.base_rate, start.logit_std) == (3, 5.0, 2.0, 2.0)
    assert start.uniform == pytest.approx(math.log(10))
    assert start.excess == pytest.approx(5 - math.log(10))
    hidden, output = start.layers
    assert hidden.std == pytest.approx(0.9)
    assert hidden.gradient_std == pytest.approx(1e-3)
    assert (hidden.saturated, hidden.dead, hidden.gain) == pytest.approx((0.6, 0.02, 4.0))
    assert math.isnan(hidden.off)
    assert hidden.ideal_std == pytest.approx(5 / 3 / 10)
    assert hidden.factor == pytest.approx(1 / 3)
    assert output.std == 3.0
    assert output.gradient_std == pytest.approx(2e-3)  # no activation: that at its output
    assert math.isnan(output.ideal_std)  # the loss says how large it may be
    assert start.factor == output.factor == pytest.approx(math.sqrt(0.02) / 2)


def test_logits_that_are_small_enough_stay(tmp_path):
    run = written(tmp_path / "r", [OUTPUT], {0: {(q.TASK_LOSS, ""): 2.3, (q.LOGIT_STD, ""): 0.1}})
    start = start_of(run)
    assert start.factor == 1
    assert math.isnan(start.layers[0].factor)
    assert start.task is None
    assert math.isnan(start.uniform)
    assert math.isnan(start.excess)


def test_there_is_none_without_a_look(tmp_path):
    assert start_of(written(tmp_path / "a", [], {0: {(q.LOSS, ""): 1.0}})) is None
    assert start_of(written(tmp_path / "b", [OUTPUT], {0: {(q.LOSS, ""): 1.0}})) is None


@pytest.mark.parametrize(
    ("layer", "ideal"),
    [
        (Layer("a", "linear", fan_in=16), 0.25),
        (Layer("a", "convolution", fan_in=8, activation="relu"), 0.5),
        (Layer("a", "linear", fan_in=16, is_output=True), math.nan),
        (Layer("a", "embedding", units=4), math.nan),
        (Layer("a", "batch-norm", units=4, activation="relu"), math.nan),
        (Layer("a", "linear", fan_in=16, activation="something new"), 0.25),
    ],
)
def test_the_ideal_spread_of_weights(layer, ideal):
    assert ideal_std(layer) == pytest.approx(ideal, nan_ok=True)


TORCHS = {"relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid", "selu": "selu"}
BY_QUADRATURE = {
    "elu": nn.ELU(), "gelu": nn.GELU(), "silu": nn.SiLU(), "mish": nn.Mish(), "hardtanh": nn.Hardtanh(),
    "hardswish": nn.Hardswish(), "celu": nn.CELU(), "softplus": nn.Softplus(),
}  # fmt: skip


def test_gains_are_torchs_or_keep_the_power_of_normal_values():
    for name, known in TORCHS.items():
        assert GAINS[name] == pytest.approx(nn.init.calculate_gain(known))
    x = torch.linspace(-12, 12, 240_001, dtype=torch.float64)
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    for name, f in BY_QUADRATURE.items():
        power = torch.trapezoid(f(x).square() * density, x).item()
        assert GAINS[name] == pytest.approx(power**-0.5, abs=2e-3), name

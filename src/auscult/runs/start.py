"""The first look at a training, before its first update: what the loss is and should be, and each layer's scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auscult.runs import quantities as q
from auscult.runs.facts import Layer, Task

if TYPE_CHECKING:
    from auscult.runs.run import Run

# The gain of each activation: a layer's weights keep the spread of the signal at std gain/√fan_in (He et al. 2015;
# torch.nn.init.calculate_gain). Those PyTorch has no gain for: √(1/E[f(x)²]) with x from N(0, 1), by quadrature.
GAINS = {
    "sigmoid": 1.0, "tanh": 5 / 3, "relu": 2**0.5, "leaky-relu": 2**0.5, "selu": 0.75, "elu": 1.245,
    "gelu": 1.534, "silu": 1.677, "mish": 1.487, "hardtanh": 1.392, "relu6": 2**0.5, "hardsigmoid": 1.0,
    "hardswish": 1.737, "celu": 1.245, "softplus": 1.042,
}  # fmt: skip
_READ = (
    q.OUTPUT_STD, q.ACTIVATION_STD, q.OUTPUT_GRAD_STD, q.ACTIVATION_GRAD_STD, q.GAIN, q.SATURATED, q.OFF, q.DEAD,
    q.TASK_LOSS, q.TASK_LOSS_BASE, q.LOGIT_STD,
)  # fmt: skip
_LIFT = 0.01  # of the loss: how far above a uniform guess's a start may lie, where a factor for the last layer is asked


@dataclass(frozen=True)
class LayerStart:
    """One layer as it was at the first look; NaN where that is not known."""

    layer: Layer
    output_std: float
    activation_std: float
    gradient_std: float  # at the activation, or at the output where none follows
    gain: float  # of the activation, as measured
    saturated: float  # share at a tanh's .97
    off: float
    dead: float
    ideal_std: float  # of the weights: gain/√fan_in
    factor: float  # what the weights are to be multiplied by to have that; of the output layer, for the uniform loss

    @property
    def std(self) -> float:
        """The spread of what the layer hands on."""
        return self.output_std if math.isnan(self.activation_std) else self.activation_std


@dataclass(frozen=True)
class Start:
    """The first look at a training; NaN where something is not known."""

    step: int
    task: Task | None
    loss: float  # the mean over the examples
    uniform: float  # what a guess that knows nothing gives
    base_rate: float  # what the best constant guess gives, from the labels of this step
    logit_std: float
    layers: tuple[LayerStart, ...]
    factor: float  # what the output layer's weights are to be multiplied by for the uniform loss

    @property
    def excess(self) -> float:
        """How far the loss lies above that of a guess that knows nothing."""
        return self.loss - self.uniform


def start_of(run: Run) -> Start | None:
    """The first look inside the network that a run holds; None where there is none."""
    layers = run.layers
    if not layers:
        return None
    looks = [s.steps[0] for subject in ("", *(layer.name for layer in layers)) if len(s := _seen(run, subject))]
    if not looks:
        return None
    step = int(min(looks))
    at = {quantity: run.at(step, quantity) for quantity in _READ}

    def value(quantity: str, subject: str = "") -> float:
        return at[quantity].get(subject, math.nan)

    task, spread = run.task, value(q.LOGIT_STD)
    uniform = task.uniform if task and task.uniform is not None else math.nan
    last = min(1.0, math.sqrt(2 * _LIFT) / spread) if spread > 0 else 1.0

    def layer_start(layer: Layer) -> LayerStart:
        gradient = value(q.ACTIVATION_GRAD_STD, layer.name)
        ideal = ideal_std(layer)
        factor = ideal / layer.weight_std if layer.weight_std else math.nan
        return LayerStart(
            layer=layer,
            output_std=value(q.OUTPUT_STD, layer.name),
            activation_std=value(q.ACTIVATION_STD, layer.name),
            gradient_std=value(q.OUTPUT_GRAD_STD, layer.name) if math.isnan(gradient) else gradient,
            gain=value(q.GAIN, layer.name),
            saturated=value(q.SATURATED, layer.name),
            off=value(q.OFF, layer.name),
            dead=value(q.DEAD, layer.name),
            ideal_std=ideal,
            factor=last if layer.is_output and last < 1 else factor,
        )

    return Start(
        step=step,
        task=task,
        loss=value(q.TASK_LOSS),
        uniform=uniform,
        base_rate=value(q.TASK_LOSS_BASE),
        logit_std=spread,
        layers=tuple(layer_start(layer) for layer in layers),
        factor=last,
    )


def ideal_std(layer: Layer) -> float:
    """The spread of a layer's weights that keeps that of the signal: gain/√fan_in; NaN for what has no fan-in.

    The gain is that of the activation which follows, 1 where none does (LeCun). The output layer has none: the loss
    says how large its weights may be.
    """
    if layer.operation not in ("linear", "convolution") or not layer.fan_in or layer.is_output:
        return math.nan
    return GAINS.get(layer.activation or "", 1.0) / math.sqrt(layer.fan_in)


def _seen(run: Run, subject: str):
    return run.series(q.OUTPUT_STD if subject else q.TASK_LOSS, subject)

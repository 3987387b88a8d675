"""The first look in words and rows: what the loss is and should be, the scale of every layer, the inputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.runs.start import GAINS, LayerStart, Start, start_of
from auscult.views.columns import Column
from auscult.views.words import number, percent, share

NONE = "The run holds no look inside the network before its first update."
AT_IT = 0.05  # of the uniform loss: as near to it reads as lying at it
A_LITTLE = 0.5  # of it: as much above it is
CLASSES = 3  # that are named as over-confident, at most

_FED = {
    "softmax": ", fed with probabilities of a softmax where it takes logits",
    "sigmoid": ", fed with probabilities of a sigmoid where it takes logits",
    "broadcast": ", of each prediction against all targets",
}


@dataclass(frozen=True)
class FirstLook:
    """The first look as pages show it. `said` is its reading in one or two sentences."""

    said: str
    pairs: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def first_look(run: Run) -> FirstLook | None:
    """The first look at a run; None where it has none."""
    start = start_of(run)
    if start is None:
        return None
    return FirstLook(_said(start), _pairs(run, start), _columns([x for x in start.layers if _seen(x)]), _notes(start))


def _said(s: Start) -> str:
    if math.isnan(s.loss):
        return "What the loss is made of was not seen; the layers were."
    if not math.isfinite(s.loss):
        return "The first loss is not finite: something overflows before anything is learned."
    if math.isnan(s.uniform):
        return f"The first loss is {number(s.loss, 4)}; for this loss nobody knows beforehand what it should be."
    if s.excess > AT_IT * s.uniform:
        mend = f" Output weights times {number(s.factor, 2)} would mend it." if s.factor < 1 else ""
        sure = "a little too sure" if s.excess < A_LITTLE * s.uniform else "confident and wrong"
        return (
            f"The first loss is {number(s.loss, 4)}, and a network that knows nothing gets {number(s.uniform, 4)}: the "
            f"first guesses are {sure}, and the first steps go into unlearning that.{mend}"
        )
    if s.base_rate == 0:
        return f"The first loss is {number(s.loss, 4)}; all its labels are the same, which says nothing of it."
    if s.excess < -AT_IT * s.uniform:
        return (
            f"The first loss, {number(s.loss, 4)}, lies below that of a network that knows nothing: it knows something."
        )
    return f"The first loss, {number(s.loss, 4)}, is that of a network that knows nothing, as it should be."


def _pairs(run: Run, s: Start) -> tuple[tuple[str, str], ...]:
    classes = f" over {s.task.classes:,} classes" if s.task and s.task.classes else ""
    fed = _FED.get(s.task.fed, "") if s.task else ""
    rows = [
        ("loss", f"{s.task.kind}{classes}{fed}" if s.task else ""),
        ("at the first look", _known(s.loss, 4)),
        ("of a uniform guess", _known(s.uniform, 4)),
        ("of the best constant guess", _known(s.base_rate, 4)),
        ("excess over the uniform guess", _signed(s.excess)),
        ("standard deviation of the logits", _known(s.logit_std)),
        ("most over-confident", _classes(run)),
        *_inputs(run, s.step),
    ]
    return tuple((what, value) for what, value in rows if value)


def _classes(run: Run) -> str:
    """The classes that get more probability than their share of the labels, the most so first."""
    stored = next((a.values for a in run.arrays(q.LOGITS) if a.values.ndim == 2 and len(a.values) == 2), None)
    if stored is None:
        return ""
    given, due = stored.astype(np.float64)
    over = np.where(np.isfinite(given - due), given - due, -np.inf)
    worst = [int(i) for i in np.argsort(-over)[:CLASSES] if over[i] > max(0.01, 0.5 / len(over))]
    return "; ".join(f"class {i}: given {share(given[i])}, in {share(due[i])} of the labels" for i in worst)


def _inputs(run: Run, step: int) -> list[tuple[str, str]]:
    mean, std, low, high, spread = (
        run.at(step, quantity) for quantity in (q.INPUT_MEAN, q.INPUT_STD, q.INPUT_MIN, q.INPUT_MAX, q.INPUT_SPREAD)
    )
    out = []
    for name in dict.fromkeys([*mean, *std, *low]):
        told = [f"mean {number(mean[name])}"] if name in mean else []
        told += [f"standard deviation {number(std[name])}"] if name in std else []
        told += [f"from {number(low[name])} to {number(high[name])}"] if name in low and name in high else []
        times = 10.0 ** spread.get(name, math.nan) if spread.get(name, math.nan) < 300 else math.nan
        told += [f"features differ {number(times, 2)}-fold in spread"] if times > 2 else []
        out.append((name, ", ".join(told)))
    return out


def _columns(layers: Sequence[LayerStart]) -> tuple[Column, ...]:
    def of(title: str, short: str, explained: str, value, text=number, numeric: bool = True) -> Column:
        return Column(
            title, short, explained, tuple(text(value(x)) if _there(value(x)) else "–" for x in layers), numeric
        )

    def gain(x: LayerStart) -> str | None:
        if math.isnan(x.gain):
            return None
        due = GAINS.get(x.layer.activation or x.layer.operation)
        return f"{number(x.gain, 3)} / {number(due, 3)}" if due else number(x.gain, 3)

    first_calls = {x.layer.weight: x.layer.name for x in reversed(layers)}

    def of_weights(title: str, short: str, explained: str, value, text=number) -> Column:
        """What all calls of a layer share is said of the first."""

        def once(x: LayerStart):
            return value(x) if x.layer.weight is None or x.layer.name == first_calls[x.layer.weight] else None

        return of(title, short, explained, once, text)

    return (
        of("layer", "layer", "in the order of the forward pass", lambda x: x.layer.shown_as, str, False),
        of("kind", "kind", "the operation", lambda x: x.layer.operation, str, False),
        of_weights("fan-in", "fan-in", "inputs of a unit", lambda x: x.layer.fan_in, "{:,}".format),
        of_weights("weights’ std", "weights", "standard deviation of the weights", lambda x: x.layer.weight_std),
        of_weights("ideal", "ideal", "gain / √fan-in, which keeps the spread of the signal", lambda x: x.ideal_std),
        of_weights("factor", "factor", "what the weights are to be multiplied by for it", lambda x: x.factor, _times),
        of("output std", "output", "standard deviation before the activation", lambda x: x.output_std),
        of("activation std", "activ.", "standard deviation after it", lambda x: x.activation_std),
        of("gain", "gain", "of the activation: measured / in theory for a normal input", gain, str),
        of("saturated", "satur.", "share of the values beyond .97", lambda x: x.saturated, percent),
        of("off", "off", "share of the values on the flat end", lambda x: x.off, percent),
        of("dead", "dead", "share of the units flat in every example", lambda x: x.dead, percent),
        of("gradient std", "gradient", "standard deviation of the gradient that arrives", lambda x: x.gradient_std),
    )


def _notes(s: Start) -> tuple[str, ...]:
    hidden = [f"{x.layer.name} ({x.layer.hidden})" for x in s.layers if x.layer.hidden]
    more = " …" * (len(hidden) > 6)
    weights = [x.layer.weight for x in s.layers if _seen(x) and x.layer.weight]
    called_again = (
        "#2, #3, …: further calls of a layer, with the same weights." if len({*weights}) < len(weights) else ""
    )
    return tuple(filter(None, (called_again, f"Could not be seen: {', '.join(hidden[:6])}{more}." if hidden else "")))


def _seen(x: LayerStart) -> bool:
    numbers = (x.layer.weight_std, x.std, x.gradient_std, x.gain, x.saturated, x.off, x.dead)
    return any(_there(v) for v in numbers)


def _there(value: float | int | str | None) -> bool:
    return value is not None and not (isinstance(value, float) and math.isnan(value))


def _known(x: float, digits: int = 3) -> str:
    return "" if math.isnan(x) else number(x, digits)


def _signed(x: float) -> str:
    return "" if math.isnan(x) else f"{'+' if x > 0 else ''}{number(x)}"


def _times(x: float) -> str:
    return f"× {number(x, 2)}"

"""Numbers, times and names as a person reads them; what is undefined says so."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence

from auscult.runs import quantities as q

_FAR_PAST = 1e4  # times a threshold

LABELS = {
    q.RATIO: "log10 update-to-data ratio",
    q.RATIO_LECTURE: "log10 update-to-data ratio (lr · gradient)",
    q.RATIO_TOUCHED: "log10 update-to-data ratio of touched rows",
    q.GRAD_RATIO: "log10 gradient-to-data ratio",
    q.UPDATE_STD: "standard deviation of the update",
    q.UPDATE_NORM: "norm of the update",
    q.DATA_STD: "standard deviation of the data",
    q.DATA_NORM: "norm of the data",
    q.GRAD_STD: "standard deviation of the gradient",
    q.GRAD_NORM: "gradient norm",
    q.GRAD_MAX: "largest gradient entry",
    q.GRAD_NONFINITE: "gradient entries that are not finite",
    q.DISTANCE: "distance from the start",
    q.PART_NORM: "norm of what a part of the optimizer contributed",
    q.PART_COSINE: "cosine of what a part of the optimizer contributed, to steepest descent",
    q.PART_SHARE: "share of a part of the optimizer in the update",
    q.LOSS: "loss",
    q.STEP_TIME: "step time, seconds",
    q.GRAD_NORM_BEFORE_CLIP: "gradient norm before clipping",
    q.GRAD_NOISE: "squared noise of the gradient",
    q.GRAD_SIGNAL: "squared gradient without noise",
    q.GRAD_CARRIED: "share of gradients carried over",
    q.LR: "learning rate",
    q.LOGGED: "logged",
    q.OUTPUT_MEAN: "mean of the output",
    q.OUTPUT_STD: "standard deviation of the output",
    q.OUTPUT_MAX: "largest output",
    q.OUTPUT_NONFINITE: "outputs that are not finite",
    q.OUTPUT_GRAD_MEAN: "mean of the gradient at the output",
    q.OUTPUT_GRAD_STD: "standard deviation of the gradient at the output",
    q.OUTPUT_GRAD_MAX: "largest gradient at the output",
    q.OUTPUT_GRAD_NONFINITE: "gradients at the output that are not finite",
    q.ACTIVATION_MEAN: "mean of the activations",
    q.ACTIVATION_STD: "standard deviation of the activations",
    q.ACTIVATION_MAX: "largest activation",
    q.ACTIVATION_NONFINITE: "activations that are not finite",
    q.ACTIVATION_GRAD_MEAN: "mean of the gradient at the activations",
    q.ACTIVATION_GRAD_STD: "standard deviation of the gradient at the activations",
    q.ACTIVATION_GRAD_MAX: "largest gradient at the activations",
    q.ACTIVATION_GRAD_NONFINITE: "gradients at the activations that are not finite",
    q.GAIN: "gain of the activation",
    q.SATURATED: "share saturated (beyond .97)",
    q.GATES: "share of gates saturated (beyond .97)",
    q.SATURATED_99: "share saturated (beyond .99)",
    q.OFF: "share of values that are off",
    q.DEAD: "share of dead units",
    q.UNIT_EXAMPLES: "examples of a unit",
    q.COPIED: "share of units that are copies",
    q.NORM_MEAN_DRIFT: "distance of the running means from the batch's, in its standard deviations",
    q.NORM_VAR_DRIFT: "log10 distance of the running variances from the batch's",
    q.EVAL_MEAN_DRIFT: "distance of the running means from those of an evaluation, in standard deviations",
    q.EVAL_VAR_DRIFT: "log10 distance of the running variances from those of an evaluation",
    q.EVAL_VALUES: "values of a channel in an evaluation",
    q.EVAL_EXAMPLES: "examples in an evaluation",
    q.NORM_VALUES: "values of a channel in a batch",
    q.NORM_TRAINS: "uses batch statistics",
    q.INPUT_MEAN: "mean of the inputs",
    q.INPUT_STD: "standard deviation of the inputs",
    q.INPUT_MIN: "smallest input",
    q.INPUT_MAX: "largest input",
    q.INPUT_SPREAD: "log10 of the largest over the smallest spread of a feature",
    q.TASK_LOSS: "loss, mean over the examples",
    q.TASK_LOSS_BASE: "loss of the best constant guess",
    q.TASK_LOSS_GUESS: "loss of that guess on a step's labels",
    q.TASK_EXAMPLES: "labels in a step",
    q.LOGIT_STD: "standard deviation of the logits",
    q.LOGIT_MAX: "largest logit",
}
_BARS = "▁▂▃▄▅▆▇█"
_KINDS = {"matrix": "matrices", "embedding": "embeddings", "bias": "biases", "gain": "gains"}


def label(quantity: str) -> str:
    """A quantity in words, also where its recorded name stands inside a sentence."""
    if quantity in LABELS:
        return LABELS[quantity]
    for name in sorted((n for n in LABELS if "_" in n), key=len, reverse=True):
        quantity = quantity.replace(name, LABELS[name])
    return quantity


def kinds(kind: str) -> str:
    """The plural of a parameter's kind."""
    return _KINDS.get(kind, f"{kind}s")


def number(x: float | None, digits: int = 3) -> str:
    """A number to `digits` significant digits; "undefined" for NaN and None, −∞ and ∞ as such."""
    if x is None or math.isnan(x):
        return "undefined"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    if x == 0 or 1e-3 <= abs(x) < 1e5:
        places = max(0, digits - 1 - math.floor(math.log10(abs(x)))) if x else 0
        text = f"{x:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{x:.{digits - 1}e}".replace("e-0", "e-").replace("e+0", "e").replace("e+", "e")
    return text.replace("-", "−")


def magnitude(x: float | None) -> str:
    """A log10 ratio to two decimals; "no update" for −∞, "undefined" for NaN."""
    if x is not None and math.isinf(x) and x < 0:
        return "no update"
    return number(x) if x is None or not math.isfinite(x) else f"{x:.2f}".replace("-", "−")


def count(n: int, noun: str) -> str:
    """`1 step`, `5,000 steps`."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def share(x: float) -> str:
    """A share as per cent: 0.021 → 2.1 %."""
    if not math.isfinite(x):
        return "undefined"
    return f"{100 * x:.1f} %" if x >= 0.001 or x == 0 else "under 0.1 %"


def percent(x: float) -> str:
    """A share as per cent where little room is: 0.166 → 17 %."""
    return f"{100 * x:.0f} %" if x == 0 or x >= 0.1 else "under .1 %" if x < 0.001 else f"{100 * x:.1f} %"


def duration(seconds: float) -> str:
    """A stretch of time with its two largest units."""
    if not math.isfinite(seconds):
        return "undefined"
    if seconds < 1:
        return f"{1000 * seconds:.3g} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    days, hours, minutes = whole // 86400, whole // 3600 % 24, whole // 60 % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {whole % 60} s"


def moment(epoch: float) -> str:
    """Local date and time, or a dash where it is not known."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(epoch)) if epoch else "–"


def names(where: Sequence[str]) -> tuple[str, ...]:
    """Names as one reads them: those that are mere numbers, as a Sequential gives them, say what they are."""
    return tuple(f"layer {name}" if name.isdecimal() else name for name in where)


def places(where: Sequence[str], room: int = 4) -> str:
    """The first few names, and how many more there are."""
    more = len(where) - room
    return ", ".join(where) if more <= 1 else f"{', '.join(where[:room])} and {more} more"


def margin(times: float) -> str:
    """How far past the threshold: `15× past it`; empty where that is undefined."""
    if not math.isfinite(times):
        return ""
    if times > _FAR_PAST:  # of a limit near zero such a number says nothing
        return "far past it"
    return "just at it" if times < 1.05 else f"{number(times, 2)}× past it"


def sparkline(values: Iterable[float], width: int = 12) -> str:
    """The course of a series in `width` characters; a dot where nothing is defined."""
    row = [float(v) for v in values]
    cells = [
        row[i * len(row) // width : max(i * len(row) // width + 1, (i + 1) * len(row) // width)] for i in range(width)
    ]
    means = [_mean(c) for c in cells] if row else []
    known = [m for m in means if m is not None]
    if not known:
        return ""
    low, span = min(known), max(known) - min(known)
    at = [None if m is None else round((m - low) / span * (len(_BARS) - 1)) if span else 3 for m in means]
    return "".join("·" if i is None else _BARS[i] for i in at)


def _mean(cell: Sequence[float]) -> float | None:
    finite = [v for v in cell if math.isfinite(v)]
    return sum(finite) / len(finite) if finite else None

"""Runs made by hand for the rules: a healthy training, and any column of it replaced by a sick one."""

from dataclasses import asdict
from pathlib import Path

import numpy as np

from auscult import rules
from auscult.runs import Bill, Layer, Optimizer, Parameter, Run, RunWriter, Task
from auscult.runs import quantities as q

LAYERS = ("layers.0.weight", "layers.1.weight", "layers.2.weight", "layers.0.bias")
CLASSES = Task("cross-entropy", 10, 2.302585)
_count = iter(range(10**6))

SPREAD, NORM = 0.129, 0.129 * 20  # of a matrix of 20 × 20, as torch draws it


def looked_at(total=2000, later=40):
    """The steps a recorder looks at: the first twenty, then evenly."""
    rest = np.linspace(20, total - 1, later).astype(int) if total > 20 else []
    return np.unique(np.concatenate([np.arange(min(20, total)), rest])).astype(int)


def noise(steps, size, seed=0):
    return size * np.random.default_rng(seed).standard_normal(len(steps))


def falling(steps, begin=2.3, end=0.3, half_life=100, scatter=0.03):
    """A healthy loss: it falls, and settles."""
    return end + (begin - end) * 0.5 ** (steps / half_life) + noise(steps, scatter)


def straight(steps, begin=2.3, end=2.0, scatter=0.01):
    """A loss that falls as fast late as early."""
    return begin + (end - begin) * steps / steps[-1] + noise(steps, scatter)


def flat(steps, level=2.3, scatter=0.01):
    """A loss that goes nowhere."""
    return level + noise(steps, scatter)


def parameter(name, **changes):
    kind = "bias" if name.endswith("bias") else "matrix"
    shape = (20,) if kind == "bias" else (20, 20)
    facts = {"kind": kind, "shape": shape, "dtype": "float32", "device": "cpu", "optimizer": "SGD", "group": 0}
    return Parameter(**{"name": name, **facts, **changes})


def layer(name, after=(), **changes):
    """A hidden layer of 20 units with the weights an activation of gain 5/3 asks for."""
    facts = {
        "operation": "linear", "weight": f"{name}.weight", "bias": f"{name}.bias", "fan_in": 20, "units": 20,
        "activation": "tanh", "weight_std": 5 / 3 / 20**0.5, "after": (after,) if isinstance(after, str) else after,
    }  # fmt: skip
    return Layer(**{"name": name, **facts, **changes})


def stack(hidden=2, **changes):
    """Hidden layers that follow each other, and an output layer."""
    names = [f"layers.{i}" for i in range(hidden + 1)]
    output = {"activation": None, "is_output": True, "weight_std": 0.02}
    return [
        layer(n, (names[i - 1],) if i else (), **(changes if i < hidden else {**changes, **output}))
        for i, n in enumerate(names)
    ]


def norm(name, after, **changes):
    facts = {"operation": "batch-norm", "fan_in": None, "activation": None, "weight_std": None}
    return layer(name, after, **{**facts, **changes})


def healthy(steps, layers, loss):
    """What a healthy network shows inside: the columns of its layers, its inputs and its task."""
    n = len(steps)
    table = {
        (q.INPUT_MEAN, "input"): np.zeros(n), (q.INPUT_STD, "input"): np.ones(n),
        (q.INPUT_MIN, "input"): np.full(n, -3.0), (q.INPUT_MAX, "input"): np.full(n, 3.0),
        (q.INPUT_SPREAD, "input"): np.full(n, 0.1),
        (q.TASK_LOSS, ""): loss, (q.TASK_LOSS_BASE, ""): np.full(n, 2.3), (q.TASK_EXAMPLES, ""): np.full(n, 64.0),
        (q.LOGIT_STD, ""): np.full(n, 0.3),
        (q.GRAD_SIGNAL, ""): np.ones(n), (q.GRAD_NOISE, ""): np.full(n, 3.0), (q.BATCH, ""): np.full(n, 64.0),
    }  # fmt: skip
    for x in layers:
        values = {q.OUTPUT_STD: 1.0, q.OUTPUT_GRAD_STD: 1e-3, q.UNIT_EXAMPLES: 64, q.COPIED: 0.0}
        if x.activation:
            values |= {q.ACTIVATION_STD: 0.7, q.ACTIVATION_GRAD_STD: 1e-3, q.SATURATED: 0.05, q.DEAD: 0.0}
        if x.operation == "batch-norm":
            values |= {q.NORM_VALUES: 64, q.NORM_TRAINS: 1, q.NORM_MEAN_DRIFT: 0.1, q.NORM_VAR_DRIFT: 0.05}
        table |= {(quantity, x.name): np.full(n, float(value)) for quantity, value in values.items()}
    return table


def units(seen, alive, examples=64):
    """An array of units: each last seen alive at a step of `seen`, −1 for never; `examples` at each look."""
    alive = np.asarray(alive)
    since = (len(seen) - np.searchsorted(seen, alive, side="right")) * examples
    return np.stack([alive, since, np.zeros(len(alive))]).astype(np.int64)


def found(run, rule):
    """What a rule finds in a run."""
    return [f for f in rules.judge(run).findings if f.rule == rule]


def covered(run, rule):
    """What a rule says of whether it could judge a run."""
    return next(c for c in rules.judge(run).coverage if c.rule == rule)


def make(
    folder: Path,
    *,
    steps=None,
    loss=falling,
    ratio=-2.5,
    lr=0.1,
    optimizer="SGD",
    parameters=None,
    optimizers=None,
    columns=None,
    events=(),
    total=None,
    layers=None,
    task=CLASSES,
    arrays=(),
):
    """A finished run in a new folder below `folder`.

    loss, lr: a function of the steps, or values. ratio: the log10 update-to-data ratio of all, or by name; values or a
    number. columns: {(quantity, subject): values} to replace or add, a number for all steps alike, None to leave out.
    events: (step, kind) or (step, kind, data). layers: two hidden ones and an output unless given; () where nothing
    inside the network was recorded. arrays: (kind, subject, values), of the last step.
    """
    steps = looked_at() if steps is None else np.asarray(steps)
    parameters = [parameter(n, optimizer=optimizer) for n in LAYERS] if parameters is None else parameters
    table = {}
    for p in parameters:
        own = ratio.get(p.name, -2.5) if isinstance(ratio, dict) else ratio
        log = np.broadcast_to(np.asarray(own, float), len(steps)).copy()
        log = log + np.where(np.isfinite(log), noise(steps, 0.05, seed=len(p.name)), 0)
        size = NORM * 10.0 ** np.clip(np.nan_to_num(log, nan=-99, neginf=-99), -99, 30)
        table |= {
            (q.RATIO, p.name): log,
            (q.UPDATE_NORM, p.name): np.where(size < 1e-50, 0, size),
            (q.DATA_STD, p.name): np.full(len(steps), SPREAD),
            (q.DATA_NORM, p.name): np.full(len(steps), NORM),
            (q.GRAD_NORM, p.name): np.full(len(steps), 0.1),
            (q.GRAD_NONFINITE, p.name): np.zeros(len(steps)),
            (q.DISTANCE, p.name): np.cumsum(np.where(size < 1e-50, 0, size) * np.diff(steps, prepend=-1)),
        }
    table[q.LOSS, ""] = loss(steps) if callable(loss) else np.asarray(loss, float)
    table[q.LR, f"{optimizer}[0]"] = np.broadcast_to(lr(steps) if callable(lr) else np.asarray(lr, float), len(steps))
    table[q.GRAD_CARRIED, ""] = np.zeros(len(steps))
    layers = stack() if layers is None else layers
    if layers:
        table |= healthy(steps, layers, table[q.LOSS, ""])
        for x in layers:
            if x.activation and x.units:
                arrays = [(q.UNITS, x.name, units(steps, np.full(x.units, steps[-1]))), *arrays]
    table |= {
        key: np.broadcast_to(np.asarray(v, float), len(steps)) for key, v in (columns or {}).items() if v is not None
    }
    for key in [key for key, v in (columns or {}).items() if v is None]:
        table.pop(key, None)
    run = folder / f"run-{next(_count)}"
    writer = RunWriter(run)
    writer.fact("parameters", [asdict(p) for p in parameters])
    writer.fact("optimizers", [asdict(o) for o in optimizers or [Optimizer(optimizer, optimizer, ({"lr": 0.1},))]])
    if layers:
        writer.fact("layers", [asdict(x) for x in layers])
        writer.fact("task", asdict(task) if task else None)
    layout = writer.layout(list(table))
    for i, step in enumerate(steps):
        writer.frame(int(step), layout, np.array([values[i] for values in table.values()], np.float32))
    for step, kind, *data in events:
        writer.event(step, kind, **(data[0] if data else {}))
    for kind, subject, values in arrays:
        writer.array(int(steps[-1]), kind, subject, values)
    bill = Bill(wall_s=100.0, own_s=1.0, steps=int(steps[-1]) + 1 if total is None else total, sampled_steps=len(steps))
    writer.fact("bill", asdict(bill))
    assert writer.flush()
    writer.close()
    return Run(run)

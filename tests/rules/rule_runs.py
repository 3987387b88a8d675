"""Runs made by hand for the rules: a healthy training, and any column of it replaced by a sick one."""

from dataclasses import asdict
from pathlib import Path

import numpy as np

from auscult.runs import Bill, Optimizer, Parameter, Run, RunWriter
from auscult.runs import quantities as q

LAYERS = ("layers.0.weight", "layers.1.weight", "layers.2.weight", "layers.0.bias")
_count = iter(range(10**6))


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
):
    """A finished run in a new folder below `folder`.

    loss, lr: a function of the steps, or values. ratio: the log10 update-to-data ratio of all, or by name; values or a
    number. columns: {(quantity, subject): values} to replace or add. events: (step, kind) pairs.
    """
    steps = looked_at() if steps is None else np.asarray(steps)
    parameters = [parameter(n, optimizer=optimizer) for n in LAYERS] if parameters is None else parameters
    table = {}
    for p in parameters:
        own = ratio.get(p.name, -2.5) if isinstance(ratio, dict) else ratio
        log = np.broadcast_to(np.asarray(own, float), len(steps)).copy()
        log = log + np.where(np.isfinite(log), noise(steps, 0.05, seed=len(p.name)), 0)
        size = 10.0 ** np.clip(np.nan_to_num(log, nan=-99, neginf=-99), -99, 30)
        table |= {
            (q.RATIO, p.name): log,
            (q.UPDATE_NORM, p.name): np.where(size < 1e-50, 0, size),
            (q.DATA_STD, p.name): np.full(len(steps), 0.129),  # torch's default for 20 inputs
            (q.DATA_NORM, p.name): np.ones(len(steps)),
            (q.GRAD_NORM, p.name): np.full(len(steps), 0.1),
            (q.GRAD_NONFINITE, p.name): np.zeros(len(steps)),
            (q.DISTANCE, p.name): np.cumsum(np.where(size < 1e-50, 0, size)),
        }
    table[q.LOSS, ""] = loss(steps) if callable(loss) else np.asarray(loss, float)
    table[q.LR, f"{optimizer}[0]"] = np.broadcast_to(lr(steps) if callable(lr) else np.asarray(lr, float), len(steps))
    table[q.GRAD_CARRIED, ""] = np.zeros(len(steps))
    table |= columns or {}
    run = folder / f"run-{next(_count)}"
    writer = RunWriter(run)
    writer.fact("parameters", [asdict(p) for p in parameters])
    writer.fact("optimizers", [asdict(o) for o in optimizers or [Optimizer(optimizer, optimizer, ({"lr": 0.1},))]])
    layout = writer.layout(list(table))
    for i, step in enumerate(steps):
        writer.frame(int(step), layout, np.array([values[i] for values in table.values()], np.float32))
    for step, kind in events:
        writer.event(step, kind)
    bill = Bill(wall_s=100.0, own_s=1.0, steps=int(steps[-1]) + 1 if total is None else total, sampled_steps=len(steps))
    writer.fact("bill", asdict(bill))
    assert writer.flush()
    writer.close()
    return Run(run)

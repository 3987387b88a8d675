"""Hand-built runs and diagnoses for the tests of the views."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from auscult.findings import Coverage, Diagnosis, Evidence, Finding, Overhead, Remedy
from auscult.runs import Bill, Parameter, Run, RunWriter
from auscult.runs import quantities as q
from auscult.views import Picture, figures
from auscult.views.band import DEFAULT, Band

START = 1_767_225_600.0  # a fixed moment, so that pages are the same each time
EVIL = '<script>alert("x")</script>'  # a name that is HTML


def pictures(run: Run, band: Band = DEFAULT) -> list[Picture]:
    """The pictures of a run that nobody writes any more: drawn once, however many tests look at them."""
    return _drawn(run, band)


_drawn = functools.lru_cache(8)(figures.pictures)


def mlp() -> list[Parameter]:
    """The parameters of a small character model: embedding, five layers with biases and norm gains."""
    out = [Parameter("embedding.weight", "embedding", (27, 10), "float32", "cpu", True, "SGD", 0)]
    for i in range(5):
        out.append(
            Parameter(f"layers.{i}.weight", "matrix", (100, 30 if i == 0 else 100), "float32", "cpu", True, "SGD", 0)
        )
        out.append(Parameter(f"layers.{i}.bias", "bias", (100,), "float32", "cpu", True, "SGD", 0))
    out.append(Parameter("head.weight", "matrix", (27, 100), "float32", "cpu", True, "SGD", 0))
    return out


def transformer(layers: int = 18) -> list[Parameter]:
    """The parameters of a small transformer; 8 tensors a layer, 150 in all for 18 layers."""

    def p(name: str, kind: str, *shape: int) -> Parameter:
        return Parameter(name, kind, shape, "float32", "cuda:0", True, "AdamW", int(kind in ("bias", "gain")))  # type: ignore[arg-type]

    out = [
        p("transformer.wte.weight", "embedding", 50257, 768),
        p("transformer.wpe.weight", "embedding", 1024, 768),
    ]
    for i in range(layers):
        at = f"transformer.h.{i}"
        out += [
            p(f"{at}.ln_1.weight", "gain", 768), p(f"{at}.ln_1.bias", "bias", 768),
            p(f"{at}.attn.c_attn.weight", "matrix", 2304, 768),
            p(f"{at}.attn.c_proj.weight", "matrix", 768, 768),
            p(f"{at}.ln_2.weight", "gain", 768), p(f"{at}.mlp.c_fc.weight", "matrix", 3072, 768),
            p(f"{at}.mlp.c_fc.bias", "bias", 3072), p(f"{at}.mlp.c_proj.weight", "matrix", 768, 3072),
        ]  # fmt: skip
    return [
        *out,
        p("transformer.ln_f.weight", "gain", 768), p("transformer.ln_f.bias", "bias", 768),
        p("lm_head.weight", "matrix", 50257, 768), p("lm_head.bias", "bias", 50257),
    ]  # fmt: skip


def make_run(
    folder: Path,
    parameters: Sequence[Parameter] = (),
    steps: int = 400,
    *,
    every: int = 1,
    level: float = -2.9,
    lr: float = 0.1,
    loss_floor: float = 2.1,
    spoil: Callable[[dict[tuple[str, str], np.ndarray]], None] = lambda columns: None,
    extra: Mapping[tuple[str, str], np.ndarray] | None = None,
    epochs: int = 0,
    also: Callable[[RunWriter], None] = lambda writer: None,
    status: str = "finished",
    error: str | None = None,
    name: str = "names",
) -> Run:
    """A run whose curves look like a training's; `spoil` may change the columns before they are written."""
    rng = np.random.default_rng(7)
    at = np.arange(0, steps, every)
    n, columns = len(at), {}
    t = at / max(steps, 1)
    falling = loss_floor + (3.3 - loss_floor) * np.exp(-6 * t)
    columns[q.LOSS, ""] = falling + rng.normal(0, 0.09, n)
    columns[q.STEP_TIME, ""] = 0.0018 * rng.lognormal(0, 0.12, n) + (rng.random(n) < 0.004) * 0.03
    columns[q.GRAD_NORM, ""] = 0.6 * rng.lognormal(0, 0.25, n) * (1 + 2 * np.exp(-20 * t))
    columns[q.LR, "SGD[0]"] = np.where(t < 0.75, lr, lr / 10)
    for i, p in enumerate(parameters):
        drop = np.where(t < 0.75, 0, -0.9)
        shift = 0.3 * np.sin(1.7 * i) + (0.5 if p.kind == "bias" else 0)
        columns[q.RATIO, p.name] = level + shift + 0.6 * np.exp(-15 * t) + drop + rng.normal(0, 0.09, n)
        columns[q.GRAD_RATIO, p.name] = columns[q.RATIO, p.name] - np.log10(columns[q.LR, "SGD[0]"])
        columns[q.GRAD_NORM, p.name] = 0.1 * rng.lognormal(0, 0.25, n)
        columns[q.DISTANCE, p.name] = (1 + 0.2 * i) * np.sqrt(t) * 3
    columns.update(extra or {})
    spoil(columns)
    writer = RunWriter(folder)
    writer.fact("started", START)
    writer.fact("name", name)
    writer.fact("command", ["python", "train.py", "--data", "names with spaces.txt"])
    writer.fact("versions", {"python": "3.11.7", "torch": "2.13.0", "auscult": "0.1.0"})
    writer.fact("parameters", [asdict(p) for p in parameters])
    if parameters:
        writer.fact("optimizers", [{"name": "SGD", "class_name": "SGD", "groups": [{"lr": lr, "momentum": 0.0}]}])
    writer.fact("settings", {"budget": 0.03, "dense": 20, "dir": "auscult-runs"})
    writer.fact("seeds", {"torch": 2147483647})
    layout = writer.layout(list(columns))
    frames = np.stack(list(columns.values()), 1).astype(np.float32) if n else np.empty((0, len(columns)), np.float32)
    for i, (step, values) in enumerate(zip(at, frames, strict=True)):
        writer.frame(int(step), layout, values)
        if i % 4096 == 4095:
            writer.flush()
    for number in range(1, epochs + 1):
        writer.event(number * steps // (epochs + 1), q.EPOCH, number=number)
    also(writer)
    wall = 0.0019 * steps
    writer.fact("bill", asdict(Bill(wall, 0.018 * wall, 0.004, 0.004 * wall, steps, n)))
    writer.flush()
    writer.close(status, error)
    return Run(folder)


def make_diagnosis(run: Run, *findings: Finding, steps: int | None = None) -> Diagnosis:
    """A diagnosis of `run` with these findings and a coverage of each status."""
    return Diagnosis(
        run.id, run.status, run.steps if steps is None else steps, findings,
        (
            Coverage("learning-rate-too-high", "ran"), Coverage("learning-rate-too-low", "ran"),
            Coverage("layers-disagree", "ran", nearest=Evidence(q.RATIO, 0.9, 1.5, 0.25, 90)),
            Coverage("non-finite", "ran"),
            Coverage("overfitting", "cannot-judge", "no validation loss was logged"),
            Coverage("small-batch-norm", "skipped", "the model has no batch norm"),
        ),
        Overhead(run.bill.share, run.bill.sampled_steps), run.fact("error"),
    )  # fmt: skip


def too_high(where: Sequence[str] = ("layers.0.weight", "layers.1.weight", "layers.2.weight")) -> Finding:
    """A finding as the rules make them."""
    return Finding(
        "learning-rate-too-high", "critical", tuple(where), 20,
        "The learning rate is about 15 times too high: the matrices change by 15 % of themselves a step.",
        (Evidence(q.RATIO, -0.81, -2.0, 15.5, 120), Evidence("lr", 1.0, 0.066, 15.2, 120)),
        (Remedy("Set the learning rate of group SGD[0] to about 0.066.", "auscult.treat.learning_rate"),),
    )  # fmt: skip


def no_progress() -> Finding:
    """A consequence of `too_high`."""
    return Finding(
        "no-progress", "warning", (), 130, "The loss has not fallen since step 130.",
        (Evidence(q.LOSS, 3.31, 3.2958, 1.004, 380),), (Remedy("Mend the learning rate first."),),
        "learning-rate-too-high",
    )  # fmt: skip


def disagree() -> Finding:
    """A finding with a cause of its own."""
    return Finding(
        "layers-disagree", "warning", ("head.weight",), 40,
        "head.weight moves 12 times as fast as the others.",
        (Evidence(q.RATIO, -1.8, -2.4, 3.98, 390),),
        (Remedy("Give head.weight a learning rate of its own."),),
    )  # fmt: skip

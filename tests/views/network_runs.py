"""Hand-built runs with what was seen inside a network: a stack of layers, simulated without training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from view_runs import make_run, mlp

from auscult.runs import Layer, Run, RunWriter, Task
from auscult.runs import quantities as q

Columns = dict[tuple[str, str], np.ndarray]
BINS = 80


def stack(depth: int = 6, units: int = 60, activation: str = "tanh", norm: bool = False) -> list[Layer]:
    """Linear layers with an activation each, norms between them where wanted, and an output layer."""
    out: list[Layer] = []
    for i in range(depth):
        out.append(
            Layer(
                f"layers.{i}", "linear", f"layers.{i}.weight", f"layers.{i}.bias", units, units, activation,
                "batch-norm" if norm else None, weight_std=1.6 / units**0.5, after=(f"layers.{i - 1}",) if i else (),
            )
        )  # fmt: skip
        if norm:
            out.append(Layer(f"norms.{i}", "batch-norm", units=units))
    return [*out, Layer("head", "linear", "head.weight", None, units, 27, weight_std=0.9, is_output=True)]


def looks(steps: int) -> list[int]:
    """The steps at which histograms are kept: each about a tenth further."""
    out, at = [], 0.0
    while at < steps:
        out.append(int(at))
        at = max(at * 1.1, at + 1)
    return out


def make_network(
    folder: Path,
    layers: list[Layer] | None = None,
    steps: int = 300,
    *,
    units: int = 60,
    spoil: Callable[[Columns], None] = lambda columns: None,
    arrays: bool = True,
    also: Callable[[RunWriter], None] = lambda writer: None,
    maps: tuple[int, int] | None = None,
    **of_run: Any,
) -> Run:
    """A run of a network whose weights grow, so that it saturates, and in which some units die."""
    layers = stack(units=units) if layers is None else layers
    columns, kept = _simulate(layers, steps, units, arrays)

    def finish(writer: RunWriter) -> None:
        writer.fact("layers", [asdict(layer) for layer in layers])
        writer.fact("task", asdict(Task("cross-entropy", 27, float(np.log(27)))))
        for kind, items in kept.items():
            for step, name, values in items:
                if kind in (q.MAP, q.MAP_LAST) and maps is not None:
                    values = np.resize(values, maps)
                writer.array(step, kind, name, values)
        if arrays:
            given = np.full(27, 0.4 / 25)
            given[[4, 13]] = 0.41, 0.19
            writer.array(0, q.LOGITS, "", np.stack([given, np.full(27, 1 / 27)]).astype(np.float32))
        also(writer)

    return make_run(folder, mlp(), steps, spoil=spoil, extra=columns, also=finish, **of_run)


def _simulate(layers: list[Layer], steps: int, units: int, arrays: bool) -> tuple[Columns, dict[str, list]]:
    rng = np.random.default_rng(3)
    shown = set(looks(steps)) | {steps - 1}
    columns: Columns = {}
    kept: dict[str, list] = {kind: [] for kind in (
        q.HISTOGRAM_OUTPUT, q.HISTOGRAM_ACTIVATION, q.HISTOGRAM_OUTPUT_GRAD, q.HISTOGRAM_ACTIVATION_GRAD,
        q.MAP, q.MAP_LAST, q.UNITS,
    )}  # fmt: skip

    def note(quantity: str, name: str, step: int, value: float) -> None:
        columns.setdefault((quantity, name), np.full(steps, np.nan))[step] = value

    weights = {x.name: rng.normal(0, 1, (units, x.units or units)) / units**0.5 for x in layers}
    data = rng.normal(0, 1, (48, units))
    for step in range(steps):
        t = step / max(steps - 1, 1)
        h, depth = data, len(layers)
        for i, layer in enumerate(layers):
            name = layer.name
            if layer.operation == "batch-norm":
                note(q.NORM_MEAN_DRIFT, name, step, (0.9 - 0.1 * i) * np.exp(-9 * t) + 0.03 + 0.01 * rng.random())
                note(q.NORM_VAR_DRIFT, name, step, 0.6 * np.exp(-7 * t) + 0.02 + 0.01 * rng.random())
                note(q.NORM_VALUES, name, step, 32)
                note(q.NORM_TRAINS, name, step, 1)
                continue
            out = h @ (weights[name] * (1.5 + (1.6 - 0.2 * i) * t)) + 0.02 * rng.normal()
            dying = rng.permutation(units) if i == 2 else np.arange(units)
            gradient = rng.normal(0, 1e-3 * 0.75 ** (depth - i) * (1 - 0.7 * t), out.shape)
            for quantity, value in (
                (q.OUTPUT_STD, out.std()), (q.OUTPUT_MEAN, out.mean()), (q.OUTPUT_NONFINITE, 0),
                (q.OUTPUT_GRAD_STD, gradient.std()), (q.OUTPUT_GRAD_NONFINITE, 0), (q.COPIED, 0),
            ):  # fmt: skip
                note(quantity, name, step, value)
            if layer.activation is None:
                _keep(kept, arrays and step in shown, step, name, out, gradient, None)
                continue
            if layer.activation == "relu":
                out[:, dying[: int(units * 0.4 * max(0, t - 0.3))] if i == 2 else []] -= 40
                h, flat97 = np.maximum(out, 0), out <= 0
                flat99 = flat97
                note(q.OFF, name, step, flat97.mean())
            else:
                out[:, dying[: int(units * 0.3 * t)] if i == 2 else []] += 9
                h = np.tanh(out)
                flat97, flat99 = np.abs(h) > 0.97, np.abs(h) > 0.99
                note(q.SATURATED, name, step, flat97.mean())
                note(q.SATURATED_99, name, step, flat99.mean())
            note(q.DEAD, name, step, flat99.all(axis=0).mean())
            note(q.UNIT_EXAMPLES, name, step, 48)
            note(q.ACTIVATION_STD, name, step, h.std())
            note(q.ACTIVATION_NONFINITE, name, step, 0)
            note(q.ACTIVATION_GRAD_STD, name, step, gradient.std())
            note(q.ACTIVATION_GRAD_NONFINITE, name, step, 0)
            note(q.GAIN, name, step, (out**2).mean() ** 0.5 / (h**2).mean() ** 0.5)
            _keep(kept, arrays and step in shown, step, name, h, gradient, (step == 0, step == steps - 1))
            if arrays and step == steps - 1:
                dead = flat99.all(axis=0)
                kept[q.UNITS].append((step, name, np.stack([np.where(dead, 40, step), dead * 9000, dead * 0])))
        note(q.TASK_LOSS, "", step, 3.2 + 24 * np.exp(-40 * t) - t)
        note(q.TASK_LOSS_BASE, "", step, 2.83)
        note(q.LOGIT_STD, "", step, 8 * np.exp(-20 * t) + 1.5)
        for quantity, value in (
            (q.INPUT_MEAN, 0.02), (q.INPUT_STD, 1.01), (q.INPUT_MIN, -3.1), (q.INPUT_MAX, 3.3), (q.INPUT_SPREAD, 0.1),
        ):  # fmt: skip
            note(quantity, "input", step, value)
    return columns, kept


def _keep(kept, now: bool, step: int, name: str, h: np.ndarray, gradient: np.ndarray, ends) -> None:
    if not now:
        return
    kinds = (q.HISTOGRAM_OUTPUT, q.HISTOGRAM_OUTPUT_GRAD)
    for kind, values in zip(
        kinds if ends is None else (q.HISTOGRAM_ACTIVATION, q.HISTOGRAM_ACTIVATION_GRAD), (h, gradient), strict=True
    ):
        kept[kind].append((step, name, packed(values)))
    if ends and ends[0]:
        kept[q.MAP].append((step, name, h[:48].astype(np.float16)))
    if ends and ends[1]:
        kept[q.MAP_LAST].append((step, name, h[:48].astype(np.float16)))


def packed(values: np.ndarray) -> np.ndarray:
    """A histogram as a run keeps it."""
    counts, edges = np.histogram(values, BINS)
    return np.concatenate([[edges[0], edges[-1]], counts]).astype(np.float32)

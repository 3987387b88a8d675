"""What is compared of two runs, each quantity on its scale, and the same thing found in both of them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from auscult.findings import Scale, Stage
from auscult.runs import Run
from auscult.runs import quantities as q


@dataclass(frozen=True)
class Kind:
    """How one quantity is compared.

    scale: "log" of positive numbers, "log10" where logarithms are recorded, "level" where it is compared as it is, and
    "fall" in parts of what the baseline's fell. matters: how large a difference on that scale is one: half as much
    again as the least with which trainings that differ in their seed alone seldom part (benchmarks/baselines.py, on the
    families that thresholds may be set by). over: the quantity it is divided by.
    """

    quantity: str
    stage: Stage
    scale: Scale
    matters: float
    over: str | None = None


# in the order of the signal
KINDS = (
    Kind(q.LR, "settings", "log", 0.1),
    Kind(q.TASK_EXAMPLES, "settings", "log", 0.1),
    Kind(q.NORM_TRAINS, "settings", "level", 0.5),
    Kind(q.INPUT_STD, "inputs", "log", 0.15),
    Kind(q.INPUT_MEAN, "inputs", "level", 0.5, q.INPUT_STD),
    Kind(q.INPUT_SPREAD, "inputs", "log10", 0.45),
    Kind(q.DATA_STD, "parameters", "log", 0.22),
    Kind(q.COPIED, "parameters", "level", 0.3),
    Kind(q.OUTPUT_NONFINITE, "forward", "level", 0.5),
    Kind(q.OUTPUT_STD, "forward", "log", 0.22),
    Kind(q.ACTIVATION_STD, "forward", "log", 0.22),
    Kind(q.ACTIVATION_MEAN, "forward", "level", 0.6, q.ACTIVATION_STD),
    Kind(q.SATURATED, "forward", "level", 0.15),
    Kind(q.OFF, "forward", "level", 0.22),
    Kind(q.DEAD, "forward", "level", 0.15),
    Kind(q.NORM_MEAN_DRIFT, "forward", "level", 0.75),
    Kind(q.NORM_VAR_DRIFT, "forward", "log10", 0.45),
    Kind(q.EVAL_MEAN_DRIFT, "forward", "level", 0.75),
    Kind(q.EVAL_VAR_DRIFT, "forward", "log10", 0.45),
    Kind(q.OUTPUT_GRAD_STD, "backward", "log", 0.75),
    Kind(q.GRAD_NONFINITE, "backward", "level", 0.5),
    Kind(q.GRAD_NORM, "backward", "log", 0.45),
    Kind(q.GRAD_NORM_BEFORE_CLIP, "backward", "log", 0.45),
    Kind(q.GRAD_CARRIED, "backward", "level", 0.45),
    Kind(q.GRAD_RATIO, "backward", "log10", 0.45),
    Kind(q.RATIO, "updates", "log10", 0.45),
    Kind(q.LOSS, "loss", "fall", 0.3),
    Kind(q.LOSS, "loss", "log", 0.3),
    Kind(q.LOGGED, "loss", "fall", 0.3),
)


class Names:
    """What the baseline calls a parameter or a layer.

    Where no name is the same, what stands before all names of one is left out of account: `module.`, `_orig_mod.`.
    """

    def __init__(self, run: Run, baseline: Run) -> None:
        self._runs = run, baseline
        mine, theirs = ([p.name for p in r.parameters] for r in self._runs)
        same = bool(set(mine) & set(theirs))
        self._here, self._there = ("", "") if same else (_before(mine), _before(theirs))

    def there(self, name: str) -> str:
        """The baseline's name of it."""
        role, of, bare = name.rpartition(" of ")  # "input of LAYER"
        return f"{role}{of}{self._there}{bare.removeprefix(self._here)}" if bare.startswith(self._here) else name

    @property
    def unlike(self) -> set[tuple[str, str]]:
        """Quantities and subjects that are not the same thing in both, whatever they are called.

        The first spread of a parameter goes with its shape; what is seen to enter the network may enter another layer;
        the losses may not be of one kind.
        """
        run, baseline = self._runs
        shapes = {p.name: p.shape for p in baseline.parameters}
        found = {(q.DATA_STD, p.name) for p in run.parameters if shapes.get(self.there(p.name), p.shape) != p.shape}
        mine, theirs = ({x.name for x in r.layers if not x.after} for r in self._runs)
        if {self.there(name) for name in mine} != theirs:
            inputs = (kind.quantity for kind in KINDS if kind.stage == "inputs")
            found |= {(quantity, s) for quantity in inputs for s in run.quantities.get(quantity, ())}
        if len({(t.kind, t.classes) for r in self._runs if (t := r.task)}) > 1:
            found.add((q.LOSS, ""))
        return found


def _before(names: Sequence[str]) -> str:
    parts = [name.split(".")[:-1] for name in names]
    alike = itertools.takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
    return "".join(f"{level[0]}." for level in alike)

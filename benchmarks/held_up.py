"""How near the estimate of what noise holds up of a loss comes to the same formula over all steps.

    python benchmarks/held_up.py            two minutes
    python benchmarks/held_up.py mlp-sgd    those whose name holds one of these

Trained anew, under auscult as a user would, are the cases of benchmarks/faults with four examples a step or fewer: the
healthy, and those that this ails, of the families that thresholds may be set by. Beside it every step's ‖Δθ‖ ‖∇‖ is
added up in the same process. Left out are trainings of which the estimate says nothing.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).parent / "faults"))

import numpy as np
import torch
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from auscult import runs
from auscult.rules._case import Case as Judged
from auscult.rules._held_up import HeldUp, held_up
from cases import CASES, Case
from record import Trial, arguments, import_all, in_forks, record

FEW = 4  # examples of a step
NEAR = 1.4  # a factor


def small(case: Case) -> bool:
    """Whether it is one of those that are measured."""
    options = dict(zip(case.options, case.options[1:], strict=False))
    mine = case.half == "setting" and case.cause in (None, "batch-too-small")
    return mine and int(options.get("--batch", FEW + 1)) <= FEW


def compare(trial: Trial) -> None:
    """Train, and keep both figures; to be called in a process of its own."""
    products: list[float] = []
    before: list[torch.Tensor] = []

    def trained(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
        return [p for group in optimizer.param_groups for p in group["params"] if p.grad is not None]

    def note(optimizer: torch.optim.Optimizer, *_: object) -> None:
        before[:] = [p.detach().clone() for p in trained(optimizer)]

    def add(optimizer: torch.optim.Optimizer, *_: object) -> None:
        group = optimizer.param_groups[0]
        carried = group.get("momentum", group.get("betas", (0.0,))[0])
        moved = zip(trained(optimizer), before, strict=True)
        total = sum(float((p.detach() - was).norm() * p.grad.norm()) for p, was in moved)
        products.append(0.25 * math.sqrt((1 + carried) / (1 - carried)) * total)

    register_optimizer_step_pre_hook(note)
    register_optimizer_step_post_hook(add)
    record(trial)
    stand = held_up(Judged(runs.find_run("last", trial.folder / "runs")))
    if isinstance(stand, HeldUp):
        last = products[len(products) * 2 // 3 :]
        trial.keep("held_up.json", {"estimate": stand.floor, "all": float(np.mean(last)), "loss": stand.loss})


def main() -> None:
    options = arguments(__doc__).parse_args()
    root = Path(tempfile.mkdtemp(prefix="held-up-"))
    found = [c for c in CASES.values() if small(c) and (not options.words or any(w in c.name for w in options.words))]
    trials = [Trial(case, seed, root) for case in found for seed in (0, 1)]
    import_all()
    failed = in_forks(((t.case.name, partial(compare, t)) for t in trials), options.processes)
    print("| training | seed | the loss | held up, all steps | estimated | over it |\n|---|---|---|---|---|---|")
    off = []
    for trial in trials:
        if (kept := trial.read("held_up.json")) is not None:
            off.append(kept["estimate"] / kept["all"])
            figures = " | ".join(f"{x:.3g}" for x in (kept["loss"], kept["all"], kept["estimate"], off[-1]))
            print(f"| {trial.case.name} | {trial.seed} | {figures} |")
    decades = np.abs(np.log10(off))
    if len(off):
        print(
            f"\n{(decades <= math.log10(NEAR)).sum()} of {len(off)} within a factor of {NEAR}, "
            f"all within {10 ** decades.max():.2g}"
        )
    shutil.rmtree(root)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()

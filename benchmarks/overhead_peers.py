"""Other tools that record a training at every step, each as its own documentation uses it.

A tool that is not installed is left out; none is needed for anything else:

    pip install torchmortem torch-audit neural-observatory wandb tensorboard
    pip install cockpit-for-pytorch 'setuptools<81'     which still has the pkg_resources it imports

What they record differs: that is said of each, and none records what auscult does.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib.metadata
import importlib.util
import io
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from paired import Variant
from trainings import Training

Peer = Callable[[Training, Path], Variant]


def lecture(training: Training, folder: Path) -> Variant:
    """std and log10 of every parameter with .item(), as the lecture on update ratios writes it."""
    ud: list[list[float]] = []

    def step() -> None:
        training.step()
        with torch.no_grad():
            ud.append(
                [
                    ((training.lr * p.grad).std() / p.data.std()).log10().item()
                    for p in training.parameters
                    if p.numel() > 1 and p.grad is not None
                ]
            )

    return Variant("lecture's loop", step)


def tensorboard(training: Training, folder: Path) -> Variant:
    """Histograms of every parameter and every gradient."""
    from torch.utils.tensorboard import SummaryWriter

    writer = SummaryWriter(str(folder))
    at = _Counter()

    def step() -> None:
        training.step()
        number = at.next()
        for name, p in training.named.items():
            writer.add_histogram(name, p, number)
            writer.add_histogram(f"{name}.grad", p.grad, number)

    return Variant("TensorBoard histograms", step, settle=writer.flush, close=writer.close)


def wandb(training: Training, folder: Path) -> Variant:
    """`watch(log="all", log_freq=1)`, offline: histograms of every parameter and every gradient."""
    import wandb

    settings = wandb.Settings(console="off", silent=True, x_disable_stats=True, x_disable_meta=True)
    run = wandb.init(mode="offline", dir=str(folder), project="overhead", settings=settings, reinit="finish_previous")
    run.watch(training.model, log="all", log_freq=1)

    def step() -> None:
        run.log({"loss": training.step().item()})

    return Variant("wandb.watch", step, settle=lambda: time.sleep(0.5), close=run.finish)


def torchmortem(training: Training, folder: Path) -> Variant:
    """Its Autopsy as it comes: updates, gradients, activations at every step, what it calls expensive at every 50th."""
    from torchmortem import Autopsy  # type: ignore[import-not-found]

    autopsy = Autopsy(training.model, optimizer=training.optimizer)
    autopsy.attach()
    atexit.unregister(autopsy._atexit_handler)  # no report of a benchmark

    def step() -> None:
        autopsy.step(loss=training.step().item())

    return Variant("torchmortem", step)


def torch_audit(training: Training, folder: Path) -> Variant:
    """Its autopatch at every step: checks of data, activations, gradients, optimizer; it keeps no series."""
    from torch_audit import autopatch  # type: ignore[import-not-found]

    auditor = autopatch(
        training.model, optimizer=training.optimizer, every_n_steps=1, reporters=[], suppress_internal_errors=True
    )
    return Variant("torch-audit", training.step, close=auditor.unpatch)


def neural_observatory(training: Training, folder: Path) -> Variant:
    """Its Observatory on activations, gradients and parameters, all at every step."""
    from neural_observatory import Observatory, ObservatoryConfig  # type: ignore[import-not-found]

    observatory = Observatory(training.model, ObservatoryConfig(parameter_sample_rate=1))
    observatory.watch()
    at = _Counter()

    def step() -> None:
        observatory.step(step=at.next(), epoch=0)
        training.step()

    return Variant("neural-observatory", step, close=observatory.stop)


def cockpit(training: Training, folder: Path) -> Variant:
    """Its sizes of updates, gradient norms, distances and loss; not what needs the gradient of each example.

    That (histograms among it) would take a network that BackPACK can extend, which batch norm and attention are not.
    """
    from cockpit import Cockpit, quantities  # type: ignore[import-not-found]
    from cockpit.utils.schedules import linear  # type: ignore[import-not-found]

    kinds = (quantities.UpdateSize, quantities.GradNorm, quantities.Distance, quantities.Loss)
    board = Cockpit(training.parameters, [kind(linear(1)) for kind in kinds])
    at = _Counter()

    def step() -> None:
        loss = training.loss()
        training.zero(training.optimizer)
        with board(at.next(), info={"loss": loss, "optimizer": training.optimizer}):
            loss.backward()
        training.move(training.optimizer)

    return Variant("cockpit", step)


# by its distribution: what it needs to be imported, and how it is used
PEERS: dict[str, tuple[str, Peer]] = {
    "torchmortem": ("torchmortem", torchmortem),
    "torch-audit": ("torch_audit", torch_audit),
    "neural-observatory": ("neural_observatory", neural_observatory),
    "cockpit-for-pytorch": ("cockpit", cockpit),
    "wandb": ("wandb", wandb),
    "tensorboard": ("tensorboard", tensorboard),
}
_TAKE_TENSORS = ("tensorboard",)  # the others want a module
_TAKE_TURNS = ("neural-observatory", "tensorboard", "wandb")  # the others want one optimizer


def variants(training: Callable[[], Training], folder: Path, every: int) -> tuple[list[Variant], list[str]]:
    """The tools that are here, each with its own training, every so manieth round; and what is left out, why."""
    found: list[Variant] = []
    without: list[str] = []
    for name, (package, peer) in PEERS.items():
        mine = training()
        if importlib.util.find_spec(package) is None:
            without.append(f"{name} is not installed")
        elif name not in _TAKE_TENSORS and isinstance(mine.watched, dict):
            without.append(f"{name} takes no plain tensors")
        elif name not in _TAKE_TURNS and isinstance(mine.optimizer, list):
            without.append(f"{name} takes one optimizer")
        else:
            os.makedirs(at := folder / name, exist_ok=True)
            try:
                with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
                    warnings.simplefilter("ignore")
                    variant = peer(mine, at)
                    variant.step()
            except Exception as e:  # a tool of another time than this torch
                without.append(f"{name} does not run here ({type(e).__name__}: {e})")
                continue
            version = importlib.metadata.version(name)
            found.append(replace(variant, name=f"{variant.name} {version}", every=every))
    return found, without


class _Counter:
    """Numbers the steps."""

    def __init__(self) -> None:
        self._at = -1

    def next(self) -> int:
        """The next number."""
        self._at += 1
        return self._at

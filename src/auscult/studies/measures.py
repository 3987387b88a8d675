"""What a training does at each step and epoch, measured from within: callbacks of a Learner."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset, RandomSampler

from auscult.anatomy.batches import move
from auscult.anatomy.passes import call, no_trace
from auscult.learner import Callback, Fit
from auscult.learner.batches import device_of
from auscult.stats.noise import alignment, noise_scale


class Moves(Callback):
    """The L2 norm of every update θ after − θ before, and what epochs moved; all parameters as one vector.

    updates: a norm a step. epochs: for each its distance ‖θ_end − θ_start‖, its path, the sum of its updates' norms,
    and how far it ended from where the training began.
    """

    order = 95

    def __init__(self) -> None:
        self._norms: list[Tensor] = []
        self.epochs: list[dict[str, float]] = []
        self._begun: list[Tensor] = []
        self._before: list[Tensor] = []
        self._epoch: list[Tensor] = []
        self._at = 0

    @property
    def updates(self) -> np.ndarray:
        """The norms, float64 (steps,)."""
        return torch.stack(self._norms).double().cpu().numpy() if self._norms else np.empty(0)

    def before_epoch(self, fit: Fit) -> None:
        """Where it begins."""
        self._epoch = _copy(fit.parameters)
        self._begun = self._begun or self._epoch
        self._before, self._at = _copy(fit.parameters), len(self._norms)

    def after_step(self, fit: Fit) -> None:
        """What the step moved."""
        now = [p.detach() for p in fit.parameters]
        self._norms.append(_norm(torch._foreach_sub(now, self._before)))
        torch._foreach_copy_(self._before, now)

    def after_train(self, fit: Fit) -> None:
        """What the epoch moved."""
        now = [p.detach() for p in fit.parameters]
        self.epochs.append(
            {
                "distance": float(_norm(torch._foreach_sub(now, self._epoch))),
                "path": float(torch.stack(self._norms[self._at :]).double().sum()),
                "from_start": float(_norm(torch._foreach_sub(now, self._begun))),
                "steps": len(self._norms) - self._at,
            }
        )


class Gradients:
    """Inner products of the gradients of single batches at the present weights, over all and by parameter.

    data: examples are drawn from it with replacement, by the seed. batch: examples of a batch. count: batches.
    """

    def __init__(self, data: Dataset[Any], batch: int, count: int, seed: int) -> None:
        self.batch, self.count = batch, count
        g = torch.Generator().manual_seed(seed)
        order = RandomSampler(data, replacement=True, num_samples=batch * count, generator=g)  # type: ignore[arg-type]
        self._loader = DataLoader(data, batch, sampler=order)

    def grams(self, model: nn.Module, loss: Callable[[Any, Any], Tensor]) -> dict[str, np.ndarray]:
        """By parameter, float64 (count, count): gᵢ · gⱼ of the batches' gradients; "" is over all of them.

        In training mode, as the steps see it; the model, its buffers and the random streams stay as they are.
        """
        named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        rows: dict[str, list[Tensor]] = {name: [] for name, _ in named}
        device = device_of(model)
        with no_trace(model):
            model.train()
            for inputs, targets in self._loader:
                made = loss(call(model, move(inputs, device)), move(targets, device))
                grads = torch.autograd.grad(made, [p for _, p in named], allow_unused=True)
                for (name, p), g in zip(named, grads, strict=True):
                    rows[name].append((torch.zeros_like(p) if g is None else g).flatten())
        found = {}
        for name, gradients in rows.items():
            each = torch.stack(gradients)
            found[name] = (each @ each.T).double().cpu().numpy()
        return {"": np.sum(list(found.values()), axis=0), **found}


class Noise(Callback):
    """Looks at the gradients of single batches at the start and after some epochs.

    at: after how many epochs; 0 is before the first. looks: for each the epoch, the alignment over all parameters and
    by parameter, and the gradient noise scale. grams: the inner products, for estimates over several looks or seeds.
    """

    order = 96

    def __init__(self, gradients: Gradients, at: Sequence[int]) -> None:
        self._gradients, self._at = gradients, frozenset(at)
        self._done = 0
        self.looks: list[dict[str, Any]] = []
        self.grams: list[np.ndarray] = []

    def before_fit(self, fit: Fit) -> None:
        """Before anything has moved."""
        if not self._done:
            self._look(fit)

    def after_epoch(self, fit: Fit) -> None:
        """An epoch is over."""
        self._done += 1
        self._look(fit)

    def _look(self, fit: Fit) -> None:
        if self._done not in self._at:
            return
        grams = self._gradients.grams(fit.model, fit.learner.loss)
        self.grams.append(grams[""])
        whole = alignment(grams[""])
        noise = noise_scale(grams[""], self._gradients.batch)
        self.looks.append(
            {
                "epoch": self._done,
                "cosine": whole.cosine,
                "efficiency": whole.efficiency,
                "cosine_by_parameter": {name: alignment(g).cosine for name, g in grams.items() if name},
                "gradient": noise.gradient,
                "noise": noise.noise,
                "scale": noise.scale,
                "low": noise.low,
                "high": noise.high,
            }
        )


class Way(Callback):
    """Keeps the weights at the start and after some epochs, `count` of them, evenly spread, the last among them."""

    order = 98

    def __init__(self, epochs: int, count: int) -> None:
        self._at = {round(epochs * i / count) for i in range(count + 1)}
        self._done = 0
        self.weights: list[dict[str, np.ndarray]] = []

    def before_fit(self, fit: Fit) -> None:
        """Before anything has moved."""
        if not self._done:
            self.weights.append(weights_of(fit.model))

    def after_epoch(self, fit: Fit) -> None:
        """An epoch is over."""
        self._done += 1
        if self._done in self._at:
            self.weights.append(weights_of(fit.model))


def weights_of(model: nn.Module) -> dict[str, np.ndarray]:
    """A copy of the parameters and buffers, by name."""
    return {name: t.detach().cpu().numpy().copy() for name, t in model.state_dict().items()}


def load_weights(model: nn.Module, weights: dict[str, np.ndarray]) -> nn.Module:
    """The model with these parameters and buffers."""
    model.load_state_dict({name: torch.from_numpy(np.asarray(values)) for name, values in weights.items()})
    return model


def _copy(tensors: Sequence[Tensor]) -> list[Tensor]:
    return [t.detach().clone() for t in tensors]


def _norm(tensors: Sequence[Tensor]) -> Tensor:
    return torch.linalg.vector_norm(torch.stack([n.double() for n in torch._foreach_norm(list(tensors))]))


def looks_over(epochs: int, count: int) -> list[int]:
    """After how many epochs to look: at the start, at the end, and in between ever more seldom; at most `count`."""
    if epochs < 1 or count < 2:
        return [0]
    steps = [round(math.expm1(math.log1p(epochs) * i / (count - 1))) for i in range(count)]
    return sorted(set(steps))

"""How noisy the gradient of a batch is: the gradients of parts of it, held against each other."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from auscult.anatomy import Anatomy, Loss, Site, behind_recurrence, data_of, norm_statistics, taken_by
from auscult.anatomy.nodes import operand, plain
from auscult.observe.gathering import Gathering
from auscult.runs import quantities as q
from auscult.stats import wide

_PARTS = 4  # of a batch: their products know three quarters of what those of single examples do
_UNITS, _INPUTS = 16, 64  # of a linear layer that are enough, evenly spaced: they stand for the others
_COVERED = 0.5  # share of the elements of these layers' weights whose gradients must be seen


class Noise:
    """Meets the gradients of one backward pass at its linear and convolutional layers.

    The gradient of a layer's weights is a sum over examples of what came in times the gradient that comes back: over
    some of them it is that of a part of the batch. All parts meet the same weights, so whatever then moves these,
    their mean product is |G|² without bias, and what the squares have beyond it is noise. (The gradients of steps that
    follow each other would not do: the noise of each moves the weights that the next one is taken at, and with plain
    SGD their products came out negative where |G|² was an eighth of the noise.) Held against 24 batches at the same
    weights, past the first quarter of the steps: tr Σ at .8 to 1.3 times theirs, |G|² mostly within its error (a linear
    model, perceptrons, a small CNN, transformers; SGD, momentum, Adam).

    Of a wide linear layer some units and inputs stand for all: over a training the scale came out within 6 % of that of
    all of them (a perceptron, a transformer).

    Left out: embeddings, norms, biases, weights used more than once, and recurrent layers with all before them, for
    which the rest stands: of five networks with embeddings or recurrences the scale of their last layers, or of the
    layers between tied embeddings, was .4 to 2.6 times that of all weights, but for the first steps. Rows are taken to
    be sorted by example, as where the batch is the first dimension; behind a recurrence that must be seen. Where a
    batch norm uses the batch's statistics nothing is measured: they tie the gradients of its examples together.
    """

    def __init__(self, anatomy: Anatomy, losses: Sequence[Loss], numbers: Gathering) -> None:
        self._numbers = numbers
        self._seen: set[int] = set()
        self._total = self._squares = 0.0
        self._examples = _examples(anatomy, losses)
        self._parts = min(_PARTS, self._examples)
        can = self._parts > 1 and not any(_ties(s) for s in anatomy.sites)
        layers = behind_recurrence(anatomy) if can else []
        once = [s for s in layers if s.operation in ("linear", "convolution") and s.uses == 1]
        self._weights = {id(s.weight): s.weight.numel() for s in once if s.weight is not None}
        self.sites = once

    def add(self, site: Site, gradient: Tensor) -> None:
        """The gradient at a layer's output has come."""
        data = data_of(site)
        if data is None or data.ndim < 2 or gradient.ndim < 2:
            return
        stand_for = 1.0
        if site.operation == "linear":
            if site.unit_dim != -1:  # W @ x
                data, gradient = data.mT, gradient.mT
            data, gradient = data.flatten(0, -2), gradient.flatten(0, -2)
            whole = gradient.shape[1] * data.shape[1]
            gradient, data = gradient[:, :: -(-gradient.shape[1] // _UNITS)], data[:, :: -(-data.shape[1] // _INPUTS)]
            stand_for = whole / (gradient.shape[1] * data.shape[1])
        rows, odd = divmod(len(data), self._examples)
        if odd or not rows or len(data) != len(gradient):
            return
        used = rows * (self._examples // self._parts) * self._parts
        parts = _of_weight(site, wide(data[:used]), wide(gradient[:used]), self._parts)
        if parts is None:
            return
        self._seen.add(id(site.weight))
        both = stand_for * parts.sum(0).square().sum(), stand_for * parts.square().sum()
        self._numbers.scalars(both, self._note)

    def _note(self, values: Sequence[float]) -> None:
        self._total += values[0]
        self._squares += values[1]

    def values(self, scale: float, passes: int) -> dict[str, float]:
        """What was measured, once the numbers are read; nothing where too little of the network could be seen.

        scale: what mixed precision multiplied the loss by. passes: how many like this one make the step.
        """
        if sum(self._weights[key] for key in self._seen) < _COVERED * sum(self._weights.values()) or not self._seen:
            return {}
        parts, batch = self._parts, self._examples
        length = batch // parts
        each = (batch / length / scale) ** 2  # the loss is a mean over the batch
        signal = each * (self._total - self._squares) / (parts * (parts - 1))
        noise = (each * self._squares / parts - signal) * length / batch
        return {q.GRAD_SIGNAL: passes**2 * signal, q.GRAD_NOISE: passes * noise, q.BATCH: passes * batch}


def _ties(site: Site) -> bool:
    return site.operation == "batch-norm" and ((found := norm_statistics(site)) is None or found.trains)


def _examples(anatomy: Anatomy, losses: Sequence[Loss]) -> int:
    """How many examples a pass has: the first dimension of what enters it, or of the loss."""
    leads = [len(loss.given) for loss in losses[:1] if loss.given.ndim]
    for site in anatomy.sites:
        if site.data is None and site.operation in ("linear", "convolution", "embedding"):
            entered = taken_by(site)
            if entered is not None and entered.ndim > 1:
                leads.append(entered.shape[0 if site.operation != "linear" or site.unit_dim == -1 else -1])
    return min(leads, default=0)


def _of_weight(site: Site, data: Tensor, gradient: Tensor, parts: int) -> Tensor | None:
    """The gradient of a layer's weights over each part of the rows, (parts, elements); None where it cannot be had."""
    if site.operation == "linear":
        return torch.bmm(gradient.unflatten(0, (parts, -1)).mT, data.unflatten(0, (parts, -1))).flatten(1)
    weight = operand(site.node, "weight", 1)
    if weight is None:
        return None
    how = [plain(site.node, n) for n in ("stride", "padding", "dilation", "transposed", "output_padding", "groups")]
    pairs = zip(gradient.chunk(parts), data.chunk(parts), strict=True)
    only_weight = [False, True, False]
    made = [torch.ops.aten.convolution_backward(g, x, wide(weight), None, *how, only_weight)[1] for g, x in pairs]
    return torch.stack(made).flatten(1)

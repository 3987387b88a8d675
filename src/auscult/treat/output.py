"""The output layer made small, so that the first loss is that of a guess which knows nothing."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from auscult.anatomy import Loss, output_of
from auscult.stats import wide
from auscult.treat.correction import centre
from auscult.treat.measure import Reading, spread, task_loss
from auscult.treat.patient import Patient
from auscult.treat.weights import Weights, checked_std, same_place

# Of the logits: random ones of spread s cost s²/2 above the uniform loss, here .005 nats.
LOGIT_STD = 0.1
_NEAR = 0.02  # nats from the loss of the guess
_SMALL = 0.1  # of the targets' spread: what a regression's first predictions may have


def make_small(patient: Patient, weights: Weights, base_rate: bool) -> float:
    """Scale the output layer, in place, and set its bias to zero, or to the base rate; the loss the guess has.

    Classifiers: logits of spread .1, less where the loss is not yet within .02 nats. Regression: predictions of a tenth
    of the targets' spread. A loss of unknown kind: outputs of unit spread, and NaN.
    """
    reading = Reading(patient)
    site = same_place(reading, weights)
    bias = site.bias if site is not None else None
    loss = reading.losses[weights.loss] if weights.loss is not None else None
    guess = None if loss is None or not base_rate or bias is None else _base_rate(loss, bias)
    with torch.no_grad():
        if bias is not None:
            bias.copy_(guess) if guess is not None else bias.zero_()
    expected = _guess(loss, bias.detach() if guess is not None and bias is not None else None)
    if site is not None and not weights.tied:
        centre(weights, site)
    reading = Reading(patient)
    places = [same_place(reading, weights)] if weights.tied else reading.uses(weights.tensor)
    outputs = [output for s in places if s is not None and (output := output_of(s)) is not None]
    if outputs:
        stds = [spread(output if guess is None else output - guess.to(output.dtype)) for output in outputs]
        with torch.no_grad():
            weights.tensor.mul_(_wanted(loss) / checked_std(max(stds), weights.name))
    if loss is None or weights.loss is None or loss.kind not in ("cross-entropy", "binary-cross-entropy"):
        return expected
    for _ in range(10):
        reading = Reading(patient)
        if abs(task_loss(reading.losses[weights.loss])[0] - expected) <= _NEAR:
            break
        with torch.no_grad():
            weights.tensor.mul_(0.5)
    return expected


def _wanted(loss: Loss | None) -> float:
    if loss is None:
        return 1.0
    if loss.kind in ("cross-entropy", "binary-cross-entropy"):
        return LOGIT_STD
    target = spread(loss.target)
    return _SMALL * target if target > 0 else _SMALL


@torch.no_grad()
def _base_rate(loss: Loss, bias: Tensor) -> Tensor | None:
    """The biases that alone give the best constant guess; None where the labels do not say. One more of each class."""
    if loss.kind == "cross-entropy" and loss.classes == bias.numel():
        if loss.target.is_floating_point():
            counts = wide(loss.target).movedim(1, -1).reshape(-1, bias.numel()).sum(0)
        else:
            known = loss.target.reshape(-1)
            known = known[known != loss.ignored] if loss.ignored is not None else known
            counts = torch.bincount(known, minlength=bias.numel()).float()
        logs = ((counts + 1) / (counts.sum() + bias.numel())).log()
        return (logs - logs.mean()).reshape(bias.shape)
    target = wide(loss.target)
    if bias.numel() != 1 and (target.ndim < 2 or target.shape[-1] != bias.numel()):
        return None
    rows = target.reshape(-1, bias.numel())
    if loss.kind == "binary-cross-entropy":
        rate = (rows.sum(0) + 1) / (len(rows) + 2)
        return (rate.log() - (1 - rate).log()).reshape(bias.shape)
    middle = rows.mean(0) if loss.kind == "squared-error" else rows.median(0).values
    return middle.reshape(bias.shape)


@torch.no_grad()
def _guess(loss: Loss | None, bias: Tensor | None) -> float:
    """The loss of the output's bias alone, or of zeros: what a network gives that does not look at its input."""
    if loss is None:
        return math.nan
    if bias is None:
        return task_loss(loss)[1]
    if loss.kind == "cross-entropy":
        shape = [1, -1, *[1] * (loss.given.ndim - 2)]
        constant = torch.log_softmax(wide(bias).reshape(-1), 0).view(shape).expand_as(loss.given)
    else:
        constant = wide(bias).reshape(-1).expand_as(loss.given)
        if loss.kind == "binary-cross-entropy" and not loss.are_logits:
            constant = constant.sigmoid()
    alone = Loss(loss.kind, constant, loss.target, loss.classes, loss.fed, loss.are_logits, loss.ignored)
    return task_loss(alone)[0]

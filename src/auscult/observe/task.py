"""What the loss of a training is, and how good a guess would be: read from the numbers that go into it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from auscult.anatomy import Loss, likelihood_and_classes, log_likelihood, some
from auscult.observe import arrival
from auscult.observe.gathering import Gathering
from auscult.runs import Task
from auscult.runs import quantities as q
from auscult.runs.facts import POLICY
from auscult.stats import wide

_FEATURES = 4096  # of a target: of more, the spread is taken over all of them together
_NEWTON = 8  # steps from the median to the constant of Huber's loss
_MEDIANS, _REMEMBERED = 16, 8192  # features whose medians are taken one by one, and numbers that are kept for that


class TaskLook:
    """Follows the labels of one training, over all looks."""

    def __init__(self) -> None:
        self.task: Task | None = None
        self.is_policys = False  # whether the loss is that of a policy's gradient
        self.logits: np.ndarray | None = None  # (2, classes): mean probability given, share of the labels; first look
        self.counts = True  # whether the labels of the next numbers read are of a step's first pass
        self._totals: np.ndarray | None = None  # what the base rate is made of, summed over all looks
        self._targets = np.empty((0, 1))  # (rows, features): of absolute errors the latest targets, for their medians

    @torch.no_grad()
    def look(self, losses: Sequence[Loss], numbers: Gathering) -> dict[str, float]:
        """Take what is needed of the losses of a pass; the values fill in when the numbers are read."""
        if self.is_policys:
            self.task = Task(POLICY, losses=len(losses) + 1)
            return {}
        if not losses or not losses[0].given.numel():
            return {}
        loss = losses[0]
        first = self.task is None
        if first:
            uniform = {"cross-entropy": math.log(loss.classes or 1), "binary-cross-entropy": math.log(2)}.get(loss.kind)
            self.task = Task(loss.kind, loss.classes, uniform, loss.fed, len(losses))
        elif self.task is not None and (loss.kind, loss.classes) != (self.task.kind, self.task.classes):
            return {}  # another loss takes its turn
        if loss.kind == "cross-entropy":
            return self._classes(loss, numbers, first)
        if loss.kind == "binary-cross-entropy":
            return self._yes_or_no(loss, numbers)
        return (self._squares if loss.kind == "squared-error" else self._distances)(loss, numbers)

    def _classes(self, loss: Loss, numbers: Gathering, first: bool) -> dict[str, float]:
        values: dict[str, float] = {}
        classes = loss.given.shape[1]
        if loss.target.is_floating_point():  # shares of the classes
            each = wide(loss.target * loss.given).sum(1)
            counts = wide(loss.target).movedim(1, -1).reshape(-1, classes).sum(0)
            mean, counted = (each.mean(),), each.numel()
        elif arrival.comes_later(loss.given.device):
            *mean, counts = likelihood_and_classes(loss)
            counted = loss.target.numel()  # some of them: that is a number to come
        else:
            each, target = log_likelihood(loss)
            mean, counted = (wide(each).mean(),), len(target)
            counts = torch.bincount(target, minlength=classes)
        if not counted:
            return values
        part = wide(some(loss.given, 1))
        centred = part - part.mean(1, keepdim=True)

        def note(v: Sequence[float]) -> None:
            examples = int(v[3]) if len(v) > 3 else counted
            if examples:
                values.update({q.TASK_LOSS: -v[2], q.LOGIT_STD: v[0], q.LOGIT_MAX: v[1], q.TASK_EXAMPLES: examples})

        def note_labels(v: np.ndarray) -> None:
            if not v.sum():
                return
            totals = self._add(v)
            with np.errstate(divide="ignore"):
                guess_has = -np.log(totals / totals.sum())
            values[q.TASK_LOSS_BASE] = _mean_over(totals, guess_has)
            values[q.TASK_LOSS_GUESS] = _mean_over(v, guess_has)
            if first:
                given = v / max(v.sum(), 1)
                numbers_of_guess = np.full_like(given, np.nan) if guess is None else guess
                self.logits = np.stack([numbers_of_guess, given]).astype(np.float32)

        guess: np.ndarray | None = None
        if first:
            others = [d for d in range(part.ndim) if d != 1]
            guess = part.exp().mean(others).double().cpu().numpy()
        numbers.scalars((centred.std(), centred.abs().max(), *mean), note)
        numbers.array(counts, note_labels)
        return values

    def _yes_or_no(self, loss: Loss, numbers: Gathering) -> dict[str, float]:
        values: dict[str, float] = {}
        given, target = wide(loss.given), wide(loss.target)
        if loss.are_logits:
            mean = torch.ops.aten.binary_cross_entropy_with_logits(given, target)
            spread = given.std() if given.numel() > 1 else torch.zeros_like(mean)
            numbers.scalars(
                (spread, given.abs().max()), lambda v: values.update(zip((q.LOGIT_STD, q.LOGIT_MAX), v, strict=True))
            )
        else:
            mean = torch.ops.aten.binary_cross_entropy(given, target)
        columns = target.reshape(-1, target.shape[-1]) if target.ndim > 1 else target.reshape(-1, 1)
        if columns.shape[1] > _FEATURES:
            columns = columns.reshape(-1, 1)
        rows = len(columns)

        def note_labels(v: np.ndarray) -> None:
            n, yes = self._add(np.stack([np.full(len(v), rows), v]))
            with np.errstate(divide="ignore"):
                guess_has = -np.log(np.stack([yes, n - yes]) / n)
            values[q.TASK_LOSS_BASE] = _mean_over(np.stack([yes, n - yes]), guess_has)
            values[q.TASK_LOSS_GUESS] = _mean_over(np.stack([v, rows - v]), guess_has)

        values[q.TASK_EXAMPLES] = rows
        numbers.scalars((mean,), lambda v: values.update({q.TASK_LOSS: v[0]}))
        numbers.array(columns.double().sum(0), note_labels)
        return values

    def _squares(self, loss: Loss, numbers: Gathering) -> dict[str, float]:
        given, target = wide(loss.given), wide(loss.target)
        columns = _columns(loss, target, _FEATURES)
        rows, values = len(columns), _examples(target)

        def note_targets(v: np.ndarray) -> None:
            total, squares = v.reshape(2, -1)
            n, all_total, all_squares = self._add(np.stack([np.full(len(total), rows), total, squares]))
            mean = all_total / n
            values[q.TASK_LOSS_BASE] = float(np.maximum(all_squares / n - mean**2, 0).mean())
            values[q.TASK_LOSS_GUESS] = float(np.maximum((squares - 2 * mean * total) / rows + mean**2, 0).mean())

        numbers.scalars(((given - target).square().mean(),), lambda v: values.update({q.TASK_LOSS: v[0]}))
        numbers.array(torch.stack([columns.sum(0), columns.square().sum(0)]), note_targets)
        return values

    def _distances(self, loss: Loss, numbers: Gathering) -> dict[str, float]:
        given, target = wide(loss.given), wide(loss.target)
        columns = _columns(loss, target, _MEDIANS)
        columns = columns[:: -(-columns.numel() // _REMEMBERED)]
        width, values = columns.shape[1], _examples(target)
        turns, scale = loss.turns, loss.scale

        def note_targets(v: np.ndarray) -> None:
            if self.counts or not self._targets.size:
                earlier = self._targets if self._targets.shape[1] == width else np.empty((0, width))
                self._targets = np.concatenate([earlier, v.reshape(-1, width)])[-(_REMEMBERED // width) :]
            constant = _best_constant(self._targets, turns)
            for which, targets in ((q.TASK_LOSS_BASE, self._targets), (q.TASK_LOSS_GUESS, v.reshape(-1, width))):
                values[which] = scale * float(_distances(targets - constant, turns).mean())

        apart = (given - target).abs()
        if turns:
            near = apart.clamp(max=turns)
            apart = near * (apart - near / 2)
        numbers.scalars((apart.mean() * scale,), lambda v: values.update({q.TASK_LOSS: v[0]}))
        numbers.array(columns, note_targets)
        return values

    def _add(self, totals: np.ndarray) -> np.ndarray:
        """What all looks sum up to, with these."""
        if self._totals is None or self._totals.shape != totals.shape:
            self._totals = totals.astype(np.float64)
        elif self.counts:
            self._totals = totals + self._totals
        return self._totals


def _mean_over(counts: np.ndarray, values: np.ndarray) -> float:
    """The mean of values that come so often; those that never come may be infinite."""
    comes = counts > 0
    return float((counts[comes] * values[comes]).sum() / counts.sum())


def _best_constant(targets: np.ndarray, turns: float) -> np.ndarray:
    """The constant for each feature, (features,), that leaves the least absolute error, or with `turns` Huber loss.

    targets: (rows, features). The median is that of the first; from there Newton's steps go to that of Huber's.
    """
    constant = best = np.median(targets, axis=0)
    least = np.full(len(best), np.inf)
    for _ in range(_NEWTON if turns else 0):
        apart = targets - constant
        losses = _distances(apart, turns).mean(axis=0)
        least, best = np.minimum(least, losses), np.where(losses < least, constant, best)
        step = np.clip(apart, -turns, turns).mean(axis=0)
        constant = constant + step / np.maximum((np.abs(apart) < turns).mean(axis=0), 1 / len(targets))
    return best


def _distances(apart: np.ndarray, turns: float) -> np.ndarray:
    """Absolute errors, or with `turns` Huber losses."""
    near = np.clip(apart, -turns, turns)
    return near * (apart - near / 2) if turns else np.abs(apart)


def _examples(target: Tensor) -> dict[str, float]:
    return {q.TASK_EXAMPLES: len(target) if target.ndim else 1}


def _columns(loss: Loss, target: Tensor, features: int) -> Tensor:
    """The targets as (rows, features); of too many features, and of all held against all, as one."""
    columns = target.reshape(len(target), -1) if target.ndim > 1 else target.reshape(-1, 1)
    if columns.shape[1] > features or loss.fed == "broadcast":
        columns = columns.reshape(-1, 1)
    return columns.double() if columns.device.type != "mps" else columns

"""Where a step comes from: what each part of an optimizer contributed to Δθ, parameter by parameter.

A stepper makes a direction d of the gradient g in stages d₀ = g, d₁, …, and moves by −lr · d. The contribution of a
stage is the difference it makes, −lr · (dᵢ − dᵢ₋₁), and that of the gradient −lr · g, what plain gradient descent would
have done. What moves parameters by itself (decay, lookahead) contributes that. So the contributions sum to Δθ, exactly
but for rounding. Adam's are gradient, momentum (m̂ − g) and scaling (m̂ / (√v̂ + ε) − m̂).

They are measured on copies, in a rehearsal of the step: whatever goes wrong there, the step is made as it would have
been.

A stage is measured before those after it: in Adam, l2_reg contributes −lr · wd · θ, and that this is averaged and
scaled like the rest is in the differences that momentum and scaling make.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from auscult.errors import OptimError
from auscult.optim.bundle import Bundle, unseen
from auscult.optim.composition import Composition
from auscult.optim.part import Mover, Part, Shaper, Stepper, Tensors

GRADIENT = "gradient"
_TOGETHER = 1 << 16  # elements rehearsed at a time: bounds the memory of contributions


@dataclass(frozen=True)
class Contribution:
    """What one part contributed to one parameter's update Δθ.

    part: its name. role: gradient, momentum, scaling, decay, …; unique among the contributions to a parameter.
    norm: ‖c‖₂. descent_cosine: of c and −g, 1 where it points the way of steepest descent.
    share: c · Δθ / ‖Δθ‖²; the shares of all parts sum to 1, and one that worked against the step has a negative one.
    norm_so_far: ‖·‖₂ of the sum of the contributions up to this one.
    delta: c itself, where it was asked to be kept. NaN where a vector of length zero leaves something undefined.
    """

    part: str
    role: str
    norm: float
    descent_cosine: float
    share: float
    norm_so_far: float
    delta: Tensor | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class ParameterUpdate:
    """The update Δθ of one parameter and what it is the sum of, in the order of the parts.

    name: as given with `named_parameters`, else "group.position".
    """

    name: str
    norm: float
    descent_cosine: float
    parts: tuple[Contribution, ...]
    parameter: Tensor = field(repr=False, compare=False)

    def part(self, role: str) -> Contribution:
        """The contribution of a role."""
        return next(c for c in self.parts if c.role == role)


@dataclass(frozen=True, eq=False)
class Change:
    """One contribution to all parameters of a bundle."""

    part: str
    role: str
    deltas: Tensors


def changes_of(b: Bundle, parts: Sequence[Part]) -> list[Change]:
    """Run the parts of an optimizer on a bundle, and tell what each changed; the arithmetic is that of a plain step."""
    chain: list[tuple[str | None, str, Tensors]] = [(None, GRADIENT, b.grads)]
    changes: list[Change] = []
    for part in parts:
        if isinstance(part, Shaper):
            chain += [(part.name, role, tensors) for role, tensors in part.stages(b)]
        elif isinstance(part, Stepper):
            stages = [*chain, *((part.name, role, tensors) for role, tensors in part.stages(b) if role != GRADIENT)]
            changes += _telescoped(stages, part.name, b.hyper["lr"])
        elif isinstance(part, Mover):
            changes += [Change(part.name, role, tensors) for role, tensors in part.moves(b)]
        part.run(b)
    return _distinct(changes)


def _telescoped(stages: Sequence[tuple[str | None, str, Tensors]], stepper: str, lr: float) -> list[Change]:
    made, before = [], None
    for part, role, tensors in stages:
        differences = tensors if before is None else torch._foreach_sub(tensors, before)
        made.append(Change(part or stepper, role, torch._foreach_mul(differences, -lr)))
        before = tensors
    return made


def _distinct(changes: list[Change]) -> list[Change]:
    """Roles that several parts play, with the part's name before them."""
    times = Counter(change.role for change in changes)
    return [c if times[c.role] == 1 else Change(c.part, f"{c.part} {c.role}", c.deltas) for c in changes]


class Watched:
    """The contributions to one step, as tensors on their devices until they are read.

    fault: what kept the step from being measured. seconds: how long it took to ask for it.
    """

    def __init__(self, keep: bool = False) -> None:
        self.fault: Exception | None = None
        self.seconds = 0.0
        self._keep = keep
        self._made: list[tuple[list[Tensor], list[Change], Tensor]] = []

    def rehearse(self, bundles: Sequence[Bundle], composition: Composition) -> None:
        """Make the step on copies of the bundles and measure what each part contributes; never raises."""
        began = perf_counter()
        try:
            with _without_trace(bundles):
                for b in bundles:
                    for owners, copied in b.copies(_TOGETHER):
                        self._rehearse(owners, copied, composition)
        except Exception as fault:
            self._made.clear()
            self.fault = fault.with_traceback(None)  # its frames hold tensors, and memory may be what it lacked
        self.seconds = perf_counter() - began

    def _rehearse(self, owners: list[Tensor], b: Bundle, composition: Composition) -> None:
        b.open(composition.tensors, composition.counts)
        grads = b.grads
        changes = changes_of(b, composition.parts)
        products = _products(changes, grads)
        self._made.append((owners, changes if self._keep else [replace(c, deltas=[]) for c in changes], products))

    def read(self, names: Mapping[int, str]) -> tuple[ParameterUpdate, ...]:
        """The updates in the order of `names`, by the parameter's id; of others, none.

        Raises OptimError where the step could not be measured.
        """
        if self.fault is not None:
            raise OptimError(
                f"what the parts contributed was not measured ({type(self.fault).__name__}: {self.fault}); "
                "the step itself was made"
            ) from self.fault
        made = {}
        with np.errstate(all="ignore"):  # what is not finite comes out as it is
            for owners, changes, products in self._made:
                for i, (owner, rows) in enumerate(zip(owners, products.cpu().double().numpy(), strict=True)):
                    if id(owner) in names:
                        made[id(owner)] = _update(names[id(owner)], owner, i, changes, rows)
        return tuple(made[key] for key in names if key in made)


@contextmanager
def _without_trace(bundles: Sequence[Bundle]) -> Iterator[None]:
    """What draws random numbers inside draws those it will draw in the step; nothing is cast to half precision."""
    devices = {b.owners[0].device for b in bundles}
    kind = next((d.type for d in devices if d.type != "cpu"), "cuda")
    others = [d for d in devices if d.type == kind]
    with (
        torch.random.fork_rng(others, device_type=kind),
        torch.autocast("cpu", enabled=False),
        torch.autocast(kind, enabled=False) if others else nullcontext(),
    ):
        yield


def _products(changes: Sequence[Change], grads: Tensors) -> Tensor:
    """The products of all pairs of c₁ … cₙ, their sums so far s₁ … sₙ and g: (parameters, 2n + 1, 2n + 1).

    One matrix product a parameter: its square roots and ratios are all the norms and cosines there are.
    """
    sums: list[Tensors] = []
    for change in changes:
        sums.append(torch._foreach_add(sums[-1], change.deltas) if sums else change.deltas)
    columns = zip(*(change.deltas for change in changes), *sums, grads, strict=True)
    rows = (torch.stack([x.flatten() for x in column]) for column in columns)  # (2n+1, elements)
    return torch.stack([x @ x.T for x in rows])


def _update(name: str, owner: Tensor, i: int, changes: Sequence[Change], products: np.ndarray) -> ParameterUpdate:
    n, norms = len(changes), np.sqrt(np.diag(products))
    total, steep = 2 * n - 1, norms[-1]
    parts = tuple(
        Contribution(
            part=change.part,
            role=change.role,
            norm=float(norms[k]),
            descent_cosine=_over(-products[k, -1], norms[k] * steep),
            share=_over(products[k, total], norms[total] ** 2),
            norm_so_far=float(norms[n + k]),
            delta=unseen(change.deltas[i], owner) if change.deltas else None,
        )
        for k, change in enumerate(changes)
    )
    return ParameterUpdate(name, float(norms[total]), _over(-products[total, -1], norms[total] * steep), parts, owner)


def _over(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")

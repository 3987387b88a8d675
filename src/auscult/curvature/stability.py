"""What sharpness an optimizer bears: the limit of its steps on a quadratic, and the metric it steps in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from auscult.curvature.objective import Objective
from auscult.errors import CurvatureError
from auscult.optim import Optimizer as Composed
from auscult.optim.statistics import AverageGrad

_MEANT = (
    "give torch.optim's or auscult.optim's SGD (with momentum, Nesterov's too), RMSprop, Adam or AdamW, or lr= and "
    "momentum="
)


@dataclass(frozen=True)
class Limit:
    """Steps stay bounded while lr · λ of the preconditioned Hessian is below `factor`.

    lr: the learning rate; the largest of the groups where they differ. rule: the bound on λ in words. scale: what the
    Hessian is multiplied by from both sides, (parameters,): √(each element's rate / lr); None for ones. decay: what is
    added to its diagonal, (parameters,), by decay that is part of the gradient.
    """

    lr: float
    factor: float
    rule: str
    scale: Tensor | None = None
    decay: Tensor | None = None

    @property
    def bound(self) -> float:
        """The sharpness that lr bears, factor / lr."""
        return self.factor / self.lr


@dataclass(frozen=True)
class _Group:
    """One group's steps: θ ← θ − rate · average, by element."""

    lr: float
    beta: float = 0.0
    nesterov: bool = False
    averages: bool = False  # m ← β m + (1 − β) g, in place of β m + g
    decay: float = 0.0
    gain: float = 1.0  # of the averages, as by dampening


def plain_limit(lr: float, momentum: float = 0.0, nesterov: bool = False, averages: bool = False) -> Limit:
    """The limit of gradient descent with one learning rate, with momentum or without.

    On a quadratic of curvature λ the steps are bounded for lr λ < 2; with θ ← θ − lr m and m ← β m + g for
    2 + 2β; with Nesterov's for (2 + 2β)/(1 + 2β) (Cohen et al. 2021, appendix B); with averages m ← β m + (1 − β) g
    for (2 + 2β)/(1 − β) (Cohen et al. 2022, of Adam: 38 at β .9).
    """
    if not lr > 0 or not 0 <= momentum < 1:
        raise CurvatureError(f"lr is {lr!r} and momentum {momentum!r}; lr is above 0, momentum from 0 to below 1")
    if not momentum:
        return Limit(lr, 2.0, f"2 / {lr:g}")
    factor, below = 2 + 2 * momentum, f"{lr:g}"
    if nesterov:
        factor, below = factor / (1 + 2 * momentum), f"((1 + 2·{momentum:g}) · {lr:g})"
    elif averages:
        factor, below = factor / (1 - momentum), f"((1 − {momentum:g}) · {lr:g})"
    return Limit(lr, factor, f"(2 + 2·{momentum:g}) / {below}")


def limit_of(objective: Objective, optimizer: torch.optim.Optimizer) -> Limit:
    """The limit of an optimizer as its last step left it; CurvatureError where its steps are of another kind."""
    place = {id(t): (name, i) for i, (name, t) in enumerate(objective.layout.tensors.items())}
    groups: dict[int, tuple[_Group, Tensor | None]] = {}
    for group in optimizer.param_groups:
        for p in group["params"]:
            if id(p) in place:
                groups[place[id(p)][1]] = _read(optimizer, group, p)
    missing = [name for name, i in place.values() if i not in groups]
    if missing:
        raise CurvatureError(
            f"the optimizer does not hold {missing[0]}; give Objective(parameters=) the names of those it holds"
        )
    kinds = {(g.beta, g.nesterov, g.averages) for g, _ in groups.values()}
    if len(kinds) > 1:
        raise CurvatureError("the groups' momenta differ; give Objective(parameters=) the names of one group's")
    beta, nesterov, averages = kinds.pop()
    lr = max(g.lr * g.gain for g, _ in groups.values())
    plain = plain_limit(lr, beta, nesterov, averages)
    ordered = [groups[i] for i in range(len(groups))]
    adaptive = any(rates is not None for _, rates in ordered)
    uneven = adaptive or any(g.lr * g.gain != lr for g, _ in ordered)
    scale = decay = None
    if uneven:
        parts = [
            (rates / lr).sqrt() if rates is not None else torch.full_like(t, (g.lr * g.gain / lr) ** 0.5)
            for (g, rates), t in zip(ordered, objective.layout.tensors.values(), strict=True)
        ]
        scale = objective.flat(dict(zip(objective.names, parts, strict=True)))
    if any(g.decay for g, _ in ordered):
        parts = [
            torch.full_like(t, g.decay) for (g, _), t in zip(ordered, objective.layout.tensors.values(), strict=True)
        ]
        decay = objective.flat(dict(zip(objective.names, parts, strict=True)))
    return Limit(lr, plain.factor, plain.rule, scale, decay)


def _read(optimizer: torch.optim.Optimizer, group: dict[str, Any], p: Tensor) -> tuple[_Group, Tensor | None]:
    if isinstance(optimizer, Composed):
        return _composed(optimizer, group, p)
    if group.get("maximize"):
        raise CurvatureError("the optimizer maximizes; its steps have no such limit")
    lr = float(group["lr"])
    if type(optimizer) is torch.optim.SGD:
        beta = float(group["momentum"])
        gain = 1 - float(group["dampening"]) if beta else 1.0
        return _Group(lr, beta, bool(group["nesterov"]), False, float(group["weight_decay"]), gain), None
    if type(optimizer) in (torch.optim.Adam, torch.optim.AdamW):
        state, (beta1, beta2) = _state(optimizer, p), group["betas"]
        steps = float(state["step"])
        v = state["max_exp_avg_sq"] if group["amsgrad"] else state["exp_avg_sq"]
        root = (v / (1 - beta2**steps)).sqrt().add_(group["eps"])
        decoupled = type(optimizer) is torch.optim.AdamW or group.get("decoupled_weight_decay", False)
        decay = 0.0 if decoupled else float(group["weight_decay"])
        return _Group(lr, float(beta1), False, True, decay), lr / ((1 - beta1**steps) * root)
    if type(optimizer) is torch.optim.RMSprop and not group["centered"]:
        root = _state(optimizer, p)["square_avg"].sqrt().add_(group["eps"])
        return _Group(lr, float(group["momentum"]), False, False, float(group["weight_decay"])), lr / root
    raise CurvatureError(f"no limit is known for {type(optimizer).__name__} as it is set; {_MEANT}")


def _composed(optimizer: Composed, group: dict[str, Any], p: Tensor) -> tuple[_Group, Tensor | None]:
    names = {part.name for part in optimizer.parts}
    average = next((part for part in optimizer.parts if isinstance(part, AverageGrad)), None)
    stepper = names & {"sgd", "momentum", "nesterov", "rms_prop", "adam"}
    if len(stepper) != 1 or names & {"larc", "lookahead"}:
        raise CurvatureError(f"no limit is known for the parts {', '.join(sorted(names))}; {_MEANT}")
    beta = float(group["momentum"]) if average is not None else 0.0
    averages = average is not None and average.dampening
    decay = float(group["weight_decay"]) if "l2_reg" in names else 0.0
    kind = _Group(float(group["lr"]), beta, "nesterov" in names, averages, decay)
    if not stepper & {"rms_prop", "adam"}:
        return kind, None
    rates = optimizer.effective_lr(p)
    if averages and "debias" in names:  # the averages are divided by what their weights sum to
        rates = rates / (1 - beta ** int(_state(optimizer, p)["step"]))
    return kind, rates


def _state(optimizer: torch.optim.Optimizer, p: Tensor) -> dict[str, Any]:
    state = optimizer.state.get(p)
    if not state:
        raise CurvatureError(
            "the optimizer has not stepped a parameter yet, so it has no scale; ask after the first step"
        )
    return state

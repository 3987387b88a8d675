"""`Optimizer`: a torch optimizer that is a list of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

import torch
from torch import Tensor
from torch.optim.optimizer import ParamsT

from auscult.errors import OptimError
from auscult.optim.bundle import Bundle, check_dtype, seen, unseen
from auscult.optim.composition import compose
from auscult.optim.contributions import ParameterUpdate, Watched
from auscult.optim.part import Part, Shaper, Stepper

# Elements that are stepped together on a CPU, so that what the parts read and write of them stays in its cache.
_CACHED = 1 << 16


class Optimizer(torch.optim.Optimizer):
    """An optimizer composed of parts, which are run in their order at every step.

        Optimizer(model.parameters(), [average_grad, momentum], lr=0.1, momentum=0.9)

    A parameter group may have its own value of any hyper-parameter, and a schedule may change it at any time. The
    coefficient of the average of gradients is always called `momentum`, so that schedulers such as OneCycleLR cycle
    it; `betas` is understood for `momentum` and `sqr_momentum`. Parameters without a gradient are left out of a step.
    Half precision and complex numbers: see `auscult.optim.bundle`. Sparse gradients are refused.

    Args:
        params: parameters, parameter groups or `named_parameters()`, as torch.optim takes them.
        parts: statistics, shapers, one stepper, movers.
        hyper: values for the groups that do not set their own.

    Raises OptimError where parts do not fit together, or a hyper-parameter is missing, unknown or out of range.
    """

    _watched: Watched | None = None  # the contributions to the last step that was watched
    _watching = False
    _keeping = False
    _asked: tuple[Watched, ...] = ()  # to be measured in the next step alone

    def __init__(self, params: ParamsT, parts: Iterable[Part], **hyper: Any) -> None:
        self._composition = compose(parts)
        super().__init__(params, self._composition.defaults(hyper))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it is composed of."""
        return self._composition.parts

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__}([{', '.join(self._composition.described())}])"]
        for i, group in enumerate(self.param_groups):
            hyper = ", ".join(f"{name} {group[name]:g}" for name in self._composition.hypers)
            lines.append(f"  group {i}, {len(group['params'])} parameters: {hyper}")
        return "\n".join(lines)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Step more parameters from now on; hyper-parameters that the group does not set have their defaults.

        Raises OptimError for a hyper-parameter that is unknown or out of range.
        """
        if isinstance(param_group, dict):  # torch says what is wrong with anything else
            param_group = self._composition.normal(param_group)
        super().add_param_group(param_group)
        try:
            for p in self.param_groups[-1]["params"]:
                check_dtype(p)
        except OptimError:
            self.param_groups.pop()
            raise

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Make one step, and return what `closure` returned, which computes the loss and its gradients anew.

        Raises OptimError for a sparse gradient, before anything has moved.
        """
        watched = self._asked_for()
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        bundles = [b for group in self.param_groups for b in self._bundles(group)]
        composition = self._composition
        if self._watching:
            self._watched = Watched(self._keeping)
            watched = (*watched, self._watched)
        for one in watched:
            one.rehearse(bundles, composition)
        for b in bundles:
            b.open(composition.tensors, composition.counts)
            for part in composition.parts:
                part.run(b)
            b.close()
        return loss

    @contextmanager
    def watch_parts(self, keep: bool = False) -> Iterator[None]:
        """Within it, every step also measures what each part contributes; `contributions` gives those of the last one.

        It changes no step, and costs nothing outside; within, a step takes about ten times as long, and the memory of
        fifteen times the largest parameter. keep: keep the contributions themselves too, not their norms alone; that
        takes several times the memory of all parameters.
        """
        before = self._watching, self._keeping
        self._watching, self._keeping = True, keep
        try:
            yield
        finally:
            self._watching, self._keeping = before

    def watch_next(self) -> Watched:
        """What each part contributes to the next step, to be read after it; `contributions` knows nothing of it.

        A compiled step is made as it is compiled and measures nothing: read, it is empty.
        """
        self._asked = (*self._asked, watched := Watched())
        return watched

    def watch_no_more(self, watched: Watched) -> None:
        """Take back what `watch_next` asked for, where no step has been made since."""
        self._asked = tuple(other for other in self._asked if other is not watched)

    def contributions(self) -> tuple[ParameterUpdate, ...]:
        """What each part contributed to the last step that was watched, by parameter; see `contributions.py`.

        Parameters that had no gradient are left out. Raises OptimError where no step was watched, or the last one that
        was could not be measured.
        """
        if self._watched is None:
            raise OptimError("no step was watched; make one within `with optimizer.watch_parts():`")
        return self._watched.read(self._names())

    @property
    def adaptive(self) -> bool:
        """Whether elements or whole parameters have learning rates of their own, which `effective_lr` gives."""
        return any(part.adaptive for part in self.parts)

    @torch.no_grad()
    def effective_lr(self, param: Tensor) -> Tensor:
        """The learning rate of every element of a parameter, as the last step left it: lr / (√v̂ + ε) for Adam.

        It is what the (averaged) gradient is multiplied by to make the step; like the parameter, in at least single
        precision; of a complex one, the rates of the real and of the imaginary parts. Decay has no share in it. Raises
        OptimError where the optimizer does not hold the parameter or has not stepped it, and for Lion, which has none.
        """
        group = next((g for g in self.param_groups if any(p is param for p in g["params"])), None)
        if group is None:
            raise OptimError("the optimizer does not hold this parameter; give one of its own")
        if self._composition.states and not self.state.get(param):
            raise OptimError("the parameter has not been stepped yet; ask after the first step")
        grads = [param.grad] if param.grad is not None else []
        b = Bundle(group, self.parts, [param], grads, [self.state.get(param, {})])
        b.open(self._composition.tensors, self._composition.counts)
        stepper = next(part for part in self.parts if isinstance(part, Stepper))
        for part in self.parts:
            if part.derived:
                part.run(b)
        rates = stepper.rates(b)
        for part in self.parts:
            if isinstance(part, Shaper) and (factors := part.factors(b)) is not None:
                rates = torch._foreach_mul(rates, factors)
        return unseen(rates[0], param)

    def state_dict(self) -> dict[str, Any]:
        """The state and the groups, as of any torch optimizer, and the parts they are of."""
        return {**super().state_dict(), "parts": self._composition.described()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Load copies of what `state_dict` gave, exactly.

        Raises OptimError, with nothing changed, where it is of other parts.
        """
        self._check_loaded(state_dict)
        super().load_state_dict(dict(state_dict))
        owners = [p for group in self.param_groups for p in group["params"]]
        keys = [key for group in state_dict["param_groups"] for key in group["params"]]
        for p, key in zip(owners, keys, strict=True):
            saved = state_dict["state"].get(key, {})
            for name, value in self.state.get(p, {}).items():  # torch does not copy, and casts to p's own dtype
                if isinstance(value, Tensor):
                    exact = value if value.dtype == saved[name].dtype else saved[name]
                    self.state[p][name] = exact.to(p.device, copy=True)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_composition": self._composition}

    def _check_loaded(self, state_dict: Mapping[str, Any]) -> None:
        mine, theirs = self._composition.described(), state_dict.get("parts")
        if theirs is not None and list(theirs) != mine:
            raise OptimError(
                f"the saved state is of the parts [{', '.join(theirs)}], this optimizer's are [{', '.join(mine)}]; "
                "compose it as it was saved"
            )
        kept = set(self._composition.states)
        for state in state_dict.get("state", {}).values():
            if set(state) != kept:
                raise OptimError(
                    f"the saved state keeps {sorted(state)} of a parameter, these parts {sorted(kept)}; "
                    "load what a composed optimizer of the same parts saved"
                )
        for group in state_dict.get("param_groups", ()):
            missing = [name for name in self._composition.hypers if name not in group]
            if missing:
                raise OptimError(f"a saved group has no {missing[0]}; load what a composed optimizer saved")

    def _asked_for(self) -> tuple[Watched, ...]:
        """What `watch_next` promised, once; none where the step is compiled, which is not compiled anew for it."""
        if torch.compiler.is_compiling() or not self._asked:
            return ()
        asked, self._asked = self._asked, ()
        return asked

    def _bundles(self, group: dict[str, Any]) -> list[Bundle]:
        """The parameters that have a gradient, by device, dtype and counts, with their state."""
        if "betas" in group:  # someone set it as one does with torch's Adam
            betas = group.pop("betas")
            group |= self._composition.normal({"betas": betas})
        parts, states, keeps = self.parts, self.state, bool(self._composition.states)
        counted = itemgetter(*self._composition.counts) if self._composition.counts else None
        made: list[Bundle] = []
        filling: dict[Any, tuple[list[Tensor], list[Tensor], list[dict[str, Any]]]] = {}
        size = 0
        for p in group["params"]:
            grad = p.grad
            if grad is None:
                continue
            if grad.layout is not torch.strided:
                raise OptimError(
                    f"a gradient is {str(grad.layout).removeprefix('torch.')}, and parts work on dense ones; "
                    "make the embedding with sparse=False, or use torch.optim.SparseAdam"
                )
            kept = states[p] if keeps else {}
            if keeps and not kept:
                self._begin(p, kept)
            key = (p.dtype, p.device, counted(kept) if counted else None)
            lists = filling.get(key)
            if lists is None:
                lists = filling[key] = [], [], []
                made.append(Bundle(group, parts, *lists))
            lists[0].append(p)
            lists[1].append(grad)
            lists[2].append(kept)
            size += p.numel()
            if size > _CACHED and p.is_cpu:
                filling, size = {}, 0
        return made

    def _begin(self, p: Tensor, kept: dict[str, Any]) -> None:
        """What is kept of a parameter before its first step."""
        like = seen(p.detach())
        for state in self._composition.states.values():
            if state.begins == "count":
                kept[state.name] = 0
            elif state.begins == "number":
                kept[state.name] = torch.ones((), dtype=like.dtype, device=like.device)
            else:
                kept[state.name] = like.clone() if state.begins == "data" else torch.zeros_like(like)

    def _names(self) -> dict[int, str]:
        """The names of all parameters by id, in their order."""
        return {
            id(p): group["param_names"][i] if "param_names" in group else f"{number}.{i}"
            for number, group in enumerate(self.param_groups)
            for i, p in enumerate(group["params"])
        }

"""A composition: parts that fit together, checked once, with what they ask for and keep all told."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from auscult.errors import OptimError
from auscult.optim.part import Hyper, Part, State, Stepper

# What torch's schedulers and optimizers write into a parameter group beside the hyper-parameters.
_OF_TORCH = {
    "params", "param_names", "initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum", "swa_lr",
    "differentiable",
}  # fmt: skip
_PROVIDERS = {
    "grad_avg": "average_grad", "sqr_avg": "average_sqr_grad", "step": "step_count", "sqr_avg_max": "maximum",
}  # fmt: skip


@dataclass(frozen=True)
class Composition:
    """The parts of an optimizer in their order, and all hyper-parameters and states of theirs by name."""

    parts: tuple[Part, ...]
    hypers: Mapping[str, Hyper] = field(repr=False)
    states: Mapping[str, State] = field(repr=False)

    @property
    def counts(self) -> tuple[str, ...]:
        """The names of the counters."""
        return tuple(s.name for s in self.states.values() if s.begins == "count")

    @property
    def tensors(self) -> tuple[str, ...]:
        """The names of the tensors kept."""
        return tuple(s.name for s in self.states.values() if s.begins != "count")

    def described(self) -> list[str]:
        """The parts as they are written, which is what a saved state is of."""
        return [repr(part) for part in self.parts]

    def normal(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Hyper-parameters by the names the parts have for them: `betas` are `momentum` and the other average's.

        Raises OptimError for one that no part takes, or whose value cannot be.
        """
        hyper = {k: v for k, v in given.items() if k != "betas"}
        if "betas" in given:
            second = "sqr_momentum" if "sqr_momentum" in self.hypers else "kept_momentum"
            betas = given["betas"]
            if "momentum" not in self.hypers or second not in self.hypers:
                raise OptimError(f"no two averages take betas; the parts take {self._taken()}")
            if not isinstance(betas, (tuple, list)) or len(betas) != 2:
                raise OptimError(f"betas is {betas!r}; give two numbers, for momentum and {second}")
            hyper |= {"momentum": betas[0], second: betas[1]}
        for name, value in hyper.items():
            if name in self.hypers:
                _check_value(self.hypers[name], value)
            elif name not in _OF_TORCH:
                near = difflib.get_close_matches(name, [*self.hypers, "betas"], 1)
                meant = f"did you mean {near[0]}? " if near else ""
                raise OptimError(f"no part takes {name}: {meant}the parts take {self._taken()}")
        return hyper

    def defaults(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The hyper-parameters of groups that do not set their own; OptimError where one has no value at all."""
        values = self.normal(given)
        for part in self.parts:
            for hyper in part.declare().hypers:
                if hyper.name not in values:
                    if hyper.default is None:
                        raise OptimError(f"{part.name} needs {hyper.name}, which was not given; give {hyper.name}=…")
                    values[hyper.name] = hyper.default
        return values

    def _taken(self) -> str:
        return ", ".join(self.hypers)


def compose(parts: Iterable[Any]) -> Composition:
    """Check that parts fit together; raises OptimError naming the part that does not, and what it needs."""
    listed = tuple(parts)
    for i, part in enumerate(listed):
        if not isinstance(part, Part):
            what = f"the class {part.__name__}" if isinstance(part, type) else f"a {type(part).__name__}"
            raise OptimError(f"part {i} is {what}; give parts, such as auscult.optim.sgd")
        if part.name in (other.name for other in listed[:i]):
            raise OptimError(f"{part.name} is there twice; leave one out")
    hypers: dict[str, Hyper] = {}
    states: dict[str, State] = {}
    keepers: dict[str, str] = {}
    for i, part in enumerate(listed):
        declared = part.declare()
        _check_statistics(listed, i)
        for state in declared.state:
            if state.name in keepers:
                raise OptimError(f"{part.name} keeps {state.name}, and so does {keepers[state.name]}; leave one out")
            keepers[state.name], states[state.name] = part.name, state
        for hyper in declared.hypers:
            known = hypers.setdefault(hyper.name, hyper)
            if known.default is None:
                hypers[hyper.name] = hyper
    steppers = [part.name for part in listed if isinstance(part, Stepper)]
    if not steppers:
        raise OptimError(f"no part steps along the gradient: got {list(listed)}; add a stepper, such as sgd")
    if len(steppers) > 1:
        raise OptimError(f"{' and '.join(steppers)} both step along the gradient; leave one out")
    return Composition(listed, hypers, states)


def _check_statistics(parts: tuple[Part, ...], i: int) -> None:
    """Raise OptimError where a part lacks a statistic, or has it on the wrong side."""
    declared, name = parts[i].declare(), parts[i].name
    before = {s for part in parts[:i] for s in part.declare().provided()}
    after = {s: part.name for part in parts[i + 1 :] for s in part.declare().provided()}
    for need in (*declared.needs, *declared.takes):
        if need in after and need not in before:
            raise OptimError(f"{name} needs {need}, which {after[need]} provides after it; put {after[need]} before it")
        if need in declared.needs and need not in before:
            raise OptimError(f"{name} needs {need}, which no part before it provides; put {_provider(need)} before it")
    for need in declared.recalls:
        if need not in after:
            raise OptimError(
                f"{name} needs {need} of the step before, which no part after it provides; "
                f"put {_provider(need)} after it"
            )


def _provider(statistic: str) -> str:
    return _PROVIDERS.get(statistic, f"a statistic that provides {statistic}")


def _check_value(hyper: Hyper, value: Any) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number or not hyper.low <= value <= hyper.most or not value < hyper.below:
        end = f" < {hyper.below:g}" if hyper.below < float("inf") else f" ≤ {hyper.most:g}"
        valid = f"{hyper.low:g} ≤ {hyper.name}{end}" if end != " ≤ inf" else f"{hyper.name} ≥ {hyper.low:g}"
        raise OptimError(f"{hyper.name} is {value!r}; give a number with {valid}")
    if hyper.whole and value % 1:
        raise OptimError(f"{hyper.name} is {value!r}; give a whole number")

"""Inside the network, look after look: names for what is seen, the life of units, and what goes into the run."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from auscult.anatomy import Anatomy, Site, is_policy_gradient, losses_of, read
from auscult.observe.evaluated import Evaluated
from auscult.observe.examples import Examples
from auscult.observe.gathering import Gathering
from auscult.observe.look import Look, Seen
from auscult.observe.task import TaskLook
from auscult.observe.units import Units
from auscult.runs import Layer, RunWriter, Task
from auscult.runs import quantities as q
from auscult.runs.facts import record_of

_FULL_AGAIN = 1.4  # a full look is due that many times the step of the last one
_PLANS = 64
_PASSES = 4  # with weights of their own
_FULL_LEAST = 5  # steps later, at least

Late = tuple[Callable[[], bool], Callable[[], list[tuple[str, str, float]]]]  # whether it is here; what it is then


class Inside:
    """Looks into the network on the steps that are due, and tells the run.

    name_of: the name of a watched tensor, None for others. switched_off: names of norm and dropout modules that are in
    eval mode. around, native: see `Look`.
    """

    def __init__(
        self,
        name_of: Callable[[Tensor], str | None],
        switched_off: Callable[[], list[str]],
        around: Callable[[Callable[[], None]], None],
        native: bool = True,
    ) -> None:
        self._name_of = name_of
        self._switched_off = switched_off
        self._off: list[str] = []
        self._off_told: list[str] = []
        self.evaluated = Evaluated()
        self._around = around
        self._native = native
        self._task = TaskLook()
        self._examples = Examples()
        self._task_told = self._logits_told = False
        self._layers: dict[str, Layer] = {}
        self._plans: dict[tuple, list[str | None]] = {}  # by what a look saw: the name of each
        self._units: dict[str, Units] = {}
        self._maps: dict[str, tuple[int, Tensor]] = {}
        self._full_from: dict[frozenset[int], int] = {}  # by a pass's weights: adversaries have passes of their own
        self._weights: frozenset[int] = frozenset()  # of the pass looked into
        self._plan: tuple = ()  # its key in `_plans`
        self._spreads: dict[int, float | None] = {}  # of its weights, by id, where it is a new one
        self._look: Look | None = None
        self._ended = False  # whether its backward pass came to its end
        self._of_task: dict[str, float] = {}
        self._of_examples: dict[str, float] = {}
        self._scale: Tensor | None = None
        self._told: set[str] = set()  # layers recorded for the step going on

    @property
    def looking(self) -> bool:
        """Whether a pass has been looked into, to its end, that is not recorded yet."""
        return self._look is not None and self._ended

    def look(self, roots: Sequence[Tensor], step: int, scale: Tensor | None = None) -> None:
        """A loss is known and its backward pass about to run; `scale`: what mixed precision multiplied the loss by."""
        self.forget()  # one whose backward pass was given up
        losses = losses_of(roots)
        if not self._plans:  # the first look
            self._task.is_policys = is_policy_gradient(roots)
        anatomy = read(roots, losses)
        self._weights = self._key_of(anatomy)
        self._plan = tuple((id(_weight_of(s)), s.use, s.operation) for s in anatomy.sites)
        new = [s.weight for s in anatomy.sites if s.weight is not None] if self._plan not in self._plans else []
        self._spreads = {id(weight): _spread(weight) for weight in new}  # now: once recorded, they have been moved
        full = step >= self._full_from.get(self._weights, 0)
        self._look = Look(anatomy, losses, full, self._around, self._native)
        self._look.begin()
        self._of_task = self._task.look(losses, self._look.numbers)
        self._of_examples = self._examples.look(anatomy, self._look.numbers)
        self._scale = scale
        self._off = self._switched_off()

    def backward_ended(self) -> None:
        """The gradients have passed."""
        if self._look is not None:
            self._look.leave()
            self._ended = True

    def forget(self) -> None:
        """What was seen belongs to a step that nobody records."""
        if self._look is not None:
            self._look.leave()
        self._look, self._ended = None, False

    def begin_step(self) -> None:
        """Another step begins."""
        self._told.clear()

    def record(self, step: int, writer: RunWriter, passes: int = 1) -> list[tuple[str, str, float]]:
        """What was seen, as values of the step's frame; the rest goes to the writer at once.

        passes: how many the step was made of; the first was looked at.
        """
        return self._take(step, writer, passes)()

    def record_later(self, step: int, writer: RunWriter, passes: int = 1) -> Late:
        """The same, without waiting for a device."""
        numbers = self._look.numbers if self._look is not None else Gathering()
        finish = self._take(step, writer, passes)
        numbers.send()
        return numbers.is_here, finish

    def _take(self, step: int, writer: RunWriter, passes: int) -> Callable[[], list[tuple[str, str, float]]]:
        """What is known of the look at once goes to the writer; the rest once it is called."""
        if not self.looking:
            self.forget()
        look, self._look, self._ended = self._look, None, False
        if look is None:
            return list
        counts = "" not in self._told  # of adversaries that take turns, the first one's labels
        scale = [1.0]
        if self._scale is not None:
            look.numbers.scalars((self._scale.reshape(()),), lambda v: scale.append(v[0]))
        names = self._names(look.anatomy, writer)
        new = {name for name in names if name is not None and name not in self._told}
        self._told |= new
        if counts:
            self._told.add("")
        if self._off != self._off_told:
            self._off_told = self._off
            writer.event(step, q.EVAL_MODE, modules=self._off)
        if look.full:
            self._full_from[self._weights] = max(step + _FULL_LEAST, math.ceil(step * _FULL_AGAIN))
        if self._task.task is not None and not self._task_told:
            self._task_told = True
            writer.fact("task", record_of(self._task.task))
        of_task, of_examples = self._of_task, self._of_examples

        def finish() -> list[tuple[str, str, float]]:
            self._task.counts = counts
            look.numbers.read()
            seen = look.read(scale[-1])
            values: list[tuple[str, str, float]] = []
            for name, one in zip(names, seen, strict=True):
                if name in new:
                    values += [(quantity, name, value) for quantity, value in one.values.items()]
                    self._record_units(step, name, one, look.full, writer)
                if name is not None and one.norm is not None:
                    self.evaluated.know(name, one.norm, (one.site.weight, one.site.bias))
            values += _inputs(names, seen)
            if counts:
                if q.DATA_BATCH in of_examples:
                    of_examples[q.DATA_BATCH] *= passes
                of_step = of_task | of_examples | look.noise.values(scale[-1], passes)
                values += [(quantity, "", value) for quantity, value in of_step.items()]
            if self._task.logits is not None and not self._logits_told:
                self._logits_told = True
                writer.array(step, q.LOGITS, "", self._task.logits)
            return values

        return finish

    @property
    def task(self) -> Task | None:
        """What the loss is, as far as it was seen."""
        return self._task.task

    def close(self, writer: RunWriter) -> None:
        """The training is over: the last maps and lives."""
        for name, (step, picture) in self._maps.items():
            writer.array(step, q.MAP_LAST, name, picture.cpu().numpy(), replaces=True)
            writer.array(step, q.UNITS, name, self._units[name].record(), replaces=True)
        self.evaluated = Evaluated()  # which holds tensors of the model

    # -- inside ---------------------------------------------------------------------------------------------------

    def _record_units(self, step: int, name: str, seen: Seen, full: bool, writer: RunWriter) -> None:
        for kind, histogram in seen.histograms.items():
            writer.array(step, kind, name, histogram)
        if seen.flat is None or seen.map is None:
            return
        first = name not in self._units or len(self._units[name]) != len(seen.flat)  # of text: its length changes
        if first:
            self._units[name] = Units(len(seen.flat))
        units = self._units[name]
        units.look(step, seen.flat, seen.examples)
        self._maps[name] = step, seen.map
        if units.rises(max(seen.values.get(q.SATURATED, 0.0), seen.values[q.DEAD])) or first:
            writer.array(step, q.MAP, name, seen.map.cpu().numpy())
        elif full:
            writer.array(step, q.MAP_LAST, name, seen.map.cpu().numpy(), replaces=True)
            writer.array(step, q.UNITS, name, units.record(), replaces=True)

    def _key_of(self, anatomy: Anatomy) -> frozenset[int]:
        """Which pass of the program this is; where there are very many, all count as one."""
        weights = frozenset(id(s.weight) for s in anatomy.sites)
        return weights if weights in self._full_from or len(self._full_from) < _PASSES else frozenset()

    def _names(self, anatomy: Anatomy, writer: RunWriter) -> list[str | None]:
        """The name of each layer of a look, None for one of tensors that are not watched. New ones are noted."""
        if self._plan not in self._plans:
            if len(self._plans) >= _PLANS:  # tensors made anew every step
                self._plans.clear()
            named = name_layers(anatomy, self._name_of)
            self._plans[self._plan] = [named.get(site) for site in anatomy.sites]
            for site, name in named.items():
                if name not in self._layers:
                    self._layers[name] = self._layer(site, name, anatomy, named)
            writer.fact("layers", [record_of(layer) for layer in self._layers.values()])
            if anatomy.compiled:
                writer.fact("compiled", True)
        return self._plans[self._plan]

    def _layer(self, site: Site, name: str, anatomy: Anatomy, named: dict[Site, str]) -> Layer:
        return Layer(
            name=name,
            operation=site.operation,
            weight=self._name_of(site.weight) if site.weight is not None else None,
            bias=self._name_of(site.bias) if site.bias is not None else None,
            fan_in=site.fan_in,
            units=site.units,
            activation=site.activation.name if site.activation is not None else None,
            norm=site.norm.operation if site.norm is not None else None,
            weight_std=self._spreads.get(id(site.weight)),
            is_output=site.is_output,
            after=tuple(named[other] for other in anatomy.before(site) if other in named),
            hidden=site.hidden,
        )


def name_layers(anatomy: Anatomy, name_of: Callable[[Tensor], str | None]) -> dict[Site, str]:
    """The names of the layers: of their weights, less "weight"; what has none is named for what it follows."""
    named: dict[Site, str] = {}
    taken: set[str] = set()
    for site in anatomy.sites:
        weight = _weight_of(site)
        if weight is not None:
            path = name_of(weight)
            name = None if path is None else _of_weight(path, site.operation)
        else:
            before = [site.follows] if site.follows is not None else anatomy.before(site)[-1:]
            name = named.get(before[0]) if before else ""
        if name is None:
            continue
        if site.weight is None:
            name = f"{site.operation}({name})" if name else site.operation
        name += f"#{site.use}" if site.use > 1 else ""
        unique, number = name, 2
        while unique in taken:
            unique, number = f"{name}#{number}", number + 1
        taken.add(unique)
        named[site] = unique
    return named


def _weight_of(site: Site) -> Tensor | None:
    """A layer's weight, or that of the layer it follows."""
    return site.weight if site.weight is not None or site.follows is None else site.follows.weight


def _of_weight(weight: str, operation: str) -> str:
    path, _, last = weight.split(".parametrizations.")[0].rpartition(".")
    if ".parametrizations." in weight:
        path, last = weight.split(".parametrizations.")[0], "weight"
    if last == "weight" or operation == "recurrent":
        return path or operation
    short = last.removesuffix("_weight").removeprefix("weight_")
    return f"{path}.{short}" if path else short


def _spread(weight: Tensor) -> float | None:
    if weight.ndim < 2 or weight.numel() < 2 or weight.is_complex():
        return None
    return float(weight.detach().float().std())


def _inputs(names: Sequence[str | None], seen: Sequence[Seen]) -> list[tuple[str, str, float]]:
    """The data that enters, each tensor of it once; not the zeros that a recurrence begins with."""
    entries: dict[int, tuple[str, dict[str, float]]] = {}
    for name, one in zip(names, seen, strict=True):
        if name is not None and one.data and not (_is_zero(one.data) and _is_used_again(name, names)):
            entries.setdefault(one.data_key, (name, one.data))
    subjects = ["input"] if len(entries) == 1 else [f"input of {name}" for name, _ in entries.values()]
    return [
        (quantity, subject, value)
        for subject, (_, data) in zip(subjects, entries.values(), strict=True)
        for quantity, value in data.items()
    ]


def _is_zero(data: Mapping[str, float]) -> bool:
    return data.get(q.INPUT_MIN) == data.get(q.INPUT_MAX) == 0


def _is_used_again(name: str, names: Sequence[str | None]) -> bool:
    return any(other is not None and other.startswith(f"{name}#") for other in names)

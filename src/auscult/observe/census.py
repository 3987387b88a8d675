"""Who moves which tensors: the optimizers that step, or the loop itself; and what nobody moves."""

from __future__ import annotations

import weakref
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Optimizer as TorchOptimizer

from auscult.observe import facts
from auscult.observe.graph import Use, is_for_learning
from auscult.observe.kinds import kind_of
from auscult.observe.left import Left
from auscult.observe.naming import (
    Named,
    Switches,
    alive,
    is_optimizable,
    made,
    name_tensors,
    one_search,
    switched_off,
    switches_of,
)
from auscult.observe.probe import Probe, Watched, watch_tensor
from auscult.observe.source import Source
from auscult.runs import Optimizer, Parameter
from auscult.runs import quantities as q
from auscult.stats import memory

# steps after which an optimizer of other tensors begins a training of its own; one of the same tensors that comes
# sooner goes on in the place of the last
OWN_TRAINING = 20
GATED = ("backward_begins", "backward_ended", "step_begins", "step_ended")  # what the native core's gate hears first


class Census:
    """The watched tensors and their movers. Without a target, whatever is trained is watched."""

    def __init__(
        self,
        target: dict[int, tuple[Tensor, Named]] | None = None,
        optimizers: tuple[TorchOptimizer, ...] = (),
        native: bool = True,
    ) -> None:
        self.sources: dict[int, Source] = {}  # by id of the optimizer, its own once that is gone; 0 is the loop
        self.orphans: list[Probe] = []  # trainable, and no optimizer holds it
        self.uses: dict[int, Use] = {}
        self._target = target
        self._only = optimizers
        self.native = native
        self._leaves: weakref.WeakValueDictionary[int, Tensor] = weakref.WeakValueDictionary()
        self._known: dict[int, Watched] = {}
        self._gone: dict[str, Parameter] = {}  # by name
        self._names: dict[int, Named] = {key: named for key, (_, named) in target.items()} if target else {}
        self._titles: Counter[str] = Counter()
        self._switches: Switches = []
        self.before_forgetting: Callable[[], None] = lambda: None  # an optimizer is gone

    def saw(self, leaves: Iterable[tuple[Tensor, Use]]) -> None:
        """Note what a loss depends on."""
        for tensor, use in leaves:
            if is_optimizable(tensor) and (self._target is None or id(tensor) in self._target):
                self._leaves[id(tensor)] = tensor
                self.uses[id(tensor)] = use

    def loop_moves_them(self) -> bool:
        """Whether what was seen belongs to no optimizer there is: then the loop must move it.

        An optimizer of sharded parameters (FSDP) holds the shards, while the loss depends on whole copies that come and
        go: these are no business of ours, and what was given to be watched is none of them.
        """
        if not len(self._leaves) or self._only:
            return False
        known = _held_by(list(made.values()))
        if any(key in known for key in list(self._leaves)):
            return False
        held = _held_by(alive(TorchOptimizer))
        sharded = self._target is None and any(hasattr(p, "to_local") for p in held.values())
        return not sharded and not any(key in held for key in list(self._leaves))

    def is_free(self, tensors: Sequence[Tensor]) -> bool:
        """Whether no optimizer there is holds one of these."""
        held = _held_by(alive(TorchOptimizer))
        return not self._only and not any(id(t) in held for t in tensors)

    @property
    def was_given(self) -> bool:
        """Whether there is a target to watch; else it is what trains."""
        return self._target is not None

    def concerns_us(self, root: Tensor, inputs: Sequence[Tensor]) -> bool:
        """Whether gradients of a loss are asked for what is watched, or may be."""
        known = self._known if self._target is None else self._target
        return any(id(t) in known for t in inputs) or (self._target is None and is_for_learning(root, inputs))

    def is_another_loop(self, leaves: Iterable[tuple[Tensor, Use]]) -> bool:
        """Whether a loss depends on nothing that the loop is known to move: another model, trained after the first."""
        fresh = {id(t) for t, _ in leaves if is_optimizable(t)}
        return self._target is None and bool(fresh) and self._moved.isdisjoint(fresh)

    def is_loop_alike(self, leaves: Iterable[tuple[Tensor, Use]]) -> bool:
        """Whether a loss depends on tensors of the shapes that the loop's have."""
        loops = Counter(t.shape for t in self.sources[0].tensors())
        return loops == Counter(t.shape for t, _ in leaves if is_optimizable(t))

    def is_foreign(self, leaves: Iterable[tuple[Tensor, Use]]) -> bool:
        """Whether a loss depends on nothing that an optimizer is known to move, though others did: another model's."""
        moved = self._moved
        seen = not moved.isdisjoint(list(self._leaves))  # sharded weights never are
        return seen and moved.isdisjoint(id(t) for t, _ in leaves)

    @property
    def _moved(self) -> set[int]:
        """What is known to be moved by somebody, by id."""
        return {id(t) for source in self.sources.values() for t in source.tensors()}

    def source_of(self, optimizer: TorchOptimizer) -> Source | None:
        """The known source of an optimizer, None where it has not been adopted."""
        source = self.sources.get(id(optimizer))
        return source if source is not None and source.reference and source.reference() is optimizer else None

    def is_another_training(self, optimizer: TorchOptimizer, leaves: Collection[int] | None = None) -> bool:
        """Whether an optimizer moves nothing that is known: a new model, in a program that trains one after another.

        leaves: ids of what its loss depends on, where there is one: then of what it moves, and of nothing known.
        """
        moves, moved = dict(_ids(optimizer)).keys(), self._moved
        if leaves is not None and (moves.isdisjoint(leaves) or not moved.isdisjoint(leaves)):
            return False
        return self._target is None and bool(self.sources) and bool(moves) and moved.isdisjoint(moves)

    def inherits(self, optimizer: TorchOptimizer, step: int, leaves: Collection[int] | None = None) -> bool:
        """Let a new optimizer take the place of one like it, which moves the same; whether there is such a one.

        Where a script makes one for every step or every epoch, these are one mover. One that has moved for long is
        replaced only where it is known to be the same training that goes on, as it is of what was given to be watched.
        step: the last that began. leaves: ids of what a loss depends on that goes on; None where none is known.
        """
        moves = dict(_ids(optimizer))
        for source in [] if self._only else list(self.sources.values()):
            if source.title != type(optimizer).__name__ or len(optimizer.param_groups) != source.groups:
                continue
            goes_on = self.was_given or (leaves is not None and not moves.keys().isdisjoint(leaves))
            if not goes_on and step - source.since >= OWN_TRAINING:
                continue
            if source.left is not None and source.left.is_moved_by(moves):
                source.moves_again(self._by_device(self._watch_again(source.left)))
            elif not moves or source.holds != moves:
                continue
            source.since = step
            self.sources = {key: s for key, s in self.sources.items() if s is not source}
            self._follow(source, optimizer)
            return True
        return False

    def goes_on_with(self, optimizer: TorchOptimizer, step: int, leaves: Collection[int]) -> bool:
        """The same of a training that goes on by another optimizer than before, or with other groups."""
        if self.inherits(optimizer, step, leaves):
            return True
        moves = dict(_ids(optimizer)).keys()
        for source in list(self.sources.values()):
            if source.left is not None and source.left.are(moves) and not moves.isdisjoint(leaves):
                self._watch_again(source.left)
                source.left = None
                self.adopt(optimizer, step)
                return True
        return False

    def _watch_again(self, left: Left) -> list[Watched]:
        watched, names = left.again()
        self._names |= names
        self._known |= {id(w.tensor): w for w in watched}
        for w in watched:
            self._gone.pop(w.name, None)
        return watched

    @torch.no_grad()
    def adopt(self, optimizer: TorchOptimizer, step: int = -1) -> Source:
        """Start watching what an optimizer moves; from a source that moved it before, it is taken over.

        step: the last that began.
        """
        with one_search():
            return self._adopt(optimizer, step)

    def _adopt(self, optimizer: TorchOptimizer, step: int) -> Source:
        source = self._new_source(type(optimizer).__name__, None)
        source.title, source.since = type(optimizer).__name__, step
        self._follow(source, optimizer)
        self._take(source, optimizer)
        return source

    def _follow(self, source: Source, optimizer: TorchOptimizer) -> None:
        source.reference = weakref.ref(optimizer, lambda _: self._forget(source))
        self.sources[id(optimizer)] = source

    def _take(self, source: Source, optimizer: TorchOptimizer) -> None:
        held = self._moved_by(optimizer)
        self._release({id(p) for p, _ in held})
        source.probes, source.size = self._probes(held), len(held)
        source.groups = len(optimizer.param_groups)
        source.held = sum(len(group["params"]) for group in optimizer.param_groups)
        self._find_orphans()

    def _moved_by(self, optimizer: TorchOptimizer) -> list[tuple[Tensor, int | None]]:
        """What an optimizer moves of what is to be watched, each with its group.

        Where some were given to be heard, one that takes the place of such a one is heard too.
        """
        moves = _params(optimizer)
        given = not self._only or any(optimizer is o for o in self._only)
        if not given and self._moved.isdisjoint(id(p) for p, _ in moves):
            return []
        return [(p, group) for p, group in moves if self._target is None or id(p) in self._target]

    def has_grown(self, source: Source, optimizer: TorchOptimizer) -> bool:
        """Whether an optimizer holds more than it did when it was adopted."""
        return sum(len(group["params"]) for group in optimizer.param_groups) != source.held

    def has_thawed(self, source: Source, optimizer: TorchOptimizer) -> bool:
        """Whether something that an optimizer holds is asked to train that was not. Looks at every tensor."""
        return len(self._moved_by(optimizer)) > source.size

    @torch.no_grad()
    def adopt_more(self, source: Source, optimizer: TorchOptimizer) -> None:
        """Watch all that a known optimizer moves by now."""
        with one_search():
            self._take(source, optimizer)

    @torch.no_grad()
    def take_back(self, source: Source, optimizer: TorchOptimizer) -> bool:
        """Watch again what a known optimizer moves and another has moved since; whether that is new to this one.

        Where two take turns with the same tensors, each has probes of its own from the second turn on.
        """
        held = self._moved_by(optimizer)
        taken = {id(t) for t, _ in held}
        first = not source.takes_turns
        for other in self.sources.values():
            other.takes_turns |= other is source or any(id(t) in taken for t in other.tensors())
        self._release(taken)
        source.probes, source.lent = source.lent or self._probes(held), None
        return first

    @torch.no_grad()
    def adopt_loop(self) -> Source:
        """Start watching what was seen, moved by the loop itself."""
        with one_search():
            return self._adopt_loop()

    def _adopt_loop(self) -> Source:
        source = self._new_source(q.LOOP, None)
        self.sources[0] = source
        source.probes = self._probes([(t, 0) for t in list(self._leaves.values())])
        return source

    def forget_loop(self) -> None:
        """It was none: what it seemed to move is moved by an optimizer, or not at all."""
        self.sources.pop(0, None)
        self._find_orphans()

    def drop_loop(self) -> None:
        """What it moved is gone, and others will come in its place, and under its names."""
        for key in [id(t) for t in self.sources.pop(0).tensors()]:
            for known in (self._known, self._names, self.uses, self._leaves):
                known.pop(key, None)
        self._titles[q.LOOP] -= 1

    def movers(self) -> list[Source]:
        """The sources that move what is watched."""
        return [s for s in self.sources.values() if s.probes]

    def let_go(self) -> None:
        """Hold no tensor any longer."""
        for source in self.sources.values():
            source.let_go()
        self.sources, self.orphans, self._known, self._target, self._only = {}, [], {}, None, ()
        self._names = {}  # with the modules that own what they name

    def name_of(self, tensor: Tensor) -> str | None:
        """The name of a watched tensor."""
        named = self._names.get(id(tensor))
        return named.name if named is not None else None

    def switched_off(self) -> list[str]:
        """The norm and dropout modules, of the models that are trained, that are in eval mode."""
        return switched_off(self._switches)

    def records(self) -> tuple[list[Parameter], list[Optimizer]]:
        """The records of all watched tensors, in the order of the model, and of their movers."""
        tensors = [(w, s.name) for s in self.sources.values() for p in s.probes for w in p.watched]
        tensors += [(w, None) for p in self.orphans for w in p.watched]
        order = {key: i for i, key in enumerate(self._names)}
        tensors.sort(key=lambda pair: order[id(pair[0].tensor)])
        movers = [s for s in self.sources.values() if s.probes or s.takes_turns or s.left is not None]
        present = [facts.of_tensor(w, None if s == q.LOOP else s) for w, s in tensors]
        names = {p.name for p in present}
        return (
            [*(p for p in self._gone.values() if p.name not in names), *present],
            [self._record_of(s) for s in movers],
        )

    def _record_of(self, source: Source) -> Optimizer:
        optimizer = source.reference() if source.reference else None
        if source.record is None or optimizer is not None:
            source.record = facts.of_optimizer(optimizer, source.name)
        return source.record

    @property
    def is_gated(self) -> bool:
        """Whether the native core hears of steps first: where it is to be used, and was built."""
        return self.native and memory.BUILT

    def gate_before(self, listener: object) -> Any | None:
        """The native core's gate before a listener."""
        return memory.gate(*(getattr(listener, name) for name in GATED)) if self.is_gated else None

    def measured_by(self) -> str:
        """What reads the tensors, in words."""
        probes = [*self.orphans, *(p for s in self.sources.values() for p in s.probes)]
        ways = dict.fromkeys("the native core" if p.core is not None else "PyTorch" for p in probes)
        return " and ".join(ways)

    def _new_source(self, title: str, reference: weakref.ref[TorchOptimizer] | None) -> Source:
        self._titles[title] += 1
        number = self._titles[title]
        return Source(title if number == 1 else f"{title}#{number}", reference)

    def _release(self, taken: set[int]) -> None:
        for source in self.sources.values():
            if any(id(t) in taken for t in source.tensors()):
                if source.takes_turns and all(id(t) in taken for t in source.tensors()):
                    source.lent = source.probes
                kept = [w for p in source.probes for w in p.watched if id(w.tensor) not in taken]
                source.probes = self._by_device(kept)

    def _forget(self, source: Source) -> None:
        """An optimizer is gone, and perhaps its model with it: hold none of its tensors, keep their records.

        A target stays until the end: it was given to be watched.
        """
        self.before_forgetting()
        # the next optimizer may get the id of this one
        self.sources = {id(source) if s is source else key: s for key, s in self.sources.items()}
        if self._target is not None:
            return
        everything = [w for probe in source.probes for w in probe.watched]
        left = Left(everything, self._names)
        for watched in everything:
            self._gone[watched.name] = facts.of_tensor(watched, source.name)
            for known in (self._known, self._names, self._leaves):
                known.pop(id(watched.tensor), None)
        source.let_go()
        source.left = left

    def _find_orphans(self) -> None:
        owned = self._moved
        if self._target is not None:
            everything = [t for t, _ in self._target.values()]
        else:  # of what a loss depends on; an input that asks for a gradient is no parameter
            everything = [t for t in list(self._leaves.values()) if isinstance(t, nn.Parameter)]
        free = [t for t in everything if id(t) not in owned and is_optimizable(t)]
        elsewhere = _held_by(self._only or alive(TorchOptimizer)) if free else {}
        self.orphans = self._probes([(t, None) for t in free if id(t) not in elsewhere])

    def _probes(self, held: Sequence[tuple[Tensor, int | None]]) -> list[Probe]:
        unnamed = [t for t, _ in held if id(t) not in self._names]
        if unnamed:
            self._name(unnamed)
        new = [t for t, _ in held if id(t) not in self._known]
        known = {id(reference()) for _, reference in self._switches}
        self._switches += [s for s in switches_of(new) if id(s[1]()) not in known]
        for t, group in held:
            known = self._known.get(id(t))
            if known is None:
                named = self._names[id(t)]
                known = watch_tensor(named.name, t, kind_of(t, named, self.uses.get(id(t), "other")))
            self._known[id(t)] = replace(known, group=group)
        order = {key: i for i, key in enumerate(self._names)}
        return self._by_device(sorted((self._known[id(t)] for t, _ in held), key=lambda w: order[id(w.tensor)]))

    def _by_device(self, watched: list[Watched]) -> list[Probe]:
        devices = dict.fromkeys(w.tensor.device for w in watched)
        return [Probe([w for w in watched if w.tensor.device == device], self.native) for device in devices]

    def _name(self, tensors: list[Tensor]) -> None:
        """Name tensors, and with them all that other optimizers hold, so that two models are told apart."""
        others = [p for o in alive(TorchOptimizer) for p, _ in _params(o) if self._target is None]
        taken = {named.name for named in self._names.values()}
        together = {id(t): t for t in [*tensors, *others] if id(t) not in self._names}
        for key, named in name_tensors(together.values()).items():
            name, number = named.name, 2
            while name in taken:
                name, number = f"{named.name}#{number}", number + 1
            taken.add(name)
            self._names[key] = replace(named, name=name)


def _params(optimizer: TorchOptimizer) -> list[tuple[Tensor, int | None]]:
    return [
        (p, i)
        for i, group in enumerate(optimizer.param_groups)
        for p in group["params"]
        if p.requires_grad and is_optimizable(p)
    ]


def _ids(optimizer: TorchOptimizer) -> list[tuple[int, int | None]]:
    """What an optimizer moves, by id, each with its group."""
    return [(id(p), group) for p, group in _params(optimizer)]


def _held_by(optimizers: Iterable[TorchOptimizer]) -> dict[int, Tensor]:
    """What optimizers hold, by id."""
    return {id(p): p for o in optimizers for group in o.param_groups for p in group["params"]}

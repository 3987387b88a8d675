"""The units of each hidden layer that no example turns on any more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auscult.findings import Evidence
from auscult.rules._case import SETTLING, Case
from auscult.rules._once import once
from auscult.rules._rule import above, lacking
from auscult.rules._units import judged
from auscult.rules.diverging_loss import too_few
from auscult.runs import Layer
from auscult.runs import quantities as q

SHARE = 0.5  # of a layer's units
NEARLY_ALL = 0.8  # of them, that die one by one in a network that learns
TOLD = 0.4  # share worth telling
OF_EACH_UNIT = ("batch-norm", "instance-norm")
LEAST_EXAMPLES = 500  # without one that turns the unit on
LASTING = 0.1  # of all examples seen, without one that turns the unit on
LEARNS = 0.1  # of the loss's size: a fall that says that the network learns
LEAST_LOOKS = 5
WHOLE_EXAMPLES, WHOLE_LOOKS = 200, 4  # the same, of a layer all of whose units are off
LEAST_TOLD = 8  # units of a share that is only worth telling
MOSTLY_OFF, STILL_OFF = 0.9, 0.8  # of a layer's values: off as it was drawn, and in the end
BY_CHANCE = 2.0  # over √units: four standard deviations of the share of units that bias and signs turn off for all


@dataclass(frozen=True)
class Dead:
    """The units of one layer that are dead."""

    layer: Layer
    units: int
    born: int  # never seen alive
    killed: int
    last_alive: np.ndarray  # (killed,) the step each was last seen alive
    examples: int  # the fewest without one that turns a unit on
    revived: int  # how often any unit came back
    first: int  # first look
    seen: np.ndarray  # steps looked at
    learns: bool  # whether the network's loss fell all the same

    @property
    def share(self) -> float:
        """Dead units over all."""
        return (self.born + self.killed) / self.units

    @property
    def limit(self) -> float:
        """The share beyond which it is an ailment.

        Weights drawn about zero leave up to half of the units dead at birth where the signal is weak against the
        biases, by chance some more: two standard deviations of that are 1/√units. Behind a norm of each unit's own they
        leave none. And a network that needs fewer units than it has loses the others one by one, while it learns.
        """
        if self.born > self.killed:
            return SHARE if self.layer.norm in OF_EACH_UNIT else min(0.99, SHARE + self.units**-0.5)
        return NEARLY_ALL if self.learns and self.one_by_one else SHARE

    @property
    def one_by_one(self) -> bool:
        """Whether no two looks have most of the killing between them."""
        blow = self.blow
        return blow is not None and 2 * blow[2] < self.killed

    @property
    def blow(self) -> tuple[int, int, int] | None:
        """The looks between which most were killed, and how many that was; None where none were."""
        if not self.killed:
            return None
        steps, counts = np.unique(self.last_alive, return_counts=True)
        at = int(np.argmax(counts))
        after = self.seen[self.seen > steps[at]]
        return int(steps[at]), int(after[0]) if len(after) else int(steps[at]), int(counts[at])

    @property
    def since(self) -> int:
        """The step from which most are dead: the first look for those born so."""
        blow = self.blow
        return self.first if blow is None or self.born >= self.killed else blow[1]


@once
def dead_units(case: Case) -> list[Dead] | None:
    """The dead units of each layer of which enough was seen; None where of none it was recorded which are alive."""
    known = [(x, units) for x in judged(case) if (units := _units(case, x.name)) is not None]
    counted = [_count(case, x, units) for x, units in known]
    return [d for d in counted if d is not None] if known else None


def killed_early(case: Case) -> Evidence | None:
    """The share of a layer's units that were killed in the first steps, of the layer that lost most."""
    early = SETTLING * case.total_steps
    lost = {
        d.layer.name: float((d.last_alive <= early).sum()) / d.units
        for d in dead_units(case) or ()
        if d.killed >= LEAST_TOLD
    }
    worst = max(lost, key=lambda name: lost[name], default=None)
    return None if worst is None else above(f"share of the units of {worst} killed at first", lost[worst], TOLD)


def _units(case: Case, name: str) -> np.ndarray | None:
    """The last count of a layer's units, (3, units); None where there is none."""
    stored = case.run.arrays(q.UNITS, name)
    values = stored[-1].values if stored else None
    return values if values is not None and values.ndim == 2 and values.shape[0] == 3 and values.shape[1] else None


def _count(case: Case, layer: Layer, units: np.ndarray) -> Dead | None:
    """The dead units of a layer; None where too little was seen to call any of them dead."""
    alive, examples, revived = units
    seen = next(
        (s.steps for n in (q.DEAD, q.ACTIVATION_STD, q.OUTPUT_STD) if len(s := case.looks(n, layer.name))), None
    )
    if seen is None:
        return None
    looks_since = len(seen) - np.searchsorted(seen, alive, side="right")
    total = case.looks(q.UNIT_EXAMPLES, layer.name).values.sum()
    enough = (examples >= max(LEAST_EXAMPLES, LASTING * total)) & (looks_since >= LEAST_LOOKS)
    if (looks_since >= WHOLE_LOOKS).all() and (examples >= WHOLE_EXAMPLES).all():
        enough[:] = True
    if not enough.any() and (len(seen) < LEAST_LOOKS or 0 < total < LEAST_EXAMPLES):
        return None
    born, killed = enough & (alive < 0), enough & (alive >= 0)
    return Dead(
        layer, units.shape[1], int(born.sum()), int(killed.sum()), alive[killed],
        int(examples[enough].min()) if enough.any() else 0, int(revived.sum()), int(seen[0]), seen, _learns(case),
    )  # fmt: skip


def _learns(case: Case) -> bool:
    curve = case.loss
    return too_few(curve) is None and curve.progressed and curve.fell > LEARNS * curve.size


@dataclass(frozen=True)
class Off:
    """How much of a layer was off as it was drawn, and how much of it is in the end."""

    layer: Layer
    begins: Evidence
    ends: Evidence

    @property
    def nearest(self) -> Evidence:
        """What it lacks most to be an ailment."""
        return lacking(self.begins, self.ends)


def drawn_off(case: Case) -> list[Off]:
    """How much of each hidden layer the first look found off, where it was there from the start.

    Weights drawn about zero leave every unit on or off for all examples where the signal is weak against the biases:
    half of them off, by chance more.
    """
    found = []
    for x in judged(case):
        off = case.looks(q.OFF, x.name)
        if x.units and len(off) >= LEAST_LOOKS and off.steps[0] < LEAST_LOOKS:
            limit = min(0.99, max(MOSTLY_OFF, 0.5 + BY_CHANCE / x.units**0.5))
            begins = above(f"{q.OFF} of {x.name}, at first", float(off.values[0]), limit, int(off.steps[0]))
            ends = above(f"{q.OFF} of {x.name}, late", off.late, STILL_OFF, int(off.steps[-1]))
            found.append(Off(x, begins, ends))
    return found

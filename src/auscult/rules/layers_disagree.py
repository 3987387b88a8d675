"""layers-disagree: some matrices move far faster or slower than the others of their group."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Evidence, Finding
from auscult.rules._apart import NOTED, PLAIN, lasting, middle_of, off_since, offsets, second_half, way, way_of
from auscult.rules._case import Case
from auscult.rules._causes import OF_RATES
from auscult.rules._pace import Pace, paces, paces_of_tables, too_few_samples, usual_norm
from auscult.rules._rule import Rule, Unjudged, Verdict, above, figure, listed, nearest, past, reached
from auscult.runs import quantities as q

APART = 1.2  # decades off the group's middle matrix
HUGE = 3.0  # the first spread of an embedding that no usual way of drawing it gives
WRECKED = 3.0  # decades off: dead or saturated, beyond what a learning rate of its own mends
STANDS = -4.0  # of a group's ratio: it hardly learns
BEHIND = 1.5  # decades that it lies below the fastest group
RATES = 30.0  # times its learning rate that the fastest has: that is the reason
REMADE = -0.7  # of a group's ratio in the first looks: its weights are made anew, not taught
FIRST = slice(1, 6)  # the looks that say so
TAME = 1.0  # decades below that which another group's lies then
AS_DRAWN = -1.5  # log10 of how far a matrix came in all, over the size it was drawn with
ON_ITS_WAY = -1.0  # of the middle matrix, in a training that has come somewhere
NEAR_ZERO = 0.1  # of an embedding's first spread
HALF = 0.5  # of the size that PyTorch draws a matrix of
LEAST_MATRICES = 3
LEAST_STEADY = 10  # samples of the steady part
_ONE_SCALE = (
    "Initialise the layers to one scale, such as torch.nn.init.kaiming_normal_ gives with the activation's gain, or "
    "put a normalisation between them."
)


class LayersDisagree(Rule):
    """Some weight matrices move far faster or slower for their size than others under the same learning rate.

    ## What it flags
    Matrices whose update-to-data ratio in the steady part of the run lies 1.2 decades or more, a factor of 16, off the
    middle one of all matrices in their parameter group (of an even number the faster of the two), and is not on its way
    there; from .9 decades on, a factor of 8, as information. A matrix that ends within 3 % of its size of where it was
    drawn, while the middle one came a tenth of its size, and ten times as far. Of a group of two, a matrix below 10^-4
    that moves a thirtieth as fast as the other. An embedding that was drawn with a spread above 3 and moves a thirtieth
    as fast as the matrices. Also a group of parameters, of embeddings too, beside another whose learning rate differs
    30 times or more: one that stands, below 10^-4 and at a thirtieth of the other's pace; or one that its higher rate
    makes anew at first, by a fifth of its size each step, while the other moves a tenth as fast. Of a training that
    goes on from trained weights, where that is usual, all but the first of these are information.

    ## Why it matters
    One learning rate serves the whole group. Where one layer moves a hundred times as fast as the rest, no value is
    right: what is safe for that layer leaves the others standing. The usual reasons are an initialisation whose scale
    differs from layer to layer, gradients that shrink or grow with depth, saturated or dead layers, or inputs of odd
    scale.

    ## Thresholds
    1.2 decades over the steady part, in its second half, and after another such half if it came nearer by as much
    again as it did from the first to the second. In the sweeps that `learning-rate-too-high` describes half of the good
    trainings stayed within .2 to .3 decades, and 95 % within .75; beyond 1.5 lay five of 463, whose rate was at the
    upper end of what is good and most of whose layers were saturated or dead. Of the healthy trainings of
    `benchmarks/faults` that thresholds may be set by none came beyond .54. A layer whose weights are 30 times too large
    ends 1.0 to 1.5 decades off under Adam, whose steps do not know the scale, and farther under SGD. Of 590 healthy
    trainings of 100 steps and more (those, and `benchmarks/field`) no matrix ended within 4.9 % of where it was drawn.
    Five of them moved the matrices of a group by a fifth of their size in the first looks, which alone is no ailment;
    none had groups whose rates lie 30 times apart.

    ## False alarms
    Embeddings, biases and gains are left out, and matrices of less than 1 % of their group's elements that are no
    layer's weights, such as what mixes residual streams. An embedding drawn from N(0, 1) sits 1.5 decades low under
    Adam and is healthy, unless its first spread is above 3 and it lies more than 1.5 below. So is any matrix drawn from
    N(0, 1) up to 1.5 decades below, such as the directions of a cosine classifier. Groups with rates of their own are
    compared only where one stands still or is made anew. What was drawn at three times the usual size or more has a
    reason of its own to stay where it is, and a group drawn near zero has one to move fast. A matrix that starts at
    or near zero moves fast for its size until it has grown; it is not flagged while it comes nearer at a pace that will
    do, nor up to 1.5 decades once it has twice the spread it began with, as an output layer that is drawn small has. Of
    two matrices none is the middle one: that they differ is flagged only where one stands still, which none of 480
    healthy trainings came near to (none below 10^-4 lay more than 1.2 decades from another).

    ## What it cannot see
    Lesser disagreement between groups of parameters, that of two matrices which both move, and that between the
    parts of one matrix, such as the queries, keys and values of attention where they are kept in one. Where most of the
    layers are off, the middle one is off with them, and the healthy rest is what is named.

    ## Remedies
    Initialise the layers alike (`torch.nn.init.kaiming_normal_` with the gain of the activation that follows), put a
    normalisation between them, scale the inputs, or give the matrices that stand out a parameter group with a
    learning rate of their own.
    """

    name = "layers-disagree"

    def examine(self, case: Case) -> Verdict:
        """The matrices that stand out, one finding for each group."""
        found = paces(case)
        measured = () if isinstance(found, Unjudged) else found
        left = [*self._left_behind(case, measured), *self._stands_beside(case, measured), *self._huge(case, measured)]
        left += self._thrown_beside(case, measured)
        if isinstance(found, Unjudged) and not left:
            return found
        if not left and all(len(p.group.named("matrix")) < LEAST_MATRICES for p in measured):
            return Unjudged(f"no parameter group has {LEAST_MATRICES} matrices to compare", "skipped")
        if (short := too_few_samples(case)) is not None:
            return short
        enough = [p for p in measured if len(p.each) >= LEAST_MATRICES and p.samples >= LEAST_STEADY]
        if not (enough or left):
            return Unjudged(
                f"no parameter group has {LEAST_MATRICES} matrices that moved, "
                f"over {LEAST_STEADY} samples of its steady part"
            )
        held = [(p, lasting(case, p)) for p in enough]
        apart = [finding for p, each in held if (finding := self._of_group(case, p, each)) is not None]
        if left or apart:
            return (*left, *apart)
        return nearest(
            Evidence(f"{q.RATIO} of {name}, off the middle one of {p.group.name}", least, APART, reached(least, APART))
            for p, each in held
            for name, least in each.items()
        )

    def _left_behind(self, case: Case, measured: tuple[Pace, ...]) -> list[Finding]:
        """Groups whose own learning rate leaves them standing beside the fastest."""
        known = [p for p in (*measured, *paces_of_tables(case)) if p.each and p.samples >= LEAST_STEADY]
        if len(known) < 2 or case.several_losses:
            return []
        fastest = max(known, key=lambda p: p.steady)
        found = []
        for p in known:
            apart, rates = fastest.steady - p.steady, fastest.group.top_lr / p.group.top_lr
            if p.steady < STANDS and apart > BEHIND and rates > RATES:  # NaN: a rate nobody knows
                ratio = f"{q.RATIO} of {p.what}, steady"
                found.append(
                    self.finding(
                        "info" if case.looks_trained or case.has_new_head else "warning",
                        list(p.each),
                        int(p.steps[0]),
                        f"{listed(list(p.each))} of {p.group.name} move{'' if len(p.each) > 1 else 's'} by "
                        f"10^{p.steady:.1f} of their size in a step, {figure(past(apart, 0), 1)} times slower than "
                        f"those of {fastest.group.name}: the rate {figure(p.group.top_lr)} leaves them standing.",
                        [
                            Evidence(ratio, p.steady, STANDS, past(p.steady, STANDS), p.step_of(p.steady)),
                            above(f"{OF_RATES} {fastest.group.name} over that of {p.group.name}", rates, RATES),
                        ],
                        [
                            f"Give {p.group.name} a learning rate nearer to {figure(fastest.group.top_lr)}; if it is "
                            "meant to rest, set requires_grad_(False)."
                        ],
                    )
                )
        return found

    def _thrown_beside(self, case: Case, measured: tuple[Pace, ...]) -> list[Finding]:
        """Groups whose own learning rate makes them anew at once, beside one that it would take to teach them."""
        known = [p.of_usual for p in (*measured, *paces_of_tables(case)) if p.samples >= LEAST_STEADY]
        found = []
        for fast in known if not case.several_losses else ():
            slow = [
                p
                for p in known
                if fast.group.top_lr > RATES * p.group.top_lr > 0 and _at_first(p) < _at_first(fast) - TAME
            ]
            if not (slow and _at_first(fast) > REMADE) or _drawn_small(case, fast):
                continue
            beside, began, step = min(slow, key=_at_first), _at_first(fast), int(fast.steps[FIRST][0])
            times = fast.group.top_lr / beside.group.top_lr
            names = list(fast.group.named(fast.kind))
            found.append(
                self.finding(
                    "info" if case.looks_trained or case.has_new_head else "warning",
                    names,
                    step,
                    f"{listed(names)} of {fast.group.name} began with steps of 10^{began:.1f} of "
                    f"{'their' if names[1:] else 'its'} size: the rate {figure(fast.group.top_lr)} is "
                    f"{figure(times, 1)} times that of {beside.group.name}, and makes "
                    f"{'them' if names[1:] else 'it'} anew.",
                    [
                        Evidence(f"{q.RATIO} of {fast.what}, first looks", began, REMADE, reached(began, REMADE), step),
                        above(f"{OF_RATES} {fast.group.name} over that of {beside.group.name}", times, RATES),
                    ],
                    [f"Give {fast.group.name} a learning rate nearer to {figure(beside.group.top_lr)}."],
                )
            )
        return found

    def _of_group(self, case: Case, pace: Pace, stay: dict[str, float]) -> Finding | None:
        """The matrices that move at another pace; where none is surely off, those that end where they were drawn."""
        off = max(stay.values())
        if off < APART and (drawn := self._as_drawn(case, pace)) is not None:
            return drawn
        return self._in_group(case, pace, stay) if off >= NOTED else None

    def _as_drawn(self, case: Case, pace: Pace) -> Finding | None:
        """The matrices that end where they were drawn, in a group whose middle one has come somewhere."""
        came = way(case, pace)
        middle = middle_of(came) if len(came) >= LEAST_MATRICES else -math.inf
        stayed = sorted((n for n in came if came[n] < min(AS_DRAWN, middle - TAME)), key=lambda n: came[n])
        if middle < ON_ITS_WAY or not stayed:
            return None
        farthest = came[stayed[-1]]
        return self.finding(
            "info" if case.looks_trained or case.has_new_head else "warning",
            stayed,
            int(pace.steps[0]),
            f"{listed(stayed)} ended within {100 * 10**farthest:.2g} % of where "
            f"{'they were' if stayed[1:] else 'it was'} drawn, while the middle matrix of {pace.group.name} came "
            f"{figure(10 ** (middle - farthest), 1)} times as far for its size{' and more' if stayed[1:] else ''}.",
            [
                Evidence(
                    way_of(stayed[0]), came[stayed[0]], AS_DRAWN, past(came[stayed[0]], AS_DRAWN), int(pace.steps[-1])
                )
            ],
            [_ONE_SCALE, f"Or give {stayed[0]} a parameter group of its own, with a higher learning rate."],
        )

    def _stands_beside(self, case: Case, measured: tuple[Pace, ...]) -> list[Finding]:
        """Of a group of two matrices, the one that stands still while the other moves."""
        found = []
        for p in measured:
            if len(p.each) != 2 or p.samples < LEAST_STEADY:
                continue
            (slow, low), (fast, high) = sorted(p.each.items(), key=lambda one: one[1])
            late = offsets(case, p, second_half(p))
            apart = min(high - low, late.get(fast, 0.0) - late.get(slow, 0.0))
            if not (low < STANDS and apart > BEHIND):
                continue
            ratio = f"{q.RATIO} of {slow}, steady"
            found.append(
                self.finding(
                    "info" if case.looks_trained or case.has_new_head else "warning",
                    [slow],
                    int(p.steps[np.flatnonzero(p.steady_at)[0]]),
                    f"{slow} moves by 10^{low:.1f} of its size in a step, {figure(past(apart, 0), 1)} times slower "
                    f"than {fast}: it stays nearly as it was drawn.",
                    [
                        Evidence(ratio, low, STANDS, past(low, STANDS), p.step_of(low)),
                        above(f"decades between {fast} and {slow}", apart, BEHIND),
                    ],
                    [_ONE_SCALE, f"Or give {slow} a parameter group of its own, with a higher learning rate."],
                )
            )
        return found

    def _in_group(self, case: Case, pace: Pace, stay: dict[str, float]) -> Finding:
        limit = APART if max(stay.values()) >= APART else NOTED
        middle = middle_of(pace.each)
        off = {name: pace.each[name] - middle for name, least in stay.items() if least >= limit}
        names = sorted(off, key=lambda name: -abs(off[name]))
        worst = names[0]
        times = figure(past(off[worst], 0), 1)
        others = f" Far off too: {listed(names[1:])}." if names[1:] else ""
        own = (
            f"Or give {worst} a parameter group of its own, with a learning rate about {times} times "
            f"{'lower' if off[worst] > 0 else 'higher'}."
        )
        return self.finding(
            "warning" if limit == APART else "info",
            names,
            _begins(case, pace, worst, limit),
            f"{worst} moves {times} times {'faster' if off[worst] > 0 else 'slower'} for its size than the middle one "
            f"of the {len(pace.each)} matrices of {pace.group.name}.{others}",
            _evidence(pace, {name: off[name] for name in names}, limit),
            [
                _ONE_SCALE,
                *([own] if abs(off[worst]) < WRECKED else []),
            ],
        )

    def _huge(self, case: Case, measured: tuple[Pace, ...]) -> list[Finding]:
        """Groups with embeddings that were drawn far too large."""
        known = [p for p in measured if p.each and p.samples >= LEAST_STEADY]
        return [self._drowns(case, p, off) for p in known if (off := _huge_embeddings(case, p))]

    def _drowns(self, case: Case, pace: Pace, off: dict[str, float]) -> Finding:
        names = sorted(off, key=lambda name: off[name])
        spread = case.looks(q.DATA_STD, names[0]).first
        return self.finding(
            "warning",
            names,
            _begins(case, pace, names[0], PLAIN),
            f"{listed(names)} {'were' if names[1:] else 'was'} drawn with a spread of {figure(spread)} and "
            f"{'move' if names[1:] else 'moves'} {figure(past(off[names[0]], 0), 1)} times slower for "
            f"{'their' if names[1:] else 'its'} size than {pace.what}: what it holds stays as it "
            "was drawn, and drowns what is added to it.",
            _evidence(pace, {name: off[name] for name in names}, PLAIN),
            [f"Draw {listed(names)} small, as with torch.nn.init.normal_(…, std=0.02), or with a spread of 1 at most."],
        )


def _drawn_small(case: Case, pace: Pace) -> bool:
    """Whether a group was drawn at zero or near it: such weights move fast for their size until they have grown."""
    if pace.kind == "embedding":
        return all(case.looks(q.DATA_STD, name).first < NEAR_ZERO for name in pace.each)
    drawn = (
        case.looks(q.DATA_NORM, p.name).first / usual_norm(p) for p in pace.group.parameters if p.name in pace.each
    )
    return all(size < HALF for size in drawn)


def _at_first(pace: Pace) -> float:
    """The middle of a group's ratios in its first looks, as of a steady pace; NaN where none is known."""
    known = pace.middle[FIRST][np.isfinite(pace.middle[FIRST])]
    return float(np.median(known)) - pace.shrinks if len(known) else float("nan")


def _evidence(pace: Pace, off: dict[str, float], limit: float) -> list[Evidence]:
    """What lies so many decades off the middle matrix of its group."""
    step = int(pace.steps[np.flatnonzero(pace.steady_at)[-1]])
    return [
        Evidence(
            f"{q.RATIO} of {name}, off the middle one of {pace.group.name}",
            value,
            math.copysign(limit, value),
            past(abs(value), limit),
            step,
        )
        for name, value in off.items()
    ]


def _begins(case: Case, pace: Pace, name: str, limit: float) -> int:
    """The step from which one is told to be off: at the latest that at which the steady part begins."""
    return min(off_since(case, pace, name, limit), int(pace.steps[np.flatnonzero(pace.steady_at)[0]]))


def _huge_embeddings(case: Case, pace: Pace) -> dict[str, float]:
    """The embeddings drawn so large that they stand still beside the matrices, and by how many decades."""
    steady = case.medians(pace.group.named("embedding"), pace.steady_at)
    off = {name: value - pace.steady for name, value in steady.items() if case.looks(q.DATA_STD, name).first > HUGE}
    return {name: value for name, value in off.items() if value < -PLAIN}

"""weight-scale: at the start the signal, or its gradient, shrinks or grows from layer to layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from auscult.findings import Evidence, Finding, Remedy
from auscult.rules._case import Case
from auscult.rules._depth import Chain, chains, gradient
from auscult.rules._held_out import learned_by_heart
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, listed, nearest
from auscult.rules.overconfident_init import SURE_OF_NOTHING
from auscult.runs import Layer
from auscult.runs import quantities as q
from auscult.runs.start import LayerStart, Start, ideal_std

TIMES = 10.0  # from a chain's one end to the other
TIMES_DEFAULT = 1000.0  # where the weights are as PyTorch draws them
OFF = 1.25  # times that the weights must be too small or too large for it to be their doing
TOO_LARGE = 2.0  # times, of most hidden layers, that make the outputs large
TOO_LARGE_ALONE = 4.0  # the same, of the only one
TOO_SMALL = 4.0  # times, of most hidden layers, that let the signal fade; as PyTorch draws them it is 2.4 before a ReLU
FAR_ABOVE = 10.0  # times the loss of a guess, of a regression, that such outputs begin at
FADES_ANYWAY = ("sigmoid", "hardsigmoid")  # their slope is a quarter at most: no weights of theirs keep the gradient
POOLED = 4.0  # times that pooling by two may shrink a gradient: the mean of four places leaves each a quarter
DEFAULT = 0.02  # how near to PyTorch's own spread the weights are, as a share of it, beyond chance
_CHANCE = 1.35  # three standard errors of a uniform spread, times the root of the number of weights
FAR_OFF = 3.0  # times: weights that nobody would draw on purpose
WON = 0.9  # of the loss, its own at first or a guess's: a training that came down so far has got over its start

ALONE = Unjudged("no two hidden layers follow each other, alike and without a normalisation", "skipped")


@dataclass(frozen=True)
class Course:
    """What becomes of one quantity from one end of a chain to the other, in the direction it flows."""

    quantity: str
    begins: float
    ends: float
    from_name: str
    to_name: str

    @property
    def times(self) -> float:
        """How many times it shrank or grew."""
        return max(self.begins / self.ends, self.ends / self.begins)

    def against(self, limit: float, step: int | None = None) -> Evidence:
        """It, held against a limit."""
        return above(f"{self.quantity}, {self.from_name} to {self.to_name}", self.times, limit, step)

    @property
    def shrinks(self) -> bool:
        """Whether it becomes smaller."""
        return self.ends < self.begins


class WeightScale(Rule):
    """At the start the signal, or its gradient, shrinks or grows from layer to layer.

    ## What it flags
    Hidden layers that follow each other, alike in kind and activation and without a normalisation between, whose
    activations shrink or grow at the first look by ten times or more from the first of them to the last, or whose
    gradients do on their way back, because the weights are too small or too large. Also most hidden layers with weights
    twice as large as the activation asks for or more (four times where there is but one such layer), where the loss
    begins as far above a guess's as `overconfident-init` has it; or a quarter as large or less, and less than
    orthogonal weights would be, where ten times of the signal are lost from the first hidden layer to the last, and
    each takes its input from one layer, not a norm.

    ## Why it matters
    Each layer multiplies the signal's spread by the same factor, so a small error becomes a large one with depth.
    Where the signal fades, all examples look alike to the last layers; where the gradient fades, the first layers do
    not learn; where either grows, units saturate or the loss overflows.

    ## Thresholds
    Ten times from end to end, with weights off by a quarter or more in that direction, against gain/sqrt(fan_in) (He
    et al. 2015; torch.nn.init.calculate_gain). Five tanh layers of 100 units, with weights of gain g over sqrt(fan_in),
    hand on a spread of .75 .69 .67 .66 .66 at g = 5/3 and .62 .48 .41 .35 .32 at 1: not flagged; at .5 it is .41 .20
    .10 .05 .02, and the gradient comes back 16 times smaller: flagged.

    PyTorch's default for linear layers has gain .58. Measured on 256 units, its ReLU networks lose 2.4, 5.5, 10.6 and
    14.9 times of the signal and 2.4, 5.8, 15 and 36 times of the gradient over 2, 3, 4 and 5 hidden layers; with GELU
    140 times of the gradient over 5. With Adam they train all the same; with SGD at .1 six hidden ReLU layers had come
    from 1.61 to 1.44 in 400 steps, four to .76. So weights that are as PyTorch draws them are flagged from 1,000 times:
    eight hidden layers with ReLU (530 times) are not, eight with GELU (5,900 times) are.

    The gradient of convolutions, which pooling and strides shrink too, is taken to shrink four times less at each
    layer than it does; that it grows is not judged.

    ## False alarms
    Residual streams grow with depth and are not compared: a layer that takes its input from several begins a new
    series. Nor are layers behind a normalisation, layers of fewer than 8 units, and gradients of sigmoids, which fade
    whatever the weights (see `vanishing-gradients`). A training whose loss came down to a tenth of a guess's all the
    same, from weights less than three times off, and not only on examples that it learned by heart, as a held-out loss
    tells, is information only; one that goes on from trained weights is not judged.

    ## What it cannot see
    Layers that do not follow each other directly, unless most are off: residual branches, attention, recurrent layers,
    and a single layer of odd scale between layers of other kinds. A series is judged from end to end, so one layer too
    large and one too small cancel out. It knows only the first look, and the spread of a whole layer, not which of its
    units carry it.

    ## Remedies
    Multiply each layer's weights by the factor named, set the scale from data layer by layer (LSUV), or put a
    normalisation between the layers.
    """

    name = "weight-scale"

    def examine(self, case: Case) -> Verdict:
        """Each series of like layers, from end to end."""
        start = case.start
        if start is None:
            return UNSEEN
        if case.looks_trained:
            return Unjudged("the run goes on from trained weights", "skipped")
        found, large, small = chains(case), _too_large(start), _too_small(case, start)
        told = (self._large(case, start, large),) if large else ()
        told += (self._small(case, start, small),) if small else ()
        if not found:
            return told or Unjudged(
                "no two hidden layers follow each other, alike and without a normalisation", "skipped"
            )
        at = {x.layer.name: x for x in start.layers}
        known = [(chain, _courses(case, chain, at)) for chain in found]
        if not any(courses for _, courses in known):
            return told or Unjudged("the first look did not see the activations or gradients of two layers to compare")
        judged = [self._judge(case, chain, courses, at) for chain, courses in known]
        bad = tuple(f for f in judged if f is not None)
        return bad or told or nearest(e for chain, courses in known for e in _near(chain, courses, at))

    def _large(self, case: Case, start: Start, large: list[LayerStart]) -> Finding:
        worst = min(large, key=lambda x: x.factor)
        names = [x.layer.name for x in large]
        return self.finding(
            "info" if _won(case, start) else "warning",
            names,
            start.step,
            f"The weights of {listed(names)} are up to {figure(1 / worst.factor)} times too large for the activation, "
            f"and the loss begins at {figure(start.loss, 3)}, far above a guess's.",
            [
                above(
                    f"times the weights of {x.layer.name} are too large",
                    1 / x.factor,
                    _too_large_from(start),
                    start.step,
                )
                for x in sorted(large, key=lambda x: x.factor)
            ],
            _remedies([x.layer for x in large], {x.layer.name: x for x in large}),
        )

    def _small(self, case: Case, start: Start, small: list[LayerStart]) -> Finding:
        hidden = _hidden(start)
        fades = Course(q.ACTIVATION_STD, hidden[0].std, hidden[-1].std, hidden[0].layer.name, hidden[-1].layer.name)
        names = [x.layer.name for x in small]
        return self.finding(
            "info" if _won(case, start) else "warning",
            names,
            start.step,
            f"The weights of {listed(names)} are up to {figure(max(x.factor for x in small))} times too small for the "
            f"activation, and of the signal at {fades.from_name} 1/{figure(fades.times)} is left at {fades.to_name}.",
            [
                fades.against(TIMES, start.step),
                *(
                    above(
                        f"times the weights of {x.layer.name} are too small",
                        x.factor,
                        TOO_SMALL * _widens(x.layer),
                        start.step,
                    )
                    for x in sorted(small, key=lambda x: -x.factor)
                ),
            ],
            _remedies([x.layer for x in small], {x.layer.name: x for x in small}),
        )

    def _judge(self, case: Case, chain: Chain, courses: list[Course], at: dict[str, LayerStart]) -> Finding | None:
        middle, limit = _middle(chain, at), _limit(chain)
        bad = [
            c
            for c in courses
            if c.times >= limit and not (middle < OFF if c.shrinks else middle > 1 / OFF)
        ]  # fmt: skip
        if not bad:
            return None
        worst = max(bad, key=lambda c: c.times)
        start = case.start
        assert start is not None
        what = "signal" if worst.quantity == q.ACTIVATION_STD else "gradient"
        return self.finding(
            "info" if _won(case, start) and 1 / FAR_OFF < middle < FAR_OFF else "warning",
            [x.name for x in chain],
            start.step,
            f"At the start the {what} {'shrinks' if worst.shrinks else 'grows'} {figure(worst.times)} times from "
            f"{worst.from_name} to {worst.to_name}: {figure(worst.begins)} to {figure(worst.ends)}."
            f"{_off(middle)}",
            [c.against(limit, start.step) for c in sorted(bad, key=lambda c: -c.times)],
            _remedies(chain, at),
        )


def _hidden(start: Start) -> list[LayerStart]:
    """The hidden layers without a norm whose weights have a scale to be held against, in the order of their calls.

    A bare layer that no other goes on from is an end, too, whatever loss it is given to: a policy's logits, say.
    """
    goes_on = {name for x in start.layers for name in x.layer.after}
    return [
        x
        for x in start.layers
        if not x.layer.is_output and not x.layer.norm and math.isfinite(x.factor)
        if x.layer.activation or x.layer.name in goes_on
    ]


def _too_large_from(start: Start) -> float:
    return TOO_LARGE if len(_hidden(start)) > 1 else TOO_LARGE_ALONE


def _too_small(case: Case, start: Start) -> list[LayerStart]:
    """The hidden layers that are drawn far too small where most are, and the signal fades on its way through all."""
    hidden = _hidden(start)
    small = [x for x in hidden if x.factor > TOO_SMALL * _widens(x.layer)]
    norms = {x.name for x in case.layers if x.operation.endswith("-norm")}  # after one the signal begins anew
    one_after_another = len(hidden) > 1 and all(
        len(x.layer.after) <= 1 and norms.isdisjoint(x.layer.after) for x in hidden
    )
    fades = one_after_another and hidden[0].std >= TIMES * hidden[-1].std > 0
    return small if fades and 2 * len(small) > len(hidden) else []


def _widens(layer: Layer) -> float:
    """How much smaller orthogonal weights are than the activation asks for: they keep the norm, spread over more units.

    They have gain/√max(fan_in, units).
    """
    return max(1.0, (layer.units or 0) / (layer.fan_in or 1)) ** 0.5


def _too_large(start: Start) -> list[LayerStart]:
    """The hidden layers that are drawn far too large where most are, and the loss begins far above a guess's."""
    sure = start.excess >= min(start.uniform, SURE_OF_NOTHING) or start.loss >= FAR_ABOVE * start.base_rate
    hidden = _hidden(start)
    large = [x for x in hidden if x.factor < 1 / _too_large_from(start)]
    return large if sure and 2 * len(large) > len(hidden) else []


def _near(chain: Chain, courses: list[Course], at: dict[str, LayerStart]) -> list[Evidence]:
    """How near a chain came to changing the signal or its gradient, and by the doing of its weights."""
    middle = _middle(chain, at)
    found = []
    for c in courses:
        factor = middle if c.shrinks else 1 / max(middle, 1e-30)
        off = [above(f"times the weights from {chain[0].name} on are off", factor, OFF)] if factor > 0 else []
        found.append(lacking(c.against(_limit(chain)), *off))
    return found


def _middle(chain: Chain, at: dict[str, LayerStart]) -> float:
    """The factor that the weights of a chain's middle layer should be multiplied by; NaN where none is known."""
    factors = [f for x in chain if math.isfinite(f := at[x.name].factor)]
    return sorted(factors)[len(factors) // 2] if factors else math.nan


def _limit(chain: Chain) -> float:
    return TIMES_DEFAULT if _as_drawn(chain) else TIMES


def _courses(case: Case, chain: Chain, at: dict[str, LayerStart]) -> list[Course]:
    first, last = chain[0], chain[-1]
    begins, ends = at[first.name].std, at[last.name].std
    found = []
    if 0 < begins < math.inf and 0 < ends < math.inf:
        found.append(Course(q.ACTIVATION_STD, begins, ends, first.name, last.name))
    if first.activation in FADES_ANYWAY:
        return found
    begins, ends = gradient(case, last).first, gradient(case, first).first
    if first.operation == "convolution":
        begins, ends = _at_filters(case, last), _at_filters(case, first)
        begins = max(ends, begins / POOLED ** (len(chain) - 1))
    if 0 < begins < math.inf and 0 < ends < math.inf:
        found.append(Course(q.ACTIVATION_GRAD_STD, begins, ends, last.name, first.name))
    return found


def _at_filters(case: Case, layer: Layer) -> float:
    """The standard deviation of the first gradient at what a convolution hands on, times the root of its filters."""
    return case.looks(q.ACTIVATION_GRAD_STD, layer.name).first * (layer.units or 1) ** 0.5


def _won(case: Case, start: Start) -> bool:
    """Whether the loss came down far below its beginning, and below a guess's where that is known."""
    curve = case.loss
    if not len(curve) or not curve.progressed:
        return False
    known = [v for v in (curve.begin.value, start.uniform, start.base_rate) if math.isfinite(v)]
    return curve.end.value < (1 - WON) * min(known) and not learned_by_heart(case, min(known))


def _as_drawn(chain: Chain) -> bool:
    """Whether most weights are as PyTorch draws them: uniform, of standard deviation 1/sqrt(3 fan_in).

    A layer or two of another scale among them are what `layers-disagree` tells.
    """
    drawn = [
        abs(x.weight_std * math.sqrt(3 * x.fan_in) - 1) < DEFAULT + _CHANCE / math.sqrt(x.fan_in * x.units)
        for x in chain
        if x.weight_std and x.fan_in and x.units
    ]
    return sum(drawn) > len(drawn) / 2


def _off(factor: float) -> str:
    if not math.isfinite(factor):
        return ""
    times, what = (factor, "small") if factor > 1 else (1 / factor, "large")
    return f" The weights are about {figure(times)} times too {what} for the activation."


def _remedies(chain: Chain, at: dict[str, LayerStart]) -> list[Remedy]:
    each = [
        f"{x.name} by {figure(at[x.name].factor)} (to a std of {figure(ideal_std(x))})"
        for x in chain
        if math.isfinite(at[x.name].factor)
    ]
    exact = (
        [Remedy(f"Multiply the weights at the start: {', '.join(each)}.", "auscult.treat.initialise")] if each else []
    )
    return [
        *exact,
        Remedy("Or let the data set the scale: unit variance, layer by layer (LSUV).", "auscult.treat.lsuv"),
        Remedy("Look at the gain each layer should have.", "auscult.treat.gains"),
    ]

"""overfitting: the validation loss rises while the training loss falls."""

from __future__ import annotations

import numpy as np

from auscult.findings import Evidence, Finding
from auscult.rules._case import Case
from auscult.rules._guess import against_guess
from auscult.rules._held_out import held_out_losses, held_out_scores, smooth
from auscult.rules._looks import Looks
from auscult.rules._loss import SURE, scatter
from auscult.rules._norms import batch_norms
from auscult.rules._rule import Rule, Unjudged, Verdict, above, below, figure, lacking, nearest

GAP = 0.1  # of the lowest validation loss
LEAST = 5  # validations
AFTER = 3  # of them after the lowest, all above it
FEW = 5  # training losses that are held against each other
FEWEST = 3  # validations that show that nothing is won by what is learned
NOTHING, MUCH = 0.02, 0.5  # of the validation loss: a training loss learned by heart; of a guess's: what is still left
KEPT = 0.005  # of a score: how far it may fall back and still be as good as ever
MORE = "Use more data or augmentation, dropout, weight decay, or a smaller network."


class Overfitting(Rule):
    """The validation loss rises while the training loss falls.

    ## What it flags
    A validation loss that ends clearly above its lowest value, while the training loss went on falling. It is one that
    the script logs (`recorder.log(valid_loss=...)`, any name with val, valid, test, dev or eval and loss in it), or
    else what is heard: the mean of the losses of the kind that is trained on which PyTorch's loss functions, such as
    `nn.CrossEntropyLoss` or `F.mse_loss`, compute between two steps without a gradient.

    ## Why it matters
    From its lowest validation loss on, the network learns its examples by heart. The later steps cost time and make
    it worse on new data.

    ## Thresholds
    Ten percent above the lowest value (the gap of SageMaker Debugger's rule), in the median of the last three
    validations, each of which lies above the lowest; four standard errors of the validations' own scatter; five
    validations or more. Where the last three lie above the lowest's neighbours too, the scatter of the second half is
    enough, or since the lowest if that is longer: before, they fall by more than they scatter. The training loss must
    have fallen from that place to the end: beyond its noise, or so that its last five values lie below all of the five
    there, which by chance alone happens 1 time in 252. A loss learnt by heart falls from .6 to .001, and the noise it
    had at .6 says little of whether it did.

    Also where examples were learned by heart before a validation could show a rise: of three validations or more the
    last are no lower than those of the first half, still between half of a constant guess's loss and the whole, and the
    training loss is a fiftieth of that or less. Of the healthy trainings of `benchmarks/faults` that thresholds may be
    set by, and of `benchmarks/field`, none came to a twentieth with two fifths of a guess's loss left. Networks with
    batch normalisation are left out: what is evaluated may be another network.

    ## False alarms
    A loss that rises on its way to a second descent looks like this while it does. Where a validation accuracy is
    logged too and is as good as ever, the finding is information only: the network becomes too sure of itself, but is
    right as often.

    ## What it cannot see
    Anything where no validation loss is heard or logged: one written by hand, one of a kind that is not trained on, and
    under `auscult.watch` a loss function that was imported by its own name before; a score alone, such as an accuracy,
    does not count. Where a script computes the losses of several sets of data without
    gradients, what is heard is their mean. It takes five validations and a rise of a tenth, so a validation loss that
    stays level passes while the training loss falls, unless to next to nothing, and so does a gap between the two that
    was there from the beginning. Data that leaked from one set into the other hide it.

    ## Remedies
    Stop at the step named, or keep the weights from there; more data or augmentation; dropout, weight decay; a smaller
    network.
    """

    name = "overfitting"

    def examine(self, case: Case) -> Verdict:
        """Each validation loss that was logged; the one that rose most."""
        named = held_out_losses(case)
        if not named:
            return Unjudged(
                "no validation loss was heard or logged: it is heard where PyTorch's loss functions compute it "
                "without a gradient, and recorder.log(valid_loss=...) logs one",
                "skipped",
            )
        long = {n: looks for n, looks in named.items() if len(looks) >= LEAST}
        level = [n for n, looks in named.items() if len(looks) >= FEWEST and _is_level(case, looks)]
        if not long and not level:
            most = max(len(looks) for looks in named.values())
            return Unjudged(f"it takes {LEAST} validations to tell a trend, and there were {most}")
        if not len(case.loss):
            return Unjudged("no training loss was recorded to hold the validation loss against")
        gaps = {n: _gap(n, looks) for n, looks in long.items()}
        found = {
            n: gap.value
            for n, gap in gaps.items()
            if gap.value > GAP
            and _for_good(long[n])
            and _above_chance(n, long[n]).margin > 1
            and _trains_on(case, long[n])
        }
        if not found and level:
            return (self._by_heart(case, level[0], named[level[0]]),)
        if not found:
            return nearest(lacking(gap, _above_chance(n, long[n])) for n, gap in gaps.items())
        worst = max(found, key=lambda n: found[n])
        looks = long[worst]
        at = int(np.argmin(smooth(looks)))
        best_step, best, end = int(looks.steps[at]), float(looks.values[at]), _end(looks)
        right = _as_right_as_ever(case)
        saved = 1 - best_step / max(1, case.total_steps)
        train = case.loss
        then = train.around(int(np.searchsorted(train.steps, best_step))).value
        return (
            self.finding(
                "info" if right else "warning",
                (),
                best_step,
                f"{worst} was lowest, {figure(best, 3)}, at step {best_step:,} and has risen to {figure(end, 3)} "
                f"since, while the training loss fell from {figure(then, 3)} to {figure(train.end.value, 3)}: the "
                "network learns its examples by heart."
                + (f" {right} is as good as ever, though." if right else ""),
                [gaps[worst]],
                [
                    f"Stop at about step {best_step:,}, or keep the weights from there: that would have given "
                    f"{figure(best, 3)} and saved {saved:.0%} of the steps.",
                    MORE,
                ],
            ),
        )  # fmt: skip

    def _by_heart(self, case: Case, name: str, looks: Looks) -> Finding:
        end, train = _end(looks), case.loss.end.value
        return self.finding(
            "warning",
            (),
            int(looks.steps[0]),
            f"{name} is {figure(end, 3)}, no lower than half way through, where a guess that ignores the inputs has "
            f"{figure(against_guess(case).level, 3)}; the training loss fell to {figure(train, 3)}: the network had "
            "learned its examples by heart before much was won for others.",
            [below(f"training loss over {name}", train / end, NOTHING, case.total_steps - 1)],
            [MORE],
        )


def _is_level(case: Case, looks: Looks) -> bool:
    """Whether next to nothing is left of the training loss alone, while the validation loss is stuck near a guess's.

    What is evaluated by running statistics may be another network.
    """
    if not len(case.loss):
        return False
    end, guess = _end(looks), against_guess(case).level
    won_late = end < smooth(looks)[: (len(looks) + 1) // 2].min()
    left = MUCH * guess < end < guess and case.loss.end.value < NOTHING * end
    return left and not won_late and not batch_norms(case)


def _end(looks: Looks) -> float:
    return float(np.median(looks.values[-AFTER:]))


def _gap(name: str, looks: Looks) -> Evidence:
    """How far it ends above its lowest, as a share of that; NaN of one that is not above zero."""
    best = float(smooth(looks).min())
    gap = (_end(looks) - best) / best if best > 0 else float("nan")
    return above(f"rise of {name} above its lowest", gap, GAP, int(looks.steps[-1]))


def _above_chance(name: str, looks: Looks) -> Evidence:
    """The same rise in standard errors."""
    middle, noise = smooth(looks), scatter(looks.values)
    at = int(np.argmin(middle))
    if looks.values[-AFTER:].min() > looks.values[max(0, at - 1) : at + 2].max():
        noise = min(noise, scatter(looks.values[min(at, len(looks) // 2) :]))
    rise = (_end(looks) - float(middle[at])) / max(noise * (2 / AFTER) ** 0.5, 1e-30)
    return above(f"rise of {name} above its lowest, in standard errors", rise, SURE, int(looks.steps[-1]))


def _for_good(looks: Looks) -> bool:
    """Whether the last validations all lie after the lowest and above it."""
    middle = smooth(looks)
    at = int(np.argmin(middle))
    return len(looks) - 1 - at >= AFTER and bool((looks.values[-AFTER:] > middle[at]).all())


def _trains_on(case: Case, looks: Looks) -> bool:
    """Whether the training loss went on falling after the lowest validation loss."""
    curve = case.loss
    best_step = int(looks.steps[int(np.argmin(smooth(looks)))])
    at = int(np.searchsorted(curve.steps, best_step))
    then, end = curve.around(at), curve.end
    if then.value - end.value > SURE * float(np.hypot(then.error, end.error)):
        return True
    before = curve.values[max(0, at - FEW // 2) :][:FEW]
    late = curve.values[max(at + FEW, len(curve) - FEW) :]
    return len(late) == FEW and bool(late.max() < before.min())


def _as_right_as_ever(case: Case) -> str:
    """The name of a validation score that ends as high as it ever was; empty where there is none."""
    for name, score in held_out_scores(case).items():
        top = float(smooth(score).max())
        if _end(score) >= top - max(KEPT * abs(top), scatter(score.values)):
            return name
    return ""

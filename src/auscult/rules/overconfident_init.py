"""overconfident-init: the first loss lies far above that of a guess that knows nothing."""

from __future__ import annotations

import math

import numpy as np

from auscult.findings import Evidence, Remedy
from auscult.rules._case import Case
from auscult.rules._guess import has_other_parts
from auscult.rules._rewarded import chased
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, figure, lacking, nearest
from auscult.runs import quantities as q
from auscult.runs.start import Start

SURE_OF_NOTHING = 3.0  # of the loss: the true class is given a twentieth of what a guess gives it
HALF = 0.5  # of that is enough where the first updates threw the loss up: large output weights make large gradients
LOGITS = 0.5  # spread of the logits below which the weights are not what makes the loss high
LEANS = 3.0  # of the largest logit of yes or no: an odds of twenty to one, the same for all examples
WIDE = 10.0  # times the spread of the targets that the outputs have
MOSTLY = 0.5  # of the first loss, made by the spread of the outputs, where that is less than ten times
BY_FACTOR = 2.0  # times the spread of the output layer's own output that the logits have
SOON = 0.2  # of the steps, in which a fresh output layer on trained ones, or a scaled one, comes down to the guess
AT_ONCE, AT_ONCE_SHARE = 10, 0.02  # steps, and of all steps, in which it comes down to the guess at no cost
AT_ONCE_FROM = 3.0  # times the guess's loss, at most, that it then began at
FAR = 100.0  # times the variance of the targets that a squared error begins at
FAR_BEHIND = 10.0  # the same of one that never came below that variance
OFF_BEHIND, NARROW = 2.5, 0.5  # the same where predictions that spread at most half as widely do not make it
BINARY = "binary-cross-entropy"
POWER = {"squared-error": 1.0, "absolute-error": 0.5}  # of such factors, and of the variance, that an error is
MAIN = 0.5  # of the first loss: a part that makes less of it is not what is learned
PER_DEVIATION = 1.25  # standard deviations to a mean absolute deviation, of a normal distribution


class OverconfidentInit(Rule):
    """The network begins sure of answers it cannot know.

    ## What it flags
    A first loss far above that of a guess that knows nothing: ln(classes) for a classifier, the variance of the
    targets, or their mean absolute deviation, for a regression. The output layer's weights are too large, so that some
    classes get nearly all of the probability by chance, or the predictions scatter far more widely than the targets.

    ## Why it matters
    The first steps go into squeezing the outputs together instead of learning. The loss falls steeply and looks
    healthy, but those steps are lost, and the large gradients may saturate or kill units on the way. A network that is
    right from the start ends lower.

    ## Thresholds
    For a classifier, a loss that exceeds the guess's by as much as the guess itself (TheDeepChecker: |L - ln C| >= ln
    C) or by 3, whichever is less, where the logits spread by .5 or more, or, of yes or no, reach 3; by half of that
    where the first updates threw the loss up, as large output weights do, which pass large gradients back. The
    character model of Karpathy's lecture begins at 27.9 where 3.3 is a guess, and ends at 2.17 instead of 2.13 for it.
    PyTorch's default initialisation begins within .3 of the guess for perceptrons of 2 to 8 layers, 32 to 256 wide,
    with ReLU, tanh, sigmoid or GELU. For a regression, a squared error of 100 times the targets' variance or more, with
    predictions that spread 10 times as widely as the targets, or make half of it; from 10 times the variance on where
    the loss never came below that, and from 2.5 times where, besides, the predictions spread by less than half of what
    the targets do. An absolute error is held to the roots of these, with the mean absolute deviation from the median
    for the variance.

    ## False alarms
    A loss with class weights can lie high with small logits; the spread of the logits is asked for to leave it out. A
    spread that a factor behind the output layer makes, as the scale of cosine similarities does (16 and 30 begin at 5.1
    and 14.6 of ten classes, and train well), is set on purpose and information only: the logits spread at least twice
    as widely as what any output layer gives, and the loss comes down to the guess in the first fifth of the steps. A
    regression whose targets lie far from zero begins high whatever the weights: that is said, and is information only
    where the loss has since come below that of a constant guess, or rose from there, which no scale of targets does. A
    run that goes on from trained weights with new data is information only, and so is a fresh output layer, of usual
    size, on layers that are trained: their features are larger than fresh ones, so two such runs began at up to 4.9 of
    ten classes, and were down at the guess in four steps.

    Where the loss came down from less than three times the guess's to that within ten steps and 2 % of them, it is
    information.

    ## What it cannot see
    Losses for which no guess is known: policy gradients, losses of a form of their own. It judges the first look by the
    loss as a whole, so a head that is sure of too much about a few classes among many passes, and so do predictions
    that scatter less than ten times as widely as the targets. Of several losses it judges only the one that was
    recognised first, and an error not at all that makes less than half of the first loss, as the distance to a codebook
    does.

    ## Remedies
    Multiply the output layer's weights by the factor named and set its bias to zero. For a regression, scale the
    targets to zero mean and unit variance.
    """

    name = "overconfident-init"

    def examine(self, case: Case) -> Verdict:
        """The first loss, held against that of a guess."""
        start, task = case.start, case.task
        if start is None:
            return UNSEEN
        if task is None or task.kind == "unknown":
            return Unjudged("what kind of loss it is could not be seen, so not what a guess would have")
        if not math.isfinite(start.loss):
            return Unjudged("the loss of the first step looked at is not known, or not finite")
        if task.kind in POWER:
            if has_other_parts(case) and start.loss < MAIN * float(case.loss.values[0]):
                return Unjudged("the error that could be recognised is a small part of the loss")
            return self._regression(case, start, POWER[task.kind])
        if not math.isfinite(start.uniform):
            return Unjudged(f"the loss of a guess is not known for {task.kind}", "skipped")
        return self._classifier(case, start)

    def _classifier(self, case: Case, start: Start) -> Verdict:
        limit = min(start.uniform, SURE_OF_NOTHING) * (HALF if case.loss.thrown else 1)
        evidence = [
            Evidence(q.TASK_LOSS, start.loss, start.uniform + limit, start.excess / max(limit, 1e-30), start.step)
        ]
        largest = case.looks(q.LOGIT_MAX).first if start.task and start.task.kind == BINARY else math.nan
        leans = start.logit_std < LOGITS and largest >= LEANS
        if not start.excess >= limit or (start.logit_std < LOGITS and not leans):
            logits = [above(q.LOGIT_STD, start.logit_std, LOGITS, start.step)] if math.isfinite(start.logit_std) else []
            return nearest([lacking(*evidence, *logits)])
        expected = math.sqrt(2 * limit)  # logits from a normal distribution exceed the guess by half their variance
        spread = f" The logits spread by {figure(start.logit_std)}." if math.isfinite(start.logit_std) else ""
        if leans:
            spread = f" All examples get much the same answer, logits of up to {figure(largest)}: the bias makes it."
        if start.logit_std > expected:
            evidence.append(Evidence(q.LOGIT_STD, start.logit_std, expected, start.logit_std / expected, start.step))
        losses = case.looks(q.TASK_LOSS)
        below = losses.steps[losses.values <= start.uniform]
        taken = ""
        if len(below):
            taken = f" It took the first {int(below[0]):,} steps to come down to that."
        elif len(losses) > 1:
            taken = f" It had not come down to that by step {int(losses.steps[-1]):,}."
        factor = _by_factor(case, start)
        early = len(below) > 0 and int(below[0]) < SOON * case.total_steps
        meant = early and (case.has_new_head or factor)
        soon = len(below) > 0 and int(below[0]) <= min(AT_ONCE, AT_ONCE_SHARE * case.total_steps)
        passing = soon and start.loss < AT_ONCE_FROM * start.uniform
        if leans:
            remedy = Remedy(
                "Set the bias of the output layer to zero at the start, or to ln(p / (1 - p)) where a share p of the "
                "answers is yes.",
                "auscult.treat.initialise",
            )
        elif factor:
            spread += " That is more than any layer gives: a factor behind it makes it so, as a temperature does."
            remedy = Remedy("If that is not meant, make the factor that the logits are multiplied by smaller.")
        else:
            remedy = Remedy(
                f"Multiply the output layer's weights by about {figure(start.factor, 1)} at the start, and set "
                "its bias to zero.",
                "auscult.treat.initialise",
            )
        return (
            self.finding(
                "info" if case.looks_trained or meant or passing else "warning",
                _output(case),
                start.step,
                f"The first loss is {figure(start.loss, 3)}, where a guess that knows nothing has "
                f"{figure(start.uniform, 3)}: the network begins sure of wrong answers.{spread}{taken}",
                evidence,
                [remedy],
            ),
        )

    def _regression(self, case: Case, start: Start, power: float) -> Verdict:
        base = start.base_rate
        if not base > 0:
            return ()
        seen = case.looks(q.TASK_LOSS)
        behind = len(seen) > 1 and bool(np.min(seen.values) > base)
        went_up = seen.late > start.loss
        own = [x.output_std for x in start.layers if x.layer.is_output]
        target = math.sqrt(base) if power == 1 else PER_DEVIATION * base
        wide = max((s for s in own if math.isfinite(s)), default=math.nan) / target
        limit = min(WIDE, math.sqrt(MOSTLY) * (start.loss / base) ** (0.5 / power))
        far = FAR if not behind else OFF_BEHIND if wide < NARROW else FAR_BEHIND
        high = above(q.TASK_LOSS, start.loss, far**power * base, start.step)
        if high.margin < 1:
            return nearest([high])
        told = (
            f"The first loss is {figure(start.loss, 3)}, {figure(start.loss / base, 1)} times that of always answering "
            f"with the {'mean' if power == 1 else 'median'} of the targets"
        )
        scale = "Scale the targets to zero mean and unit variance, and turn the predictions back afterwards."
        if not wide >= limit:
            return (
                self.finding(
                    "warning" if behind and not went_up and not chased(case) else "info",
                    _output(case),
                    start.step,
                    f"{told}: the targets lie far from zero for how little they vary, which is a matter of their "
                    "scale and not of the weights.",
                    [high],
                    [scale],
                ),
            )
        return (
            self.finding(
                "info" if case.looks_trained else "warning",
                _output(case),
                start.step,
                f"{told}: the predictions spread {figure(wide, 1)} times as widely as the targets.",
                [high, Evidence(f"{q.OUTPUT_STD} over that of the targets", wide, limit, wide / limit, start.step)],
                [
                    Remedy(
                        f"Multiply the output layer's weights by about {figure(0.1 / wide, 1)} at the start, and set "
                        "its bias to the mean of the targets.",
                        "auscult.treat.initialise",
                    ),
                    scale,
                ],
            ),
        )


def _by_factor(case: Case, start: Start) -> bool:
    """Whether the logits spread far more than what the output layer gives, and all layers can be seen."""
    if case.run.fact("compiled") or any(x.layer.hidden for x in start.layers):
        return False
    own = [x.output_std for x in start.layers if x.layer.is_output]
    return all(math.isfinite(s) for s in own) and start.logit_std >= BY_FACTOR * max(own, default=0.0)


def _output(case: Case) -> list[str]:
    return [layer.name for layer in case.layers if layer.is_output]

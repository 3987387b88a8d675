"""The registry of rules, and the round all of them make over a run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from auscult.findings import Coverage, Diagnosis, Finding, Overhead
from auscult.rules._baseline import against
from auscult.rules._case import Case
from auscult.rules._causes import ordered
from auscult.rules._rule import Clean, Rule, Unjudged
from auscult.rules.batch_too_large import BatchTooLarge
from auscult.rules.batch_too_small import BatchTooSmall
from auscult.rules.bias_before_norm import BiasBeforeNorm
from auscult.rules.dead_units import DeadUnits
from auscult.rules.diverging_loss import DivergingLoss
from auscult.rules.eval_mode_in_training import EvalModeInTraining
from auscult.rules.exploding_gradients import ExplodingGradients
from auscult.rules.frozen_parameters import FrozenParameters
from auscult.rules.gradients_not_zeroed import GradientsNotZeroed
from auscult.rules.labels_unrelated import LabelsUnrelated
from auscult.rules.layers_disagree import LayersDisagree
from auscult.rules.learning_rate_too_high import LearningRateTooHigh
from auscult.rules.learning_rate_too_low import LearningRateTooLow
from auscult.rules.no_progress import NoProgress
from auscult.rules.non_finite import NonFinite
from auscult.rules.norm_statistics_drift import NormStatisticsDrift
from auscult.rules.overconfident_init import OverconfidentInit
from auscult.rules.overfitting import Overfitting
from auscult.rules.saturated_units import SaturatedUnits
from auscult.rules.small_batch_norm import SmallBatchNorm
from auscult.rules.softmax_before_cross_entropy import SoftmaxBeforeCrossEntropy
from auscult.rules.symmetric_init import SymmetricInit
from auscult.rules.unscaled_inputs import UnscaledInputs
from auscult.rules.vanishing_gradients import VanishingGradients
from auscult.rules.weight_scale import WeightScale
from auscult.runs import Run

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        OverconfidentInit(),
        WeightScale(),
        SymmetricInit(),
        UnscaledInputs(),
        SoftmaxBeforeCrossEntropy(),
        LearningRateTooHigh(),
        LearningRateTooLow(),
        LayersDisagree(),
        FrozenParameters(),
        GradientsNotZeroed(),
        SaturatedUnits(),
        DeadUnits(),
        VanishingGradients(),
        ExplodingGradients(),
        BiasBeforeNorm(),
        SmallBatchNorm(),
        NormStatisticsDrift(),
        EvalModeInTraining(),
        BatchTooSmall(),
        BatchTooLarge(),
        NonFinite(),
        DivergingLoss(),
        NoProgress(),
        LabelsUnrelated(),
        Overfitting(),
    )
}


def judge(run: Run, baseline: Run | None = None) -> Diagnosis:
    """All that the rules find in a run, ordered by cause, with what each of them could and could not judge.

    With a baseline, also what sets the run apart from that. A rule that fails on odd data could not judge; it does not
    stop the others. RunError where a run cannot be read.
    """
    case = Case(run)
    bill = run.bill
    found: list[Finding] = []
    coverage: list[Coverage] = []
    for rule in RULES.values():
        try:
            with np.errstate(all="ignore"):  # numbers that are not finite are what some runs are made of
                verdict = rule.examine(case)
        except Exception as error:
            why = f"the rule failed on this run: {type(error).__name__}: {error}"
            verdict = Unjudged(" ".join(why.split()))
        if isinstance(verdict, Unjudged):
            coverage.append(Coverage(rule.name, verdict.status, verdict.why))
        elif isinstance(verdict, Clean):
            coverage.append(Coverage(rule.name, "ran", nearest=verdict.nearest))
        else:
            coverage.append(Coverage(rule.name, "ran"))
            found += verdict
    diagnosis = Diagnosis(
        run=run.id,
        status=run.status,
        steps=run.steps,
        findings=ordered(found),
        coverage=tuple(coverage),
        overhead=Overhead(
            bill.share, bill.sampled_steps, bill.dropped_frames, bill.faults, run.fact("passed_over") or 0
        ),
        error=run.fact("error"),
    )
    if baseline is None:
        return diagnosis
    return replace(diagnosis, baseline=against(run, diagnosis, baseline, judge(baseline)))


def names() -> tuple[str, ...]:
    """The names of all rules, in the order they are asked."""
    return tuple(RULES)

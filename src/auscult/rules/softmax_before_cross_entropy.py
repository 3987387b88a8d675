"""softmax-before-cross-entropy: probabilities given to a loss that takes logits."""

from __future__ import annotations

import math

from auscult.findings import Evidence
from auscult.rules._case import Case
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, figure
from auscult.runs import Task


class SoftmaxBeforeCrossEntropy(Rule):
    """Probabilities are given to a loss that takes logits.

    ## What it flags
    A softmax or sigmoid right before a cross-entropy that applies its own: `CrossEntropyLoss` after a softmax or
    sigmoid, `BCEWithLogitsLoss` after a sigmoid, `NLLLoss` of probabilities that should be their logarithms.

    ## Why it matters
    The loss squeezes the numbers a second time. Probabilities lie between 0 and 1, so even a network that is surely
    right cannot get its loss near zero, and the gradient is small where it is surely wrong. It trains, but slowly and
    to a worse end, and nothing fails.

    ## Thresholds
    None: it is read from the graph of the loss. Of C classes, the best that probabilities can reach is
    ln(1 + (C-1)/e), which is 1.46 for ten classes; a second sigmoid cannot come below .31 where the answer is yes, nor
    below .69 where it is no.

    ## False alarms
    None known: distilling with a second softmax on purpose would be one.

    ## What it cannot see
    Losses of a form of their own, compiled code, and a softmax that something else follows before the loss: only what
    comes right before it is looked at. Logits that are squeezed otherwise, as by a tanh or a clamp, are not flagged.

    ## Remedies
    Give the loss the logits, and apply softmax or sigmoid only where probabilities are shown or compared.
    """

    name = "softmax-before-cross-entropy"

    def examine(self, case: Case) -> Verdict:
        """What the loss is fed with."""
        task = case.task
        if task is None:
            return UNSEEN if not case.layers else Unjudged("what the loss is made of could not be seen")
        if task.kind not in ("cross-entropy", "binary-cross-entropy"):
            return Unjudged("the loss is no cross-entropy", "skipped")
        if not task.fed:
            return ()
        unlogged = len(case.loss) > 0 and case.loss.end.value < 0  # probabilities taken for their own logarithms
        floor, first = math.nan if unlogged else _floor(task), case.start.step if case.start else 0
        limit = f" It cannot come below {figure(floor, 3)}, however right the network is." if floor > 0 else ""
        return (
            self.finding(
                "warning",
                [layer.name for layer in case.layers if layer.is_output],
                first,
                f"The loss takes logits, but gets what a {task.fed} has made of them: it is squeezed twice.{limit}",
                [Evidence(f"{task.fed} before the {task.kind}", 1, 0, 1, first)],
                [f"Leave out the {task.fed}: give the loss the logits, as the last layer makes them."],
            ),
        )


def _floor(task: Task) -> float:
    """The lowest loss that numbers between 0 and 1 allow; of a binary one, where all answers are yes."""
    if task.kind == "binary-cross-entropy":
        return math.log(1 + math.exp(-1))
    return math.log(1 + (task.classes - 1) / math.e) if task.classes and task.classes > 1 else math.nan

"""What is known of examples that a script does not train on: what it logged, or was heard to compute."""

from __future__ import annotations

import re

import numpy as np

from auscult.rules._case import Case
from auscult.rules._looks import Looks
from auscult.rules._once import once
from auscult.runs import quantities as q

BY_HEART = 0.1  # of the first loss, or a guess's: with more of it left of a held-out loss, examples were memorised
_HELD_OUT = re.compile(r"(^|[^a-z])(val|valid|validation|test|dev|eval)([^a-z]|$)", re.IGNORECASE)
_LOSS = re.compile(r"loss|nll|cross.?entropy|perplexity|(^|[^a-z])(ce|mse|mae|ppl)([^a-z]|$)", re.IGNORECASE)
_SCORE = re.compile(r"acc|f1|auc|score|precision|recall", re.IGNORECASE)


@once
def held_out_losses(case: Case) -> dict[str, Looks]:
    """Each validation loss by its name, one value a validation; one that was only heard where none was logged.

    What is heard of adversaries that take turns is no validation of either.
    """
    logged = case.seen(q.LOGGED)
    found = {n: _changes(looks) for n, looks in logged.items() if _HELD_OUT.search(n) and _LOSS.search(n)}
    told = {n: looks for n, looks in found.items() if not n.startswith(q.HEARD)}
    return told or ({} if case.several_losses else found)


def held_out_scores(case: Case) -> dict[str, Looks]:
    """Each validation score by its name, such as an accuracy, one value a validation."""
    named = {n: looks for n, looks in case.seen(q.LOGGED).items() if _HELD_OUT.search(n) and not _LOSS.search(n)}
    return {n: _changes(looks) for n, looks in named.items() if _SCORE.search(n)}


def learned_by_heart(case: Case, least: float) -> bool:
    """Whether a held-out loss is still above a tenth of `least`, of which the training loss came far below."""
    return any(smooth(looks)[-1] > BY_HEART * least for looks in held_out_losses(case).values() if len(looks))


def smooth(looks: Looks) -> np.ndarray:
    """Each value as the middle of itself and its neighbours, so that one lucky validation is not taken for the best."""
    padded = np.pad(looks.values, 1, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, 3), axis=1)


def _changes(looks: Looks) -> Looks:
    """One value a validation: a value repeated from step to step is the same validation."""
    new = np.append(True, np.diff(looks.values) != 0)[: len(looks)]
    return Looks(looks.steps[new], looks.values[new])

"""eval-mode-in-training: norm or dropout layers that are in eval mode while the weights are trained."""

from __future__ import annotations

from collections.abc import Iterable

from auscult.rules._case import Case
from auscult.rules._rule import UNSEEN, Rule, Unjudged, Verdict, above, listed, nearest
from auscult.runs import quantities as q

SHARE = 0.1  # of the steps since the first look
LEAST_STEPS = 10


class EvalModeInTraining(Rule):
    """Normalisation or dropout layers are in eval mode while the network is trained.

    ## What it flags
    Modules that behave differently in training and evaluation (batch normalisation, dropout) and were in eval mode
    during steps of the training, and from which step on.

    ## Why it matters
    After `model.eval()`, batch normalisation uses its running statistics and learns no new ones, and dropout does
    nothing. The usual mistake is a validation in the middle of the loop that never goes back to `model.train()`: the
    second epoch trains another network than the first.

    ## Thresholds
    A tenth of the steps, ten at least. The mode is read, not estimated, so a loop that goes back to training mode after
    each validation measures 0.

    ## False alarms
    Frozen batch normalisation in fine-tuning is meant: where the run seems to go on from trained weights, and the
    modules are in eval mode from the first step, the finding is information only. Modules none of whose parameters, nor
    of those beside them, are asked to train are left out: a frozen encoder belongs in eval mode.

    ## What it cannot see
    Modules that are in training mode during evaluation, the opposite mistake, since no evaluation is recorded. Norms
    and dropout written as functions tell no mode unless a batch normalisation is seen to use its running statistics;
    `training=False` given to dropout by hand is not seen.

    ## Remedies
    Call `model.train()` before the training part of each epoch.
    """

    name = "eval-mode-in-training"

    def examine(self, case: Case) -> Verdict:
        """The modules in eval mode, and since when."""
        events = case.events(q.EVAL_MODE)
        if not case.layers and not events:
            return UNSEEN
        if not len(case.steps):
            return Unjudged("no step was looked at at which weights were trained")
        spans = _spans(case, [(e.step, _names(e.data.get("modules"))) for e in events]) or _by_norms(case)
        spans = [(a, b, kept) for a, b, names in spans if (kept := [n for n in names if not _frozen(case, n)])]
        steps = sum(b - a for a, b, _ in spans)
        share = steps / max(1, case.total_steps)
        first = spans[0][0] if spans else None
        if first == 1 and (by_norms := _by_norms(case)):  # what the modules are was first asked after the first step
            first = by_norms[0][0]
        evidence = above("share of steps in eval mode", share, SHARE, first)
        if first is None or steps < LEAST_STEPS or share < SHARE:
            return nearest([evidence])
        names = list(dict.fromkeys(n for _, _, kept in spans for n in kept))
        from_the_start = first <= int(case.steps[0])
        meant = from_the_start and case.looks_trained
        many = len(names) > 1
        since = "from the first step" if from_the_start else f"since step {first:,}"
        return (
            self.finding(
                "info" if meant else "warning",
                names,
                first,
                f"{listed(names)} {'are' if many else 'is'} in eval mode {since}, for {share:.0%} of the steps, though "
                "the network is trained."
                + (" The run seems to go on from trained weights, where that can be meant." if meant else ""),
                [evidence],
                ["Call model.train() before the training part of each epoch, after every model.eval()."],
            ),
        )


def _names(modules: object) -> list[str]:
    return [str(m) for m in modules] if isinstance(modules, Iterable) and not isinstance(modules, str) else []


def _spans(case: Case, changes: list[tuple[int, list[str]]]) -> list[tuple[int, int, list[str]]]:
    """From each change of the modules in eval mode to the next, or to the end of the run."""
    ends = [step for step, _ in changes[1:]] + [case.total_steps][: len(changes)]
    return [(step, end, names) for (step, names), end in zip(changes, ends, strict=True) if names and end > step]


def _by_norms(case: Case) -> list[tuple[int, int, list[str]]]:
    """The same by what batch normalisations were seen to use, where no module told of its mode."""
    changes: list[tuple[int, list[str]]] = []
    held = {x.name: looks for x in case.layers if len(looks := case.looks(q.NORM_TRAINS, x.name))}
    for step in sorted({int(s) for looks in held.values() for s in looks.steps}):
        names = [n for n, looks in held.items() if looks.near(step) == 0]
        if not changes or names != changes[-1][1]:
            changes.append((step, names))
    return _spans(case, changes)


def _frozen(case: Case, module: str) -> bool:
    """Whether none of a module's parameters is asked to train; of one without any, those of what it is part of."""
    layer = next((x for x in case.layers if x.name == module), None)
    named = {layer.weight, layer.bias} - {None} if layer else set()
    own = [p for p in case.parameters if p.name.startswith(f"{module}.") or p.name in named]
    parent = module.rpartition(".")[0]
    around = own or [p for p in case.parameters if p.name.startswith(f"{parent}.")]
    if not around:  # what is neither trained nor watched has no parameters here, as a frozen part has none
        return bool(parent) and any("." in p.name for p in case.parameters)
    return not any(p.trainable for p in around)

"""Other tools on the same scripts, each as its own documentation says, and what their words are taken to mean.

A tool gets the model and the optimizer once the script has made them, hears of each step when the optimizer has made
it, and gives its findings at the end.
`MEANS` is generous: a finding counts as naming the cause where that could be meant,
else as a consequence where it could be one; several of one kind count once; what has nothing to do with our causes (the
speed of a kernel, say) is left out. None of them gives the step, and layers are not asked of them.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import math
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from cases import FOLDER, Case
from record import Trial, losses, printing_to
from score import Finding, Outcome

_RATE_HIGH = ("learning-rate-too-high", "gradients-not-zeroed")
_FADES = (
    "vanishing-gradients",
    "weight-scale",
    "saturated-units",
    "dead-units",
    "symmetric-init",
    "learning-rate-too-low",
)
_BURSTS = ("exploding-gradients", "weight-scale", "unscaled-inputs", "overconfident-init", *_RATE_HIGH)
_STANDS = ("no-progress", "labels-unrelated", "softmax-before-cross-entropy", "frozen-parameters", *_FADES)
MEANS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {  # what it says, and all that it could mean
    "torchmortem": (
        ("dead_units", ("dead-units", "symmetric-init", "unscaled-inputs", *_RATE_HIGH)),
        ("gradient_flow: Vanishing", _FADES),
        ("gradient_flow: Gradient stalling", ("frozen-parameters", "layers-disagree", *_FADES)),
        ("gradient_flow: Exploding", _BURSTS),
        ("gradient_noise", ("labels-unrelated", "small-batch-norm")),
        ("loss_dynamics: .*divergence", ("diverging-loss", "non-finite", "eval-mode-in-training", *_BURSTS)),
        ("loss_dynamics: .*plateau", _STANDS),
        ("loss_dynamics: .*(Catapult|Edge)", ("exploding-gradients", "overconfident-init", *_RATE_HIGH)),
        (
            "rank_collapse",
            ("symmetric-init", "dead-units", "saturated-units", "weight-scale", "learning-rate-too-high"),
        ),
        ("saturation", ("saturated-units", "unscaled-inputs", "weight-scale", *_RATE_HIGH)),
        ("update_ratio: .*too low", ("learning-rate-too-low", "frozen-parameters", "layers-disagree", *_FADES)),
        ("update_ratio: .*too high", ("layers-disagree", "weight-scale", "unscaled-inputs", *_RATE_HIGH)),
        ("weight_norm: .*explosion", ("diverging-loss", *_BURSTS)),
        ("weight_norm: .*Stagnant", ("learning-rate-too-low", "frozen-parameters", "no-progress")),
        ("weight_norm: .*imbalance", ("layers-disagree", "weight-scale", "overconfident-init", "saturated-units")),
    ),
    "torch_audit": (
        ("TA100|TA305", ("non-finite", "learning-rate-too-high", "diverging-loss", "exploding-gradients")),
        ("TA102", _BURSTS),
        ("TA103|TA105|TA405", ("dead-units", "saturated-units", "symmetric-init", "frozen-parameters")),
        ("TA104|TA500", ("frozen-parameters",)),
        ("TA301|TA302", ("unscaled-inputs",)),
        ("TA304", ("small-batch-norm",)),
        ("TA400", ("bias-before-norm",)),
    ),
    "neural_observatory": (
        (".*(NaN|Inf) ", ("non-finite", "diverging-loss", "learning-rate-too-high", "exploding-gradients")),
        (".*(neurons are dead|appear dead|sparsity)", ("dead-units", "symmetric-init", *_RATE_HIGH)),
        (".*[Ss]aturation", ("saturated-units", "unscaled-inputs", "weight-scale", *_RATE_HIGH)),
        (".*Very low mean", ("weight-scale", "unscaled-inputs", "dead-units", "vanishing-gradients")),
        (".*Vanishing", ("frozen-parameters", *_FADES)),
        (".*collapsed recently", _STANDS),
        (".*(Exploding|spike)", _BURSTS),
        (".*(parameter drift|step-to-step)", ("layers-disagree", "diverging-loss", *_RATE_HIGH)),
        (".*(drift|attention|Collapse)", ("overfitting", "learning-rate-too-high")),
    ),
}


class Torchmortem:
    """Its Autopsy, told of each step and its loss."""

    def __init__(self, model: Any, optimizer: Any) -> None:
        from torchmortem import Autopsy  # type: ignore[import-not-found]

        self._autopsy = Autopsy(model, optimizer=optimizer)
        self._autopsy.attach()

    def step(self, number: int, loss: float) -> None:
        self._autopsy.step(loss=loss)

    def findings(self) -> Iterator[tuple[str, bool]]:
        self._autopsy.detach()
        for f in self._autopsy._report.findings:
            yield f"{f.category}: {f.title}", f.severity.name != "INFO"


class TorchAudit:
    """Its autopatch, which hears of the steps itself."""

    def __init__(self, model: Any, optimizer: Any) -> None:
        from torch_audit import autopatch  # type: ignore[import-not-found]

        self._auditor = autopatch(
            model, optimizer=optimizer, every_n_steps=10, reporters=[], suppress_internal_errors=True
        )

    def step(self, number: int, loss: float) -> None:
        """It hears of them itself."""

    def findings(self) -> Iterator[tuple[str, bool]]:
        for f in self._auditor.finish(report=False).findings:
            yield f.rule_id, f.severity.name != "INFO"


class NeuralObservatory:
    """Its Observatory, told of each step before the forward pass."""

    def __init__(self, model: Any, optimizer: Any) -> None:
        from neural_observatory import Observatory  # type: ignore[import-not-found]

        self._observatory = Observatory(model)
        self._observatory.watch()
        self._observatory.step(step=0, epoch=0)

    def step(self, number: int, loss: float) -> None:
        self._observatory.step(step=number + 1, epoch=0)

    def findings(self) -> Iterator[tuple[str, bool]]:
        self._observatory.stop()
        for result in self._observatory.report().results:
            for words in result.warnings:
                yield f"{result.analyzer_name}: {words}", result.status.value in ("warning", "critical")


TOOLS: dict[str, Callable[[Any, Any], Any]] = {
    "torchmortem": Torchmortem,
    "torch_audit": TorchAudit,
    "neural_observatory": NeuralObservatory,
}


def installed() -> list[str]:
    """The tools that are here."""
    return [name for name in TOOLS if importlib.util.find_spec(name)]


def kept_as(tool: str) -> str:
    """The name under which a trial keeps what a tool says."""
    return f"peer-{tool}.json"


def listen(trial: Trial, tool: str) -> None:
    """Run the script with a tool attached; to be called in a process of its own."""
    heard = _Heard(TOOLS[tool])
    trial.folder.mkdir(parents=True, exist_ok=True)
    path, error = trial.folder / f"{tool}.txt", ""
    with printing_to(path):
        script = FOLDER / f"{trial.case.script}.py"
        sys.argv = [str(script), *trial.case.options, "--seed", str(trial.seed)]
        try:
            with heard.attached():
                runpy.run_path(str(script), run_name="__main__")
        except Exception as e:
            error = repr(e)
        found = sorted(heard.findings())
    trial.keep(kept_as(tool), {"findings": found, "error": error} | losses(path.read_text()))


class _Heard:
    """Attaches a tool to an optimizer and its model at the first forward pass; of several trainings, to the last.

    Of adversaries it hears the first. At the forward pass because a schedule, made after the optimizer, wraps its step
    too, which not every tool bears.
    """

    def __init__(self, tool: Callable[[Any, Any], Any]) -> None:
        self._tool = tool
        self._watch: Any = None
        self._optimizer: Any = None
        self._steps, self._loss = 0, math.nan

    @contextlib.contextmanager
    def attached(self) -> Iterator[None]:
        """Hear of every optimizer that is made, and of every loss."""
        import torch

        init, backward = torch.optim.Optimizer.__init__, torch.Tensor.backward

        def made(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            init(optimizer, *args, **kwargs)
            if self._steps or self._optimizer is None:
                self._optimizer, self._watch, self._steps = optimizer, None, 0

        def called(module: Any, inputs: Any) -> None:
            if torch.is_grad_enabled() and self._optimizer is not None and self._watch is None:
                self._watch = self._tool(_owner(self._optimizer), self._optimizer)
                self._optimizer.register_step_post_hook(stepped)

        def stepped(optimizer: Any, *_: Any) -> None:
            if optimizer is self._optimizer:
                self._watch.step(self._steps, self._loss)
                self._steps += 1

        def heard(loss: Any, *args: Any, **kwargs: Any) -> None:
            self._loss = float(loss.detach())
            backward(loss, *args, **kwargs)

        torch.optim.Optimizer.__init__, torch.Tensor.backward = made, heard
        hook = torch.nn.modules.module.register_module_forward_pre_hook(called)
        try:
            yield
        finally:
            hook.remove()
            torch.optim.Optimizer.__init__, torch.Tensor.backward = init, backward

    def findings(self) -> set[tuple[str, bool]]:
        """What the tool says, each kind once."""
        return set() if self._watch is None else set(self._watch.findings())


def _owner(optimizer: Any) -> Any:
    """The module whose parameters an optimizer has; the outermost."""
    import torch

    mine = {id(p) for group in optimizer.param_groups for p in group["params"]}
    modules = [m for m in gc.get_objects() if isinstance(m, torch.nn.Module)]
    owners = [m for m in modules if any(id(p) in mine for p in m.parameters())]
    inner = {id(c) for m in owners for c in m.modules() if c is not m}
    return max((m for m in owners if id(m) not in inner), key=lambda m: sum(1 for _ in m.parameters()))


def outcome(trial: Trial, tool: str, kept: dict[str, Any]) -> Outcome:
    """What a tool said, in our words."""
    found: dict[str, bool] = {}
    for words, alarms in kept["findings"]:
        if rule := _meant(trial.case, tool, words):
            found[rule] = found.get(rule, False) or alarms
    said = tuple(Finding(rule, "warning" if alarms else "info") for rule, alarms in found.items())
    return Outcome(trial.case, trial.seed, 0, said, kept["before"], kept["after"])


def _meant(case: Case, tool: str, words: str) -> str | None:
    """The cause where that could be meant, else a consequence of it, else the first that could."""
    for pattern, rules in MEANS[tool]:
        if re.match(pattern, words):
            return next((r for r in (case.cause, *case.also) if r in rules), rules[0])
    return None


def pieces(trials: list[Trial]) -> Iterator[tuple[str, Callable[[], None]]]:
    """What is still to be done for the tools that are here."""
    for name in TOOLS:
        if name not in installed():
            print(f"{name} is not installed and left out")
    for trial in trials:
        for tool in installed():
            if trial.read(kept_as(tool)) is None:
                yield f"{tool} {trial.case.name} {trial.seed}", partial(listen, trial, tool)


def outcomes(trials: list[Trial]) -> dict[str, list[Outcome]]:
    """By tool, what is kept."""
    kept = {tool: [(t, t.read(kept_as(tool))) for t in trials] for tool in installed()}
    return {tool: [outcome(t, tool, k) for t, k in rows if k is not None] for tool, rows in kept.items()}

"""One look at a model before it is trained: recorded as a run that has no updates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from auscult.anatomy.passes import Model, Step, first_line, no_trace, run_pass, unwrapped
from auscult.errors import TargetError
from auscult.observe import facts
from auscult.observe.graph import Use, leaves_of
from auscult.observe.inside import Inside
from auscult.observe.kinds import kind_of
from auscult.observe.naming import switched_off, switches_of
from auscult.observe.probe import Watched
from auscult.observe.targets import tensors_of
from auscult.runs import Run, RunWriter
from auscult.runs import quantities as q
from auscult.runs.facts import record_of


def record_start(
    model: Model,
    batch: Any,
    loss: Callable[..., Tensor] | None,
    step: Step | None,
    folder: Path,
    name: str = "examined",
) -> Run:
    """The run, in `folder`, of one look at a forward pass and the gradients of its loss. The model stays as it is.

    Raises TargetError where model, batch and loss do not fit together (see `auscult.anatomy.passes`), RunError where
    the folder cannot be written.
    """
    tensors = tensors_of(unwrapped(model))
    total = run_pass(model, batch, loss, step=step)
    names = {key: named.name for key, (_, named) in tensors.items()}
    switches = switches_of(t for t, _ in tensors.values())
    inside = Inside(lambda t: names.get(id(t)), lambda: switched_off(switches), lambda work: work())
    uses: dict[int, Use] = {id(t): use for t, use in leaves_of([total])}
    writer = RunWriter(folder)
    try:
        inside.look([total], 0)
        _run_backward(model, total, [t for t, _ in tensors.values()])
        inside.backward_ended()
        for key, value in facts.of_the_program(name).items():
            writer.fact(key, value)
        watched = [Watched(n.name, t, kind_of(t, n, uses.get(id(t), "other")), t) for t, n in tensors.values()]
        writer.fact("parameters", [record_of(facts.of_tensor(w, None)) for w in watched])
        writer.fact("examined", True)
        values = [*inside.record(0, writer), (q.LOSS, "", float(total.detach()))]
        layout = writer.layout([(quantity, subject) for quantity, subject, _ in values])
        writer.frame(0, layout, _numbers(values))
        inside.close(writer)
    finally:
        inside.forget()
        writer.close()
    return Run(folder)


def _run_backward(model: Model, total: Tensor, tensors: list[Tensor]) -> None:
    """What a checkpoint runs again on the way back leaves no trace either."""
    with no_trace(model), torch.inference_mode(False), torch.enable_grad():
        try:
            torch.autograd.grad(total, tensors, allow_unused=True)
        except Exception as e:
            raise TargetError(f"the backward pass raised {type(e).__name__}: {first_line(e)}; mend it first") from e


def _numbers(values: list[tuple[str, str, float]]) -> Any:
    return torch.tensor([value for _, _, value in values], dtype=torch.float32).numpy()

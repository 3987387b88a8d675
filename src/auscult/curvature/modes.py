"""How norms and dropout behave while the loss is a function of the parameters alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Literal

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from auscult.anatomy.norm_passes import norms_of
from auscult.anatomy.passes import Model, no_trace

Norm = Literal["eval", "train", "data", "data-one-pass"]
NORMS: tuple[Norm, ...] = ("eval", "train", "data", "data-one-pass")


@contextmanager
def evaluating(model: Model, norm: Norm, twice: bool = False) -> Iterator[None]:
    """Dropout off, and norms as said; afterwards modes, buffers, gradients and random streams are as they were.

    twice: only kernels that can be differentiated twice: those for attention that are fast cannot, nor cuDNN's for
    recurrent layers.
    """
    modules = list(model.modules()) if isinstance(model, nn.Module) else []
    norms = list(norms_of(model)) if isinstance(model, nn.Module) and norm == "train" else []
    tracked = [m.track_running_stats for m in norms]
    fast = torch.backends.mha.get_fastpath_enabled()
    with ExitStack() as stack:
        stack.enter_context(no_trace(model))
        if twice:
            stack.enter_context(sdpa_kernel(SDPBackend.MATH))
        if any(isinstance(m, nn.RNNBase) for m in modules):  # cuDNN's have no gradient in eval mode
            stack.enter_context(torch.backends.cudnn.flags(enabled=False))
        try:
            torch.backends.mha.set_fastpath_enabled(False)
            for m in modules:
                m.training = False
            for m in norms:
                m.training, m.track_running_stats = True, False
            yield
        finally:
            torch.backends.mha.set_fastpath_enabled(fast)
            for m, track in zip(norms, tracked, strict=True):
                m.track_running_stats = track

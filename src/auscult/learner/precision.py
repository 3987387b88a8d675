"""Callbacks that change how a step is computed: in lower precision, with clipped gradients."""

from __future__ import annotations

import math
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import torch

from auscult.errors import LearnerError
from auscult.learner.batches import device_of
from auscult.learner.callback import Callback

if TYPE_CHECKING:
    from auscult.learner.fit import Fit

_DTYPES = (torch.bfloat16, torch.float16)


class MixedPrecision(Callback):
    """Runs forward passes and losses under autocast; with float16, losses are scaled so that gradients do not vanish.

    Weights and optimizer stay in float32. Steps whose scaled gradients overflow are skipped, and the scale is lowered
    (torch.amp.GradScaler); the scale is kept in checkpoints.

    dtype: torch.bfloat16 or torch.float16; by default float16 on CUDA and bfloat16 elsewhere.
    """

    order = -100
    in_lr_find = True

    def __init__(self, dtype: torch.dtype | None = None) -> None:
        if dtype is not None and dtype not in _DTYPES:
            raise LearnerError(f"MixedPrecision takes torch.bfloat16 or torch.float16, got {dtype}; give one of these")
        self._dtype = dtype
        self._saved: dict[str, Any] = {}
        self.scaler: torch.amp.GradScaler | None = None

    def forward_context(self, device: torch.device) -> AbstractContextManager[Any]:
        """Autocast."""
        return torch.autocast(device.type, dtype=self._dtype_on(device))

    def before_fit(self, fit: Fit) -> None:
        """Have the loop scale its losses, where that is needed."""
        device = device_of(fit.model)
        if self._dtype_on(device) is not torch.float16:
            return
        if self.scaler is None:
            self.scaler = torch.amp.GradScaler(device.type)
            if self._saved:
                self.scaler.load_state_dict(self._saved)
        fit.scaler = self.scaler

    def state(self) -> dict[str, Any]:
        """The scale, and how long it has held."""
        return self.scaler.state_dict() if self.scaler is not None else dict(self._saved)

    def load_state(self, state: dict[str, Any]) -> None:
        """Scale by this from now on."""
        self._saved = dict(state)
        if self.scaler is not None:
            self.scaler.load_state_dict(self._saved)

    def _dtype_on(self, device: torch.device) -> torch.dtype:
        return self._dtype or (torch.float16 if device.type == "cuda" else torch.bfloat16)


class GradientClip(Callback):
    """Scales all gradients of a step together down to the norm given, where theirs is larger.

    g ← g · min(1, norm/‖g‖₂), ‖g‖₂ over all parameters (Pascanu et al. 2013). `taken` is the norm before, of the last
    step.
    """

    order = 50
    in_lr_find = True

    def __init__(self, norm: float = 1.0) -> None:
        if not (norm > 0 and math.isfinite(norm)):
            raise LearnerError(f"GradientClip takes a positive norm, got {norm}; 1.0 is usual")
        self.norm = norm
        self.taken: torch.Tensor | None = None

    def before_step(self, fit: Fit) -> None:
        """Clip."""
        self.taken = torch.nn.utils.clip_grad_norm_(fit.parameters, self.norm)

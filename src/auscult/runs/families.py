"""Which optimizers move each element by about the learning rate, and which by the learning rate times the gradient."""

from __future__ import annotations

from typing import Literal

Family = Literal["sgd", "adaptive"]

# Found by a part of the class name, so that AdamW8bit or FusedLion are known too. Everything else is taken to move by
# lr times the gradient, as SGD does.
_ADAPTIVE = (
    "adam", "rmsprop", "rms_prop", "adagrad", "adadelta", "adafactor", "adabelief", "adabound", "lion", "sophia",
    "sign", "rprop", "shampoo", "soap", "lamb", "novograd", "prodigy", "muon", "ranger",
)  # fmt: skip


def family(class_name: str) -> Family:
    """Whether an optimizer moves by about lr an element (adaptive) or by lr times the gradient (sgd)."""
    lowered = class_name.lower()
    return "adaptive" if any(part in lowered for part in _ADAPTIVE) else "sgd"

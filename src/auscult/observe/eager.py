"""Running compiled code as it is written, so that what it does can be seen: only where the user asks for it."""

from __future__ import annotations

from typing import Any

import torch


class Eager:
    """From `enter` to `leave`, what is compiled with torch.compile runs as Python; nothing is compiled anew for it."""

    def __init__(self) -> None:
        self._stance: Any = None

    def enter(self) -> None:
        """Run compiled code as it is written."""
        if self._stance is None:
            self._stance = torch.compiler.set_stance("force_eager")

    def leave(self) -> None:
        """As before."""
        if self._stance is not None:
            self._stance.__exit__(None, None, None)
            self._stance = None

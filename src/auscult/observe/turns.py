"""After which steps to hear what a script computes besides training: of what it computes at every step, some."""

from __future__ import annotations

_OFTEN = 20  # steps after which anything is heard
_SHARE, _SHARE_WAITED = 0.25, 0.02  # of all steps, after which it is heard then; where reading a number must wait


class Turns:
    """Counts the steps after which something was heard."""

    def __init__(self) -> None:
        self.at = -1  # the last of them
        self._times = 0

    def is_due(self, step: int, waits: bool) -> bool:
        """Whether to hear what comes after this step."""
        return step == self.at or self._times <= max(_OFTEN, (_SHARE_WAITED if waits else _SHARE) * step)

    def note(self, step: int) -> bool:
        """Something is heard after this step; True where it is the first."""
        first = step != self.at
        self.at, self._times = step, self._times + first
        return first

"""Progress in the terminal's title: the one place on a terminal that is never the script's."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import TracebackType

_PUSH, _POP = "\x1b[22;0t", "\x1b[23;0t"


class Title:
    """While the block lasts, shows `text()` as the terminal's title, once a second; then puts the old title back."""

    def __init__(self, text: Callable[[], str], enabled: bool) -> None:
        self._text = text
        self._enabled = enabled
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._show, name="auscult-title", daemon=True)

    def __enter__(self) -> Title:
        if self._enabled:
            self._write(_PUSH)
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._enabled:
            self._over.set()
            self._thread.join()
            self._write(_POP)

    def _show(self) -> None:
        while not self._over.wait(1.0):
            self._write(f"\x1b]0;{self._text()}\x07")

    @staticmethod
    def _write(sequence: str) -> None:
        try:
            sys.__stderr__.write(sequence)  # type: ignore[union-attr]
            sys.__stderr__.flush()  # type: ignore[union-attr]
        except (OSError, ValueError, AttributeError):
            pass  # a terminal that has gone away

"""What a remedy did: the network before and after, layer by layer, and what was left alone."""

from __future__ import annotations

import math
import textwrap
from dataclasses import dataclass

from auscult.treat.measure import LayerState, NetworkState

_WIDTH = 80
NONE = "–"


@dataclass(frozen=True)
class LeftAlone:
    """A tensor that a remedy did not change, and why."""

    name: str
    why: str


@dataclass(frozen=True)
class Treatment:
    """A remedy that was applied, measured before and after on the same batch.

    changed: the tensors whose numbers are others now. notes: what else there is to know. str() is a table.
    """

    remedy: str
    before: NetworkState
    after: NetworkState
    changed: tuple[str, ...]
    left_alone: tuple[LeftAlone, ...] = ()
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.remedy}: loss {figure(self.before.loss)} → {figure(self.after.loss)}{self._expected()}", ""]
        lines += table(
            ("layer", "followed by", "weight std", "output std", "saturated", "dead"),
            [self._row(layer) for layer in self._shown()],
        )
        if self.left_alone:
            lines += ["", "left alone:"]
            lines += [fit(f"  {one.name}: {one.why}") for one in self.left_alone]
        lines += [fit(f"note: {note}") for note in self.notes]
        return "\n".join(lines)

    def _shown(self) -> list[LayerState]:
        """Of a layer used many times the first use and the last."""
        uses: dict[str, list[LayerState]] = {}
        for layer in self.after.layers:
            uses.setdefault(layer.name.split("#")[0], []).append(layer)
        ends = {id(x) for same in uses.values() for x in (same[0], same[-1])}
        return [layer for layer in self.after.layers if id(layer) in ends]

    def _expected(self) -> str:
        return (
            "" if math.isnan(self.after.expected) else f" (a guess that knows nothing: {figure(self.after.expected)})"
        )

    def _row(self, now: LayerState) -> tuple[str, ...]:
        was = self.before.layer(now.name)
        follows = " ".join(part for part in (now.norm, now.activation) if part) or NONE
        return (
            now.name,
            follows,
            _change(was and was.weight_std, now.weight_std),
            _change(was and was.output_std, now.output_std),
            _change(was and was.saturated, now.saturated, percent),
            _change(was and was.dead, now.dead, percent),
        )


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    """Lines of a table; empty columns are left out, and names shortened where 80 columns are not enough."""
    kept = [i for i in range(len(heads)) if i < 1 or any(row[i] != NONE for row in rows)]
    rows = [tuple(row[i] for i in kept) for row in (heads, *rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(kept))]
    over = sum(widths) + 2 * (len(widths) - 1) - _WIDTH
    widths[0] = max(8, widths[0] - max(0, over))
    return ["  ".join(_cell(c, w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]


def figure(value: float) -> str:
    """A number in three or four digits; – where it is not known."""
    if math.isnan(value):
        return NONE
    return f"{value:.4g}" if abs(value) >= 1 else f"{value:.3g}"


def percent(share: float) -> str:
    """A share in per cent; – where it is not known."""
    return NONE if math.isnan(share) else f"{100 * share:.1f}%"


def fit(line: str) -> str:
    """A line, folded at 80 columns."""
    return textwrap.fill(line, _WIDTH, subsequent_indent="    ")


def _change(was: float | None, now: float, write=figure) -> str:
    if was is None or write(was) == write(now):
        return write(now)
    return f"{write(was)}→{write(now)}"


def _cell(text: str, width: int) -> str:
    if len(text) > width:
        text = f"…{text[len(text) - width + 1 :]}"
    return text.ljust(width)

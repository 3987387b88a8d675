"""What ails a run: `judge` it, `explain` a rule, list their `names`. One file an ailment; needs no torch."""

from auscult.rules._judge import explain, judge, names

__all__ = ["explain", "judge", "names"]

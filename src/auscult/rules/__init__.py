"""What ails a run: `judge` it, `explain` a rule, list them all. One file an ailment; needs no torch."""

from auscult.rules._judge import judge, names
from auscult.rules._page import Line, explain, lines, pages

__all__ = ["Line", "explain", "judge", "lines", "names", "pages"]

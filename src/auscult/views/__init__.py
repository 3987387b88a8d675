"""Showing a run: figures, one HTML report, the terminal, a page for notebooks.

It needs a run and a diagnosis, never torch. What is named here is loaded when it is first asked for, so that
a listing on the terminal loads no Plotly.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auscult.views.band import Band
    from auscult.views.comparison_listing import print_comparison
    from auscult.views.figures import Picture, compare, pictures
    from auscult.views.listing import print_run, print_runs
    from auscult.views.page import ComparisonPage, InitPage, Page
    from auscult.views.report import render_report, write_report
    from auscult.views.start_listing import print_start
    from auscult.views.terminal import print_diagnosis, print_margins, print_rule, print_rules

__all__ = [
    "Band", "ComparisonPage", "InitPage", "Page", "Picture", "compare", "pictures", "print_comparison",
    "print_diagnosis", "print_margins", "print_rule", "print_rules", "print_run", "print_runs", "print_start",
    "render_report", "write_report",
]  # fmt: skip

_HOMES = {
    "band": ("Band",),
    "comparison_listing": ("print_comparison",),
    "figures": ("Picture", "compare", "pictures"),
    "listing": ("print_run", "print_runs"),
    "page": ("ComparisonPage", "InitPage", "Page"),
    "report": ("render_report", "write_report"),
    "start_listing": ("print_start",),
    "terminal": ("print_diagnosis", "print_margins", "print_rule", "print_rules"),
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"auscult.views.{module}"), name)
    raise AttributeError(f"auscult.views has no {name!r}")


def __dir__() -> list[str]:
    return __all__

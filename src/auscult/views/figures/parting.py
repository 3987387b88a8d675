"""The first series in which a run parts from its baseline, the two over one another."""

from __future__ import annotations

from dataclasses import replace

from auscult.findings import Baseline
from auscult.runs import Run, Series
from auscult.views.digest import labels
from auscult.views.figures.comparison import overlaid
from auscult.views.figures.picture import Picture
from auscult.views.words import label

DRAWN = 3  # deviations that are drawn


def parting(run: Run, baseline: Baseline) -> list[Picture]:
    """A picture of each of the first deviations."""
    names = labels([run, baseline.run])
    made = []
    for i, d in enumerate(baseline.deviations[:DRAWN]):
        read = [r.series(d.quantity, subject) for r, subject in zip((run, baseline.run), d.most, strict=True)]
        series = [Series(s.steps[(there := s.values == s.values)], s.values[there]) for s in read]
        title = label(d.quantity) + (f" of {d.most[0]}" if d.most[0] else "")
        picture = overlaid(f"parting-{i}", title, f"They part at step {d.first_step:,}.", names, series)
        if picture is not None:
            picture.plot.add_vline(x=d.first_step, line={"color": "#868b94", "width": 1, "dash": "dot"})
            made.append(replace(picture, group="baseline"))
    return made

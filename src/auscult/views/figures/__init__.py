"""Plotly figures of a run, in the order they are shown."""

from __future__ import annotations

from auscult.runs import Run
from auscult.views.band import DEFAULT, Band
from auscult.views.figures import densities, parts, rates
from auscult.views.figures.by_layer import dead, saturation, signal, signal_gradient
from auscult.views.figures.comparison import compare
from auscult.views.figures.first_look import start
from auscult.views.figures.gradients import distance, gradient_norm, gradient_ratio
from auscult.views.figures.histogram import histogram
from auscult.views.figures.noise import noise_scale
from auscult.views.figures.norms import norms
from auscult.views.figures.picture import Picture
from auscult.views.figures.progress import learning_rate, logged, loss, step_time
from auscult.views.figures.ratio import heatmap, lines
from auscult.views.figures.units import units

__all__ = ["Picture", "compare", "pictures"]


def pictures(run: Run, band: Band = DEFAULT) -> list[Picture]:
    """Every picture the run has numbers for; an empty list for a run without a step."""
    made = [
        start(run),
        loss(run),
        logged(run),
        lines(run, band),
        heatmap(run, band),
        histogram(run, band),
        gradient_ratio(run),
        gradient_norm(run),
        noise_scale(run),
        distance(run),
        learning_rate(run),
        step_time(run),
        parts.shares(run),
        parts.lengths(run),
        rates.by_parameter(run),
        rates.over_steps(run),
    ]
    if run.layers:
        made += [
            *densities.activations(run),
            signal(run),
            saturation(run),
            dead(run),
            units(run),
            *densities.gradients(run),
            signal_gradient(run),
            norms(run),
        ]
    return [picture for picture in made if picture is not None]

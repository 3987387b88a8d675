"""Where the step comes from: what each part of a composed optimizer contributed, layer by layer and over the steps."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from auscult.runs import Parameter, Run, Series
from auscult.runs import quantities as q
from auscult.views.digest import courses, median_course, parameters, settled
from auscult.views.figures.palette import role_colors
from auscult.views.figures.picture import FEW, INK, MANY_ROWS, MUTED, Picture, compact, frame, name_rows, plain
from auscult.views.inside import spread
from auscult.views.words import places

ALL_ROWS = 40  # up to so many parameters each has a row; beyond, the matrices and embeddings have
CHOICES = 12  # parameters that can be chosen to be seen over the steps
REACH = (-3.0, 4.0)  # of the shares: longer bars are cut
MEDIAN = "median of the matrices"
ROUNDING = 1e-7  # of the largest contribution: what is smaller may be drawn below the axis
EVENS = {"scaling", "sign"}  # roles that make all elements' steps about equally long


def shares(run: Run) -> Picture | None:
    """At the end of the run, the share of each role in the update of each parameter, as signed stacked bars."""
    rows = _rows(run)
    roles = q.roles_of(q.PART_SHARE, run.quantities)
    found = {role: settled(run, q.of_role(q.PART_SHARE, role), [p.name for p in rows]) for role in roles}
    moved = {role: by_name for role, by_name in found.items() if any(np.isfinite(v) and v for v in by_name.values())}
    if not moved:
        return None
    shown = _shown(rows)
    plot = frame(None, "", height=max(200, min(1100, 96 + len(shown) * (26 if len(shown) <= MANY_ROWS else 13))))
    tint = role_colors(roles)
    table = np.array([[by_name.get(p.name, np.nan) for p in shown] for by_name in moved.values()])  # (roles, rows)
    table = np.where(np.isfinite(table), table, np.nan)
    for role, row in zip(moved, table, strict=True):
        plot.add_bar(
            x=row.astype(np.float32), y=[plain(p.name) for p in shown], orientation="h", name=plain(role),
            marker={"color": tint[role], "line": {"width": 0}},
            hovertemplate="<b>%{y}</b><br>%{fullData.name}: %{x:.1%} of the step<extra></extra>",
        )  # fmt: skip
    reach = float(np.nansum(np.minimum(table, 0), axis=0).min()), float(np.nansum(np.maximum(table, 0), axis=0).max())
    low, high = max(reach[0], REACH[0]), min(max(reach[1], 1.0), REACH[1])
    room = 0.03 * (high - low)
    plot.add_vline(x=0, line={"color": MUTED, "width": 1})
    plot.add_vline(x=1, line={"color": MUTED, "width": 1, "dash": "dot"})
    name_rows(plot, [p.name for p in shown])
    plot.update_yaxes(type="category")  # a parameter may be called "0"
    plot.update_xaxes(
        title={"text": "share of the step"}, tickformat=".0%", range=[low - room if low else 0, high + room]
    )
    plot.update_layout(
        barmode="relative", bargap=0.28, margin={"t": 36},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": 1, "yanchor": "bottom", "traceorder": "normal"},
    )  # fmt: skip
    notes = ["Medians over the last fifth of the run; those of one row need not sum to exactly 100 %."]
    if reach != (low, high) and (reach[0] < low or reach[1] > high):
        notes.append("Longer bars are cut: contributions that nearly cancel are many times as long as the step.")
    if len(shown) < len(rows):
        notes.append(f"Rows: the {len(shown)} matrices and embeddings; {len(rows) - len(shown)} others are left out.")
    rare = [role for role in roles if role not in moved and _ever(run, role, shown)]
    if rare:
        notes.append(f"Not at most steps, so not in the medians: {places(rare)}.")
    caption = (
        "What the last steps of each parameter are made of. The gradient is what plain gradient descent would have "
        "done; every other colour is what that part of the optimizer made of it. Bars to the left of 0 worked against "
        "the step, and left and right together come to 100 %. Layers whose bars look alike are treated alike; one "
        "that stands out, say with more decay than others, is moved by something else than its gradient."
    )
    if moved.keys() & EVENS:
        caption += (
            " Nearly all scaling or sign is as it should be: these make steps of about lr out of gradients that are "
            "mostly far smaller than 1."
        )
    elif "momentum" in moved:
        caption += (
            " With a momentum of 0.9 the gradient of the step itself has 10 % of it where gradients agree from step to "
            "step, and 19 % where they are noise."
        )
    return Picture("step-shares", "Where the step comes from", caption, plot, tuple(notes), "optimizer")


def lengths(run: Run) -> Picture | None:
    """The norm of what each role contributed, beside that of the update, over steps: median and single parameters."""
    rows = _rows(run)
    roles = [r for r in q.roles_of(q.PART_NORM, run.quantities) if _ever(run, r, rows)]
    if not roles:
        return None
    chosen = spread(_shown(rows), CHOICES)
    plot = frame(run, "‖contribution‖₂", log=3)
    tint, options = role_colors(q.roles_of(q.PART_NORM, run.quantities)), []
    single = len(chosen) == 1
    for choice in chosen if single else [None, *chosen]:
        lines = [("whole step", q.UPDATE_NORM)] + [(role, q.of_role(q.PART_NORM, role)) for role in roles]
        drawn = []
        for name, quantity in lines:
            series = _of(run, quantity, choice)
            if series is not None:
                color = INK if quantity == q.UPDATE_NORM else tint[name]
                _line(plot, series, name, color, len(options), quantity == q.UPDATE_NORM)
                drawn.append(series.values[series.values > 0])
        text = choice.name if choice is not None else MEDIAN
        layout = {"yaxis.range": _reach(np.concatenate(drawn))} if drawn else {}
        options.append({"text": text, "names": [choice.name] if choice is not None else [], "layout": layout})
    plot.update_yaxes(range=options[0]["layout"].get("yaxis.range"))
    plot.update_layout(meta={"choose": [{"key": "of", "as": "list", "label": "of", "options": options}]})
    caption = (
        "How long each part's contribution is, beside the step they make together, each as the norm of a vector. A "
        "step much longer than its gradient part is stretched by momentum or scaling; a part longer than the step "
        "works against another. Curves that part ways in the course of a training show where the optimizer takes "
        "over from the gradient."
    )
    all_there = single or len(chosen) == len(rows)
    notes = () if all_there else (f"To choose from: {len(chosen)} of {len(rows)} parameters, matrices before others.",)
    return Picture("step-lengths", "Where the step comes from, over the steps", caption, plot, notes, "optimizer")


def _rows(run: Run) -> list[Parameter]:
    """The parameters of which shares are recorded, matrices and embeddings first."""
    names = {n for r in q.roles_of(q.PART_SHARE, run.quantities) for n in run.quantities[q.of_role(q.PART_SHARE, r)]}
    return sorted((p for p in parameters(run) if p.name in names), key=lambda p: p.kind in ("bias", "gain"))


def _shown(rows: list[Parameter]) -> list[Parameter]:
    heavy = [p for p in rows if p.kind in ("matrix", "embedding")]
    return heavy if heavy and len(rows) > ALL_ROWS else rows


def _ever(run: Run, role: str, rows: list[Parameter]) -> bool:
    """Whether a role ever contributed anything to one of the parameters."""
    quantity = q.of_role(q.PART_NORM, role)
    return any(np.nanmax(s.values, initial=0) > 0 for _, s in courses(run, quantity, [p.name for p in rows]))


def _of(run: Run, quantity: str, parameter: Parameter | None) -> Series | None:
    if parameter is None:
        series = median_course(run, quantity)
    else:
        series = next((s for _, s in courses(run, quantity, [parameter.name])), None)
    return series if series is not None and np.nanmax(series.values, initial=0) > 0 else None


def _reach(values: np.ndarray) -> list[float]:
    """A range of magnitudes that shows all lines, but is not stretched by the lowest values: what rounding leaves."""
    high = values[np.isfinite(values)].max(initial=1e-30)
    low = values[values > ROUNDING * high].min(initial=high)
    return [float(np.log10(low)) - 0.2, float(np.log10(high)) + 0.2]


def _line(plot: go.Figure, series: Series, name: str, color: str, option: int, whole: bool) -> None:
    there = series.values > 0  # a part that acts at some steps only, as lookahead, is drawn where it does
    steps, values = series.steps[there], series.values[there]
    rare = not whole and there.mean() < 0.9
    plot.add_scatter(
        x=compact(steps), y=values.astype(np.float32), name=plain(name), visible=option == 0, showlegend=True,
        mode="markers" if rare else "lines+markers" if len(steps) <= FEW and not whole else "lines",
        line={"color": color, "width": 1.4 if whole else 1.8, "dash": "dot" if whole else "solid"},
        marker={"color": color, "size": 5},
        meta={"when": {"of": option}, **({"paint": "ink"} if whole else {})},
        hovertemplate="step %{x:,.0f}: %{y:.3~g}<extra>%{fullData.name}</extra>",
    )  # fmt: skip

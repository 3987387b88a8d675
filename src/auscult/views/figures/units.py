"""Units × examples, as the lecture draws them: white where a unit is on a flat part of its activation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from auscult.runs import Layer, Run, Stored
from auscult.runs import quantities as q
from auscult.views.figures.picture import MUTED, Picture, frame
from auscult.views.inside import aliases
from auscult.views.words import count

LAYERS, EXAMPLES, UNITS = 12, 64, 384  # that are drawn at most
ALIVE, FLAT, DEAD = 0, 1, 2
INK, PAPER, RED = "#0b0d10", "#f7f6f2", "#e2483d"
COLORS = [[0, INK], [1 / 3, INK], [1 / 3, PAPER], [2 / 3, PAPER], [2 / 3, RED], [1, RED]]

# from what the activation gave: where it is flat, at both ends (beyond a tanh's .99) or at its one flat end
_FLAT: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "tanh": lambda y: np.abs(y) > 0.99,
    "sigmoid": lambda y: np.abs(2 * y - 1) > 0.99,
    "hardtanh": lambda y: np.abs(y) >= 1,
    "hardsigmoid": lambda y: (y <= 0) | (y >= 1),
    "elu": lambda y: y < 1e-3 - 1,
    "celu": lambda y: y < 1e-3 - 1,
    "selu": lambda y: y < 1e-3 - 1.7581,
    "gelu": lambda y: (y <= 0) & (y > -3e-4),
    "silu": lambda y: (y <= 0) & (y > -1.2e-3),
    "mish": lambda y: (y <= 0) & (y > -1.2e-3),
    "softplus": lambda y: y < 1e-3,
}
TWO_ENDS = ("tanh", "sigmoid", "hardtanh", "hardsigmoid")


@dataclass(frozen=True)
class _Look:
    """One map: its states as drawn, cut, and what they come to over the whole of it."""

    step: int
    states: np.ndarray  # uint8 (examples, units)
    examples: int
    units: int
    flat: float  # share of the values
    dead: int  # units


@dataclass(frozen=True)
class _Maps:
    """What is drawn of one layer, at the start and last; `silence`: what is known of its units over all looks."""

    layer: Layer
    looks: tuple[_Look, ...]
    silence: str

    @property
    def worst(self) -> tuple[float, float]:
        """The share of its units that is dead, and of its values that is flat, where that is most."""
        return max(k.dead / k.units for k in self.looks), max(k.flat for k in self.looks)


def units(run: Run) -> Picture | None:
    """The maps of the layers that are saturated or dead the most, a layer at a time, at the start and last."""
    first, last = _by_layer(run.arrays(q.MAP), 0), _by_layer(run.arrays(q.MAP) + run.arrays(q.MAP_LAST), -1)
    ages = _by_layer(run.arrays(q.UNITS), -1)
    made = [_maps(x, first.get(x.name), last[x.name], ages.get(x.name)) for x in run.layers if x.name in last]
    found = [m for m in made if m is not None]
    if not found:
        return None
    shown = sorted(found, key=lambda m: m.worst, reverse=True)[:LAYERS]
    rows = max(len(m.looks) for m in shown)
    plot = frame(None, "", height=70 + 190 * rows)
    gap = 32 / (190 * rows)
    options = []
    for m in shown:
        layout: dict[str, object] = {}
        for i, look in enumerate(m.looks):
            plot.add_heatmap(
                z=look.states, zmin=-0.5, zmax=2.5, colorscale=COLORS, showscale=False, visible=not options,
                yaxis="y" + str(i + 1) * (i > 0), meta={"when": {"layer": len(options)}},
                hovertemplate=f"unit %{{x}}, example %{{y}}, step {look.step:,}<extra></extra>",
            )  # fmt: skip
            layout[f"annotations[{i}].text"] = _title(look, m)
        for i in range(len(m.looks), rows):
            layout[f"annotations[{i}].text"] = ""
        layout["xaxis.range"] = [-0.5, m.looks[0].states.shape[1] - 0.5]
        options.append({"text": _told(m), "names": aliases(m.layer), "layout": layout})
    for i in range(rows):
        top = 1 - i / rows
        axis = {"domain": [1 - (i + 1) / rows, top - gap], "autorange": "reversed", "showgrid": False, "nticks": 4}
        plot.update_layout({f"yaxis{i + 1 if i else ''}": {**axis, "title": {"text": "example"}, "zeroline": False}})
        plot.add_annotation(
            x=0, xref="paper", xanchor="left", y=top - gap, yref="paper", yanchor="bottom", showarrow=False, yshift=3,
            text=options[0]["layout"][f"annotations[{i}].text"], font={"size": 12, "color": MUTED},
        )  # fmt: skip
    plot.update_xaxes(
        title={"text": "unit"}, anchor=f"y{rows if rows > 1 else ''}", range=options[0]["layout"]["xaxis.range"],
        showgrid=False, tickformat=None,
    )  # fmt: skip
    plot.update_layout(
        margin={"t": 4}, meta={"choose": [{"key": "layer", "as": "list", "label": "layer", "options": options}]}
    )
    return Picture("units", "Units by examples", _caption(shown), plot, _notes(shown, len(found)), "inside")


def _by_layer(stored: tuple[Stored, ...], which: int) -> dict[str, Stored]:
    out: dict[str, Stored] = {}
    for thing in sorted(stored, key=lambda s: s.step, reverse=which == 0):
        out[thing.subject] = thing
    return out


def _maps(layer: Layer, first: Stored | None, last: Stored, ages: Stored | None) -> _Maps | None:
    looks = [last] if first is None or first.step == last.step else [first, last]
    looks = [s for s in looks if s.values.ndim == 2 and s.values.size]
    if not looks:
        return None
    return _Maps(layer, tuple(_look(layer, s) for s in looks), _silence(ages, len(last.values)))


def _look(layer: Layer, stored: Stored) -> _Look:
    flat = _FLAT.get(layer.activation or layer.operation, lambda y: y == 0)(stored.values.astype(np.float32))
    dead = np.all(flat, axis=0)
    states = np.where(flat, np.where(dead, DEAD, FLAT), ALIVE).astype(np.uint8)[:EXAMPLES, :UNITS]
    examples, wide = flat.shape
    return _Look(stored.step, states, examples, wide, float(flat.mean()), int(dead.sum()))


def _silence(ages: Stored | None, examples: int) -> str:
    """From what was kept of each unit over all looks: alive in none, and in none of more examples than the map's."""
    if ages is None or ages.values.ndim != 2 or len(ages.values) < 2:
        return ""
    alive, since = ages.values[0], ages.values[1]
    never, gone = alive < 0, (alive >= 0) & (since > examples)
    told = [f"{int(never.sum()):,} since the start, {int(since[never].min()):,} examples"] if never.any() else []
    told += [f"{int(gone.sum()):,} for {int(since[gone].min()):,} examples or more"] if gone.any() else []
    return ", ".join(told)


def _title(look: _Look, m: _Maps) -> str:
    what = "saturated" if (m.layer.activation or m.layer.operation) in TWO_ENDS else "off"
    dead = f", {count(look.dead, 'unit')} dead in all {look.examples} examples" if look.dead else ""
    return f"step {look.step:,}: {100 * look.flat:.0f} % {what}{dead}"


def _told(m: _Maps) -> str:
    dead, flat = m.worst
    return f"{m.layer.shown_as} – " + (f"{100 * dead:.0f} % dead" if dead else f"{100 * flat:.0f} % flat")


def _caption(shown: list[_Maps]) -> str:
    kinds = {m.layer.activation or m.layer.operation for m in shown}
    ends = "beyond .99 of a tanh's reach" if kinds & set(TWO_ENDS) else ""
    off = "at zero, or on the flat tail" if kinds - set(TWO_ENDS) else ""
    return (
        "Each row is an example, each column a unit. White: on a flat part of the activation "
        f"({' or '.join(filter(None, (ends, off)))}), where no gradient passes. A scatter of white is normal, and for "
        "a ReLU half of it. A column that would be white from top to bottom is drawn red: a dead unit, which learns "
        "from no example."
    )


def _notes(shown: list[_Maps], found: int) -> tuple[str, ...]:
    notes = []
    if len(shown) < found:
        notes.append(f"To choose from: the {len(shown)} most saturated or dead of {found} layers.")
    if any(k.units > UNITS or k.examples > EXAMPLES for m in shown for k in m.looks):
        notes.append(f"Drawn: the first {UNITS} units of a layer, and {EXAMPLES} examples at most.")
    told = [f"{m.layer.shown_as}: {m.silence}" for m in shown if m.silence]
    if told:
        notes.append(f"Units that are silent over all looks: {'; '.join(told[:6])}.")
    return tuple(notes)

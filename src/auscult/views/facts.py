"""The tables about a run that are no figure: its facts, its parameters, its bill."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

import numpy as np

from auscult.findings import Diagnosis
from auscult.runs import Run
from auscult.runs import quantities as q
from auscult.views.digest import courses, parameters, settled
from auscult.views.words import count, duration, kinds, moment, number, share, sparkline


@dataclass(frozen=True)
class ParameterRow:
    """One parameter as a table shows it; the numbers are medians at the end of the run."""

    name: str
    kind: str
    shape: str
    optimizer: str
    ratio: float  # log10 of update to data
    course: str  # the same over the run, as a sparkline
    gradient: float  # norm
    distance: float
    trainable: bool


def parameter_rows(run: Run) -> list[ParameterRow]:
    """A row for every parameter, in the order of the model."""
    known = parameters(run)
    names = [p.name for p in known]
    ratio, gradient, distance = (settled(run, quantity, names) for quantity in (q.RATIO, q.GRAD_NORM, q.DISTANCE))
    lines = {name: sparkline(series.values) for name, series in courses(run, q.RATIO, names)}
    return [
        ParameterRow(
            p.name, p.kind, " × ".join(map(str, p.shape)) or "–", _optimizer(p.optimizer, p.group),
            ratio.get(p.name, np.nan), lines.get(p.name, ""),
            gradient.get(p.name, np.nan), distance.get(p.name, np.nan), p.trainable,
        )
        for p in known
    ]  # fmt: skip


def fact_rows(run: Run) -> list[tuple[str, str]]:
    """What is known of the run, as (what, value)."""
    started, ended = run.started, float(run.fact("ended") or 0)
    known = run.parameters
    rows = [
        ("status", run.status),
        ("error", str(run.fact("error") or "")),
        ("command", command_line(run)),
        ("started", moment(started)),
        ("took", duration(ended - started) if started and ended else ""),
        ("steps", f"{run.steps:,}"),
        ("examples", _examples(run)),
        (
            "parameters",
            f"{sum(p.size for p in known):,} in {count(len(known), 'tensor')} ({_kinds(run)})" if known else "none",
        ),
    ]
    for o in run.optimizers:
        rows.append(
            (
                f"optimizer {o.name}" if o.name != o.class_name else "optimizer",
                _describe(o.class_name, o.groups),
            )
        )
    rows += [
        ("events", _events(run)),
        ("seeds", _pairs(run.fact("seeds"))),
        ("settings", _pairs(run.fact("settings"))),
        ("versions", _pairs(run.fact("versions"))),
        ("measured by", str(run.fact("measured_by") or "")),
    ]
    return [(what, value) for what, value in rows if value]


def _examples(run: Run) -> str:
    """How many the data has, and how often they were gone through; empty where they are not known to come again."""
    found = [run.series(quantity, "") for quantity in (q.DATA_EXAMPLES, q.DATA_BATCH)]
    if not all(len(series.values) for series in found):
        return ""
    examples, batch = float(found[0].values[-1]), float(np.median(found[1].values))
    times = run.steps * batch / examples
    return f"about {float(f'{examples:.1e}'):,.0f} in batches of {batch:,.0f}, gone through {number(times)} times"


def bill_rows(run: Run, diagnosis: Diagnosis) -> list[tuple[str, str]]:
    """What listening cost, as (what, value)."""
    b = run.bill
    rows = [
        ("steps looked at", f"{diagnosis.overhead.sampled_steps:,} of {run.steps:,}"),
        ("steps whose updates alone were measured", f"{b.updates:,}" if b.updates else ""),
        ("share of wall time", share(diagnosis.overhead.share)),
        ("time in the training's thread", f"{duration(b.own_s)} of {duration(b.wall_s)}" if b.wall_s else ""),
        ("attaching", duration(b.setup_s) if b.setup_s else ""),
        ("writing, in a thread of its own", duration(b.writer_s) if b.writer_s else ""),
        ("steps dropped", f"{diagnosis.overhead.dropped_frames:,}"),
        ("faults of auscult's own", _faults(run, diagnosis)),
        ("not looked into", unseen_line(run).removeprefix("not looked into: ")),
    ]
    return [(what, value) for what, value in rows if value]


def bill_line(run: Run, diagnosis: Diagnosis) -> str:
    """The bill in one line."""
    bill = diagnosis.overhead
    measured = run.bill.updates
    line = f"listened to {bill.sampled_steps:,} of {count(run.steps, 'step')}"
    line += f" and the updates of {measured:,}" if measured else ""
    line += f", {share(bill.share)} of wall time"
    line += f"; {count(bill.dropped_frames, 'step')} dropped" if bill.dropped_frames else ""
    return line + (f"; {count(bill.faults, 'fault')} of auscult's own" if bill.faults else "")


def unseen_line(run: Run) -> str:
    """What could not be looked into, and why; empty where all was seen."""
    hidden = [layer.name for layer in run.layers if layer.hidden]
    told = [f"{count(len(hidden), 'layer')} under checkpointing ({', '.join(hidden[:3])}, …)" if hidden else ""]
    eager = (run.fact("settings") or {}).get("eager")
    told.append("compiled code (--eager looks into it)" if run.fact("compiled") and not eager else "")
    passed_over = run.fact("passed_over")
    told.append(f"{passed_over:,} more trainings of the program (--every N hears each)" if passed_over else "")
    said = " and ".join(t for t in told if t)
    return f"not looked into: {said}" if said else ""


def command_line(run: Run) -> str:
    """The command that began the run as one would type it; empty where it is not known."""
    command = run.fact("command") or []
    return shlex.join(str(word) for word in command) if isinstance(command, list) else str(command)


def _events(run: Run) -> str:
    seen: dict[str, int] = {}
    for event in run.events():
        seen[event.kind] = seen.get(event.kind, 0) + 1
    return ", ".join(f"{kind} ×{n:,}" for kind, n in seen.items())


def _faults(run: Run, diagnosis: Diagnosis) -> str:
    """How many faults there were, and the first of them."""
    first = next((f": {e.data.get('error', '')} (step {e.step:,})" for e in run.events(q.FAULT)), "")
    return f"{diagnosis.overhead.faults:,}{first}"


def _kinds(run: Run) -> str:
    number_of: dict[str, int] = {}
    for p in run.parameters:
        number_of[p.kind] = number_of.get(p.kind, 0) + 1
    return ", ".join(f"{n} {kind if n == 1 else kinds(kind)}" for kind, n in number_of.items())


def _optimizer(name: str | None, group: int | None) -> str:
    return "–" if name is None else q.group_name(name, group or 0)


def _describe(class_name: str, groups: tuple[dict, ...]) -> str:
    if class_name == "none":
        return "none: the loop moves its parameters itself"
    told = [_pairs({k: v for k, v in g.items() if v is not None and v is not False and k != "params"}) for g in groups]
    if len(set(told)) == 1 and len(told) > 1:
        return f"{class_name}, {count(len(told), 'group')} alike ({told[0]})"
    return f"{class_name} ({'; '.join(told)})" if any(told) else class_name


def _pairs(record: object) -> str:
    if not isinstance(record, dict):
        return "" if record is None else str(record)
    return ", ".join(f"{k} {number(v) if isinstance(v, float) else v}" for k, v in record.items() if v is not None)

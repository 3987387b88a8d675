"""The store: one run, one folder; written by `RunWriter`, read by `Run`. Needs no torch."""

from auscult.runs.facts import Bill, Event, Kind, Layer, Optimizer, Parameter, Status, Task
from auscult.runs.folder import add_fact, find_run, list_runs, new_folder
from auscult.runs.run import Matrix, Run, Series, Stored
from auscult.runs.writer import RunWriter

__all__ = [
    "Bill", "Event", "Kind", "Layer", "Matrix", "Optimizer", "Parameter", "Run", "RunWriter", "Series", "Status",
    "Stored", "Task", "add_fact", "find_run", "list_runs", "new_folder",
]  # fmt: skip

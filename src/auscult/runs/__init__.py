"""The store: one run, one folder; written by `RunWriter`, read by `Run`. Needs no torch."""

from auscult.runs.facts import Bill, Event, Kind, Optimizer, Parameter, Status
from auscult.runs.folder import find_run, list_runs, new_folder
from auscult.runs.run import Matrix, Run, Series
from auscult.runs.writer import RunWriter

__all__ = [
    "Bill", "Event", "Kind", "Matrix", "Optimizer", "Parameter", "Run", "RunWriter", "Series", "Status",
    "find_run", "list_runs", "new_folder",
]  # fmt: skip

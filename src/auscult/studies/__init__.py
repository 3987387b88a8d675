"""Experiments of many trainings, and where they are run.

    from auscult import studies

    page = studies.batch_size("digits", batches=(16, 64, 256), lr=0.05, epochs=20, seeds=3)
    print(page)                  # which claims hold, which batch to use
    page.report("study.html")

Trials are kept by what they were asked for: a study that is broken off goes on where it was, and one that asks for more
repeats nothing.
"""

from auscult.studies.execution import Executor, Here, Outcome, Processes, Ray
from auscult.studies.page import StudyPage
from auscult.studies.study import batch_size, open_study

__all__ = ["Executor", "Here", "Outcome", "Processes", "Ray", "StudyPage", "batch_size", "open_study"]

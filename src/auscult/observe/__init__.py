"""Listening: attach to a training, know its steps, measure the ones that are due, and leave no trace."""

from auscult.observe.recorder import Recorder
from auscult.observe.watch import watch

__all__ = ["Recorder", "watch"]

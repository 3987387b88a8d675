"""Experiments of many trainings, and where they are run."""

"""Where the time of a step's update ratios goes (`python benchmarks/overhead.py --profile`)."""

from __future__ import annotations


def main(quick: bool) -> None:
    """Print the pieces of a step of the char MLP, each timed by itself."""
    raise NotImplementedError

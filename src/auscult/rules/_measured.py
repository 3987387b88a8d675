"""How often each rule is right on the gallery of `benchmarks/faults`: the figures that come with the package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True)
class Share:
    """A share of runs or findings, and its 95 % interval, which counts the cases they are of."""

    right: int
    of: int
    cases: int
    low: float
    high: float

    def __str__(self) -> str:
        if not self.of:
            return "–"
        return f"{_two_digits(self.right / self.of)} ({_two_digits(self.low)}–{_two_digits(self.high)})"


Shares = Mapping[str, Mapping[str, Share]]  # by half; by figure: recall, first, precision, alarmed


@dataclass(frozen=True)
class Margins:
    """How many times past a rule's threshold runs lie."""

    runs: int  # that tell
    at: tuple[float, ...]  # the least, that of 5 %, the median, that of 95 %, the most; empty where none tells


@dataclass(frozen=True)
class Measured:
    """What was measured of one rule."""

    shares: Shares
    healthy: Margins
    sick: Margins

    @property
    def alarmed(self) -> str:
        """How many healthy runs it warns of: "0 of 471"."""
        both = [half["alarmed"] for half in self.shares.values()]
        return f"{sum(s.right for s in both)} of {sum(s.of for s in both)}"


@dataclass(frozen=True)
class Half:
    """The trainings of one half of the gallery: how many have a fault, and how many are healthy."""

    families: tuple[str, ...]
    faults: int
    healthy: int


@dataclass(frozen=True)
class Gallery:
    """All that was measured."""

    seeds: int
    halves: Mapping[str, Half]
    shares: Shares  # of all rules together
    rules: Mapping[str, Measured]


def gallery() -> Gallery:
    """The figures of the rules, as `benchmarks/accuracy.py --publish` wrote them."""
    kept = json.loads((files("auscult.rules") / "measured.json").read_text("utf-8"))
    return Gallery(
        kept["seeds"],
        {half: Half(tuple(of["families"]), of["faults"], of["healthy"]) for half, of in kept["halves"].items()},
        _shares(kept["shares"]),
        {
            name: Measured(_shares(of["shares"]), *(Margins(**of["margins"][who]) for who in ("healthy", "sick")))
            for name, of in kept["rules"].items()
        },
    )


def _shares(kept: dict[str, dict[str, dict]]) -> Shares:
    return {half: {name: Share(**share) for name, share in of.items()} for half, of in kept.items()}


def _two_digits(share: float) -> str:
    """As README and reports have it: .84, 0, 1.00."""
    return f"{share:.2f}".removeprefix("0") if share >= 0.005 else "0"

"""The band of update-to-data ratios that pictures shade, and the guide line inside it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Band:
    """log10 of the update-to-data ratio: the guide, and the band around it that reads as acceptable.

    The guide 1e-3 is the lecture's (Karpathy, nn-zero-to-hero 4) and CS231n's for plain SGD. The default band
    is one magnitude to each side: wide, because the right place depends on the optimizer, and what is
    wrong is for the rules to say.
    """

    low: float = -4.0
    high: float = -2.0
    guide: float = -3.0


DEFAULT = Band()

"""How far people have found a rule's alerts to be true."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

Z: Final = 1.959964
"""Standard normal quantile of a 95 % interval."""


@dataclass(frozen=True, slots=True)
class Precision:
    """Share of judged alerts that were true, with its 95 % interval: three of three is not yet certain."""

    share: float
    low: float
    high: float
    judged: int


def precision(confirmed: int, wrong: int) -> Precision | None:
    """Wilson's score interval (E. B. Wilson, JASA 22, 1927); None while nobody has judged."""
    judged = confirmed + wrong
    if not judged:
        return None
    share = confirmed / judged
    centre = share + Z**2 / (2 * judged)
    spread = Z * math.sqrt(share * (1 - share) / judged + Z**2 / (4 * judged**2))
    scale = 1 + Z**2 / judged
    return Precision(share, max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale), judged)

"""Analysis of captures or logs that are at hand: enrich, detect, score.

>>> analysis = Analysis(settings, detectors)
>>> for segment in reader.segments():
...     analysis.feed(segment)
>>> machines = analysis.finish()
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from collectors.segment import Segment
from pipelines.analysis.detectors import Detectors
from pipelines.detect.finding import Finding
from pipelines.enrich import Enricher
from pipelines.score.document import AssessedMachine, assess
from pipelines.score.weights import Weights, shipped
from pipelines.settings import Settings

FINDINGS_MOST: Final = 200_000
"""Findings held until the end: what exceeds it comes from a flood that the first ones have told about already."""


class Analysis:
    """Captures that are analysed together are taken as pieces of one network's traffic: a machine is the same in all."""

    def __init__(self, settings: Settings, detectors: Detectors, weights: Weights | None = None) -> None:
        self._enricher = Enricher(settings, capture=True)
        self._detectors = detectors
        self._weights = weights or shipped()
        self._findings: dict[str, Finding] = {}
        self.refused = 0
        """Findings beyond ``FINDINGS_MOST``."""

    def next_capture(self) -> None:
        """Another file begins: which addresses are home is decided anew."""
        self._enricher.next_capture()

    def feed(self, segment: Segment) -> Segment:
        """Take one segment; gives it back enriched."""
        enriched = self._enricher.enrich(segment)
        self._note(self._detectors.feed(enriched))
        return enriched

    def finish(self) -> list[AssessedMachine]:
        """Everything has been fed: the machines, the worst first."""
        self._note(self._detectors.finish())
        return assess(self._enricher.inventory, self._findings.values(), self._weights)

    def _note(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            # Told again with more evidence, a finding replaces what was told before.
            if finding.id in self._findings or len(self._findings) < FINDINGS_MOST:
                self._findings[finding.id] = finding
            else:
                self.refused += 1

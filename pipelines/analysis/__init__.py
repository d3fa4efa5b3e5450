"""A whole input at once: segments in, machines with their verdicts out. Nothing is stored."""

from pipelines.analysis.detectors import Detectors
from pipelines.analysis.offline import Analysis

__all__ = ["Analysis", "Detectors"]

"""The running pipeline: segments from the spool to verdicts in the state database, each counted once."""

from pipelines.live.pipeline import LivePipeline

__all__ = ["LivePipeline"]

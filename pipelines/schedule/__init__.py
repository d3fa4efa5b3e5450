"""What has to be done from time to time: compaction, retention, the disk, old rows of the state database."""

from pipelines.schedule.keeper import Keeper

__all__ = ["Keeper"]

"""Looks after store and state on a schedule."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy import delete, select
from sqlalchemy.exc import SQLAlchemyError

from pipelines.cases import chores
from pipelines.schedule import disk
from pipelines.settings import Settings
from pipelines.store.events import EventStore, StoreError
from pipelines.store.state import (
    Alert,
    CaseAlert,
    ComponentHealth,
    CounterPoint,
    Database,
    FindingRow,
    MachineDay,
    ScorePoint,
    SegmentRow,
)
from pipelines.store.state.base import now

OTHER: Final = "event"
"""Retention class of datasets that have none of their own."""
_LOG: Final = logging.getLogger(__name__)


class Keeper:
    """One process runs it. Every job may be called by hand and may be repeated."""

    def __init__(self, settings: Settings, database: Database, store: EventStore) -> None:
        self._settings = settings
        self._database = database
        self._store = store
        self._scheduler = BlockingScheduler(timezone="UTC")

    def run(self) -> None:
        """Work until ``stop``."""
        every = self._settings.schedule
        jobs: tuple[tuple[str, timedelta, Callable[[], Any]], ...] = (
            ("compact", every.compact, self._store.compact),
            ("retention", every.retention, self.expire),
            ("disk", every.disk, self.guard_disk),
            ("cases", every.cases, self.look_at_cases),
        )
        for name, period, job in jobs:
            # One run at a time and none made up for: after a long pause one run does the work of all that were missed.
            self._scheduler.add_job(
                _contained, "interval", (name, job), seconds=period.total_seconds(), id=name, coalesce=True,
                max_instances=1, misfire_grace_time=None, next_run_time=now(),
            )  # fmt: skip
        self._scheduler.start()

    def stop(self) -> None:
        """End after the present job; may be called from a signal handler."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def close(self) -> None:
        """Give connections back."""
        self._store.close()
        self._database.close()

    def expire(self) -> int:
        """Forget what is older than its class allows; gives the bytes of events that became free."""
        keep = self._settings.retention
        freed = 0
        for used in self._store.usage():
            limit = keep.get(used.dataset, keep[OTHER])
            freed += self._store.expire(used.dataset, (now() - limit).date())
        with self._database.transaction() as session:
            session.execute(delete(CounterPoint).where(CounterPoint.at < now() - keep["health"]))
            session.execute(delete(SegmentRow).where(SegmentRow.processed_at < now() - keep["health"]))
            session.execute(delete(FindingRow).where(FindingRow.written_at < now() - keep[OTHER]))
            session.execute(delete(ScorePoint).where(ScorePoint.at < now() - keep["alert"]))
            in_cases = select(CaseAlert.alert_id)
            old = Alert.updated_at < now() - keep["alert"], Alert.id.not_in(in_cases)
            session.execute(delete(Alert).where(*old))
            session.execute(delete(MachineDay).where(MachineDay.day < (now() - keep[OTHER]).date()))
        return freed

    def guard_disk(self) -> disk.Condition:
        """Free space: warn in time, and expire the oldest flows before nothing can be written."""
        usage = shutil.disk_usage(self._settings.data)
        condition = disk.guard(self._settings.disk, usage.free / usage.total, self._free_share, self._store)
        with self._database.transaction() as session:
            row = session.get(ComponentHealth, "disk") or ComponentHealth(name="disk", since=now())
            row.status, row.message, row.updated_at = condition.status, dict(condition.message), now()
            row.detail = {"free": round(condition.free, 4), "expired_bytes": condition.expired_bytes}
            session.add(row)
        return condition

    def look_at_cases(self) -> chores.Done:
        """Reminders, escalation, verified clean."""
        with self._database.transaction() as session:
            return chores.look(session, self._settings.cases)

    def _free_share(self) -> float:
        usage = shutil.disk_usage(self._settings.data)
        return usage.free / usage.total


def _contained(name: str, job: Callable[[], Any]) -> None:
    """A job that fails is tried again at its next time."""
    try:
        job()
    except (StoreError, SQLAlchemyError, OSError) as error:
        _LOG.error("job %s: %s; it will be tried again", name, str(error).splitlines()[0])

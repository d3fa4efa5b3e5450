"""Spool → enrich → detect → score → state, store → acknowledge.

What makes a crash harmless at any point: the state of a segment (its mark, findings, alerts, scores, counters) is one
transaction; storing a segment twice and acknowledging it twice change nothing; and it is acknowledged last. A segment
whose mark is there is only stored and acknowledged. State comes before the store, because the store is also what the
engines are filled from after a restart: it never holds events whose findings are not recorded.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import delete, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import selectinload

from collectors.segment import Segment
from collectors.spool import Spool
from pipelines.analysis import Detectors
from pipelines.detect.engine import RuleError
from pipelines.enrich import Enricher, KnownMachine
from pipelines.lifecycle import changes, indicators
from pipelines.live.recorder import Recorder, Step
from pipelines.live.rows import known_machine, micros
from pipelines.live.watermark import Watermark
from pipelines.score import Weights, shipped
from pipelines.settings import Settings
from pipelines.store.events import EventStore, StoreError
from pipelines.store.state import Alert, ContentError, Database, Machine, SegmentRow
from pipelines.units import register

PAUSE: Final = 0.2
"""Seconds between two looks at an empty spool: a small part of the delay of a live alert."""
RETRY: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between attempts when store or state is in trouble; the spool holds what comes meanwhile."""
REVIEW: Final = 5.0
"""Seconds between looks at what people have judged and at the units."""
_LOG: Final = logging.getLogger(__name__)
T = TypeVar("T")


class LivePipeline:
    """One process runs it. ``start`` once, then ``step`` or ``run``."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        store: EventStore,
        detectors: Detectors,
        weights: Weights | None = None,
    ) -> None:
        self._settings = settings
        self._database = database
        self._store = store
        self._detectors = detectors
        self._enricher = Enricher(settings)
        self._recorder = Recorder(database, self._enricher.inventory, weights or shipped(), settings.cases)
        self._watermark = Watermark()
        self._spools: dict[Path, Spool] = {}
        self._errors: list[RuleError] | None = None
        self._reviewed: datetime | None = None
        self._organised: tuple[int, datetime | None] | None = None
        self._changes = changes.Changes()
        self._looked = 0.0
        self.stopping: Callable[[], bool] = lambda: False
        """Asked while waiting: true ends the work after the present segment."""

    # ---- start

    def start(self) -> None:
        """Take up what an earlier process left, and fill the engines with the events of the recent past."""
        with self._database.session() as session:
            loaded = select(Machine).options(selectinload(Machine.addresses), selectinload(Machine.names))
            self._enricher.inventory.restore(known_machine(row) for row in session.scalars(loaded))
            newest = session.scalar(select(func.max(SegmentRow.clock)))
        with self._database.transaction() as session:
            register.begin(session, self._settings.units)
        self._organise()
        self._recorder.load()
        self._take_changes()
        if newest is not None:
            self._warm(newest)
        self._note_content()

    def _warm(self, newest: datetime) -> None:
        """Engines look back over windows: feed them again. What they find is recorded already, or the same again."""
        for segment in self._store.segments(newest - self._settings.detect.history):
            enriched = self._enricher.enrich(segment)
            self._record(Step(self._recorder.attributed(self._detectors.feed(enriched)), ()))
            self._watermark.hear(segment.observer, segment.clock, _wall())
        self._advance()

    # ---- work

    def run(self) -> None:
        """Work until ``stopping``."""
        while not self.stopping():
            if not self.step():
                self._idle()
                time.sleep(PAUSE)

    def step(self) -> bool:
        """Process one waiting segment; False when none waits."""
        for spool, name in self._waiting():
            segment = spool.read(name)
            if segment is not None:
                self._process(spool, segment)
                return True
        return False

    def drain(self) -> None:
        """Process everything that waits now."""
        while not self.stopping() and self.step():
            pass

    def finish(self) -> None:
        """The input has ended for good (a capture file): evaluate what waits for more."""
        self._record(Step(self._recorder.attributed(self._detectors.finish()), self._changed()))

    def close(self) -> None:
        """End child processes and give connections back."""
        self._detectors.close()
        self._store.close()
        self._database.close()

    def _waiting(self) -> Iterator[tuple[Spool, str]]:
        """The oldest segment of each spool, so that a busy sensor cannot keep the others waiting."""
        parent = self._settings.spool_folder
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            if folder not in self._spools:
                self._spools[folder] = Spool(folder, self._settings.disk.spool)
            for name in self._spools[folder].pending()[:1]:
                yield self._spools[folder], name

    def _process(self, spool: Spool, segment: Segment) -> None:
        if self._recorder.is_processed(segment.id):
            enriched = self._enricher.enrich(segment)
            if self._stored(enriched):  # the crash came between state and store: the engines have not seen it yet
                self._record(Step(self._recorder.attributed(self._detectors.feed(enriched)), ()))
            spool.acknowledge(segment.id)
            return
        enriched = self._enricher.enrich(segment)
        found = self._detectors.feed(enriched)
        self._watermark.hear(segment.observer, segment.clock, _wall())
        reached = self._watermark.reached(_wall())
        found += self._detectors.advance(segment.clock if reached is None else reached)
        pairs = self._recorder.attributed(found)
        self._record(Step(pairs, self._changed(), enriched))
        self._stored(enriched)
        spool.acknowledge(segment.id)
        self._look()

    def _idle(self) -> None:
        self._advance()
        self._look()

    def _look(self) -> None:
        """What people have changed meanwhile."""
        if time.monotonic() - self._looked >= REVIEW:
            self._looked = time.monotonic()
            self._organise()
            self._review()
            self._note_content()

    def _advance(self) -> None:
        reached = self._watermark.reached(_wall())
        if reached is not None:
            found = self._recorder.attributed(self._detectors.advance(reached))
            if found:
                self._record(Step(found, self._changed()))

    def _changed(self) -> list[KnownMachine]:
        return self._enricher.inventory.take_changed()

    # ---- trouble of store and state: what has been detected is kept, and tried again

    def _record(self, step: Step) -> None:
        self._retried("state database", lambda: self._recorder.record(step), OperationalError)

    def _stored(self, segment: Segment) -> bool:
        return self._retried("event store", lambda: self._store.append(segment), StoreError)

    def _retried(self, what: str, act: Callable[[], T], trouble: type[Exception]) -> T:
        waits = chain(RETRY, repeat(RETRY[-1]))
        while True:
            try:
                return act()
            except trouble as error:
                if self.stopping():
                    raise
                wait = next(waits)
                _LOG.error("%s: %s; trying again in %g s", what, str(error).splitlines()[0], wait)
                _sleep(wait, self.stopping)

    # ---- people and content

    def _organise(self) -> None:
        """Take the units of the register, once it has changed."""
        with self._database.session() as session:
            stamp = register.stamp(session)
            units = None if stamp == self._organised else register.read(session).versions
        if units is not None:
            self._organised = stamp
            self._enricher.assign(units)

    def _review(self) -> None:
        """Machines whose alerts people have judged or suppressed since the last look get a new score."""
        with self._database.session() as session:
            since = select(Alert.machine_id, Alert.updated_at).where(Alert.verdict.is_not(None))
            if self._reviewed is not None:
                since = since.where(Alert.updated_at > self._reviewed)
            found = session.execute(since).all()
        if found:
            self._reviewed = max(at for _, at in found)
            self._recorder.judge_again(sorted({machine for machine, _ in found}))
        self._recorder.take_suppressions()
        self._take_changes()

    def _take_changes(self) -> None:
        """Rules that people have turned off or tuned, and indicators that they have added."""
        with self._database.session() as session:
            changed = changes.in_force(session)
            try:
                indicators.write(session, self._settings.rules_folder / "indicators")
            except OSError as error:
                _LOG.error("indicators by hand: %s: %s; they stay as they were", error.filename, error.strerror)
        if changed != self._changes:
            self._changes = changed
            self._detectors.tune(changed.parameters, changed.off)

    def _note_content(self) -> None:
        """Rules that are out of use are shown on the health page."""
        errors = self._detectors.errors
        if errors == self._errors:
            return
        self._errors = errors
        with self._database.transaction() as session:
            session.execute(delete(ContentError))
            seen: dict[tuple[str, str], ContentError] = {}
            for error in errors:
                key = (str(error.path)[:500], error.rule[:200])
                seen[key] = ContentError(path=key[0], rule=key[1], line=error.line, message=error.message)
            session.add_all(seen.values())


def _wall() -> int:
    return micros(datetime.now(UTC))


def _sleep(seconds: float, stopping: Callable[[], bool]) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not stopping():
        time.sleep(PAUSE)

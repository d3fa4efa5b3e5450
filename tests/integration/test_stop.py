"""SIGTERM is the last word: what came in a moment before is judged, although its window is still open."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from collectors.segment import Segment
from collectors.spool import Spool
from pipelines.settings import load
from pipelines.store import state
from pipelines.store.state import Alert
from tests.enrich.segments import flow, segment
from tests.integration.test_kill import PATIENCE, fill, start

SCANNED = 150


def scan() -> Segment:
    """Ports tried within the minute of packet time in which windows have been looked at already."""
    tried = [
        flow("10.20.7.31", "10.20.7.60", 10, answered=False,
             fields={"destination.port": 1 + n, "source.port": 50_000, "network.transport": "tcp",
                     "vonggac.flow.state": "REJ"})
        for n in range(SCANNED)
    ]  # fmt: skip
    return segment(*tried, number=2)


def alerts(site: Path) -> dict[tuple[str, str], int]:
    database = state.open(load(site).state_url)
    with database.session() as session:
        found = {(one.rule, one.machine_id): one.count for one in session.scalars(select(Alert))}
    database.close()
    return found


@pytest.mark.integration
def test_open_windows_are_judged_at_the_end_and_again_after_it(tmp_path: Path) -> None:
    site = fill(tmp_path / "site", [segment(flow("10.20.7.40", "10.20.1.5", 0, fields={"destination.port": 445}))])
    spool = Spool(site.parent / "data" / "spool" / "t", 1 << 30)
    for more in (scan(), None):  # the second time nothing is new, and nothing may be counted twice
        process = start(site)
        deadline = time.monotonic() + PATIENCE
        while spool.pending():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
        if more is None:
            time.sleep(1)
        else:
            spool.put(more)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said.decode()
        assert spool.pending() == []
        assert alerts(site) == {("port-scan", "10.20.7.31"): SCANNED, ("port-scan", "10.20.7.60"): SCANNED}

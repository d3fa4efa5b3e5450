"""Indicators by hand are looked for while everything runs, counted, and end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.analysis import Detectors
from pipelines.detect.indicators.engine import IndicatorEngine
from pipelines.detect.renewal import Renewed
from pipelines.detect.rulefiles import RuleFolder
from pipelines.lifecycle import indicators
from pipelines.lifecycle.indicators import IndicatorError, Listing
from pipelines.live import LivePipeline
from pipelines.store import state
from pipelines.store.embedded.store import EmbeddedStore
from pipelines.store.state.base import now
from tests.enrich.segments import flow, segment
from tests.live.rig import settings, spool

GIVEN = Listing("203[.]0.113.9", "công văn 12", "PlugX")


@pytest.fixture
def database(tmp_path: Path) -> state.Database:
    made = state.open(settings(tmp_path).state_url)
    yield made
    made.close()


def test_an_indicator_is_found_within_one_look_counted_and_ended(tmp_path: Path, database: state.Database) -> None:
    chosen = settings(tmp_path)
    folder = chosen.rules_folder / "indicators"
    engine = Renewed(lambda: IndicatorEngine([RuleFolder(folder)]), lambda: [folder])
    work = LivePipeline(
        chosen, state.open(chosen.state_url), EmbeddedStore(chosen.store_folder), Detectors({"i": engine})
    )
    work.start()
    with database.transaction() as session:
        identity = indicators.add(session, GIVEN, "lan").id
    work._review()
    assert engine.look()
    spool(tmp_path).put(segment(flow("10.20.7.31", "203.0.113.9"), number=1))
    work.drain()
    with database.transaction() as session:
        row = session.get_one(state.ListedIndicator, identity)
        assert (row.kind, row.value, row.sightings) == ("ip", "203.0.113.9", 1)
        assert session.query(state.Alert).one().rule == indicators.RULE
        indicators.end(session, identity, "lan")
    work._review()
    assert engine.look()
    assert engine.feed(segment(flow("10.20.7.31", "203.0.113.9"), number=2)) == []
    work.close()


@pytest.mark.parametrize(
    ("given", "key"),
    [
        (replace(GIVEN, value="not an indicator"), "value"),
        (replace(GIVEN, kind="ja4"), "value"),
        (replace(GIVEN, source=" "), "source"),
        (replace(GIVEN, tlp="blue"), "choice"),
        (replace(GIVEN, expires_at=now() - timedelta(days=1)), "past"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(database: state.Database, given: Listing, key: str) -> None:
    with pytest.raises(IndicatorError) as told, database.transaction() as session:
        indicators.add(session, given, "lan")
    assert told.value.key == key


def test_an_indicator_is_listed_once_and_again_when_it_has_ended(database: state.Database) -> None:
    with database.transaction() as session:
        first = indicators.add(session, GIVEN, "lan").id
        with pytest.raises(IndicatorError, match="already"):
            indicators.add(session, GIVEN, "minh")
        indicators.end(session, first, "lan")
        assert indicators.present(session) == []
        assert indicators.add(session, GIVEN, "minh").id == first
        assert [one.added_by for one in indicators.present(session)] == ["minh"]

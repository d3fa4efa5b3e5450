"""What a suppression covers, and what nobody may suppress."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from pipelines.lifecycle import suppression
from pipelines.lifecycle.suppression import Suppression, SuppressionError, Wanted
from pipelines.store import state
from pipelines.store.state import Alert, Machine, SuppressionRow
from pipelines.store.state.base import now
from tests.enrich.segments import at, segment
from tests.live.rig import hours, pipeline, settings, spool
from tests.live.test_pipeline import BAD, call

AT = datetime(2026, 11, 4, 8, tzinfo=UTC)
REASON = "sao lưu của Văn phòng"


@dataclass(frozen=True)
class Told:
    rule: str = "beacon"
    behaviour: str = "c2-beacon"
    machine: str = "10.20.7.31"
    peer: str | None = "a.bad.example"
    role: str = "source"
    first: datetime = AT
    last: datetime = AT + timedelta(minutes=5)


def made(**parts: object) -> Suppression:
    known = {"id": "x", "kind": "suppression", "rule": None, "machine": None, "peer": None}
    return Suppression(**{**known, "starts": AT, "expires": AT + timedelta(hours=1), **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("parts", "miss"),
    [
        ({"rule": "beacon"}, {"rule": "beacons"}),
        ({"machine": "10.20.7.31"}, {"machine": "10.20.7.3"}),
        ({"machine": "10.20.7.0/24"}, {"machine": "10.20.8.31"}),
        ({"peer": "bad.example"}, {"peer": "notbad.example"}),
        ({"peer": "bad.example"}, {"peer": None}),
        ({"rule": "beacon", "peer": "a.bad.example"}, {"rule": "port-scan"}),
    ],
)
def test_every_part_that_is_given_must_fit(parts: dict[str, object], miss: dict[str, object]) -> None:
    one = made(**parts)
    assert one.covers(Told(), "mac:00")
    assert not one.covers(replace(Told(), **miss), "mac:01")  # type: ignore[arg-type]


def test_a_machine_is_known_by_its_id_whatever_address_it_has() -> None:
    assert made(machine="mac:00").covers(replace(Told(), machine="10.9.9.9"), "mac:00")
    assert not made(machine="mac:00").covers(Told(), "mac:01")


def test_the_end_of_an_address_is_no_domain() -> None:
    assert not made(peer="113.9").covers(replace(Told(), peer="203.0.113.9"), "mac:00")


def test_an_approved_scan_explains_scanning_inside_its_window_only() -> None:
    scan = made(kind="scan", machine="10.20.7.31")
    found = replace(Told(), behaviour="port-scan", peer=None)
    assert scan.covers(found, "mac:00")
    assert not scan.covers(replace(found, behaviour="c2-beacon"), "mac:00")
    assert not scan.covers(replace(found, first=AT - timedelta(seconds=1)), "mac:00")
    assert not scan.covers(replace(found, last=AT + timedelta(hours=1)), "mac:00")
    victim = replace(found, machine="10.20.7.40", peer="10.20.7.31", role="target")
    assert scan.covers(victim, "mac:40")
    assert not scan.covers(replace(victim, peer="10.20.7.32"), "mac:40")


@pytest.mark.parametrize(
    ("wanted", "key"),
    [
        (Wanted(REASON, now() + timedelta(days=1)), "nothing"),
        (Wanted("", now() + timedelta(days=1), rule="x"), "reason"),
        (Wanted(REASON, now() + timedelta(days=400), rule="x"), "long"),
        (Wanted(REASON, now() - timedelta(days=1), rule="x"), "order"),
        (Wanted(REASON, AT, rule="x", starts_at=AT - timedelta(days=1)), "past"),
        (Wanted(REASON, AT + timedelta(hours=1), kind="scan", rule="x", starts_at=AT), "window_machine"),
    ],
)
def test_what_hides_too_much_is_refused(wanted: Wanted, key: str) -> None:
    if key == "past":
        wanted = replace(
            wanted, expires_at=datetime(2020, 1, 2, tzinfo=UTC), starts_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
    with pytest.raises(SuppressionError) as told:
        suppression.check(wanted)
    assert told.value.key == key


def standing(folder: Path) -> tuple[str, int, dict[str, tuple[str, float]]]:
    database = state.open(settings(folder).state_url)
    with database.session() as session:
        machine = session.get_one(Machine, BAD)
        alerts = {one.rule: (one.state, one.weight) for one in session.scalars(select(Alert))}
        found = (machine.verdict, machine.score, alerts)
    database.close()
    return found


def change(folder: Path, wanted: Wanted | None) -> None:
    database = state.open(settings(folder).state_url)
    with database.transaction() as session:
        if wanted is not None:
            suppression.suppress(session, wanted, "lan")
        else:
            for row in session.scalars(select(SuppressionRow)):
                row.expires_at = now() - timedelta(seconds=1)
    database.close()


def test_suppressed_findings_are_counted_and_accuse_nobody_until_it_expires(tmp_path: Path) -> None:
    spool(tmp_path).put(segment(call(0), call(60), number=1))
    with pipeline(tmp_path) as work:
        work.drain()
        change(tmp_path, Wanted(REASON, now() + timedelta(days=1), rule="each", machine=BAD))
        work._review()
        assert standing(tmp_path)[2]["each"] == ("suppressed", 0.0)
        spool(tmp_path).put(segment(call(hours(1)), number=2))
        work.drain()
        work.finish()
        _, score, alerts = standing(tmp_path)
        assert alerts["each"] == ("suppressed", 0.0)
        assert alerts["hourly"] == ("new", 1.9)
        with work._database.session() as session:
            row = session.scalars(select(SuppressionRow)).one()
            alert = session.scalars(select(Alert).where(Alert.rule == "each")).one()
            assert (row.hits, alert.count) == (1, 3)
        change(tmp_path, None)
        work._review()
        after = standing(tmp_path)
        assert after[2]["each"] == ("new", 1.9)
        assert after[1] > score


def test_a_window_hides_what_lies_inside_and_not_what_lies_outside(tmp_path: Path) -> None:
    spool(tmp_path).put(segment(call(0), number=1))
    inside = Wanted(REASON, at(60), kind="maintenance", machine=BAD, starts_at=at(-60))
    change(tmp_path, inside)
    with pipeline(tmp_path) as work:
        work.drain()
        assert standing(tmp_path)[2]["each"] == ("suppressed", 0.0)
        spool(tmp_path).put(segment(call(hours(1)), number=2))
        work.drain()
        assert standing(tmp_path)[2]["each"] == ("new", 1.9)

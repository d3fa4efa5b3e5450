"""A case from the first alert to verified clean and back, on the real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from pipelines.cases import attachments, book, chores, observed, timeline
from pipelines.cases.book import CaseError
from pipelines.cases.plan import alerts_of, plan_of
from pipelines.live.rows import seen_in
from pipelines.store import state
from pipelines.store.state import Alert, Case, CaseEntry, CounterPoint, Machine, Message
from pipelines.store.state.base import now
from tests.cases.office import CENTRE, READER, SETTINGS, UNIT, alert, office, seen

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[state.Database]:
    with office(tmp_path) as made:
        yield made


def opened(session: Session) -> Case:
    alert(session)
    case = seen(session)
    assert case is not None
    return case


def kinds(session: Session, case: Case) -> list[str]:
    return [entry.kind for entry in timeline.lines(session, case)]


def clean(session: Session, case: Case, folder: Path) -> None:
    for step in plan_of(alerts_of(session, case)).required:
        book.tick(session, case, UNIT, step, True, "xong")
    book.describe(session, case, UNIT, "Mở tệp lạ", "Đã quét và bóc gỡ")
    attachments.keep(session, case, UNIT, folder, "anh.png", PNG, SETTINGS)
    book.move(session, case, "clean", UNIT, SETTINGS)


def days_go_by(session: Session, case: Case, days: int, on: bool = True, watched: bool = True) -> None:
    """Let the machine have been cleaned so long ago, and be seen since."""
    case.clean_since = now() - timedelta(days=days)
    for one in alerts_of(session, case):
        one.first = one.last = case.clean_since - timedelta(hours=1)
    at = case.clean_since.astimezone(UTC)
    while at < now():
        if on:
            seen_in(session, case.machine_id, at)
        if watched:
            place = at.replace(minute=30, second=0, microsecond=0)
            session.merge(CounterPoint(component="sensor:a", name="packets.seen", at=place, value=1000))
        at += timedelta(hours=1)
    session.flush()


def test_one_case_however_often_it_is_looked_at(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        before = (case.id, case.number, kinds(session, case))
        for _time in range(3):
            again = seen(session)
            assert again is not None
            assert (again.id, again.number, kinds(session, again)) == before
        assert before[2] == ["opened", "alert"]
        alert(session, "scan", severity="critical", behaviour="port-scan", stage="discovery")
        seen(session)
        assert kinds(session, case) == ["opened", "alert", "alert", "severity"]
        assert case.severity == "critical"
        assert case.due_at <= now() + SETTINGS.deadlines["critical"]
        assert session.query(Case).count() == 1


def test_an_outside_attacker_gets_no_case(database: state.Database) -> None:
    with database.transaction() as session:
        session.get_one(Machine, "m1").home = False
        alert(session)
        assert seen(session) is None


def test_each_requirement_stands_in_the_way(database: state.Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        case = opened(session)
        book.move(session, case, "acknowledge", UNIT, SETTINGS)
        assert case.assignee == "minh"
        with pytest.raises(CaseError) as refused:
            book.move(session, case, "clean", UNIT, SETTINGS)
        assert refused.value.values["needs"] == "steps,cause,action,proof"
        for step in plan_of(alerts_of(session, case)).required:
            book.tick(session, case, UNIT, step, True)  # ticked without the proof that it asks for
        way = next(way for way in book.ways(session, case, UNIT, SETTINGS) if way.name == "clean")
        assert "steps" in way.missing
        clean(session, case, tmp_path)
        assert case.state == "cleaned"


def test_who_may_not_does_not(database: state.Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        case = opened(session)
        for act in ("acknowledge", "dismiss"):
            with pytest.raises(CaseError, match="forbidden"):
                book.move(session, case, act, READER, SETTINGS, "vì sao")
        with pytest.raises(CaseError, match="forbidden"):
            book.move(session, case, "dismiss", UNIT, SETTINGS, "vì sao")
        with pytest.raises(CaseError, match="no_way"):
            book.move(session, case, "recur", CENTRE, SETTINGS)
        with pytest.raises(CaseError, match="no_way"):
            book.move(session, case, "close", CENTRE, SETTINGS)
        with pytest.raises(CaseError, match="forbidden"):
            attachments.keep(session, case, READER, tmp_path, "a.png", PNG, SETTINGS)
        assert book.ways(session, case, READER, SETTINGS) == []
        assert case.state == "new"


def test_closing_needs_quiet_days_in_which_the_machine_was_seen(database: state.Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        case = opened(session)
        book.move(session, case, "acknowledge", UNIT, SETTINGS)
        clean(session, case, tmp_path)
        book.move(session, case, "observe", CENTRE, SETTINGS)
        days_go_by(session, case, 9, on=False)
        with pytest.raises(CaseError, match="missing"):
            book.move(session, case, "close", CENTRE, SETTINGS)
        days_go_by(session, case, 9)
        assert chores.look(session, SETTINGS).verified == 1
        assert chores.look(session, SETTINGS).verified == 0
        book.move(session, case, "close", CENTRE, SETTINGS)
        assert (case.state, case.open) == ("closed", False)
        assert session.get_one(Alert, "beacon-m1").state == "closed"
        proof = observed.verification(session, case, SETTINGS)
        assert proof is not None
        assert proof.complete


def test_new_evidence_brings_it_back_with_its_history(database: state.Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        case = opened(session)
        book.move(session, case, "acknowledge", UNIT, SETTINGS)
        clean(session, case, tmp_path)
        book.move(session, case, "observe", CENTRE, SETTINGS)
        days_go_by(session, case, 9)
        book.move(session, case, "close", CENTRE, SETTINGS)
        history = kinds(session, case)
        seen(session)
        assert case.state == "closed", "old evidence brings nothing back"
        session.get_one(Alert, "beacon-m1").last = now() + timedelta(minutes=1)
        session.flush()
        seen(session)
        assert (case.state, case.open, case.round) == ("reinfected", True, 2)
        assert kinds(session, case) == [*history, "returned", "alert"]
        assert case.clean_since is None
        seen(session)
        assert kinds(session, case) == [*history, "returned", "alert"]
        kinds_told = set(session.scalars(select(Message.kind).where(Message.person == "minh")))
        assert "returned" in kinds_told
        with pytest.raises(CaseError, match="missing"):
            book.move(session, _again(session, case), "clean", UNIT, SETTINGS)


def _again(session: Session, case: Case) -> Case:
    """Steps and proof of the first round do not count in the second."""
    book.move(session, case, "acknowledge", UNIT, SETTINGS)
    return case


def test_dismissing_judges_the_alerts(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        with pytest.raises(CaseError, match="missing"):
            book.move(session, case, "dismiss", CENTRE, SETTINGS, "   ")
        book.move(session, case, "dismiss", CENTRE, SETTINGS, "Máy quét theo kế hoạch")
        found = session.get_one(Alert, "beacon-m1", populate_existing=True)
        assert (found.state, found.verdict) == ("closed", "false_alarm")
        seen(session)
        assert session.query(Case).count() == 1


def test_the_timeline_cannot_be_rewritten(database: state.Database) -> None:
    with database.transaction() as session:
        opened(session)
    for statement in ("update case_entry set kind = 'x'", "delete from case_entry"):
        with pytest.raises(DatabaseError, match="only added to"), database.transaction() as session:
            session.execute(text(statement))


def test_mentions_follow_and_are_told(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        named = book.comment(session, case, CENTRE, "Nhờ @minh và @khong-co-ai xem, cc lan@tinh.example @lan.")
        assert named == ["lan", "minh"]
        assert list(session.scalars(select(Message.person))) == ["minh"]
        book.comment(session, case, READER, "Đã rõ")
        assert set(session.scalars(select(Message.person).where(Message.kind == "comment"))) == {"lan", "minh"}


def test_reminders_and_escalation_come_once(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        assert chores.look(session, SETTINGS).reminded == 0
        late = case.due_at + SETTINGS.escalate_after + timedelta(minutes=1)
        near = case.due_at - SETTINGS.remind_before + timedelta(minutes=1)
        assert (chores.look(session, SETTINGS, near).reminded, chores.look(session, SETTINGS, near).reminded) == (1, 0)
        assert set(session.scalars(select(Message.person).where(Message.kind == "reminder"))) == {"minh"}
        assert (chores.look(session, SETTINGS, late).escalated, chores.look(session, SETTINGS, late).escalated) == (
            1,
            0,
        )
        assert set(session.scalars(select(Message.person).where(Message.kind == "escalated"))) == {"lan"}


def test_clocks_of_the_law_run_for_serious_incidents(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        values = {"incident": True, "incident_class": "serious", "security_sign": False, "disruption": False}
        with pytest.raises(CaseError, match="forbidden"):
            book.mark_incident(session, case, UNIT, values)
        book.mark_incident(session, case, CENTRE, values)
        book.reported(session, case, CENTRE, "first")
        chores.look(session, SETTINGS, case.opened_at + timedelta(hours=73))
        told = [entry.data["clock"] for entry in timeline.lines(session, case) if entry.kind == "clock"]
        assert told == ["full"]


def test_merged_cases_go_on_together(database: state.Database) -> None:
    with database.transaction() as session:
        case = opened(session)
        alert(session, machine="m2")
        other = seen(session, "m2")
        assert other is not None
        with pytest.raises(CaseError, match="no_merge"):
            book.merge(session, case, case, CENTRE)
        book.merge(session, other, case, CENTRE)
        assert {one.id for one in alerts_of(session, case)} == {"beacon-m1", "beacon-m2"}
        alert(session, "scan", machine="m2", behaviour="port-scan", stage="discovery")
        seen(session, "m2")
        assert "scan-m2" in {one.id for one in alerts_of(session, case)}
        assert session.query(Case).count() == 2
        assert {"absorbed", "merged"} <= set(kinds(session, case))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("virus.exe", b"MZ", "type"),
        ("trang.html", b"<script>", "type"),
        ("anh.svg", b"<svg/>", "type"),
        ("anh.png", b"<script>", "type"),
        ("anh.jpg", PNG, "type"),
        ("nhat-ky.txt", b"a\x00b", "type"),
        ("rong.txt", b"", "type"),
        ("lon.txt", b"a" * (SETTINGS.attachment + 1), "too_large"),
    ],
)
def test_files_that_are_not_proof_are_refused(
    database: state.Database, tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with database.transaction() as session:
        case = opened(session)
        with pytest.raises(CaseError, match=reason):
            attachments.keep(session, case, UNIT, tmp_path / "files", name, content, SETTINGS)
        assert not (tmp_path / "files").exists()


def test_files_lie_under_names_of_our_own(database: state.Database, tmp_path: Path) -> None:
    with database.transaction() as session:
        case = opened(session)
        kept = attachments.keep(session, case, UNIT, tmp_path / "f", '../../etc/ảnh\n"1".png', PNG, SETTINGS)
        assert kept.name == "ảnh'1'.png"
        assert [one.name for one in (tmp_path / "f").iterdir()] == [kept.id]
        assert attachments.content_of(tmp_path / "f", kept) == PNG
        (tmp_path / "f" / kept.id).unlink()
        with pytest.raises(CaseError, match="gone"):
            attachments.content_of(tmp_path / "f", kept)
        assert session.scalar(select(CaseEntry.kind).order_by(CaseEntry.id.desc()).limit(1)) == "attached"

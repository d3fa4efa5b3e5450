"""The audit log: whatever is changed, taken out, put in or cut off in it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from pipelines.store import state
from pipelines.store.state import audit


@pytest.fixture
def database(tmp_path: Path) -> Iterator[state.Database]:
    database = state.open(f"sqlite:///{tmp_path}/state.sqlite")
    with database.transaction() as session:
        for number in range(5):
            audit.append(session, "lan", "alert.judge", f"alert:{number}", {"decision": "confirm"}, "10.0.0.9")
    yield database
    database.close()


def broken(database: state.Database, head: str | None = None) -> audit.Break | None:
    with database.session() as session:
        return audit.verify(session, head)


def test_an_untouched_log_holds(database: state.Database) -> None:
    assert broken(database) is None


@pytest.mark.parametrize(
    ("act", "number"),
    [
        ("update audit_entry set actor = 'minh' where number = 3", 3),
        ("update audit_entry set details = '{}' where number = 2", 2),
        ("update audit_entry set at = '2020-01-01 00:00:00' where number = 4", 4),
        ("delete from audit_entry where number = 3", 3),
        ("delete from audit_entry where number = 1", 1),
        ("update audit_entry set number = number + 10 where number = 5", 5),
    ],
)
def test_tampering_shows_where_it_was_done(database: state.Database, act: str, number: int) -> None:
    with database.transaction() as session:
        session.execute(text(act))
    found = broken(database)
    assert found is not None
    assert found.number == number


def test_a_rewritten_entry_breaks_the_one_after_it(database: state.Database) -> None:
    with database.transaction() as session:
        entry = session.get_one(audit.AuditEntry, 2)
        entry.actor = "minh"
        entry.hash = audit.digest(entry)
    found = broken(database)
    assert found is not None
    assert found.number == 3


def test_a_cut_end_shows_against_a_noted_head(database: state.Database) -> None:
    with database.session() as session:
        head = session.get_one(audit.AuditEntry, 5).hash
    assert broken(database, head) is None
    with database.transaction() as session:
        session.execute(text("delete from audit_entry where number = 5"))
    assert broken(database) is None, "by itself a chain cannot tell its end"
    found = broken(database, head)
    assert found is not None
    assert "gone" in found.why

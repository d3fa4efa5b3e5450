"""Cases, their timeline, steps, attachments and watchers; inbox; hours in which machines were seen."""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)

from pipelines.store.state.base import Instant

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables; the timeline refuses changes."""
    _case()
    _timeline()
    _work()
    _inbox()
    _append_only()


def downgrade() -> None:
    """Drop them in the opposite order."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("drop trigger case_entry_stays on case_entry")
        op.execute("drop function case_entry_stays")
    for table in (
        "machine_day",
        "message",
        "case_watcher",
        "case_attachment",
        "case_step",
        "case_entry",
        "case_alert",
        "case_file",
    ):
        op.drop_table(table)


def _text(name: str, length: int, nullable: bool = False) -> Column[Any]:
    return Column(name, String(length=length), nullable=nullable)


def _time(name: str, nullable: bool = False) -> Column[Any]:
    return Column(name, Instant(timezone=True), nullable=nullable)


def _flag(name: str) -> Column[Any]:
    return Column(name, Boolean(), nullable=False)


def _of(table: str, column: str, target: str, ondelete: str | None = None) -> ForeignKeyConstraint:
    where, key = target.split(".")
    return ForeignKeyConstraint([column], [f"{where}.{key}"], name=f"fk_{table}_{column}_{where}", ondelete=ondelete)


def _case() -> None:
    op.create_table(
        "case_file",
        _text("id", 32),
        Column("number", Integer(), nullable=False),
        _text("machine_id", 80),
        _text("track", 10),
        Column("ordinal", Integer(), nullable=False),
        _text("state", 16),
        _flag("open"),
        _text("severity", 10),
        Column("round", Integer(), nullable=False),
        _time("first"),
        _time("last"),
        _time("opened_at"),
        _time("due_at"),
        _time("reminded_at", nullable=True),
        _time("escalated_at", nullable=True),
        _text("assignee", 64, nullable=True),
        Column("cause", String(), nullable=False),
        Column("action", String(), nullable=False),
        _time("clean_since", nullable=True),
        _time("closed_at", nullable=True),
        _flag("incident"),
        _text("incident_class", 12),
        _flag("security_sign"),
        _flag("disruption"),
        Column("system_level", Integer(), nullable=True),
        Column("reported", JSON(), nullable=False),
        _text("merged_into", 32, nullable=True),
        _time("updated_at"),
        _of("case_file", "machine_id", "machine.id"),
        PrimaryKeyConstraint("id", name="pk_case_file"),
        UniqueConstraint("number", name="uq_case_file_number"),
        UniqueConstraint("machine_id", "track", "ordinal", name="uq_case_file_machine_id"),
    )
    for column in ("machine_id", "state", "open", "severity", "due_at", "assignee", "updated_at"):
        op.create_index(f"ix_case_file_{column}", "case_file", [column])
    op.create_table(
        "case_alert",
        _text("case_id", 32),
        _text("alert_id", 32),
        Column("round", Integer(), nullable=False),
        _time("joined_at"),
        _of("case_alert", "case_id", "case_file.id"),
        _of("case_alert", "alert_id", "alert.id", ondelete="CASCADE"),
        PrimaryKeyConstraint("case_id", "alert_id", name="pk_case_alert"),
    )
    op.create_index("ix_case_alert_alert_id", "case_alert", ["alert_id"])


def _timeline() -> None:
    op.create_table(
        "case_entry",
        Column("id", Integer(), nullable=False),
        _text("case_id", 32),
        _text("key", 120),
        _text("kind", 20),
        _time("at"),
        _time("event_at", nullable=True),
        _text("author", 64, nullable=True),
        Column("data", JSON(), nullable=False),
        _of("case_entry", "case_id", "case_file.id"),
        PrimaryKeyConstraint("id", name="pk_case_entry"),
        UniqueConstraint("case_id", "key", name="uq_case_entry_case_id"),
    )
    op.create_index("ix_case_entry_case_at", "case_entry", ["case_id", "at"])


def _work() -> None:
    op.create_table(
        "case_step",
        _text("case_id", 32),
        Column("round", Integer(), nullable=False),
        _text("step", 80),
        _flag("done"),
        Column("answer", String(), nullable=False),
        _text("by", 64),
        _time("at"),
        _of("case_step", "case_id", "case_file.id"),
        PrimaryKeyConstraint("case_id", "round", "step", name="pk_case_step"),
    )
    op.create_table(
        "case_attachment",
        _text("id", 32),
        _text("case_id", 32),
        Column("round", Integer(), nullable=False),
        _text("step", 80, nullable=True),
        _text("name", 200),
        _text("mime", 80),
        Column("size", BigInteger(), nullable=False),
        _text("sha256", 64),
        _text("by", 64),
        _time("at"),
        _of("case_attachment", "case_id", "case_file.id"),
        PrimaryKeyConstraint("id", name="pk_case_attachment"),
    )
    op.create_index("ix_case_attachment_case_id", "case_attachment", ["case_id"])


def _inbox() -> None:
    op.create_table(
        "case_watcher",
        _text("case_id", 32),
        _text("person", 64),
        _of("case_watcher", "case_id", "case_file.id"),
        _of("case_watcher", "person", "person.name", ondelete="CASCADE"),
        PrimaryKeyConstraint("case_id", "person", name="pk_case_watcher"),
    )
    op.create_table(
        "message",
        Column("id", Integer(), nullable=False),
        _text("person", 64),
        _text("key", 120),
        _text("kind", 20),
        _text("case_id", 32, nullable=True),
        Column("data", JSON(), nullable=False),
        _time("at"),
        _time("read_at", nullable=True),
        _of("message", "person", "person.name", ondelete="CASCADE"),
        _of("message", "case_id", "case_file.id"),
        PrimaryKeyConstraint("id", name="pk_message"),
        UniqueConstraint("person", "key", name="uq_message_person"),
    )
    op.create_index("ix_message_person", "message", ["person"])
    op.create_table(
        "machine_day",
        _text("machine_id", 80),
        Column("day", Date(), nullable=False),
        Column("hours", Integer(), nullable=False),
        _of("machine_day", "machine_id", "machine.id"),
        PrimaryKeyConstraint("machine_id", "day", name="pk_machine_day"),
    )


def _append_only() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"create trigger case_entry_{act} before {act} on case_entry "
                "begin select raise(abort, 'the timeline of a case is only added to'); end"
            )
        return
    op.execute(
        "create function case_entry_stays() returns trigger language plpgsql as "
        "$$ begin raise exception 'the timeline of a case is only added to'; end $$"
    )
    op.execute(
        "create trigger case_entry_stays before update or delete on case_entry "
        "for each row execute function case_entry_stays()"
    )

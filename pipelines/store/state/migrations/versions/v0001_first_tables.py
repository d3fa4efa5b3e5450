"""Segments, findings, alerts, machines, health."""

from alembic import op
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)

from pipelines.store.state.base import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, aggregate by aggregate."""
    _machines()
    _findings()
    _alerts()
    _health()


def downgrade() -> None:
    """Drop them in the opposite order."""
    for table in (
        "counter_point",
        "counter",
        "content_error",
        "component_health",
        "alert",
        "finding",
        "segment",
        "score_point",
        "machine_name",
        "machine_address",
        "machine",
    ):
        op.drop_table(table)


def _machines() -> None:
    op.create_table(
        "machine",
        Column("id", String(length=80), nullable=False),
        Column("mac", String(length=20), nullable=True),
        Column("home", Boolean(), nullable=False),
        Column("zone", String(length=100), nullable=True),
        Column("unit", String(length=100), nullable=True),
        Column("verdict", String(length=12), nullable=False),
        Column("score", Integer(), nullable=False),
        Column("violating", Boolean(), nullable=False),
        Column("items", JSON(), nullable=False),
        Column("first_seen", Instant(timezone=True), nullable=False),
        Column("last_seen", Instant(timezone=True), nullable=False),
        Column("updated_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("id", name="pk_machine"),
    )
    op.create_index("ix_machine_last_seen", "machine", ["last_seen"])
    op.create_index("ix_machine_mac", "machine", ["mac"])
    op.create_index("ix_machine_score", "machine", ["score"])
    op.create_index("ix_machine_unit", "machine", ["unit"])
    op.create_index("ix_machine_verdict", "machine", ["verdict"])
    op.create_table(
        "machine_address",
        Column("machine_id", String(length=80), nullable=False),
        Column("address", String(length=50), nullable=False),
        Column("first", Instant(timezone=True), nullable=False),
        Column("last", Instant(timezone=True), nullable=False),
        ForeignKeyConstraint(["machine_id"], ["machine.id"], name="fk_machine_address_machine_id_machine"),
        PrimaryKeyConstraint("machine_id", "address", name="pk_machine_address"),
    )
    op.create_index("ix_machine_address_address", "machine_address", ["address"])
    op.create_table(
        "machine_name",
        Column("machine_id", String(length=80), nullable=False),
        Column("name", String(length=255), nullable=False),
        Column("source", String(length=20), nullable=False),
        Column("first", Instant(timezone=True), nullable=False),
        Column("last", Instant(timezone=True), nullable=False),
        ForeignKeyConstraint(["machine_id"], ["machine.id"], name="fk_machine_name_machine_id_machine"),
        PrimaryKeyConstraint("machine_id", "name", "source", name="pk_machine_name"),
    )
    op.create_index("ix_machine_name_name", "machine_name", ["name"])
    op.create_table(
        "score_point",
        Column("machine_id", String(length=80), nullable=False),
        Column("at", Instant(timezone=True), nullable=False),
        Column("score", Integer(), nullable=False),
        Column("verdict", String(length=12), nullable=False),
        ForeignKeyConstraint(["machine_id"], ["machine.id"], name="fk_score_point_machine_id_machine"),
        PrimaryKeyConstraint("machine_id", "at", name="pk_score_point"),
    )


def _findings() -> None:
    op.create_table(
        "segment",
        Column("id", String(length=200), nullable=False),
        Column("observer", String(length=100), nullable=False),
        Column("events", Integer(), nullable=False),
        Column("clock", Instant(timezone=True), nullable=False),
        Column("processed_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("id", name="pk_segment"),
    )
    op.create_index("ix_segment_observer", "segment", ["observer"])
    op.create_index("ix_segment_processed_at", "segment", ["processed_at"])
    op.create_table(
        "finding",
        Column("id", String(length=32), nullable=False),
        Column("machine_id", String(length=80), nullable=False),
        Column("rule", String(length=200), nullable=False),
        Column("version", Integer(), nullable=False),
        Column("engine", String(length=20), nullable=False),
        Column("behaviour", String(length=50), nullable=False),
        Column("machine", String(length=50), nullable=False),
        Column("role", String(length=10), nullable=False),
        Column("peer", String(length=300), nullable=True),
        Column("severity", String(length=10), nullable=False),
        Column("window", Instant(timezone=True), nullable=False),
        Column("first", Instant(timezone=True), nullable=False),
        Column("last", Instant(timezone=True), nullable=False),
        Column("events", JSON(), nullable=False),
        Column("event_count", Integer(), nullable=False),
        Column("weight", JSON(), nullable=False),
        Column("title", JSON(), nullable=False),
        Column("explanation", JSON(), nullable=False),
        Column("technique", JSON(), nullable=False),
        Column("facts", JSON(), nullable=False),
        Column("against", JSON(), nullable=False),
        Column("written_at", Instant(timezone=True), nullable=False),
        ForeignKeyConstraint(["machine_id"], ["machine.id"], name="fk_finding_machine_id_machine"),
        PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_last", "finding", ["last"])
    op.create_index("ix_finding_machine_rule", "finding", ["machine_id", "rule"])
    op.create_index("ix_finding_rule", "finding", ["rule"])


def _alerts() -> None:
    op.create_table(
        "alert",
        Column("id", String(length=32), nullable=False),
        Column("rule", String(length=200), nullable=False),
        Column("machine_id", String(length=80), nullable=False),
        Column("engine", String(length=20), nullable=False),
        Column("behaviour", String(length=50), nullable=False),
        Column("track", String(length=10), nullable=False),
        Column("stage", String(length=12), nullable=False),
        Column("technique", JSON(), nullable=False),
        Column("severity", String(length=10), nullable=False),
        Column("role", String(length=10), nullable=False),
        Column("title", JSON(), nullable=False),
        Column("explanation", JSON(), nullable=False),
        Column("first", Instant(timezone=True), nullable=False),
        Column("last", Instant(timezone=True), nullable=False),
        Column("count", Integer(), nullable=False),
        Column("peers", JSON(), nullable=False),
        Column("peer_count", Integer(), nullable=False),
        Column("events", JSON(), nullable=False),
        Column("facts", JSON(), nullable=False),
        Column("against", JSON(), nullable=False),
        Column("weight", Double(), nullable=False),
        Column("state", String(length=16), nullable=False),
        Column("verdict", String(length=16), nullable=True),
        Column("assignee", String(length=100), nullable=True),
        Column("note", String(), nullable=True),
        Column("created_at", Instant(timezone=True), nullable=False),
        Column("updated_at", Instant(timezone=True), nullable=False),
        ForeignKeyConstraint(["machine_id"], ["machine.id"], name="fk_alert_machine_id_machine"),
        PrimaryKeyConstraint("id", name="pk_alert"),
        UniqueConstraint("rule", "machine_id", name="uq_alert_rule"),
    )
    op.create_index("ix_alert_behaviour", "alert", ["behaviour"])
    op.create_index("ix_alert_last", "alert", ["last"])
    op.create_index("ix_alert_machine_id", "alert", ["machine_id"])
    op.create_index("ix_alert_rule", "alert", ["rule"])
    op.create_index("ix_alert_severity", "alert", ["severity"])
    op.create_index("ix_alert_state", "alert", ["state"])
    op.create_index("ix_alert_track", "alert", ["track"])
    op.create_index("ix_alert_updated_at", "alert", ["updated_at"])


def _health() -> None:
    op.create_table(
        "component_health",
        Column("name", String(length=100), nullable=False),
        Column("status", String(length=12), nullable=False),
        Column("message", JSON(), nullable=False),
        Column("detail", JSON(), nullable=False),
        Column("restarts", Integer(), nullable=False),
        Column("since", Instant(timezone=True), nullable=False),
        Column("updated_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("name", name="pk_component_health"),
    )
    op.create_table(
        "content_error",
        Column("path", String(length=500), nullable=False),
        Column("rule", String(length=200), nullable=False),
        Column("line", Integer(), nullable=True),
        Column("message", String(), nullable=False),
        Column("seen_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("path", "rule", name="pk_content_error"),
    )
    op.create_table(
        "counter",
        Column("component", String(length=100), nullable=False),
        Column("name", String(length=100), nullable=False),
        Column("value", BigInteger(), nullable=False),
        Column("updated_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("component", "name", name="pk_counter"),
    )
    op.create_table(
        "counter_point",
        Column("component", String(length=100), nullable=False),
        Column("name", String(length=100), nullable=False),
        Column("at", Instant(timezone=True), nullable=False),
        Column("value", BigInteger(), nullable=False),
        PrimaryKeyConstraint("component", "name", "at", name="pk_counter_point"),
    )
    op.create_index("ix_counter_point_at", "counter_point", ["at"])

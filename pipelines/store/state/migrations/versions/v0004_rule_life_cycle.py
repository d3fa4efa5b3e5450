"""Suppressions, changed rules, indicators by hand, rehearsals and content bundles."""

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Integer,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
)

from pipelines.store.state.base import Instant

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables."""
    _suppressions()
    _rules()
    op.create_table(
        "bundle",
        Column("id", String(length=64), nullable=False),
        Column("name", String(length=64), nullable=False),
        Column("version", String(length=64), nullable=False),
        Column("signer", String(length=120), nullable=False),
        Column("files", Integer(), nullable=False),
        Column("imported_by", String(length=64), nullable=False),
        Column("imported_at", Instant(timezone=True), nullable=False),
        Column("in_force", Boolean(), nullable=False),
        Column("withdrawn_by", String(length=64), nullable=True),
        Column("withdrawn_at", Instant(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_bundle"),
    )
    op.create_index("ix_bundle_name", "bundle", ["name"])


def _suppressions() -> None:
    op.create_table(
        "suppression",
        Column("id", String(length=32), nullable=False),
        Column("kind", String(length=12), nullable=False),
        Column("rule", String(length=200), nullable=True),
        Column("machine", String(length=80), nullable=True),
        Column("peer", String(length=300), nullable=True),
        Column("reason", String(length=500), nullable=False),
        Column("created_by", String(length=64), nullable=False),
        Column("approver", String(length=120), nullable=False),
        Column("created_at", Instant(timezone=True), nullable=False),
        Column("starts_at", Instant(timezone=True), nullable=False),
        Column("expires_at", Instant(timezone=True), nullable=False),
        Column("ended_at", Instant(timezone=True), nullable=True),
        Column("ended_by", String(length=64), nullable=True),
        Column("hits", Integer(), nullable=False),
        Column("last_hit", Instant(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_suppression"),
    )
    op.create_index("ix_suppression_kind", "suppression", ["kind"])
    op.create_index("ix_suppression_expires_at", "suppression", ["expires_at"])


def _rules() -> None:
    op.create_table(
        "rule_change",
        Column("rule", String(length=200), nullable=False),
        Column("off", Boolean(), nullable=False),
        Column("parameters", JSON(), nullable=False),
        Column("reason", String(length=500), nullable=False),
        Column("changed_by", String(length=64), nullable=False),
        Column("changed_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("rule", name="pk_rule_change"),
    )
    op.create_table(
        "listed_indicator",
        Column("id", String(length=32), nullable=False),
        Column("kind", String(length=12), nullable=False),
        Column("value", String(length=500), nullable=False),
        Column("label", String(length=120), nullable=False),
        Column("severity", String(length=10), nullable=False),
        Column("tlp", String(length=12), nullable=False),
        Column("source", String(length=200), nullable=False),
        Column("added_by", String(length=64), nullable=False),
        Column("added_at", Instant(timezone=True), nullable=False),
        Column("expires_at", Instant(timezone=True), nullable=True),
        Column("ended_at", Instant(timezone=True), nullable=True),
        Column("ended_by", String(length=64), nullable=True),
        Column("sightings", Integer(), nullable=False),
        Column("last_seen", Instant(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_listed_indicator"),
        UniqueConstraint("kind", "value", name="uq_listed_indicator_kind"),
    )
    op.create_table(
        "rehearsal",
        Column("id", String(length=32), nullable=False),
        Column("title", String(length=200), nullable=False),
        Column("days", Integer(), nullable=False),
        Column("asked_by", String(length=64), nullable=False),
        Column("asked_at", Instant(timezone=True), nullable=False),
        Column("first", Instant(timezone=True), nullable=True),
        Column("last", Instant(timezone=True), nullable=True),
        Column("events", Integer(), nullable=False),
        Column("content", JSON(), nullable=False),
        Column("changes", JSON(), nullable=False),
        Column("result", JSON(), nullable=False),
        Column("approved_by", String(length=64), nullable=True),
        Column("approved_at", Instant(timezone=True), nullable=True),
        PrimaryKeyConstraint("id", name="pk_rehearsal"),
    )
    op.create_index("ix_rehearsal_asked_at", "rehearsal", ["asked_at"])


def downgrade() -> None:
    """Drop them in the opposite order."""
    for table in ("bundle", "rehearsal", "listed_indicator", "rule_change", "suppression"):
        op.drop_table(table)

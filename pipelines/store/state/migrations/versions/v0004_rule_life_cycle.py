"""Suppressions, changed rules, indicators by hand."""

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


def downgrade() -> None:
    """Drop them in the opposite order."""
    for table in ("listed_indicator", "rule_change", "suppression"):
        op.drop_table(table)

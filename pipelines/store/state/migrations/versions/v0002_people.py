"""People who use the console, and their log-ins."""

from alembic import op
from sqlalchemy import JSON, Boolean, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String

from pipelines.store.state.base import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of one aggregate."""
    op.create_table(
        "person",
        Column("name", String(length=64), nullable=False),
        Column("full_name", String(length=120), nullable=False),
        Column("role", String(length=20), nullable=False),
        Column("units", JSON(), nullable=False),
        Column("password", String(length=200), nullable=False),
        Column("must_change", Boolean(), nullable=False),
        Column("failures", Integer(), nullable=False),
        Column("locked_until", Instant(timezone=True), nullable=True),
        Column("disabled", Boolean(), nullable=False),
        Column("language", String(length=5), nullable=True),
        Column("theme", String(length=10), nullable=True),
        Column("created_at", Instant(timezone=True), nullable=False),
        Column("last_login_at", Instant(timezone=True), nullable=True),
        PrimaryKeyConstraint("name", name="pk_person"),
    )
    op.create_table(
        "login_session",
        Column("id", String(length=64), nullable=False),
        Column("person_name", String(length=64), nullable=False),
        Column("csrf", String(length=64), nullable=False),
        Column("address", String(length=50), nullable=False),
        Column("agent", String(length=200), nullable=False),
        Column("created_at", Instant(timezone=True), nullable=False),
        Column("seen_at", Instant(timezone=True), nullable=False),
        Column("expires_at", Instant(timezone=True), nullable=False),
        ForeignKeyConstraint(
            ["person_name"], ["person.name"], name="fk_login_session_person_name_person", ondelete="CASCADE"
        ),
        PrimaryKeyConstraint("id", name="pk_login_session"),
    )
    op.create_index("ix_login_session_person_name", "login_session", ["person_name"])


def downgrade() -> None:
    """Drop them in the opposite order."""
    op.drop_table("login_session")
    op.drop_table("person")

"""Units, several roles a person, the audit log."""

import json

from alembic import op
from sqlalchemy import JSON, Column, Date, Integer, PrimaryKeyConstraint, String, column, table

from pipelines.store.state.base import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables; the one role of a person becomes a list."""
    op.create_table(
        "unit_version",
        Column("number", Integer(), nullable=False),
        Column("unit", String(length=64), nullable=False),
        Column("since", Date(), nullable=True),
        Column("until", Date(), nullable=True),
        Column("content", JSON(), nullable=False),
        Column("updated_at", Instant(timezone=True), nullable=False),
        PrimaryKeyConstraint("number", name="pk_unit_version"),
    )
    op.create_index("ix_unit_version_unit", "unit_version", ["unit"])
    op.create_table(
        "audit_entry",
        Column("number", Integer(), nullable=False, autoincrement=False),
        Column("at", Instant(timezone=True), nullable=False),
        Column("actor", String(length=64), nullable=False),
        Column("address", String(length=50), nullable=False),
        Column("action", String(length=60), nullable=False),
        Column("entity", String(length=200), nullable=False),
        Column("details", JSON(), nullable=False),
        Column("previous", String(length=64), nullable=False),
        Column("hash", String(length=64), nullable=False),
        PrimaryKeyConstraint("number", name="pk_audit_entry"),
    )
    for name in ("at", "actor", "action", "entity"):
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", [name])
    op.add_column("person", Column("roles", JSON(), nullable=False, server_default="[]"))
    person = table("person", column("name", String), column("role", String), column("roles", String))
    connection = op.get_bind()
    for name, role in connection.execute(person.select().with_only_columns(person.c.name, person.c.role)).all():
        connection.execute(person.update().where(person.c.name == name).values(roles=json.dumps([role])))
    with op.batch_alter_table("person") as change:
        change.alter_column("roles", server_default=None)
        change.drop_column("role")


def downgrade() -> None:
    """Back to one role: the first one."""
    op.add_column("person", Column("role", String(length=20), nullable=False, server_default="specialist"))
    person = table("person", column("name", String), column("role", String), column("roles", JSON))
    connection = op.get_bind()
    for name, roles in connection.execute(person.select().with_only_columns(person.c.name, person.c.roles)).all():
        connection.execute(person.update().where(person.c.name == name).values(role=roles[0]))
    with op.batch_alter_table("person") as change:
        change.alter_column("role", server_default=None)
        change.drop_column("roles")
    op.drop_table("audit_entry")
    op.drop_table("unit_version")

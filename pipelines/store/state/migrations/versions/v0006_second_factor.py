"""The second factor: secret and last code of a person, half log-ins, recovery codes."""

from alembic import op
from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Integer, PrimaryKeyConstraint, String, true

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Log-ins that are open now stay complete."""
    with op.batch_alter_table("person") as change:
        change.add_column(Column("totp_secret", String(length=64), nullable=True))
        change.add_column(Column("totp_step", Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("login_session") as change:
        change.add_column(Column("complete", Boolean(), nullable=False, server_default=true()))
        change.add_column(Column("totp_offered", String(length=64), nullable=True))
    op.create_table(
        "recovery_code",
        Column("person_name", String(length=64), nullable=False),
        Column("hash", String(length=64), nullable=False),
        ForeignKeyConstraint(
            ["person_name"], ["person.name"], ondelete="CASCADE", name="fk_recovery_code_person_name_person"
        ),
        PrimaryKeyConstraint("person_name", "hash", name="pk_recovery_code"),
    )


def downgrade() -> None:
    """Away with it."""
    op.drop_table("recovery_code")
    with op.batch_alter_table("login_session") as change:
        change.drop_column("totp_offered")
        change.drop_column("complete")
    with op.batch_alter_table("person") as change:
        change.drop_column("totp_step")
        change.drop_column("totp_secret")
